//! A disk that has no room for the new file: the old one stays whole. The limit on the length of files
//! (RLIMIT_FSIZE) plays the disk: writes fail halfway, for any user.

use std::fs;
use std::process::Command;

use crate::stand::{Ran, Stand, key, ran};

/// Runs `line` where a file may have 512 bytes, with `before` done first by the shell.
fn on_a_small_disk(stand: &Stand, before: &str, line: &str) -> Ran {
    let script = format!("{before}; ulimit -f 1; exec \"$0\" {line}");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_landline")]);
    ran(&mut stand.place(shell))
}

/// A home whose grants fill more than such a disk has.
fn with_grants() -> (Stand, String) {
    let stand = Stand::new();
    for number in 1..8 {
        stand.well(&format!("trust grant {} echo files:ro:/srv", key(number)));
    }
    let text = stand.read("grants.toml");
    assert!(text.len() > 512);
    (stand, text)
}

/// The names of what stands in the home but for locks, sorted.
fn names(stand: &Stand) -> Vec<String> {
    let entries = fs::read_dir(stand.home().config_folder()).expect("there is a home");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.ends_with(".lock")).collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_is_told_and_leaves_the_old_file_whole() {
    let (stand, before) = with_grants();
    for line in [
        format!("trust grant {} exec", key(9)),
        format!("trust revoke {}", key(1)),
        format!("trust rename {} desk", key(1)),
    ] {
        let said = on_a_small_disk(&stand, "trap '' XFSZ", &line);
        assert_eq!(
            (said.code, said.out.as_str()),
            (255, ""),
            "{line}: {}",
            said.err
        );
        let sentence = said.sentence();
        assert!(sentence.contains("grants.toml"), "{sentence}");
        assert!(sentence.contains("still there"), "{sentence}");
    }
    assert_eq!(stand.read("grants.toml"), before);
    assert_eq!(names(&stand), ["grants.toml"]);
    stand.well(&format!("trust grant {} exec", key(9)));
    assert_eq!(stand.grants().peers().count(), 8);
}

#[test]
fn who_is_killed_while_writing_leaves_the_old_file_whole() {
    let (stand, before) = with_grants();
    let line = format!("trust grant {} exec", key(9));
    let said = on_a_small_disk(&stand, "ulimit -c 0", &line);
    assert!(
        said.code > 128 && said.code < 255,
        "a signal ends it: {} {}",
        said.code,
        said.err
    );
    assert_eq!(stand.read("grants.toml"), before);
    stand.well(&line);
    assert_eq!(names(&stand), ["grants.toml"]);
    assert_eq!(stand.grants().peers().count(), 8);
}

#[test]
fn no_ticket_is_given_that_could_not_be_kept() {
    let stand = Stand::new();
    for _ in 0..4 {
        stand.well("trust invite --address office");
    }
    let before = stand.invites();
    let said = on_a_small_disk(&stand, "trap '' XFSZ", "trust invite --address office");
    assert_eq!((said.code, said.out.as_str()), (255, ""), "{}", said.err);
    assert_eq!(stand.invites(), before);
}

#[test]
fn no_half_key_is_made() {
    let stand = Stand::new();
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" id";
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_landline")]);
    // Pipes have no length: what it says comes through.
    let said = ran(&mut stand.place(shell));
    assert_eq!((said.code, said.out.as_str()), (255, ""), "{}", said.err);
    assert!(said.sentence().contains("key.pem"), "{}", said.err);
    assert!(names(&stand).is_empty(), "{:?}", names(&stand));
    stand.well("id");
}
