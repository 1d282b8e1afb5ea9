//! Whoever is not known, and whoever has not said HELLO: every kind of frame from them, and what a
//! stranger's one call may not be.

use std::time::Duration;

use landline::frame::landline1::Kind;
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::stand::{Line, Opponent, Stand, call, frame, hello, soon};

/// How many lines of an opponent stand at once.
const AT_ONCE: usize = 32;

/// When a frame comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// Before HELLO, from a key that may do anything.
    KnownGreets,
    /// Before HELLO, from a key that is not known.
    StrangerGreets,
    /// After both HELLOs, from a key that is not known.
    StrangerIsGreeted,
}

/// A payload that is right for the kind, if the kind has one.
fn payload(kind: u8) -> Vec<u8> {
    let control = match Kind::from_number(kind) {
        Some(Kind::Hello) => json!({"version": 1, "software": "x"}),
        Some(Kind::Call) => json!({"service": "status"}),
        Some(Kind::Credit) => json!({"stream": "out", "bytes": 1}),
        Some(Kind::End) => json!({"stream": "in"}),
        Some(Kind::Done) => json!({"out": 0}),
        Some(Kind::Error) => json!({"code": "internal", "message": "x"}),
        Some(Kind::Signal) => json!({"signal": "KILL"}),
        _ if kind & 0x40 != 0 => return b"bytes".into(),
        _ => json!({}),
    };
    control.to_string().into_bytes()
}

/// What PROTOCOL.md says of a frame of this kind at this point: the code of the error, none where the
/// line ends without a word, or `passed` where it goes on.
fn expected(point: Point, kind: u8) -> Option<&'static str> {
    match Kind::from_number(kind) {
        _ if kind == 0 => Some("frame-malformed"),
        None if kind & 0x80 != 0 => Some("frame-unsupported"),
        None | Some(Kind::Event | Kind::Resize) => Some("passed"),
        Some(Kind::Hello) if point != Point::StrangerIsGreeted => Some("passed"),
        Some(Kind::Call) if point == Point::StrangerIsGreeted => Some("unknown-peer"),
        // Who says instead of HELLO why it goes is told no more.
        Some(Kind::Error) if point != Point::StrangerIsGreeted => None,
        Some(_) => Some("protocol"),
    }
}

/// What comes of the frame: as [`expected`] has it.
async fn outcome(mut line: Line, point: Point, kind: u8) -> Option<String> {
    let probe = match point {
        // The next HELLO is answered, or is one too many.
        Point::KnownGreets | Point::StrangerGreets => hello(),
        Point::StrangerIsGreeted => call(&json!({"service": "none", "window": 0})),
    };
    line.send(&frame(kind, &payload(kind))).await;
    if expected(point, kind) == Some("passed") && kind != Kind::Hello.number() {
        line.send(&probe).await;
        let (answer, payload) = line.frame().await?;
        let text = String::from_utf8_lossy(&payload).into_owned();
        let goes_on = match point {
            Point::StrangerIsGreeted => text.contains("unknown-peer"),
            _ => answer == Kind::Hello.number(),
        };
        return Some(if goes_on { "passed".into() } else { text });
    }
    let (answer, payload) = line.frame().await?;
    if answer == Kind::Hello.number() {
        return Some("passed".into());
    }
    let error: Value = serde_json::from_slice(&payload).ok()?;
    assert!(line.frame().await.is_none(), "nothing follows an ERROR");
    error["code"].as_str().map(str::to_owned)
}

async fn check_every_kind(point: Point) {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    let known = point == Point::KnownGreets;
    let mut asking = JoinSet::new();
    for kind in 0..=255_u8 {
        if asking.len() == AT_ONCE {
            asking
                .join_next()
                .await
                .expect("some run")
                .expect("it holds");
        }
        let opponent = match known {
            true => Opponent::of(&stand.identity("caller")),
            false => Opponent::stranger(),
        };
        let address = serving.address.clone();
        asking.spawn(soon(async move {
            let line = match point {
                Point::StrangerIsGreeted => opponent.greet(&address).await.0,
                _ => opponent.dial(&address).await.expect("any key may"),
            };
            let outcome = outcome(line, point, kind).await;
            assert_eq!(
                outcome.as_deref(),
                expected(point, kind),
                "{point:?} {kind:#04x}"
            );
        }));
    }
    while let Some(asked) = asking.join_next().await {
        asked.expect("it holds");
    }
    assert_eq!(serving.logged(" call ").len(), 0, "nothing was run");
    stand.check_served().await;
}

#[tokio::test]
async fn every_kind_before_hello_from_a_known_key() {
    check_every_kind(Point::KnownGreets).await;
}

#[tokio::test]
async fn every_kind_before_hello_from_an_unknown_key() {
    check_every_kind(Point::StrangerGreets).await;
}

#[tokio::test]
async fn every_kind_but_a_call_of_pair_from_an_unknown_key() {
    check_every_kind(Point::StrangerIsGreeted).await;
}

/// Less than the ten seconds that a stranger has to speak.
const STOP_MAX: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_stranger_who_says_nothing_does_not_hold_a_stop_up() {
    let stand = Stand::new();
    let serving = stand.serve(&["--grace", "60s"]);
    let (mut line, _) = Opponent::stranger().greet(&serving.address).await;
    serving.process.signal(Signal::TERM);
    assert!(serving.process.ends_within(STOP_MAX));
    soon(line.ended()).await;
}

#[tokio::test]
async fn a_stranger_may_call_nothing_but_pair_and_that_once() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec"]);
    let mark = stand.path().join("ran");
    let mark = mark.to_str().expect("a plain path");
    let exec = json!({"service": "exec", "args": 2, "window": 0, "shell": false});
    let words = frame(Kind::Args.number(), format!("touch\0{mark}\0").as_bytes());
    let end = frame(Kind::End.number(), br#"{"stream":"args"}"#);
    let no_ticket = json!({"service": "pair", "ticket": "0".repeat(16), "proof": "0".repeat(64),
        "name": "x"});
    let [exec, echo, status, pair] = [
        exec,
        json!({"service": "echo", "window": 1000}),
        json!({"service": "status"}),
        no_ticket,
    ]
    .map(|it| call(&it));
    let exec = [exec, words, end].concat();
    for (bytes, code) in [
        (exec.clone(), "unknown-peer"),
        (echo, "unknown-peer"),
        (status, "unknown-peer"),
        // All in one write, HELLO too: the first that is wrong ends the line.
        ([pair.clone(), exec.clone()].concat(), "ticket-refused"),
        ([pair.clone(), pair].concat(), "ticket-refused"),
    ] {
        let opponent = Opponent::stranger();
        let mut line = opponent.dial(&serving.address).await.expect("any key may");
        line.send(&[hello(), bytes].concat()).await;
        line.expect(Kind::Hello).await;
        assert_eq!(soon(line.error()).await.as_deref(), Some(code));
        assert!(line.frame().await.is_none(), "nothing follows");
    }
    assert!(!std::path::Path::new(mark).exists());
    assert!(serving.children().is_empty());
}
