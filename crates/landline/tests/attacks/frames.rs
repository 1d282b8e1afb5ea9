//! Frames of a known key that break the rules: each ends its own line with the code that PROTOCOL.md
//! names, costs no memory, and nobody else notices.

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

fn deep(open: &str, close: &str, levels: usize) -> String {
    format!("{}{}", open.repeat(levels), close.repeat(levels))
}

/// Bytes, and the code that they end the line with.
type Attack = (&'static str, Vec<u8>, &'static str);

fn headers() -> Vec<Attack> {
    let (call, data) = (Kind::Call.number(), Kind::Data.number());
    vec![
        ("2^32-1 of JSON", claim(call, u32::MAX), "frame-too-long"),
        ("2^32-1 of bytes", claim(data, u32::MAX), "frame-too-long"),
        (
            "2^32-1 to be passed over",
            claim(0x3f, u32::MAX),
            "frame-too-long",
        ),
        (
            "one byte of JSON too many",
            claim(call, 65_537),
            "frame-too-long",
        ),
        (
            "one byte too many",
            claim(data, 1_048_577),
            "frame-too-long",
        ),
        (
            "one too many to pass over",
            claim(0x7f, 1_048_577),
            "frame-too-long",
        ),
        (
            "a first reserved byte",
            vec![call, 0, 1, 0, 0, 0, 0, 0],
            "frame-malformed",
        ),
        (
            "a second reserved byte",
            vec![call, 0, 0, 1, 0, 0, 0, 0],
            "frame-malformed",
        ),
        ("zeros", vec![0; 8], "frame-malformed"),
        (
            "an unknown critical kind",
            claim(0xbf, 0),
            "frame-unsupported",
        ),
        (
            "an unknown critical body",
            claim(0xff, 0),
            "frame-unsupported",
        ),
        (
            "HTTP",
            b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            "frame-malformed",
        ),
    ]
}

