//! The memory bench: what an idle line costs the server, as the growth of its own memory (RssAnon)
//! over ten thousand of them. The load is `load_idle.c`, a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::peers::{self, Cook};
use super::plan::{Cell, Check, Measured, Plan};
use super::procs::Held;
use super::resident::{open_files, resident, until_open};
use super::shop::Shop;

const TCP: &str = "tcp://127.0.0.1:0";
const LANDLINE: &str = "landline";
/// Bytes for each line.
const BAR: f64 = 8192.0;

/// A cell for each service that waits for its client.
pub(super) fn plan() -> Plan {
    let mut plan = Plan::default();
    let epoll: Cook = |shop| Ok(peers::own(shop, "echo_epoll", TCP, &[]));
    let echo: Cook = |shop| peers::landline(shop, TCP, &["echo"]);
    let services: [(&'static str, Cook, bool); 5] = [
        ("echo", echo, false),
        ("echo, after a message each", echo, true),
        (
            "answer",
            |shop| peers::landline(shop, TCP, &["answer", "hello"]),
            false,
        ),
        ("exec", |shop| peers::landline(shop, TCP, &["exec"]), false),
        (
            "files",
            |shop| peers::landline(shop, TCP, &["files"]),
            false,
        ),
    ];
    for (name, cook, talk) in services {
        let mut cell = Cell::new(name, "bytes of RssAnon for each idle line")
            .with(LANDLINE, move |shop| measure(shop, cook, talk));
        if name.starts_with("echo") {
            cell = cell.with("C epoll", move |shop| measure(shop, epoll, talk));
        }
        plan.cells.push(cell);
        plan.bar(name, Check::Below(BAR, LANDLINE));
    }
    plan
}

fn measure(shop: &Shop, cook: Cook, talk: bool) -> Result<Measured> {
    let lines = if shop.quick { 2000 } else { 10_000 };
    let server = shop.serve(&cook(shop)?)?;
    let id = server.held.id();
    let (before, files) = (resident(id)?, open_files(id)?);
    let mut client = open(shop, &server.address, lines)?;
    let mut out = BufReader::new(client.child().stdout.take().context("no pipe")?);
    expect(&mut out, "open")?;
    until_open(id, files + lines)?;
    if talk {
        let mut input = client.child().stdin.take().context("no pipe")?;
        input.write_all(b"talk\n")?;
        expect(&mut out, "talked")?;
        client.child().stdin = Some(input); // its end would end the client
    }
    let after = resident(id)?;
    let lines = u32::try_from(lines)?;
    let grown = after.saturating_sub(before);
    let detail = json!({ "lines": lines, "before": before, "after": after, "each": grown / u64::from(lines) });
    Measured::from(detail, "each", 1.0)
}

fn open(shop: &Shop, address: &str, lines: usize) -> Result<Held> {
    let words = [&lines.to_string()].map(|word| word.as_str().to_owned());
    let mut argv = vec![
        shop.tool("hold").into_os_string(),
        shop.tool("load_idle").into(),
    ];
    argv.push(address.into());
    argv.extend(words.map(Into::into));
    Held::start(&argv, |command| {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
    })
}

fn expect(out: &mut impl BufRead, word: &str) -> Result<()> {
    let mut line = String::new();
    out.read_line(&mut line)?;
    if line.trim() != word {
        bail!("the client of the idle lines has ended");
    }
    Ok(())
}
