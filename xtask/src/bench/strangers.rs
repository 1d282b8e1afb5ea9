//! Ten thousand strangers at a secure server who never finish a handshake: what they cost it, and
//! how long an honest client waits beside them. The load is `load_idle.c`, a process of its own.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::plan::{Cell, Check, Measured, Plan};
use super::procs::Held;
use super::resident::{open_files, resident};
use super::shop::{Server, Shop};
use super::{secure, whole};

/// How the strangers idle.
#[derive(Clone, Copy)]
enum Idle {
    /// They connect and say nothing.
    Mute,
    /// They say a TLS hello, take no answer and say no more.
    Hello,
}

const HONEST: &str = "secure, 10000 strangers: an honest client";
const EACH: &str = "secure, 10000 strangers: memory";
const ALONE: &str = "no strangers";
const WAYS: [(&str, Idle); 2] = [
    ("connected", Idle::Mute),
    ("a hello, then silence", Idle::Hello),
];
/// How often the honest client calls beside them; the first time is the worst.
const CALLS: usize = 5;
/// What a stranger may hold, as SECURITY.md says, in bytes.
const EACH_MOST: f64 = 27.0 * 1024.0;

/// Adds the cells and their bars.
pub(super) fn add(plan: &mut Plan) {
    let mut honest = Cell::new(HONEST, "ms, the slowest of 5").with(ALONE, |shop| {
        let _server = secure::serve(shop)?;
        call(shop)
    });
    let mut each = Cell::new(EACH, "bytes of RssAnon for each that is held");
    for (name, idle) in WAYS {
        honest = honest.with(name, move |shop| {
            let server = secure::serve(shop)?;
            let _strangers = Strangers::come(shop, &server, idle)?;
            call(shop)
        });
        each = each.with(name, move |shop| held(shop, idle));
        plan.bar(HONEST, Check::Below(1000.0, name));
        plan.bar(EACH, Check::Below(EACH_MOST, name));
    }
    plan.cells.extend([honest, each]);
}

/// The slowest of a few runs of an honest client.
fn call(shop: &Shop) -> Result<Measured> {
    let argv = secure::exec(shop, &["/bin/echo", "hi"])?;
    let measured = whole::again(shop, CALLS, "/dev/null", "hi", &argv)?;
    Measured::from(measured.detail, "max_us", 1e-3)
}

/// What the server's memory grows by, while it holds the most of them that it will. Those that it
/// sent away meanwhile left memory behind too, and it counts.
fn held(shop: &Shop, idle: Idle) -> Result<Measured> {
    let server = secure::serve(shop)?;
    let id = server.held.id();
    let (before, files) = (resident(id)?, open_files(id)?);
    let strangers = Strangers::come(shop, &server, idle)?;
    call(shop)?; // who comes after them all is answered when they have been looked at
    let (after, lines) = (resident(id)?, open_files(id)?.saturating_sub(files));
    drop(strangers);
    ensure!(lines > 0, "the server holds none of them");
    let grown = after.saturating_sub(before);
    let each = grown / u64::try_from(lines)?;
    let detail = json!({ "lines": lines, "before": before, "after": after, "each": each });
    Measured::from(detail, "each", 1.0)
}

/// They stay until this is dropped.
struct Strangers(#[allow(dead_code, reason = "held for its drop")] Held);

impl Strangers {
    fn come(shop: &Shop, server: &Server, idle: Idle) -> Result<Self> {
        let lines = if shop.quick { "2000" } else { "10000" };
        let address = format!("tcp://{}", server.address);
        let mut argv = vec![shop.tool("load_idle").into_os_string()];
        argv.extend([&*address, lines].map(Into::into));
        argv.extend(matches!(idle, Idle::Hello).then(|| "hello".into()));
        let mut held = shop.start(&argv, |command| {
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
        })?;
        let mut said = String::new();
        let out = held.child().stdout.take().context("no pipe")?;
        BufReader::new(out).read_line(&mut said)?;
        ensure!(said.trim() == "open", "the strangers did not come");
        Ok(Self(held))
    }
}
