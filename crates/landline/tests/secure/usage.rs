//! Wrong usage: status 2 and a sentence that says what to write, before anybody is called.

use crate::stand::{Folder, Process, sentence};

#[track_caller]
fn refused(line: &[&str], words: &str) {
    let home = Folder::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_landline"));
    command.arg("exec").args(line);
    command
        .env("LANDLINE_HOME", home.name())
        .env("LANG", "C.UTF-8")
        .env("NO_COLOR", "1");
    let finished = Process::start(command).finish();
    assert_eq!(
        (finished.code, finished.out.len()),
        (2, 0),
        "{line:?}: {}",
        finished.err
    );
    assert!(
        sentence(&finished.err).contains(words),
        "{line:?}: {}",
        finished.err
    );
}

#[test]
fn a_machine_needs_a_program_or_a_line() {
    refused(&["office"], "landline exec office -- uname -a");
    refused(&["office", "--"], "landline exec office -- uname -a");
    refused(&["office", "--shell", "ls", "--", "ls"], "--shell");
}

#[test]
fn options_of_the_other_kind_are_named() {
    for (option, value) in [("--endian", "big"), ("--encoding", "gbk")] {
        refused(&["office", option, value, "--", "ls"], option);
    }
    for (option, value) in [
        ("--env", "LANG=C"),
        ("--dir", "/"),
        ("--timeout", "1s"),
        ("--shell", "ls"),
    ] {
        for address in ["tcp://127.0.0.1:1", "unix:/none"] {
            refused(&[address, option, value], option);
            refused(&[address, option, value, "--", "ls"], option);
        }
    }
    refused(&["unix:/none", "--tty", "--", "ls"], "--tty");
}

#[test]
fn an_unknown_scheme_is_no_machine() {
    refused(&["ssh://office", "--", "ls"], "ssh");
}