fn objects() -> Vec<Attack> {
    let call = |text: &str| frame(Kind::Call.number(), text.as_bytes());
    let nested = |text: String| format!(r#"{{"service":"echo","window":1,"parameters":{text}}}"#);
    let keys: String = (0..65).map(|n| format!(r#","k{n}":0"#)).collect();
    vec![
        (
            "lists 10,000 deep",
            call(&nested(deep("[", "]", 10_000))),
            "protocol",
        ),
        (
            "objects 10,000 deep",
            call(&deep(r#"{"a":"#, "}", 10_000)),
            "protocol",
        ),
        (
            "lists that never close",
            call(&"[".repeat(65_000)),
            "protocol",
        ),
        ("17 deep", call(&nested(deep("[", "]", 16))), "protocol"),
        (
            "many keys",
            call(&format!(r#"{{"service":"status"{keys}}}"#)),
            "protocol",
        ),
        (
            "a key twice",
            call(r#"{"service":"status","a":1,"a":2}"#),
            "protocol",
        ),
        ("no object", call("[]"), "protocol"),
        ("nothing", call(""), "protocol"),
        ("two objects", call(r#"{"service":"status"}{}"#), "protocol"),
        (
            "no UTF-8",
            frame(Kind::Call.number(), b"{\"service\":\"\xff\"}"),
            "protocol",
        ),
        (
            "a surrogate alone",
            call(r#"{"service":"\ud800"}"#),
            "protocol",
        ),
        (
            "a huge number",
            call(r#"{"service":"exec","args":1e999,"window":0}"#),
            "protocol",
        ),
        (
            "a negative window",
            call(r#"{"service":"echo","window":-1}"#),
            "protocol",
        ),
        (
            "a window too large",
            call(r#"{"service":"echo","window":16777217}"#),
            "protocol",
        ),
        (
            "no words",
            call(r#"{"service":"exec","args":0,"window":0}"#),
            "protocol",
        ),
        (
            "4 billion words",
            call(r#"{"service":"exec","args":4294967295,"env":4294967295,"window":0}"#),
            "protocol",
        ),
        (
            "a name with NUL",
            call(r#"{"service":"ec\u0000ho","window":0}"#),
            "protocol",
        ),
        (
            "a NUL in a folder",
            call(r#"{"service":"exec","args":1,"window":0,"dir":"/\u0000"}"#),
            "protocol",
        ),
    ]
}

fn orders() -> Vec<Attack> {
    let end = |stream: &str| control(Kind::End, &json!({"stream": stream}));
    let credit = |stream: &str, bytes: u64| {
        control(Kind::Credit, &json!({"stream": stream, "bytes": bytes}))
    };
    let data = |count: usize| frame(Kind::Data.number(), &vec![b'x'; count]);
    let args = |text: &str| frame(Kind::Args.number(), text.as_bytes());
    let status = call(&json!({"service": "status"}));
    let half = |count: u32| call(&json!({"service": "exec", "args": count, "window": 0}));
    let after = |first: Vec<u8>, then: Vec<u8>| [first, then].concat();
    vec![
        ("a second HELLO", crate::stand::hello(), "protocol"),
        ("DATA without a call", data(1), "protocol"),
        ("END without a call", end("in"), "protocol"),
        ("CREDIT without a call", credit("out", 1), "protocol"),
        (
            "SIGNAL without a call",
            control(Kind::Signal, &json!({"signal": "TERM"})),
            "protocol",
        ),
        (
            "a server's REPLY",
            control(Kind::Reply, &json!({"window": 1})),
            "protocol",
        ),
        (
            "a server's PONG",
            control(Kind::Pong, &json!({})),
            "protocol",
        ),
        (
            "DATA2 from a client",
            after(echo(), frame(Kind::Data2.number(), b"x")),
            "protocol",
        ),
        (
            "DATA without a byte",
            after(echo(), frame(Kind::Data.number(), b"")),
            "protocol",
        ),
        (
            "DATA beyond the credit",
            after(echo(), data(262_145)),
            "protocol",
        ),
        (
            "DATA after END",
            [echo(), end("in"), data(1)].concat(),
            "protocol",
        ),
        (
            "END twice",
            [echo(), end("in"), end("in")].concat(),
            "protocol",
        ),
        (
            "END of a server's stream",
            after(echo(), end("out")),
            "protocol",
        ),
        (
            "too much credit",
            after(echo(), credit("out", 16_777_216)),
            "protocol",
        ),
        (
            "credit for the stream in",
            after(echo(), credit("in", 1)),
            "protocol",
        ),
        (
            "no credit at all",
            after(echo(), credit("out", 0)),
            "protocol",
        ),
        ("a call in a call", after(echo(), echo()), "protocol"),
        (
            "PING in a call",
            after(echo(), control(Kind::Ping, &json!({}))),
            "protocol",
        ),
        (
            "SIGNAL for no program",
            after(echo(), control(Kind::Signal, &json!({"signal": "TERM"}))),
            "protocol",
        ),
        (
            "words for no program",
            after(status, args("x\0")),
            "protocol",
        ),
        (
            "a call between the words",
            after(half(2), echo()),
            "protocol",
        ),
        (
            "DATA between the words",
            after(half(2), data(1)),
            "protocol",
        ),
        (
            "fewer words than said",
            [half(2), args("true\0"), end("args")].concat(),
            "protocol",
        ),
        (
            "more words than said",
            [half(1), args("true\0x\0"), end("args")].concat(),
            "protocol",
        ),
        (
            "half a word",
            [half(1), args("true"), end("args")].concat(),
            "protocol",
        ),
        (
            "words after their end",
            after(exec(&["cat"]), args("x\0")),
            "protocol",
        ),
        ("ENTRY", control(Kind::Entry, &json!({})), "protocol"),
        ("PAIR", control(Kind::Pair, &json!({})), "protocol"),
        (
            "words that do not stop",
            [
                half(2),
                args(&"x".repeat(1 << 20)),
                args(&"x".repeat(1 << 20)),
                args("x"),
            ]
            .concat(),
            "too-large",
        ),
    ]
}

/// A line of the caller, greeted.
async fn line(stand: &Stand, serving: &Serving) -> Line {
    let opponent = Opponent::of(&stand.identity("caller"));
    let (line, greeting) = opponent.greet(&serving.address).await;
    assert_eq!(greeting["known"], true);
    line
}

async fn check(attacks: Vec<Attack>) {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    for (name, bytes, code) in attacks {
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
async fn headers_that_break_the_rules() {
    check(headers()).await;
}

#[tokio::test]
async fn objects_that_break_the_rules() {
    check(objects()).await;
}

#[tokio::test]
async fn frames_that_come_when_they_must_not() {
    check(orders()).await;
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
    for _ in 0..24 {
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
    assert!(growth < GROWTH_KIB_MAX, "{growth} KiB for 24 claims");
}
