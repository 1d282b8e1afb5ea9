//! At a real terminal: a prompt on stderr, history, and answers on stdout, where a pipe gets them
//! and nothing else.

use std::io::Write;
use std::process::Command;

use serde_json::{Value, json};

use crate::stand::{Folder, Process, Server, at_a_terminal, far_end, python, take};

/// What the terminal is sent when a line may be typed: from here on pastes are marked, and it is in
/// raw mode, where an end of input that is typed ahead would be lost before.
const READY: &str = "\u{1b}[?2004h";
const UP: &str = "\u{1b}[A";
/// SIGTSTP.
const STOP: i32 = 20;
const END_OF_INPUT: &str = "\u{4}";

#[test]
fn call_prompts_on_stderr_and_remembers() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--upper", "--suffix", "sb"]);
    let part = json!([
        [READY, "hello\r"],
        ["HELLOsb", ""],
        [READY, format!("{UP}\r")],
        ["HELLOsb", ""],
        [READY, END_OF_INPUT],
    ]);
    let played = play(&part, "pipe", &["call", &server.address]);
    assert_eq!(played["stdout"], "HELLOsb\nHELLOsb\n");
    let terminal = played["terminal"].as_str().expect("what was shown is text");
    assert!(
        terminal.contains("> hello") && !terminal.contains("HELLOsb"),
        "{terminal}"
    );
    assert_eq!(played["status"], 0);
}

#[test]
fn what_is_typed_ahead_waits_for_its_turn() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--upper"]);
    let typed = format!("one\rtwo\rthree\r{END_OF_INPUT}");
    let played = play(&json!([[READY, typed]]), "pipe", &["call", &server.address]);
    assert_eq!(played["stdout"], "ONE\nTWO\nTHREE\n");
    assert_eq!(played["status"], 0);
}

/// A stop at the prompt, then `fg`: what the shell did to the terminal meanwhile is undone. The stop
/// comes from outside: at Ctrl-Z the editor undoes it, too, but mostly before the stop is there.
#[test]
fn a_prompt_that_was_stopped_takes_keys_again() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--upper", "--suffix", "sb"]);
    let part = json!([
        [READY, "hello\r"],
        ["HELLOsb", ""],
        [READY, ""],
        ["> ", STOP],
        ["stopped", "fg\r"],
        [READY, ""],
        ["> ", format!("{UP}\r")],
        ["HELLOsb", ""],
        [READY, END_OF_INPUT],
    ]);
    let played = play_to_job(&part, "pipe", &["call", &server.address]);
    assert_eq!(played["stdout"], "HELLOsb\nHELLOsb\n");
    assert_eq!(
        (&played["status"], &played["left_as_it_was"]),
        (&json!(0), &json!(true))
    );
    let terminal = played["terminal"].as_str().expect("what was shown is text");
    assert!(!terminal.contains("^[[A"), "{terminal}");
}

#[test]
fn each_line_of_a_paste_is_a_message() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--suffix", "|"]);
    let paste = "\u{1b}[200~one\ntwo\u{1b}[201~\r";
    let part = json!([[READY, paste], ["two|", ""], [READY, END_OF_INPUT]]);
    let played = play(&part, "pipe", &["call", &server.address]);
    assert_eq!(played["stdout"], "one|\ntwo|\n");
    assert_eq!(played["status"], 0);
}

#[test]
fn without_a_pipe_the_answer_is_on_the_terminal_too() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--upper"]);
    let part = json!([[READY, "hello\r"], ["HELLO", ""], [READY, END_OF_INPUT]]);
    let played = play(&part, "terminal", &["call", &server.address]);
    assert_eq!(played["status"], 0);
}

#[test]
fn ctrl_c_at_a_prompt_ends_it() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    for verb in ["call", "exec", "get"] {
        let played = play(
            &json!([[READY, "half a li\u{3}"]]),
            "pipe",
            &[verb, &server.address],
        );
        assert_eq!(
            (&played["stdout"], &played["status"]),
            (&json!(""), &json!(130)),
            "{verb}"
        );
    }
}

#[test]
fn a_signal_at_a_prompt_leaves_the_terminal_as_it_was() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    for (signal, status) in [(2, 130), (15, 143)] {
        let part = json!([[READY, "half a li"], ["half a li", signal]]);
        let played = play(&part, "pipe", &["call", &server.address]);
        assert_eq!(
            (&played["status"], &played["left_as_it_was"]),
            (&json!(status), &json!(true))
        );
    }
}

#[test]
fn an_end_while_the_prompt_stands_leaves_the_terminal_as_it_was() {
    let (address, peer) = far_end(|mut line| {
        take(&mut line, 1);
        line.write_all(b"once").expect("it reads");
        take(&mut line, 1);
    });
    let part = json!([[READY, "a\r"], ["once", ""], [READY, "b\r"]]);
    let played = play(&part, "pipe", &["call", "--duplex", &address]);
    peer.join().expect("it ended");
    assert_eq!(
        (&played["status"], &played["left_as_it_was"]),
        (&json!(255), &json!(true))
    );
}

#[test]
fn call_skips_an_empty_line_and_goes_on() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    let part = json!([
        [READY, "\r"],
        [READY, "hi\r"],
        ["hi", ""],
        [READY, END_OF_INPUT]
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
    let part = json!([[READY, "echo r''an\r"], ["ran", ""], [READY, END_OF_INPUT]]);
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
    let part = json!([[READY, "\r"], [READY, "a.txt\r"], [READY, "Q\r"]]);
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
    let part = json!([[READY, "me too\r"], [READY, ""], ["welcome", END_OF_INPUT]]);
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
    let landline = env!("CARGO_BIN_EXE_landline");
    play_to(part, stdout, &[&[landline], arguments].concat())
}

/// The same to landline as the job of a shell (see `job.py`).
#[track_caller]
fn play_to_job(part: &Value, stdout: &str, arguments: &[&str]) -> Value {
    let shell = python("job.py", &[]);
    let shell: Vec<&str> = [shell.get_program()]
        .into_iter()
        .chain(shell.get_args())
        .map(|word| word.to_str().expect("text"))
        .collect();
    play_to(
        part,
        stdout,
        &[&shell[..], &[env!("CARGO_BIN_EXE_landline")], arguments].concat(),
    )
}

#[track_caller]
fn play_to(part: &Value, stdout: &str, command: &[&str]) -> Value {
    let home = Folder::new();
    let mut landline = Command::new(command[0]);
    landline.args(&command[1..]);
    landline.env("LANDLINE_HOME", home.name());
    let finished = Process::start(at_a_terminal(&landline, part, stdout)).finish();
    assert_eq!(
        finished.code,
        0,
        "{}{}",
        finished.err,
        String::from_utf8_lossy(&finished.out)
    );
    serde_json::from_slice(&finished.out).expect("the script prints JSON")
}
