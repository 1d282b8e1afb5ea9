//! Frames of a known key that break the rules: each ends its own line with the code that PROTOCOL.md
//! names, costs no memory, and nobody else notices.

mod headers;
mod objects;
mod orders;

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use crate::stand::{Line, Opponent, Serving, Stand, call, frame, soon};

/// The header of a frame that claims `length`.
fn claim(kind: u8, length: u32) -> Vec<u8> {
    [&[kind, 0, 0, 0], &length.to_be_bytes()[..]].concat()
}

fn control(kind: Kind, value: &Value) -> Vec<u8> {
    frame(kind.number(), value.to_string().as_bytes())
}

/// An exec of `argv`, whole, with a stream `in`.
fn exec(argv: &[&str]) -> Vec<u8> {
    let asked = json!({"service": "exec", "args": argv.len(), "window": 1000, "stdin": true});
    let words: String = argv.iter().map(|word| format!("{word}\0")).collect();
    let end = control(Kind::End, &json!({"stream": "args"}));
    [
        call(&asked),
        frame(Kind::Args.number(), words.as_bytes()),
        end,
    ]
    .concat()
}

fn echo() -> Vec<u8> {
    call(&json!({"service": "echo", "window": 1000}))
}

/// What it is called, and the bytes.
type Attack = (&'static str, Vec<u8>);

/// A line of the caller, greeted.
async fn line(stand: &Stand, serving: &Serving) -> Line {
    let opponent = Opponent::of(&stand.identity("caller"));
    let (line, greeting) = opponent.greet(&serving.address).await;
    assert_eq!(greeting["known"], true);
    line
}

/// That each of `attacks` ends its line with the code `code`, and nothing else.
async fn check(code: &str, attacks: Vec<Attack>) {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    for (name, bytes) in attacks {
        let mut line = line(&stand, &serving).await;
        line.send(&bytes).await;
        assert_eq!(soon(line.error()).await.as_deref(), Some(code), "{name}");
        assert!(
            soon(line.frame()).await.is_none(),
            "{name}: nothing follows"
        );
    }
    soon(serving.without_children()).await;
    stand.check_served().await;
    let said = serving.process.said();
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn what_may_be_passed_over_is_and_flags_mean_nothing() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    let mut line = line(&stand, &serving).await;
    line.send(&frame(0x3f, &[7; 65_536])).await;
    line.send(&frame(0x7f, &vec![7; 1 << 20])).await;
    line.send(&frame(Kind::Event.number(), b"{}")).await;
    let mut flagged = control(
        Kind::Ping,
        &json!({"data": "x", "unknown": [1, {"a": null}]}),
    );
    flagged[1] = 0xff;
    line.send(&flagged).await;
    assert_eq!(soon(line.expect(Kind::Pong)).await["data"], "x");
    // Within a call too, and inside of its streams.
    let between = frame(0x3f, b"skipped");
    let data = frame(Kind::Data.number(), b"hello");
    let end = control(Kind::End, &json!({"stream": "in"}));
    line.send(&[echo(), between.clone()].concat()).await;
    line.expect(Kind::Reply).await;
    line.send(&[between.clone(), data, between, end].concat())
        .await;
    let (kind, bytes) = line.frame().await.expect("it comes back");
    assert_eq!((kind, &bytes[..]), (Kind::Data.number(), &b"hello"[..]));
}

#[tokio::test]
async fn a_frame_that_is_cut_at_any_byte_is_the_end_of_that_line_only() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    let whole = exec(&["sleep", "60"]);
    for end in (0..whole.len()).step_by(7) {
        let mut cut = line(&stand, &serving).await;
        cut.send(&whole[..end]).await;
        soon(cut.close()).await;
    }
    // And without TLS's own end.
    for end in (1..whole.len()).step_by(31) {
        let mut cut = line(&stand, &serving).await;
        cut.send(&whole[..end]).await;
    }
    let mut line = line(&stand, &serving).await;
    line.send(&whole).await;
    line.expect(Kind::Reply).await;
    soon(line.close()).await;
    soon(serving.without_children()).await;
    stand.check_served().await;
}

/// How much memory of its own a server may take in while opponents claim lengths, in KiB.
const GROWTH_KIB_MAX: u64 = 1024;

#[tokio::test]
async fn a_claimed_length_sets_no_memory_aside() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    // What each line costs is no part of the question.
    let mut lines = Vec::new();
    for _ in 0..96 {
        lines.push(line(&stand, &serving).await);
    }
    for line in &mut lines {
        line.send(&control(Kind::Ping, &json!({}))).await;
        soon(line.expect(Kind::Pong)).await;
    }
    let before = serving.rss_anon_kib();
    // The longest claims that are taken, of each class, with a few bytes of each behind it.
    let half = call(&json!({"service": "exec", "args": 2, "window": 0}));
    let args = claim(Kind::Args.number(), 1 << 20);
    let claims = [
        claim(Kind::Call.number(), 65_536),
        claim(0x7f, 1 << 20),
        [half, args].concat(),
        [echo(), claim(Kind::Data.number(), 262_144)].concat(),
    ];
    for (number, line) in lines.iter_mut().enumerate() {
        line.send(&[&claims[number % claims.len()], &b"bytes"[..]].concat())
            .await;
    }
    // And the longest that can be written, on lines of their own.
    for kind in [
        Kind::Call.number(),
        Kind::Data.number(),
        Kind::Args.number(),
        0x3f,
    ] {
        let mut line = line(&stand, &serving).await;
        line.send(&claim(kind, u32::MAX)).await;
        assert_eq!(soon(line.error()).await.as_deref(), Some("frame-too-long"));
    }
    stand.check_served().await;
    let growth = serving.rss_anon_kib().saturating_sub(before);
    assert!(growth < GROWTH_KIB_MAX, "{growth} KiB for 96 claims");
}
