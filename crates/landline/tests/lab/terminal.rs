//! A reader at a terminal: a prediction is asked for, and may be skipped.

use std::path::Path;

use serde_json::{Value, json};

use crate::stand::{bounded, ran};

/// Plays `part` (see `terminal.py`) to `lab leftover` and gives what the terminal showed at the end.
#[track_caller]
fn play(part: &Value, more: &[&str]) -> String {
    let stage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tutorial/terminal.py");
    let part = part.to_string();
    let mut words = vec!["-B", stage.to_str().expect("text"), &part, "terminal"];
    words.extend([env!("CARGO_BIN_EXE_landline"), "lab", "leftover"]);
    words.extend(more);
    let mut command = bounded(Path::new("python3"), &words);
    command.env("TERM", "xterm").env_remove("NO_COLOR");
    let played = ran(&mut command);
    assert_eq!(played.code, 0, "{}", played.err);
    let played: Value = serde_json::from_str(&played.out).expect("the script prints JSON");
    assert_eq!(played["status"], 0, "{played}");
    played["terminal"].as_str().expect("text").to_owned()
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
