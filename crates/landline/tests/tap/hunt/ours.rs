//! `listen echo`, `exec` and `files` keep the tutorial's wire, on which one read is one message: the
//! hunt finds that in each.

use super::{Found, Hunted, serving};
use crate::stand::{Folder, Listening};

#[track_caller]
fn found(hunted: &Hunted, target: &Listening) {
    let options = ["--only", "to-server", "--same-output"];
    Found::one_move(hunted, &target.address, &options).is_of_the_targets_reads();
}

#[test]
fn echo() {
    let target = serving(&["echo", "--suffix", "sb"]);
    found(&Hunted::shell("echo hello | landline call {}"), &target);
}

#[test]
fn exec() {
    let target = serving(&["exec"]);
    found(&Hunted::landline(&["exec", "{}", "--", "echo hi"]), &target);
}

#[test]
fn files() {
    let (shared, came) = (Folder::new(), Folder::new());
    shared.file("letter.txt", "dear reader");
    let target = serving(&["files", "--root", shared.name()]);
    let client = Hunted::landline(&["get", "{}", "letter.txt", "--to", came.name()]);
    found(&client, &target);
}
