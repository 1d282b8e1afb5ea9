//! Names and messages of a hostile server that would drive a terminal: `get` and `ls` show them escaped,
//! in sentences and in objects alike.

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::fake::{Step, fake, say};
use super::ground::Ground;
use super::words::{control, data, done, end, end_of, entry, reply};
use crate::stand::{Finished, check_shown, soon};

/// Clears the screen, sets a title, begins a CSI in one character, turns the line around, breaks it.
const HOSTILE: &str =
    "asked/\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}txt.exe\u{2066}\r\nlandline: all is well";

/// A name that is no text, in base64: `asked/`, an escape, a byte of no character, bidi, `txt.exe`.
const IN_BASE64: &str = "YXNrZWQvG1sySv+u4oCudHh0LmV4ZQ==";

/// Checks all that was shown, which must name the file in one line, and gives the objects.
fn check(row: &str, ran: &Finished, is_json: bool) {
    let out = ran.text();
    check_shown(&ran.err);
    check_shown(&out);
    let all = format!("{out}{}", ran.err);
    let is_named = ["txt.exe", IN_BASE64].iter().any(|it| all.contains(it));
    assert!(is_named, "{row}: {all}");
    assert!(!all.contains("\nlandline: all is well"), "{row}: {all}");
    for line in out.lines().filter(|_| is_json) {
        let object: Value = serde_json::from_str(line).expect("a line is an object");
        assert_eq!(object["v"], 1, "{row}");
    }
}

/// Runs a get of a server that follows these steps, for people and for scripts.
async fn check_get(row: &str, steps: Vec<Step>) {
    for more in [&["-v"][..], &["--json"]] {
        let ground = Ground::new();
        let fake = fake(&ground.stand, steps.clone());
        let words = [
            &["get", &fake.address, "asked", "--to", "here", "--force"],
            more,
        ]
        .concat();
        let ran = soon(ground.stand.run("caller", &words, "")).await;
        check(row, &ran, more == ["--json"]);
    }
}

#[tokio::test]
async fn names_of_what_is_sent() {
    let folder = entry("asked", "folder", &json!({"mode": 0o755}));
    let file = entry(HOSTILE, "file", &json!({"size": 5}));
    let why = json!({"code": "not-regular", "message": HOSTILE});
    let passed = entry(HOSTILE, "link", &why);
    let raw = json!({"b64": IN_BASE64});
    let raw = entry(raw, "file", &json!({"size": 5}));
    let failed = json!({"entry": 1, "code": HOSTILE, "message": HOSTILE});
    let failed = control(Kind::End, &failed);
    let well = || say([data(b"hello"), end(1, b"hello"), end_of("out"), done(5)]);
    let badly = say([data(b"hello"), end(1, b"hellO"), end_of("out"), done(5)]);
    let not = say([data(b"hel"), failed, end_of("out"), done(3)]);
    let nothing = say([end_of("out"), done(0)]);
    for (row, second, rest) in [
        ("placed", &file, well()),
        ("placed, and no text", &raw, well()),
        ("damaged", &file, badly),
        ("failed", &file, not),
        ("passed over", &passed, nothing.clone()),
    ] {
        let announced = say([reply(0), folder.clone(), second.clone()]);
        // Whether the answers are one word or two is the client's affair: the content comes after both.
        let steps = vec![announced, Step::HearThrough(1), rest];
        check_get(row, steps).await;
    }
    let unasked = HOSTILE.replace("asked/", "");
    let unasked = entry(unasked, "file", &json!({"size": 5}));
    check_get("unasked", vec![say([reply(0), unasked])]).await;
}

#[tokio::test]
async fn why_a_call_fails() {
    let failure = |code: &str| control(Kind::Error, &json!({"code": code, "message": HOSTILE}));
    for code in ["internal", "path-refused", "share-missing", "busy", HOSTILE] {
        check_get(code, vec![say([failure(code)])]).await;
        check_get(code, vec![say([reply(0), failure(code)])]).await;
    }
}

#[tokio::test]
async fn names_of_what_is_listed() {
    let ground = Ground::new();
    let why = json!({"code": "unreadable", "message": HOSTILE});
    let list = [
        control(Kind::Reply, &json!({"window": 0})),
        entry(HOSTILE, "folder", &json!({"mtime": i64::MAX})),
        entry(
            HOSTILE,
            "file",
            &json!({"mtime": i64::MIN, "size": u64::MAX >> 1}),
        ),
        entry(HOSTILE, "other", &why),
        end_of("out"),
        done(0),
    ];
    let fake = fake(&ground.stand, vec![say(list)]);
    for more in [&["--json"][..], &["--json", "-l"]] {
        let words = [&["ls", &fake.address, "asked"], more].concat();
        let ran = soon(ground.stand.run("caller", &words, "")).await;
        assert_eq!(ran.code, 255, "{}", ran.err);
        check("ls", &ran, true);
    }
    // To a pipe names go as they are, for scripts; what is said of them does not.
    let ran = soon(
        ground
            .stand
            .run("caller", &["ls", &fake.address, "-l", "asked"], ""),
    )
    .await;
    assert_eq!(ran.code, 255, "{}", ran.err);
    check_shown(&ran.err);
}
