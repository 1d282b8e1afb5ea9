//! The exec bench on the secure line: a client started cold, a command on a kept line, a gigabyte of
//! output, and the memory of both ends meanwhile. The peer is an sshd of the bench's own (`ssh.rs`);
//! the kept line is called by the library's example `kept_line`.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};

use super::plan::{Cell, Check, Measured, Plan};
use super::resident::most_while;
use super::shop::{Server, Shop};
use super::ssh::Ssh;
use super::{secure, strangers, whole};

const LANDLINE: &str = "landline";
const SSH: &str = "ssh";
const SSH_MASTER: &str = "ssh, ControlMaster";
const SPAWN: &str = "local spawn (C)";
/// The fastest that ssh has on a processor with instructions for AES.
const AES: [&str; 2] = ["-c", "aes128-gcm@openssh.com"];
const SSH_AES: &str = "ssh, aes128-gcm";
const SSH_AES_MASTER: &str = "ssh, aes128-gcm, ControlMaster";
const COMMAND: &str = "/bin/true";
const SERVER: &str = "landline serve";
const CLIENT: &str = "landline exec";
/// What each end may hold while a gigabyte flows, in MiB.
const FLOW_MIB: f64 = 32.0;
/// Longer than a gigabyte takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Adds the cells and the bars of limits.md.
pub(super) fn add(plan: &mut Plan) {
    plan.cells.extend([cold(), kept(), bulk()]);
    let bars = [
        (COLD, Check::AtMost(0.667, LANDLINE, vec![SSH_MASTER])),
        (COLD, Check::AtMost(0.0333, LANDLINE, vec![SSH])),
        (KEPT, Check::AtMost(1.3, LANDLINE, vec![SPAWN])),
        (BULK, Check::AtLeast(2.0, LANDLINE, vec![SSH_AES])),
    ];
    for (cell, check) in bars {
        plan.bar(cell, check);
    }
    for (name, way) in [
        ("secure, memory, output", Way::Out),
        ("secure, memory, there and back", Way::Both),
    ] {
        plan.cells.push(memory(name, way));
        plan.bar(name, Check::Below(FLOW_MIB, SERVER));
        plan.bar(name, Check::Below(FLOW_MIB, CLIENT));
    }
    strangers::add(plan);
    plan.cells.push(version());
    plan.bar(VERSION, Check::Below(10.0, LANDLINE));
}

const COLD: &str = "secure, cold client, echo hi";
const KEPT: &str = "secure, kept line, /bin/true";
const BULK: &str = "secure, bulk output";
const VERSION: &str = "landline --version";

fn cold() -> Cell {
    let ssh = |master: bool| {
        move |shop: &Shop| {
            let ssh = Ssh::start(shop)?;
            let ssh = if master {
                ssh.with_master(shop, &[])?
            } else {
                ssh
            };
            let argv = ssh.exec(&[], "/bin/echo hi");
            whole::again(shop, whole::often(shop), "/dev/null", "hi", &argv)
        }
    };
    Cell::new(COLD, "ms")
        .with(LANDLINE, |shop| {
            let _server = secure::serve(shop)?;
            let argv = secure::exec(shop, &["/bin/echo", "hi"])?;
            whole::again(shop, whole::often(shop), "/dev/null", "hi", &argv)
        })
        .with(SSH_MASTER, ssh(true))
        .with(SSH, ssh(false))
}

fn kept() -> Cell {
    let seconds = |shop: &Shop| if shop.quick { "0.5" } else { "2" };
    Cell::new(KEPT, "us per command")
        .with(LANDLINE, move |shop| {
            let _server = secure::serve(shop)?;
            let program = shop.target.join("release/examples/kept_line");
            let words = [secure::OFFICE, seconds(shop), COMMAND];
            let mut argv = vec![program.into_os_string()];
            argv.extend(words.map(Into::into));
            Measured::from(shop.load_argv(&argv)?, "mean_us", 1.0)
        })
        .with(SPAWN, move |shop| {
            let words = [seconds(shop), "--", COMMAND];
            Measured::from(shop.load("spawn_local", &words)?, "mean_us", 1.0)
        })
}

/// All are measured from the client's start to its exit, the second time, and so is the bar. A fifth
/// of a second of ssh's is the start of its connection: what it does without stands beside it, as
/// ControlMaster.
fn bulk() -> Cell {
    let ssh = |master: bool| {
        move |shop: &Shop| {
            let ssh = Ssh::start(shop)?;
            let ssh = if master {
                ssh.with_master(shop, &AES)?
            } else {
                ssh
            };
            let command = format!("head -c {} /dev/zero", bytes(shop));
            whole::timed_warm(shop, &ssh.exec(&AES, &command), bytes(shop), || Ok(()))
        }
    };
    Cell::new(BULK, "GB/s")
        .with(LANDLINE, |shop| {
            let _server = secure::serve(shop)?;
            let argv = secure::exec(shop, &["head", "-c", &bytes(shop).to_string(), "/dev/zero"])?;
            whole::timed_warm(shop, &argv, bytes(shop), || Ok(()))
        })
        .with(SSH_AES_MASTER, ssh(true))
        .with(SSH_AES, ssh(false))
}

fn bytes(shop: &Shop) -> u64 {
    if shop.quick { 256 << 20 } else { 1 << 30 }
}

/// Which way the gigabyte goes.
#[derive(Clone, Copy)]
enum Way {
    Out,
    Both,
}

fn memory(name: &str, way: Way) -> Cell {
    Cell::new(name, "MiB of RssAnon at most")
        .with(SERVER, move |shop| {
            let server = secure::serve(shop)?;
            flow(shop, way, |_client| server.held.id())
        })
        .with(CLIENT, move |shop| {
            let _server: Server = secure::serve(shop)?;
            flow(shop, way, |client| client)
        })
}

/// The most that one process holds while the bytes flow. `of` chooses it by the client's.
fn flow(shop: &Shop, way: Way, of: impl Fn(u32) -> u32) -> Result<Measured> {
    let count = bytes(shop).to_string();
    let argv = match way {
        Way::Out => secure::exec(shop, &["head", "-c", &count, "/dev/zero"])?,
        Way::Both => secure::exec(shop, &["cat"])?,
    };
    let zeros = shop.fresh("zeros"); // a hole: it takes no memory
    File::create(&zeros)?.set_len(bytes(shop))?;
    let input = File::open(&zeros)?;
    let mut client = shop.start(&argv, |command| {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        if matches!(way, Way::Both) {
            command.stdin(input);
        }
    })?;
    let process = of(client.id());
    let detail = most_while(&mut client, process, PATIENCE).context("landline exec")?;
    Measured::from(detail, "most", 1.0 / f64::from(1 << 20))
}

fn version() -> Cell {
    Cell::new(VERSION, "ms").with(LANDLINE, |shop| {
        let argv = secure::client(shop, &["--version"])?;
        let says = shop.said(&argv)?;
        whole::again(shop, whole::often(shop), "/dev/null", says.trim(), &argv)
    })
}
