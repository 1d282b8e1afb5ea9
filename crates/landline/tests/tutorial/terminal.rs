//! At a real terminal: a prompt on stderr, history, and answers on stdout, where a pipe gets them
//! and nothing else.

use std::process::Command;

use serde_json::{Value, json};

use crate::stand::{Folder, Process, Server, python};

const UP: &str = "\u{1b}[A";
const END_OF_INPUT: &str = "\u{4}";

#[test]
fn call_prompts_on_stderr_and_remembers() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--upper", "--suffix", "sb"]);
    let part = json!([
        ["> ", "hello\r"],
        ["HELLOsb", ""],
        ["> ", format!("{UP}\r")],
        ["HELLOsb", ""],
        ["> ", END_OF_INPUT],
    ]);
    let played = play(&part, "pipe", &["call", &server.address]);
    assert_eq!(played["stdout"], "HELLOsb\nHELLOsb\n");
    assert_eq!(played["status"], 0);
}

#[test]
fn call_skips_an_empty_line_and_goes_on() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    let part = json!([
        ["> ", "\r"],
        ["> ", "hi\r"],
        ["hi", ""],
        ["> ", END_OF_INPUT]
    ]);
    let played = play(&part, "pipe", &["call", &server.address]);
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!("hi\n"), &json!(0))
    );
}

#[test]
fn exec_prompts_on_stderr() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let part = json!([["> ", "echo r''an\r"], ["ran", ""], ["> ", END_OF_INPUT]]);
    let played = play(&part, "pipe", &["exec", &server.address]);
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!("ran\n"), &json!(0))
    );
}

#[test]
fn get_prompts_until_q() {
    let (shared, target) = (Folder::new(), Folder::new());
    shared.file("a.txt", "hello");
    let server = Server::listen("tcp://127.0.0.1:0", &["files", "--root", shared.name()]);
    let part = json!([["Q", "\r"], ["Q", "a.txt\r"], ["Q", "Q\r"]]);
    let played = play(
        &part,
        "pipe",
        &["get", &server.address, "--to", target.name()],
    );
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!(""), &json!(0))
    );
    assert_eq!(target.names(), ["a.txt"]);
}

#[test]
fn a_chat_is_shown_as_it_comes() {
    let server = Server::listen("udp://127.0.0.1:0", &["relay"]);
    let mut other = Process::start(crate::stand::landline(&[
        "call",
        &server.address,
        "--duplex",
    ]));
    other.type_in("first in\n");
    other.shows("first in");
    // The other one answers as soon as it hears of this one.
    let heard = std::thread::spawn(move || {
        other.shows("me too");
        other.type_in("welcome\n");
        other.shows("welcome");
    });
    let part = json!([["> ", "me too\r"], ["welcome", END_OF_INPUT]]);
    let played = play(&part, "pipe", &["call", &server.address]);
    heard.join().expect("the other one heard it");
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!("me too\nwelcome\n"), &json!(0))
    );
}

/// Plays `part` (see `terminal.py`) to landline, and gives what came of it.
#[track_caller]
fn play(part: &Value, stdout: &str, arguments: &[&str]) -> Value {
    let home = Folder::new();
    let part = part.to_string();
    let stage = [&part, stdout, env!("CARGO_BIN_EXE_landline")];
    let mut command: Command = python("terminal.py", &[&stage[..], arguments].concat());
    command
        .env("TERM", "xterm")
        .env("LANDLINE_HOME", home.name());
    let finished = Process::start(command).finish();
    assert_eq!(
        finished.code,
        0,
        "{}{}",
        finished.err,
        String::from_utf8_lossy(&finished.out)
    );
    serde_json::from_slice(&finished.out).expect("the script prints JSON")
}
