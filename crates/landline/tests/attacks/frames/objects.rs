//! Control frames whose JSON is none, or says what it must not.

use landline::frame::landline1::Kind;

use super::{Attack, check, frame};

fn call(text: &str) -> Vec<u8> {
    frame(Kind::Call.number(), text.as_bytes())
}

fn nested(text: &str) -> Vec<u8> {
    call(&format!(
        r#"{{"service":"echo","window":1,"parameters":{text}}}"#
    ))
}

fn deep(open: &str, close: &str, levels: usize) -> String {
    format!("{}{}", open.repeat(levels), close.repeat(levels))
}

#[tokio::test]
async fn json_that_nests_too_deep() {
    let attacks: Vec<Attack> = vec![
        ("lists 10,000 deep", nested(&deep("[", "]", 10_000))),
        ("objects 10,000 deep", call(&deep(r#"{"a":"#, "}", 10_000))),
        ("lists that never close", call(&"[".repeat(65_000))),
        ("17 deep", nested(&deep("[", "]", 16))),
    ];
    check("protocol", attacks).await;
}

#[tokio::test]
async fn what_is_no_object_or_not_one() {
    let keys: String = (0..65).map(|n| format!(r#","k{n}":0"#)).collect();
    let no_utf8 = frame(Kind::Call.number(), b"{\"service\":\"\xff\"}");
    let attacks: Vec<Attack> = vec![
        (
            "many keys",
            call(&format!(r#"{{"service":"status"{keys}}}"#)),
        ),
        ("a key twice", call(r#"{"service":"status","a":1,"a":2}"#)),
        ("a list", call("[]")),
        ("nothing", call("")),
        ("two objects", call(r#"{"service":"status"}{}"#)),
        ("no UTF-8", no_utf8),
        ("a surrogate alone", call(r#"{"service":"\ud800"}"#)),
    ];
    check("protocol", attacks).await;
}

#[tokio::test]
async fn values_that_are_not_allowed() {
    let exec = |more: &str| call(&format!(r#"{{"service":"exec","window":0,{more}}}"#));
    let echo = |window: &str| call(&format!(r#"{{"service":"echo","window":{window}}}"#));
    let attacks: Vec<Attack> = vec![
        ("a huge number", exec(r#""args":1e999"#)),
        ("no words", exec(r#""args":0"#)),
        (
            "4 billion words",
            exec(r#""args":4294967295,"env":4294967295"#),
        ),
        ("more than there may be", exec(r#""args":131072,"env":1"#)),
        ("a NUL in a folder", exec(r#""args":1,"dir":"/\u0000""#)),
        ("two lines for the shell", exec(r#""args":2,"shell":true"#)),
        ("a negative window", echo("-1")),
        ("a window too large", echo("16777217")),
        ("a window that is text", echo(r#""1""#)),
        (
            "a name with NUL",
            call(r#"{"service":"ec\u0000ho","window":0}"#),
        ),
        (
            "a name that is a path",
            call(r#"{"service":"../echo","window":0}"#),
        ),
    ];
    check("protocol", attacks).await;
}
