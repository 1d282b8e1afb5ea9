//! A person at a terminal: lines go as they are typed, Ctrl-D ends the input, Ctrl-C is the program's.

use serde_json::{Value, json};

use crate::stand::{Office, Process, at_a_terminal};

/// Plays `part` (see `terminal.py`) to `exec office -- sh -c SCRIPT`, and gives what came of it.
#[track_caller]
fn play(part: &Value, script: &str) -> Value {
    let office = Office::open();
    let command = at_a_terminal(&office.script(script, &[]), part, "pipe");
    let finished = Process::start(command).finish().well();
    serde_json::from_slice(&finished.out).expect("the script prints JSON")
}

#[test]
fn lines_go_as_they_are_typed() {
    let script = "while read line; do echo \"got $line\"; done; echo end; exit 4";
    let part = json!([
        ["", "hello\r"],
        ["got hello", "again\r"],
        ["got again", "\u{4}"],
        ["end", ""],
    ]);
    let played = play(&part, script);
    assert_eq!(played["stdout"], "got hello\ngot again\nend\n");
    assert_eq!(played["status"], 4);
}

#[test]
fn ctrl_c_is_the_programs() {
    let script = "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done";
    let played = play(&json!([["ready", "\u{3}"]]), script);
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!("ready\ncaught\n"), &json!(5))
    );
}

#[test]
fn the_end_does_not_wait_for_the_keyboard() {
    let played = play(&json!([]), "echo quick; exit 6");
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!("quick\n"), &json!(6))
    );
}
