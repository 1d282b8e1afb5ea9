//! Wrong usage: status 2 and a sentence that says what to write, before anybody is called. What is wrong
//! with this machine's own folders is told before that, too.

use std::ffi::OsStr;
use std::process::Command;

use serde_json::{Value, json};

use crate::stand::{Finished, Folder, Process, odd, sentence};

fn run(line: &[impl AsRef<OsStr>]) -> Finished {
    let home = Folder::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_landline"));
    command
        .args(line)
        .env("LANDLINE_HOME", home.name())
        .env("LANG", "C.UTF-8")
        .env("NO_COLOR", "1");
    Process::start(command).finish()
}

/// Ends with `status` and one sentence with `words` in it.
#[track_caller]
fn check(line: &str, status: i32, words: &str) {
    let words_of_line: Vec<&str> = line.split(' ').collect();
    let finished = run(&words_of_line);
    let found = (finished.code, finished.out.len());
    assert_eq!(found, (status, 0), "{line}: {}", finished.err);
    assert!(
        sentence(&finished.err).contains(words),
        "{line}: {}",
        finished.err
    );
}

#[test]
fn options_of_the_other_kind_are_named() {
    for option in ["--force", "--check", "--digest=sha256"] {
        let name = option.split('=').next().expect("a first part");
        check(&format!("get tcp://127.0.0.1:1 a {option}"), 2, name);
        check(&format!("get unix:/none {option}"), 2, name);
    }
    check("get office a --endian big", 2, "--endian");
    check("get unix:/none a --to -", 2, "--to -");
}

#[test]
fn a_plain_socket_takes_no_files_and_lists_none() {
    for address in ["tcp://127.0.0.1:1", "unix:/none", "ssh://office"] {
        check(&format!("put {address} /dev/null"), 2, "HOST");
        check(&format!("ls {address}"), 2, "HOST");
    }
}

/// What makes no sense, and what is said of it.
const SENSELESS: [(&str, &str); 14] = [
    ("get office", "landline get office notes.txt"),
    ("put office", "landline put office notes.txt"),
    // Standard input goes alone, and needs a name.
    ("put office -", "--to notes.txt"),
    ("put office - --to reports/", "--as"),
    ("put office - --to archive:", "--as"),
    ("put office - --as a/b", "a/b"),
    ("put office - --as ..", ".."),
    ("put office - --as x /dev/null", "(-)"),
    ("put office - -", "(-)"),
    ("put office /dev/null --as x", "--as"),
    // Two that would be one.
    ("get office a/x b/x", "end in x"),
    ("get office x x", "end in x"),
    ("get office photos:x x/", "end in x"),
    ("put office /dev/null here/null", "called null"),
];

#[test]
fn what_makes_no_sense_is_refused() {
    for (line, words) in SENSELESS {
        check(line, 2, words);
    }
}

#[test]
fn two_of_one_name_may_go_to_a_stream_or_be_of_one_pattern() {
    for line in ["get office a/x b/x --to -", "get office *.x *.x --to /"] {
        check(line, 255, "address book");
    }
}

#[test]
fn objects_and_files_do_not_share_standard_output() {
    let finished = run(&["get", "office", "a", "--to", "-", "--json"]);
    assert_eq!(finished.code, 2, "{}", finished.err);
    let last: Value = serde_json::from_slice(&finished.out).expect("one object");
    let found = ["event", "code", "by", "status"].map(|name| last[name].clone());
    let expected = json!(["failed", "get-json-and-stdout", "landline", 2]);
    assert_eq!(json!(found), expected);
}

#[test]
fn a_folder_that_is_not_there_is_to_be_made_first() {
    check("get office a --to /no/such", 255, "mkdir /no/such");
    check("get office a --to /dev/null", 255, "/dev/null is no folder");
}

#[test]
fn a_file_that_is_not_here_is_told_at_once() {
    // Nobody is called for nothing: the machine is not in the address book.
    check("put office /no/such", 255, "/no/such is not here");
    let finished = run(&["put", "office", "/no/such", "--json"]);
    let lines: Vec<Value> = finished
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    let events: Vec<&Value> = lines.iter().map(|line| &line["event"]).collect();
    assert_eq!(events, ["failed", "done"]);
    assert_eq!(lines[0]["code"], "path-missing");
    assert_eq!(
        (&lines[1]["failed"], &lines[1]["status"]),
        (&1.into(), &255.into())
    );
    assert_eq!((finished.code, &*finished.err), (255, ""));
}

#[test]
fn a_path_may_be_long_but_not_too_long() {
    let fits = "a/".repeat(2048);
    check(&format!("get office {fits}"), 255, "address book");
    check(&format!("ls office {fits}"), 255, "address book");
    for verb in ["get", "ls"] {
        check(&format!("{verb} office {fits}a"), 2, "4097");
    }
}

#[test]
fn more_paths_than_a_call_carries_are_too_many() {
    let stand = crate::stand::Sharing::open();
    let name = "a rather long name ".repeat(5);
    let many: Vec<String> = (0..1000).map(|number| format!("{name}{number}")).collect();
    for verb in ["get", "ls"] {
        let fixed = [verb.to_owned(), "office".to_owned()];
        let finished = stand.run(&[&fixed[..], &many].concat());
        assert_eq!(finished.code, 2, "{verb}: {}", finished.err);
        let said = sentence(&finished.err);
        assert!(said.contains("a pattern in quotes"), "{verb}: {said}");
    }
}

#[test]
fn the_plain_wire_has_names_of_text_only() {
    let finished = run(&[odd(b"get"), odd(b"unix:/none"), odd(b"a\xff")]);
    assert_eq!(finished.code, 2, "{}", finished.err);
    assert!(
        sentence(&finished.err).contains("a\\xff"),
        "{}",
        finished.err
    );
    // The secure line has others.
    let finished = run(&[odd(b"get"), odd(b"office"), odd(b"a\xff")]);
    assert_eq!(finished.code, 255, "{}", finished.err);
}
