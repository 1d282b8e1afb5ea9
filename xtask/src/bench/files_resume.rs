//! How soon a transfer goes on that was broken off near its end: the file is sparse and huge, the
//! client is killed, and the next one is timed from its start to the first byte that it moves, and
//! killed in turn. It reads what `landline get --json` says.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::plan::{Cell, Check, Measured, Plan};
use super::procs::Held;
use super::secure::{self, May};
use super::shop::{Server, Shop};

const LANDLINE: &str = "landline";
const NAME: &str = "secure, resume of a 100 GiB sparse file at 99 %";
/// What is timed, in ms.
const RESUME_MOST_MS: f64 = 1000.0;
const HUGE: &str = "huge.img";
/// Longer than either end takes to hash all those zeros.
const PATIENCE: Duration = Duration::from_secs(300);

/// Adds the cell and its bar. To come to the end of the file takes half a minute: it is done once,
/// and each round goes on where the last one was killed.
pub(super) fn add(plan: &mut Plan) {
    let kept = RefCell::new(None);
    let cell = Cell::new(NAME, "ms from its start to the first byte");
    plan.cells
        .push(cell.with(LANDLINE, move |shop| resume(shop, &kept)));
    plan.bar(NAME, Check::Below(RESUME_MOST_MS, LANDLINE));
}

/// How long the file is, and how much of its end holds data: what is before that is a hole. The
/// clients are killed in the data, which takes long enough to say so.
fn lengths(shop: &Shop) -> (u64, u64) {
    if shop.quick {
        (16 << 30, 512 << 20)
    } else {
        (100 << 30, 1 << 30)
    }
}

fn resume(shop: &Shop, kept: &RefCell<Option<BrokenOff>>) -> Result<Measured> {
    let (length, tail) = lengths(shop);
    let broken_off = match kept.take() {
        Some(broken_off) => broken_off,
        None => break_off(shop, length - tail)?,
    };
    let resumed = go_on(shop, &broken_off)?;
    ensure!(
        resumed.from >= length - tail,
        "it went on at {} of {length}",
        resumed.from
    );
    if resumed.at < length - tail / 2 {
        kept.replace(Some(broken_off));
    }
    let detail = json!({
        "length": length, "resumed_from": resumed.from, "killed_at": resumed.at,
        "started_ms": resumed.started_ms, "first_byte_ms": resumed.first_byte_ms,
    });
    Measured::from(detail, "first_byte_ms", 1.0)
}

/// The folder with the file in it, which is made once.
fn folder(shop: &Shop) -> Result<PathBuf> {
    let folder = shop.scratch.0.join("huge");
    let (length, tail) = lengths(shop);
    if !folder.exists() {
        fs::create_dir(&folder)?;
        let mut file = File::create(folder.join(HUGE))?;
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length - tail))?;
        io::copy(&mut File::open("/dev/urandom")?.take(tail), &mut file)?;
    }
    Ok(folder)
}

/// A transfer whose client was killed.
struct BrokenOff {
    #[allow(dead_code, reason = "held for its drop")]
    server: Server,
    /// The client's home, with its journal.
    home: PathBuf,
    to: PathBuf,
}

/// Fetches the file and kills the client once it has come to `enough`.
fn break_off(shop: &Shop, enough: u64) -> Result<BrokenOff> {
    let server = secure::serve_files(shop, &folder(shop)?, May::Read)?;
    let (home, to) = (shop.fresh("client-home"), shop.fresh("resumed"));
    fs::rename(shop.home(), &home)?; // the next pair makes it anew
    fs::create_dir(&to)?;
    let broken_off = BrokenOff { server, home, to };
    let client = Client::start(shop, &broken_off)?;
    loop {
        let (_, event) = client.next()?;
        match event["event"].as_str() {
            Some("progress") if event["bytes"].as_u64().unwrap_or(0) >= enough => {
                client.held.kill()?;
                return Ok(broken_off);
            }
            Some("placed" | "done" | "failed") => bail!("it ended before it was killed: {event}"),
            _ => {}
        }
    }
}

/// What the next client did.
struct Resumed {
    from: u64,
    started_ms: f64,
    first_byte_ms: f64,
    /// How far it had come when it was killed.
    at: u64,
}

/// Fetches it again, until the first byte has moved.
fn go_on(shop: &Shop, broken_off: &BrokenOff) -> Result<Resumed> {
    let before = Instant::now();
    let client = Client::start(shop, broken_off)?;
    let mut started = None;
    loop {
        let (at, event) = client.next()?;
        let since_ms = at.saturating_duration_since(before).as_secs_f64() * 1e3;
        match event["event"].as_str() {
            Some("started") => {
                let from = event["resumed_from"].as_u64().context("no resumed_from")?;
                started = Some((from, since_ms));
            }
            Some("progress") if event["moved"].as_u64().is_some_and(|moved| moved > 0) => {
                let (from, started_ms) = started.context("it moves before it has started")?;
                client.held.kill()?;
                return Ok(Resumed {
                    from,
                    started_ms,
                    first_byte_ms: since_ms,
                    at: event["bytes"].as_u64().unwrap_or(0),
                });
            }
            Some("placed" | "done" | "failed") => bail!("it said nothing of its way: {event}"),
            _ => {}
        }
    }
}

/// A client that tells what it does.
struct Client {
    held: Held,
    /// Each line, and when it came.
    lines: Receiver<(Instant, String)>,
    log: PathBuf,
}

impl Client {
    fn start(shop: &Shop, broken_off: &BrokenOff) -> Result<Self> {
        let words = ["get", secure::OFFICE, HUGE, "--json", "--to"];
        let mut argv = secure::at(shop, &broken_off.home, &words)?;
        argv.push(broken_off.to.clone().into());
        let log = shop.fresh("log");
        let words = File::create(&log)?;
        let mut held = shop.start(&argv, |command| {
            command.stdout(Stdio::piped()).stderr(words);
        })?;
        let out = held.child().stdout.take().context("no pipe")?;
        let (lines, received) = channel();
        // It ends with the client, which ends with this.
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if lines.send((Instant::now(), line)).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            held,
            lines: received,
            log,
        })
    }

    /// The next that it says.
    fn next(&self) -> Result<(Instant, Value)> {
        let line = self.lines.recv_timeout(PATIENCE);
        let (at, line) = line
            .with_context(|| fs::read_to_string(&self.log).unwrap_or_default())
            .context("it says no more")?;
        Ok((at, serde_json::from_str(&line).context(line)?))
    }
}
