//! Messages in Chinese where the reader asks for them.

use std::process::Command;

use crate::stand::{Process, Server, landline, run, sentence};

/// Nobody listens there.
const NOWHERE: [&str; 2] = ["call", "tcp://127.0.0.1:1"];

#[test]
fn chinese_by_option() {
    assert!(chinese(landline(
        &[&["--lang", "zh-CN"], &NOWHERE[..]].concat()
    )));
    assert!(chinese(landline(
        &[&NOWHERE[..], &["--lang", "zh-CN"]].concat()
    )));
}

#[test]
fn chinese_by_locale() {
    for (name, value) in [
        ("LANG", "zh_CN.UTF-8"),
        ("LC_ALL", "zh_CN.UTF-8"),
        ("LC_MESSAGES", "zh_CN.UTF-8"),
        ("LANG", "zh_CN"),
        ("LANDLINE_LANG", "zh-CN"),
    ] {
        assert!(chinese(spoken_in(name, value)), "{name}={value}");
    }
}

#[test]
fn english_elsewhere() {
    for value in [
        "C",
        "POSIX",
        "C.UTF-8",
        "en_GB.UTF-8",
        "fr_FR.UTF-8",
        "",
        "nonsense",
    ] {
        assert!(!chinese(spoken_in("LANG", value)), "{value}");
    }
    let mut stronger = landline(&[&NOWHERE[..], &["--lang", "en"]].concat());
    stronger.env("LANG", "zh_CN.UTF-8");
    assert!(!chinese(stronger));
}

#[test]
fn what_print_shows_is_chinese_too() {
    let print = ["print", "--once", "--lang", "zh-CN"];
    let server = Server::listen("tcp://127.0.0.1:0", &print);
    let words = ["call", "--raw", &server.address];
    run(&words, "hi").well();
    let shown = server.ended().text();
    assert!(shown.contains(" 2 字节：hi\n"), "{shown}");
    assert!(shown.ends_with(" 已离开\n"), "{shown}");
}

fn spoken_in(name: &str, value: &str) -> Command {
    let mut command = landline(&NOWHERE);
    command.env(name, value);
    command
}

/// True when the sentence on a refused connection is Chinese. It names the address either way.
#[track_caller]
fn chinese(command: Command) -> bool {
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(finished.err.contains(NOWHERE[1]), "{}", finished.err);
    let chinese = finished
        .err
        .chars()
        .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    if !chinese {
        sentence(&finished.err);
    }
    chinese
}
