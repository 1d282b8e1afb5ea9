//! The exec bench on the plain wire: a command on a kept line, a gigabyte of output, and a client
//! started cold. The loads are `load_exec.c` and `load_cold.c`; the floor is `spawn_local.c`.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context, Result};

use super::peers::{self, Cook};
use super::plan::{Cell, Check, Measured, Plan};
use super::shop::Shop;
use super::{exec_secure, whole};

const TCP: &str = "tcp://127.0.0.1:0";
const LANDLINE: &str = "landline";
const SPAWN: &str = "local spawn (C)";
const SPOOLS: [&str; 2] = ["C spool, memory", "C spool, memfd"];

/// The cells and the bars of limits.md.
pub(super) fn plan() -> Plan {
    let mut plan = Plan::default();
    for command in ["echo hi", "/bin/true"] {
        let name = format!("kept line, {command}");
        plan.cells.push(kept(&name, command));
        plan.bar(name, Check::AtMost(1.3, LANDLINE, vec![SPAWN]));
    }
    plan.cells.push(bulk());
    plan.bar(
        "bulk output",
        Check::AtLeast(0.9, LANDLINE, SPOOLS.to_vec()),
    );
    plan.cells.push(cold());
    exec_secure::add(&mut plan);
    plan
}

fn landline(shop: &Shop) -> Result<super::shop::Recipe> {
    peers::landline(shop, TCP, &["exec"])
}

fn tutorial(shop: &Shop) -> Result<super::shop::Recipe> {
    peers::tutorial(shop, "tutorial_exec.py", &[])
}

fn kept(name: &str, command: &'static str) -> Cell {
    let spawn = move |shop: &Shop| each(shop.load("spawn_local", &[seconds(shop), command])?);
    let line = |cook: Cook| {
        move |shop: &Shop| {
            let server = shop.serve(&cook(shop)?)?;
            each(shop.load("load_exec", &[&server.address, seconds(shop), command])?)
        }
    };
    Cell::new(name, "us per command")
        .with(SPAWN, spawn)
        .with(LANDLINE, line(landline))
        .with(
            SPOOLS[0],
            line(|shop| Ok(peers::own(shop, "exec_spool", TCP, &["0"]))),
        )
        .with("tutorial (Python)", line(tutorial))
}

/// The mean time of a command, from how many went through.
fn each(detail: serde_json::Value) -> Result<Measured> {
    let mut measured = Measured::from(detail, "per_second", 1.0)?;
    measured.value = 1e6 / measured.value;
    Ok(measured)
}

fn seconds(shop: &Shop) -> &'static str {
    if shop.quick { "0.5" } else { "2" }
}

/// Without the tutorial's program: it reads stderr to its end first, and so waits for ever on a
/// command that fills the pipe of its stdout.
fn bulk() -> Cell {
    let line = |cook: Cook| {
        move |shop: &Shop| {
            let bytes = if shop.quick { 256 << 20 } else { 1 << 30 };
            let command = format!("head -c {bytes} /dev/zero");
            let server = shop.serve(&cook(shop)?)?;
            // Memory that is new to the machine is slow: the first answer is not counted.
            shop.load("load_exec", &[&server.address, "0", &command])?;
            let detail = shop.load("load_exec", &[&server.address, "0", &command])?;
            rate(detail)
        }
    };
    Cell::new("bulk output", "GB/s")
        .with(
            SPOOLS[0],
            line(|shop| Ok(peers::own(shop, "exec_spool", TCP, &["0"]))),
        )
        .with(
            SPOOLS[1],
            line(|shop| Ok(peers::own(shop, "exec_spool", TCP, &["1"]))),
        )
        .with(LANDLINE, line(landline))
}

fn rate(detail: serde_json::Value) -> Result<Measured> {
    let seconds = detail["seconds"].as_f64().context("no seconds")?;
    Measured::from(detail, "bytes", 1e-9 / seconds)
}

/// What one run of a client takes, from nothing to its exit. No bar: for orientation. ncat and
/// socat only carry the words to a shell; ncat must not half-close, or it loses the answer.
fn cold() -> Cell {
    Cell::new("cold client, echo hi", "ms")
        .with(LANDLINE, |shop| {
            let server = shop.serve(&landline(shop)?)?;
            let program = shop.landline()?.into();
            let words = ["exec", &server.address, "--", "echo hi"].map(OsString::from);
            run_cold(shop, "/dev/null", program, &words)
        })
        .with("tutorial (Python)", |shop| {
            let server = shop.serve(&tutorial(shop)?)?;
            let script = shop.script("tutorial_exec_client.py").into_os_string();
            let words = [script, port(&server.address).into(), "echo hi".into()];
            run_cold(shop, "/dev/null", shop.python()?.into(), &words)
        })
        .with("ncat", |shop| {
            let server = shop.serve(&peers::ncat(shop, "/bin/sh")?)?;
            let program = shop.program("ncat", "ncat")?.into();
            let words = ["--no-shutdown", "127.0.0.1", port(&server.address)].map(OsString::from);
            run_cold(shop, &typed(shop)?, program, &words)
        })
        .with("socat", |shop| {
            let server = shop.serve(&peers::socat(shop, "EXEC:/bin/sh")?)?;
            let program = shop.program("socat", "socat")?.into();
            let there = format!("TCP4:127.0.0.1:{}", port(&server.address));
            run_cold(shop, &typed(shop)?, program, &["-".into(), there.into()])
        })
}

fn run_cold(shop: &Shop, input: &str, program: OsString, words: &[OsString]) -> Result<Measured> {
    let mut argv = vec![program];
    argv.extend(words.iter().cloned());
    whole::again(shop, whole::often(shop), input, "hi", &argv)
}

/// A file with the command line for those who only carry bytes to a shell.
fn typed(shop: &Shop) -> Result<String> {
    let file = shop.fresh("typed");
    fs::write(&file, "echo hi\nexit\n")?;
    Ok(file.display().to_string())
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap_or_default()
}
