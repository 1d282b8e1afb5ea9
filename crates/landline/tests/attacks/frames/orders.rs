//! Frames that are right by themselves and come when they must not.

use landline::frame::landline1::Kind;
use serde_json::json;

use super::{Attack, call, check, control, echo, exec, frame};

fn end(stream: &str) -> Vec<u8> {
    control(Kind::End, &json!({"stream": stream}))
}

fn credit(stream: &str, bytes: u64) -> Vec<u8> {
    control(Kind::Credit, &json!({"stream": stream, "bytes": bytes}))
}

fn data(count: usize) -> Vec<u8> {
    frame(Kind::Data.number(), &vec![b'x'; count])
}

fn args(text: &str) -> Vec<u8> {
    frame(Kind::Args.number(), text.as_bytes())
}

fn signal() -> Vec<u8> {
    control(Kind::Signal, &json!({"signal": "TERM"}))
}

/// An exec of so many words, which are still to come.
fn half(words: u32) -> Vec<u8> {
    call(&json!({"service": "exec", "args": words, "window": 0}))
}

#[tokio::test]
async fn without_a_call() {
    let attacks: Vec<Attack> = vec![
        ("a second HELLO", crate::stand::hello()),
        ("DATA", data(1)),
        ("END", end("in")),
        ("CREDIT", credit("out", 1)),
        ("SIGNAL", signal()),
        ("CANCEL", control(Kind::Cancel, &json!({}))),
        ("ARGS", args("x\0")),
        ("REPLY", control(Kind::Reply, &json!({"window": 1}))),
        ("DONE", control(Kind::Done, &json!({"exit": 0, "out": 0}))),
        ("PONG", control(Kind::Pong, &json!({}))),
        ("ENTRY", control(Kind::Entry, &json!({}))),
        ("HAVE", control(Kind::Have, &json!({}))),
        ("PAIR", control(Kind::Pair, &json!({}))),
    ];
    check("protocol", attacks).await;
}

#[tokio::test]
async fn within_a_call() {
    let within = |frames: &[Vec<u8>]| [echo(), frames.concat()].concat();
    let ping = control(Kind::Ping, &json!({}));
    let empty = frame(Kind::Data.number(), b"");
    let attacks: Vec<Attack> = vec![
        (
            "DATA2 from a client",
            within(&[frame(Kind::Data2.number(), b"x")]),
        ),
        ("DATA without a byte", within(&[empty])),
        ("DATA beyond the credit", within(&[data(262_145)])),
        ("DATA after END", within(&[end("in"), data(1)])),
        ("END twice", within(&[end("in"), end("in")])),
        ("END of a server's stream", within(&[end("out")])),
        ("too much credit", within(&[credit("out", 16_777_216)])),
        (
            "credit for what a server grants",
            within(&[credit("in", 1)]),
        ),
        (
            "credit for a stream it has not",
            within(&[credit("err", 1)]),
        ),
        ("no credit at all", within(&[credit("out", 0)])),
        ("a call", within(&[echo()])),
        ("PING", within(&[ping])),
        ("a signal for no program", within(&[signal()])),
        ("words for no program", within(&[args("x\0")])),
    ];
    check("protocol", attacks).await;
}

#[tokio::test]
async fn between_the_words_of_a_program() {
    let attacks: Vec<Attack> = vec![
        ("a call", [half(2), echo()].concat()),
        ("DATA", [half(2), data(1)].concat()),
        ("a signal", [half(2), signal()].concat()),
        (
            "fewer than said",
            [half(2), args("true\0"), end("args")].concat(),
        ),
        (
            "more than said",
            [half(1), args("true\0x\0"), end("args")].concat(),
        ),
        ("half of one", [half(1), args("true"), end("args")].concat()),
        ("after their end", [exec(&["cat"]), args("x\0")].concat()),
        ("their end twice", [exec(&["cat"]), end("args")].concat()),
    ];
    check("protocol", attacks).await;
}

#[tokio::test]
async fn words_that_do_not_stop() {
    let mebibyte = args(&"x".repeat(1 << 20));
    let endless = [half(2), mebibyte.clone(), mebibyte, args("x")].concat();
    check("too-large", vec![("2 MiB and a byte", endless)]).await;
}
