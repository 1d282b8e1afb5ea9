//! A reader at a terminal: a prediction is asked for, and may be skipped.

use std::path::Path;

use serde_json::{Value, json};

use crate::stand::{bounded, ran};

/// What ends the marks around what is pasted: the prompt is over.
const OVER: &str = "\u{1b}[?2004l";

/// Plays `part` (see `terminal.py`) to `lab leftover` and gives what the terminal showed at the end.
#[track_caller]
fn play(part: &Value, more: &[&str]) -> String {
    let played = played(part, &[&["leftover"][..], more].concat());
    assert_eq!(played["status"], 0, "{played}");
    played["terminal"].as_str().expect("text").to_owned()
}

/// Plays `part` to `lab` with these words and gives what came of it.
#[track_caller]
fn played(part: &Value, lab: &[&str]) -> Value {
    let stage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tutorial/terminal.py");
    let part = part.to_string();
    let mut words = vec!["-B", stage.to_str().expect("text"), &part, "terminal"];
    words.extend([env!("CARGO_BIN_EXE_landline"), "lab"]);
    words.extend(lab);
    let mut command = bounded(Path::new("python3"), &words);
    command.env("TERM", "xterm").env_remove("NO_COLOR");
    let played = ran(&mut command);
    assert_eq!(played.code, 0, "{}", played.err);
    serde_json::from_str(&played.out).expect("the script prints JSON")
}

#[test]
fn a_prediction_stands_beside_what_came() {
    let part = json!([
        ["your prediction", "all 1025\r"],
        ["You predicted: all 1025", ""]
    ]);
    let shown = play(&part, &[]);
    assert!(shown.contains("1024 + 1"), "{shown}");
    // The question is strong on a terminal.
    assert!(shown.contains("\u{1b}[1mleftover: "), "{shown}");
}

#[test]
fn enter_skips_the_prediction() {
    let shown = play(&json!([["your prediction", "\r"]]), &[]);
    assert!(shown.contains("1024 + 1"), "{shown}");
    assert!(!shown.contains("You predicted"), "{shown}");
}

#[test]
fn nobody_is_asked_who_does_not_want_to_be() {
    for more in [&["--no-input"][..], &["--json"], &["--svg", "-"]] {
        let shown = play(&json!([]), more);
        assert!(!shown.contains("your prediction"), "{shown}");
        assert!(shown.contains("1024"), "{shown}");
    }
}

/// A prompt takes signals for itself, and once kept them from the experiment that followed it.
#[test]
fn a_signal_after_the_prediction_ends_it_at_once() {
    let ctrl_c = json!("\u{3}");
    for (signal, status) in [
        (ctrl_c, 130),
        (json!(1), 129),
        (json!(3), 131),
        (json!(15), 143),
    ] {
        let part = json!([["your prediction", "\r"], [OVER, signal]]);
        let played = played(&part, &["sticky"]);
        assert_eq!(
            (&played["status"], &played["left_as_it_was"]),
            (&json!(status), &json!(true)),
            "{played}"
        );
        let terminal = played["terminal"].as_str().expect("text");
        assert!(!terminal.contains("landline:"), "{terminal}");
    }
}
