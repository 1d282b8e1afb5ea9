//! Clients that call for files and never read, or say without end what nobody waits for: what the server
//! holds for them is bounded, and what it does for them ends with their lines.

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::ground::Ground;
use super::words::{HUGE, control, entry, get, hole, put, want};
use crate::deaf::settled;
use crate::stand::{Line, Serving, call, soon, until};

/// What one line of files may hold at the server for a client that does not read, in KiB: what waits to
/// go out (1 MiB and a piece of 1 MiB), pieces of the file that were read ahead, what TLS holds, and the
/// allocator's share.
const DEAF_KIB_MAX: u64 = 6 * 1024;

/// How many lines are deaf at once.
const LINES: u64 = 3;

/// Has several lines called by `call`, and then say `more` without reading; how much each holds.
async fn held_by(ground: &Ground, serving: &Serving, calls: &[u8], more: &[u8]) -> u64 {
    let before = settled(serving).await;
    let mut lines = Vec::new();
    for _ in 0..LINES {
        let mut line = ground.line("caller", serving).await;
        line.send(calls).await;
        line.expect(Kind::Reply).await;
        line.send(more).await;
        lines.push(line);
    }
    let held = settled(serving).await.saturating_sub(before) / LINES;
    ground.stand.check_served().await;
    drop(lines);
    held
}

#[tokio::test]
async fn content_that_is_never_read() {
    let ground = Ground::new();
    ground.write("here/large", vec![7; 64 << 20]);
    let serving = ground.serve("rw");
    let calls = get(&["large"], 16 << 20);
    let held = held_by(&ground, &serving, &calls, &want(0)).await;
    assert!(held < DEAF_KIB_MAX, "{held} KiB each");
}

#[tokio::test]
async fn entries_that_are_never_read() {
    let ground = Ground::new();
    let long = "x".repeat(200);
    for number in 0..500 {
        ground.write(&format!("here/{number}{long}"), "");
    }
    let serving = ground.serve("rw");
    let list = call(&json!({"service": "files", "op": "list", "paths": vec![""; 20]}));
    let held = held_by(&ground, &serving, &list, b"").await;
    assert!(held < DEAF_KIB_MAX, "{held} KiB each");
}

#[tokio::test]
async fn refusals_that_are_never_read() {
    let ground = Ground::new();
    let serving = ground.serve("rw");
    let refused = entry("kept", "file", &json!({"size": 9})).repeat(500);
    let held = held_by(&ground, &serving, &put("", false), &refused).await;
    assert!(held < DEAF_KIB_MAX, "{held} KiB each");
}

/// How many files a get is of that waits for credit in the end.
const FILES: u64 = 200;

/// A get of a folder of empty files and of a large one, which waits for credit: either before them, or
/// once they have gone. What it holds more once `more` was said.
async fn held_while_waiting(paths: &[&str], more: impl Iterator<Item = Vec<u8>>) -> u64 {
    let ground = Ground::new();
    for number in 0..FILES {
        ground.write(&format!("here/many/{number}"), "");
    }
    ground.write("here/large", vec![7; 1 << 20]);
    let serving = ground.serve("rw");
    let mut line = ground.line("caller", &serving).await;
    line.send(&get(paths, 0)).await;
    for entry in 0..FILES + 2 {
        while line.frame().await.expect("it goes on").0 != Kind::Entry.number() {}
        if paths[0] == "many" {
            line.send(&want(entry)).await;
        }
    }
    if paths[0] == "large" {
        line.send(&want(0)).await;
    }
    let before = settled(&serving).await;
    for word in more {
        line.send(&word).await;
    }
    let held = settled(&serving).await.saturating_sub(before);
    ground.stand.check_served().await;
    held
}

/// Why something failed, at length.
fn at_length(key: &str, number: u64) -> Vec<u8> {
    let message = "x".repeat(60_000);
    let failure = json!({key: number, "code": "disk-full", "message": message});
    control(
        if key == "entry" {
            Kind::End
        } else {
            Kind::Have
        },
        &failure,
    )
}

