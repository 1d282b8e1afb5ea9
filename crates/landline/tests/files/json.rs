//! `--json`: what happens to each file, an object a line, and what it all came to.

use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::stand::{Sharing, objects, odd, write};

/// Of `hello`.
const BLAKE3: &str = "ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f";
const SHA256: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// The objects of this event, and of this name, if one is given.
fn of<'a>(all: &'a [Value], event: &str, name: Option<&str>) -> Vec<&'a Value> {
    let is_it = |object: &&Value| {
        object["event"] == event && name.is_none_or(|name| object["name"] == name)
    };
    all.iter().filter(is_it).collect()
}

#[test]
fn each_step_of_a_file_is_told_in_order() {
    for (verb, digest, value) in [
        ("get", "blake3", BLAKE3),
        ("put", "blake3", BLAKE3),
        ("get", "sha256", SHA256),
        ("put", "sha256", SHA256),
    ] {
        let stand = Sharing::open();
        let from = if verb == "get" {
            stand.there("a")
        } else {
            stand.here("a")
        };
        write(from, "hello");
        let finished = stand
            .run(&[verb, "office", "a", "--json", "--digest", digest])
            .well();
        let all = objects(&finished);
        let found = json!({"v": 1, "event": "found", "name": "a", "type": "file", "size": 5});
        assert_eq!(all[0], found, "{verb}");
        let started =
            json!({"v": 1, "event": "started", "name": "a", "size": 5, "resumed_from": 0});
        assert_eq!(all[1], started, "{verb}");
        let placed = json!({"v": 1, "event": "placed", "name": "a", "size": 5, digest: value});
        assert_eq!(of(&all, "placed", None), [&placed], "{verb}");
        let mut last = all.last().cloned().expect("an object");
        assert!(
            last["seconds"].as_f64().is_some_and(|it| it > 0.0),
            "{last}"
        );
        last["seconds"] = json!(0);
        let done = json!({
            "v": 1, "event": "done", "files": 1, "same": 0, "failed": 0, "passed_over": 0,
            "bytes": 5, "seconds": 0, "status": 0,
        });
        assert_eq!(last, done, "{verb}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_and_counted() {
    let stand = Sharing::open();
    write(stand.there("docs/a"), "hello");
    write(stand.there("docs/same"), "same");
    symlink("a", stand.there("docs/link")).expect("a free name");
    stand.quietly(&["get", "office", "docs"]);
    write(stand.here("docs/a"), "something else");
    let finished = stand.run(&["get", "office", "docs", "none", "--json"]);
    assert_eq!((finished.code, &*finished.err), (255, ""));
    let all = objects(&finished);
    let code = |event: &str, name: &str| {
        let found = of(&all, event, Some(name));
        assert_eq!(found.len(), 1, "{event} {name}: {all:?}");
        found[0]["code"].clone()
    };
    assert_eq!(code("failed", "docs/a"), "exists");
    assert_eq!(code("failed", "none"), "path-missing");
    assert_eq!(code("passed-over", "docs/link"), "not-regular");
    assert_eq!(code("same", "docs/same"), Value::Null);
    let last = all.last().expect("an object");
    let counts = [
        "event",
        "files",
        "same",
        "failed",
        "passed_over",
        "bytes",
        "status",
    ];
    let counts = counts.map(|name| last[name].clone());
    assert_eq!(json!(counts), json!(["done", 0, 1, 2, 1, 0, 255]));
}

#[test]
fn names_that_are_no_text_are_in_base64() {
    let stand = Sharing::open();
    write(stand.there(odd(b"\xff")), "");
    let words = ["get", "office", "*", "--json"];
    let all = objects(&stand.run(&words).well());
    for event in ["found", "started", "placed"] {
        let found = of(&all, event, None);
        assert_eq!(
            (found.len(), &found[0]["name_b64"]),
            (1, &json!("/w==")),
            "{event}"
        );
    }
}

#[test]
fn what_ends_the_whole_is_told_in_place_of_done() {
    let stand = Sharing::of(&["ro:shared"]);
    write(stand.here("a"), "a");
    let last = |words: &[&str]| {
        let finished = stand.run(&[words, &["--json"]].concat());
        let last = objects(&finished).pop().expect("there is an object");
        assert_eq!(last["status"], finished.code, "{last}");
        json!(["event", "code", "by"].map(|name| last[name].clone()))
    };
    let refused = last(&["put", "office", "a"]);
    assert_eq!(refused, json!(["failed", "not-granted", "server"]));
    let unknown = last(&["get", "nowhere", "a"]);
    assert_eq!(unknown, json!(["failed", "host-unknown", "landline"]));
    let unknown = last(&["ls", "nowhere"]);
    assert_eq!(unknown, json!(["failed", "host-unknown", "landline"]));
}

#[test]
fn how_far_a_large_file_is_is_told_now_and_then() {
    let stand = Sharing::open();
    write(stand.there("large"), vec![5; 16 << 20]);
    let finished = stand.run(&["get", "office", "large", "--json"]).well();
    let all = objects(&finished);
    // At most ten a second, however fast it goes.
    let seconds = all.last().expect("an object")["seconds"]
        .as_f64()
        .expect("a number");
    let told = of(&all, "progress", Some("large"));
    assert!(
        told.len() as f64 <= seconds * 10.0 + 1.0,
        "{seconds}: {told:?}"
    );
    let bytes: Vec<u64> = told.iter().filter_map(|it| it["bytes"].as_u64()).collect();
    assert!(
        bytes.is_sorted() && bytes.iter().all(|it| *it <= 16 << 20),
        "{bytes:?}"
    );
}
