//! `--json`: one object a line, which says what came on which stream, how it ended, and whose word
//! that is.

use std::collections::HashMap;

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::stand::{Finished, Office};

fn objects(finished: &Finished) -> Vec<Value> {
    let text = String::from_utf8(finished.out.clone()).expect("objects are text");
    let objects: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is an object"))
        .collect();
    assert!(objects.iter().all(|object| object["v"] == 1), "{text}");
    objects
}

/// All bytes of each stream, put together again.
fn streams(objects: &[Value]) -> HashMap<&str, Vec<u8>> {
    let mut streams = HashMap::new();
    for object in objects {
        let name = object["event"].as_str().expect("an event has a name");
        let stream: &mut Vec<u8> = streams.entry(name).or_default();
        if let Some(text) = object["data"].as_str() {
            stream.extend_from_slice(text.as_bytes());
        }
        if let Some(text) = object["data_b64"].as_str() {
            stream.extend(BASE64.decode(text.as_bytes()).expect("good base64"));
        }
    }
    streams
}

#[test]
fn what_happens_is_told_in_order() {
    let office = Office::open();
    let line = "echo 'é\u{1b}'; printf '\\377' >&2; exit 3";
    let finished = office.run(&["exec", "office", "--json", "--shell", line]);
    assert_eq!((finished.code, &*finished.err), (3, ""));
    let all = objects(&finished);
    let first = &all[0];
    assert_eq!(
        (&first["event"], &first["host"]),
        (&json!("started"), &json!("office"))
    );
    assert_eq!(first["address"], json!(office.address));
    assert_eq!(first["key"].as_str().map(str::len), Some(64));
    let text = all.iter().find(|object| object["event"] == "stdout");
    assert_eq!(text.expect("it printed")["data"], "é\u{1b}\n");
    let bytes = all.iter().find(|object| object["event"] == "stderr");
    assert_eq!(bytes.expect("it complained")["data_b64"], "/w==");
    let done = json!({
        "v": 1, "event": "done", "exit": 3, "signal": null, "timed_out": false, "status": 3,
        "by": "program", "stdout_bytes": 4, "stderr_bytes": 1,
    });
    assert_eq!(all.last(), Some(&done));
}

#[test]
fn every_byte_is_in_the_objects() {
    let office = Office::open();
    let line = "yes é漢 | head -c 1000001; head -c 300000 /dev/urandom | tee sent >&2";
    let finished = office.run(&["--json", "exec", "office", "--shell", line]);
    let all = objects(&finished);
    let streams = streams(&all);
    let expected: Vec<u8> = "é漢\n".bytes().cycle().take(1_000_001).collect();
    assert!(streams["stdout"] == expected);
    let sent = std::fs::read(office.folder().path().join("sent")).expect("tee wrote it");
    assert!(streams["stderr"] == sent);
    // Only its end, which is cut, is no text.
    let is_bytes = |object: &&Value| object["event"] == "stdout" && object["data_b64"].is_string();
    assert!(all.iter().filter(is_bytes).count() <= 1);
}

#[test]
fn whose_word_the_status_is_can_be_told() {
    let office = Office::open();
    let last = |words: &[&str]| {
        let finished = office.run(&[&["exec", "--json"], words].concat());
        let last = objects(&finished).pop().expect("there is an object");
        assert_eq!(last["status"], finished.code, "{last}");
        let part = |name: &str| last[name].clone();
        ["event", "by", "code", "status"].map(part)
    };
    let gone = json!(null);
    let check = |words: &[&str], event: &str, by: &str, code: Value, status: i32| {
        let expected = [json!(event), json!(by), code, json!(status)];
        assert_eq!(last(words), expected, "{words:?}");
    };
    check(
        &["office", "--", "sh", "-c", "exit 127"],
        "done",
        "program",
        gone.clone(),
        127,
    );
    check(
        &["office", "--shell", "kill -9 $$"],
        "done",
        "program",
        gone.clone(),
        137,
    );
    let slow = ["office", "--timeout", "50ms", "--", "sleep", "100"];
    check(&slow, "done", "landline", gone, 124);
    check(
        &["office", "--", "none"],
        "failed",
        "server",
        json!("program-missing"),
        127,
    );
    let dir = ["office", "--dir", "/no/such", "--", "true"];
    check(&dir, "failed", "server", json!("dir-missing"), 255);
    check(
        &["nowhere", "--", "true"],
        "failed",
        "landline",
        json!("host-unknown"),
        255,
    );
    check(
        &["office"],
        "failed",
        "landline",
        json!("exec-program-needed"),
        2,
    );
}
