//! A client that lies in a get about what it has: the server sends what follows, and the digest tells
//! the lie; or it does not take the word at all.

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::ground::Ground;
use super::words::{control, want};
use crate::stand::{Line, Serving, call, soon};

const GROUP: usize = 1 << 20;

fn content() -> Vec<u8> {
    (0..3 * GROUP + 5).map(|at| (at % 251) as u8).collect()
}

/// A get of `large`, up to its ENTRY.
async fn called(ground: &Ground, serving: &Serving, digest: &str, check: bool) -> (Line, Value) {
    let mut line = ground.line("caller", serving).await;
    let get = json!({"service": "files", "op": "get", "paths": ["large"], "digests": [digest],
        "check": check, "window": 16 << 20});
    line.send(&call(&get)).await;
    line.expect(Kind::Reply).await;
    let entry = line.expect(Kind::Entry).await;
    (line, entry)
}

fn resume(groups: u64, values: &[String]) -> Vec<u8> {
    control(
        Kind::Have,
        &json!({"through": 0, "groups": groups, "values": values}),
    )
}

/// All that comes of the file: after which group it begins, how many bytes it has, its digest.
async fn taken(line: &mut Line) -> (Option<u64>, usize, Value) {
    let (mut begins, mut bytes) = (None, 0);
    loop {
        let (kind, payload) = line.frame().await.expect("it goes on");
        if kind == Kind::Data.number() {
            bytes += payload.len();
            continue;
        }
        let value: Value = serde_json::from_slice(&payload).expect("an object");
        if kind == Kind::Have.number() {
            begins = value["groups"].as_u64();
        } else {
            assert_eq!(kind, Kind::End.number(), "{value}");
            return (begins, bytes, value["digest"].clone());
        }
    }
}

#[tokio::test]
async fn values_that_are_made_up_show_in_the_digest() {
    let ground = Ground::new();
    ground.write("here/large", content());
    let serving = ground.serve("rw");
    let whole = json!(&*blake3::hash(&content()).to_hex());
    let values = ["0".repeat(64), "f".repeat(64)];
    for (groups, count) in [(1, 1), (2, 1), (3, 2)] {
        let (mut line, _) = called(&ground, &serving, "blake3", false).await;
        line.send(&resume(groups, &values[..count])).await;
        let (begins, bytes, digest) = soon(taken(&mut line)).await;
        assert_eq!(begins, None);
        assert_eq!(bytes, content().len() - groups as usize * GROUP);
        assert!(digest.is_string() && digest != whole, "{digest}");
    }
    // Who is asked to check finds it out before it sends anything.
    let (mut line, _) = called(&ground, &serving, "blake3", true).await;
    line.send(&resume(3, &values)).await;
    let (begins, bytes, digest) = soon(taken(&mut line)).await;
    assert_eq!((begins, bytes, digest), (Some(0), content().len(), whole));
    ground.stand.check_served().await;
}

#[tokio::test]
async fn what_nobody_can_have_is_a_breach() {
    let ground = Ground::new();
    ground.write("here/large", content());
    let serving = ground.serve("rw");
    let value = || "0".repeat(64);
    for (row, digest, have) in [
        ("too few values", "blake3", resume(3, &[value()])),
        ("too many values", "blake3", resume(1, &[value(), value()])),
        ("no values", "blake3", resume(1, &[])),
        ("no groups", "blake3", resume(0, &[])),
        ("more than it has", "blake3", resume(4, &[value()])),
        ("more than any has", "blake3", resume(1 << 63, &[value()])),
        (
            "all that there is",
            "blake3",
            resume(u64::MAX, &vec![value(); 64]),
        ),
        ("a short value", "blake3", resume(1, &["00".to_owned()])),
        ("no value", "blake3", resume(1, &["x".repeat(64)])),
        ("another digest", "sha256", resume(1, &[value()])),
        ("beyond what there is", "blake3", want(1)),
        ("a number of none", "blake3", want(u64::MAX)),
        ("twice", "blake3", [want(0), want(0)].concat()),
        ("DATA", "blake3", super::words::data(b"x")),
        ("a hole", "blake3", super::words::hole(4096)),
        ("an entry", "blake3", super::words::file("x", 1)),
        (
            "END of what is not wanted",
            "blake3",
            super::words::end(0, b""),
        ),
        (
            "credit beyond",
            "blake3",
            control(Kind::Credit, &json!({"stream": "out", "bytes": 1})),
        ),
    ] {
        let (mut line, _) = called(&ground, &serving, digest, false).await;
        line.send(&have).await;
        assert_eq!(
            soon(line.error()).await.as_deref(),
            Some("protocol"),
            "{row}"
        );
    }
    ground.stand.check_served().await;
}
