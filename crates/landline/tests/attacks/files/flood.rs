//! A server that announces entries without end, in the order that the protocol asks for: what `get`
//! holds of them is bounded, and so is what it holds of a list.

use std::process::{Command, Stdio};
use std::sync::Arc;

use landline::frame::landline1::Kind;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::fake::called;
use super::ground::Ground;
use super::words::{done, end, end_of, entry, file, folder, reply};
use crate::stand::{Line, Process, Recorder, credentials, long, rss_anon_kib, soon};

/// So many are announced at once: fewer than may be open.
const BATCH: u64 = 400;

/// What a client may hold when a million entries have come, in KiB of memory of its own.
const HELD_KIB_MAX: u64 = 64 * 1024;

/// What a client may hold more at the end than in the middle, in KiB: nothing is kept of an entry but a
/// bit, beside the last 16,384 files that were placed.
const GROWN_KIB_MAX: u64 = 512;

/// The last files that were placed, at most.
const PLACED_KEPT_MAX: u64 = 16_384;

/// What is held of one of them at most, in bytes, with room that a table has for others.
const PLACED_BYTES_MAX: u64 = 256;

fn count() -> u64 {
    let count = if long() { 1_000_000 } else { 4_000 };
    count / (2 * BATCH) * 2 * BATCH
}

/// What is announced: one of many that are alike.
#[derive(Clone, Copy)]
struct Flood {
    name: &'static str,
    /// What comes first, if anything does.
    first: fn() -> Vec<u8>,
    each: fn(u64) -> Vec<u8>,
    /// Each is an empty file that is wanted.
    is_wanted: bool,
}

/// A server that floods whoever calls. In the middle, and once all has come, it tells, and waits.
fn flooding(ground: &Ground, flood: Flood, told: &Arc<Notify>, go_on: &Arc<Notify>) -> Recorder {
    let identity = credentials(&ground.stand.identity("server"));
    let (told, go_on) = (told.clone(), go_on.clone());
    let fake = Recorder::secure(&identity, move |stream| {
        let (told, go_on) = (told.clone(), go_on.clone());
        async move {
            let mut line = Line(stream);
            called(&mut line).await;
            let first = (flood.first)();
            let before = u64::from(!first.is_empty());
            line.send(&[reply(0), first].concat()).await;
            let mut ends = Vec::new();
            for from in (0..count()).step_by(BATCH as usize) {
                if from == count() / 2 {
                    told.notify_one();
                    go_on.notified().await;
                }
                let all = from..from + BATCH;
                let entries: Vec<Vec<u8>> = all.clone().map(flood.each).collect();
                line.send(&[ends, entries.concat()].concat()).await;
                heard_through(&mut line, before + all.end - 1).await;
                let ended: Vec<Vec<u8>> = match flood.is_wanted {
                    true => all.map(|at| end(before + at, b"")).collect(),
                    false => Vec::new(),
                };
                ends = ended.concat();
            }
            told.notify_one();
            go_on.notified().await;
            line.send(&[ends, end_of("out"), done(0)].concat()).await;
            line.close().await;
        }
    });
    ground
        .stand
        .know("caller", ground.stand.key("server"), &fake.address);
    fake
}

/// Waits until the client has answered this entry.
async fn heard_through(line: &mut Line, entry: u64) {
    while let Some((kind, payload)) = line.frame().await {
        let value: Value = serde_json::from_slice(&payload).expect("an object");
        assert_eq!(kind, Kind::Have.number(), "{value}");
        if value["through"] == entry {
            return;
        }
    }
}

async fn check(flood: Flood) {
    let ground = Ground::new();
    // A disk would take milliseconds for each.
    let place = tempfile::tempdir_in("/dev/shm").expect("memory that is a disk");
    let (told, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let fake = flooding(&ground, flood, &told, &go_on);
    let to = place.path().to_str().expect("a plain path");
    let words = ["get", &fake.address, "asked", "--to", to, "-q"];
    let mut command = ground.stand.landline("caller", &words);
    for end in [Command::stdin, Command::stdout, Command::stderr] {
        end(&mut command, Stdio::null());
    }
    let client = Process::start_as_it_is(command);
    soon(told.notified()).await;
    let middle = rss_anon_kib(client.id());
    go_on.notify_one();
    soon(told.notified()).await;
    let held = rss_anon_kib(client.id());
    go_on.notify_one();
    let ended = soon(tokio::task::spawn_blocking(|| client.finish())).await;
    ended.expect("it ends");
    let (name, grown) = (flood.name, held.saturating_sub(middle));
    let placed = match flood.is_wanted {
        true => (count() / 2).min(PLACED_KEPT_MAX.saturating_sub(count() / 2)),
        false => 0,
    };
    let grown_max = GROWN_KIB_MAX + placed * PLACED_BYTES_MAX / 1024;
    assert!(
        held < HELD_KIB_MAX && grown < grown_max,
        "{name}: {middle}, then {held} KiB"
    );
}

const NOTHING: fn() -> Vec<u8> = Vec::new;

#[tokio::test]
async fn folders_without_end() {
    check(Flood {
        name: "folders",
        first: || folder("asked"),
        each: |at| folder(&format!("asked/{at:0230}")),
        is_wanted: false,
    })
    .await;
}

#[tokio::test]
async fn empty_files_without_end() {
    check(Flood {
        name: "files",
        first: || folder("asked"),
        each: |at| file(&format!("asked/{at:0230}"), 0),
        is_wanted: true,
    })
    .await;
}

#[tokio::test]
async fn what_is_passed_over_without_end() {
    check(Flood {
        name: "passed over",
        first: NOTHING,
        each: |_| {
            let why = json!({"code": "unreadable", "message": "x".repeat(1000)});
            entry("asked", "other", &why)
        },
        is_wanted: false,
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_without_end() {
    check(Flood {
        name: "refused",
        first: || folder("asked"),
        each: |_| file("asked", 7),
        is_wanted: false,
    })
    .await;
}
