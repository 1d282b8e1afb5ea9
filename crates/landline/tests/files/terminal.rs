//! A person at a terminal: names are shown harmless, and a bar is drawn where nothing else is.

use serde_json::{Value, json};

use crate::stand::{Process, Sharing, at_a_terminal, odd, write};

/// Has landline do this at a terminal, to its end; `stdout` is `pipe` or `terminal`.
#[track_caller]
fn play(stand: &Sharing, part: &Value, stdout: &str, words: &[&str]) -> Value {
    let command = at_a_terminal(&stand.landline(words), part, stdout);
    let finished = Process::start(command).finish().well();
    serde_json::from_slice(&finished.out).expect("the script prints JSON")
}

#[test]
fn names_on_a_terminal_do_nothing_to_it() {
    let stand = Sharing::open();
    write(stand.there(odd(b"x\x1b[31m\xff\n")), "");
    write(stand.there("\u{202e}gpj.exe"), "");
    let played = play(&stand, &json!([]), "terminal", &["ls", "office"]);
    let shown = played["terminal"].as_str().expect("text");
    assert_eq!(shown, "x\\u{1b}[31m\\xff\\n\r\n\\u{202e}gpj.exe\r\n");
    assert_eq!(played["status"], 0);
    // Its output in a pipe is data, though a terminal is there.
    let played = play(&stand, &json!([]), "pipe", &["ls", "office"]);
    let data = played["stdout"].as_str().expect("text");
    assert!(data.starts_with("x\u{1b}[31m"), "{data:?}");
}

#[test]
fn a_bar_is_drawn_and_taken_off() {
    let stand = Sharing::open();
    write(stand.there("large"), vec![5; 32 << 20]);
    write(stand.there("docs/one"), vec![5; 8 << 20]);
    write(stand.there("docs/two"), "2");
    let played = play(&stand, &json!([]), "pipe", &["get", "office", "large"]);
    let shown = played["terminal"].as_str().expect("text");
    assert!(
        shown.contains("large") && shown.contains("32.00 MiB"),
        "{shown:?}"
    );
    let last = shown.trim_end().lines().last().expect("a line");
    assert!(last.contains("large: 33554432 bytes in "), "{last:?}");
    assert_eq!(
        (&played["stdout"], &played["status"]),
        (&json!(""), &json!(0))
    );
    let played = play(
        &stand,
        &json!([]),
        "pipe",
        &["put", "office", "large", "--to", "docs"],
    );
    assert_eq!(played["status"], 0);
    let shown = played["terminal"].as_str().expect("text");
    assert!(shown.contains("32.00 MiB"), "{shown:?}");
}

#[test]
fn no_bar_is_drawn_among_a_files_bytes() {
    let stand = Sharing::open();
    write(stand.there("poem"), "roses are red\n");
    for words in [
        &["get", "office", "poem", "--to", "-"][..],
        &["get", "office", "poem", "-q", "--force"],
    ] {
        let played = play(&stand, &json!([]), "terminal", words);
        let shown = played["terminal"].as_str().expect("text");
        assert!(!shown.contains("\u{1b}["), "{words:?}: {shown:?}");
        assert_eq!(played["status"], 0);
    }
}

#[test]
fn ctrl_c_at_the_terminal_ends_what_reads_the_keyboard() {
    let stand = Sharing::open();
    // Once it has begun, Ctrl-C is a word to landline.
    let part = json!([["\"started\"", "half a li\r"], ["half a li", "\u{3}"]]);
    let words = ["put", "office", "-", "--as", "typed", "--json"];
    let played = play(&stand, &part, "pipe", &words);
    assert_eq!(played["status"], 130);
    assert!(!stand.there("typed").exists());
}
