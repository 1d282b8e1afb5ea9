//! Programs without a mistake: nothing is found in them.

use super::{Hunted, server, serving};
use crate::stand::{Folder, long};

#[track_caller]
fn nothing(hunted: &Hunted, target: &str, options: &[&str], runs: &str) {
    let runs = if long() { "1000" } else { runs };
    let finished = hunted.hunted(target, &[options, &["--runs", runs]].concat());
    assert_eq!(finished.code, 0, "{}{}", finished.err, finished.text());
    assert!(
        finished.err.contains("nothing found in "),
        "{}",
        finished.err
    );
    assert_eq!(finished.text(), "");
}

#[test]
fn a_client_and_a_server_with_exact_reads() {
    let target = server("exact_server.py");
    let client = Hunted::script("exact_client.py", &["line", "echo a", "a\n"]);
    // All 11 split points, and as many by lot.
    nothing(&client, &target.address, &[], "24");
}

#[test]
fn our_own_exec() {
    let target = serving(&["exec"]);
    let client = Hunted::landline(&["exec", "{}", "--", "echo hello; echo there >&2"]);
    nothing(
        &client,
        &target.address,
        &["--only", "to-client", "--same-output"],
        "40",
    );
}

#[test]
fn our_own_get() {
    let (shared, came) = (Folder::new(), Folder::new());
    shared.file("letter.txt", "dear reader");
    let target = serving(&["files", "--root", shared.name()]);
    let client = Hunted::landline(&["get", "{}", "letter.txt", "--to", came.name()]);
    nothing(&client, &target.address, &["--only", "to-client"], "40");
    let kept = std::fs::read_to_string(came.path().join("letter.txt"));
    assert_eq!(kept.expect("it came"), "dear reader");
}