/// The server is told of every file before that it could not be kept.
#[tokio::test]
async fn last_words_of_files_that_have_gone_are_not_kept() {
    let words = (1..=FILES).map(|number| at_length("entry", number));
    let held = held_while_waiting(&["many", "large"], words).await;
    assert!(held < DEAF_KIB_MAX, "{held} KiB");
}

/// The server is told of every file to come why it is not taken.
#[tokio::test]
async fn what_is_said_of_files_to_come_is_kept_in_short() {
    let words = (1..=FILES).map(|number| at_length("through", number));
    let held = held_while_waiting(&["large", "many"], words).await;
    assert!(held < DEAF_KIB_MAX, "{held} KiB");
}

/// How many threads serve files.
fn threads(serving: &Serving) -> usize {
    let tasks = format!("/proc/{}/task", serving.process.id());
    let tasks = std::fs::read_dir(tasks).expect("it runs").flatten();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.trim() == "files").count()
}

/// A put of a file of zeros without end, up to its answer.
async fn endless(ground: &Ground, serving: &Serving, check: bool) -> Line {
    let mut line = ground.line("caller", serving).await;
    let put = json!({"service": "files", "op": "put", "to": "", "digests": ["blake3"],
        "check": check});
    line.send(&call(&put)).await;
    line.expect(Kind::Reply).await;
    let large = entry("large", "file", &json!({"size": HUGE, "stored": 0}));
    line.send(&large).await;
    line
}

/// A few bytes that stand for more zeros than anybody can hash: whoever says them has to stay.
#[tokio::test]
async fn a_hole_without_end_ends_with_its_line_or_its_call() {
    let ground = Ground::new();
    let serving = ground.serve("rw");
    for is_cancelled in [false, true] {
        let mut line = endless(&ground, &serving, false).await;
        let have = soon(line.expect(Kind::Have)).await;
        assert_eq!(have["code"], Value::Null, "{have}");
        line.send(&hole(HUGE)).await;
        until(|| (threads(&serving) == 1).then_some(())).await;
        if is_cancelled {
            line.send(&control(Kind::Cancel, &json!({}))).await;
            assert_eq!(soon(line.error()).await.as_deref(), Some("given-up"));
            until(|| (threads(&serving) == 0).then_some(())).await;
            let [ping, pong] = [Kind::Ping, Kind::Pong];
            line.send(&control(ping, &json!({}))).await;
            soon(line.expect(pong)).await;
        }
        drop(line);
        until(|| (threads(&serving) == 0).then_some(())).await;
        assert!(!ground.path("here/large").exists());
    }
    ground.stand.check_served().await;
}

/// A file that takes no room and more time to read than anybody has: reading it ends with the line,
/// too, whatever it is read for.
#[tokio::test]
async fn reading_without_end_ends_with_its_line() {
    let ground = Ground::new();
    ground.write("here/large", "");
    let large = std::fs::File::options()
        .write(true)
        .open(ground.path("here/large"));
    large
        .and_then(|file| file.set_len(HUGE))
        .expect("it takes no room");
    let serving = ground.serve("rw");
    // To be compared with what comes.
    let line = endless(&ground, &serving, true).await;
    until(|| (threads(&serving) == 1).then_some(())).await;
    drop(line);
    until(|| (threads(&serving) == 0).then_some(())).await;
    // To see whether the client has the same.
    let mut line = ground.line("caller", &serving).await;
    let get = json!({"service": "files", "op": "get", "paths": ["large"], "digests": ["blake3"],
        "check": true, "window": 4096});
    line.send(&call(&get)).await;
    line.expect(Kind::Reply).await;
    line.expect(Kind::Entry).await;
    let has = json!({"through": 0, "groups": 1 << 22, "values": ["0".repeat(64)]});
    line.send(&control(Kind::Have, &has)).await;
    until(|| (threads(&serving) == 1).then_some(())).await;
    drop(line);
    until(|| (threads(&serving) == 0).then_some(())).await;
    ground.stand.check_served().await;
}
