//! `trust list`: everything there is, a line each, and plain when there is nothing.

use landline::trust::FileError;

use crate::stand::{Stand, key};

fn known(stand: &Stand) {
    stand.add_peer("laptop", key(1), &["echo", "files:ro:/srv/a b"]);
    stand.add_machine("办公室", key(2), &["office.example"]);
}

#[test]
fn nobody_is_said_and_nothing_is_printed() {
    let stand = Stand::new();
    for line in ["trust", "trust list"] {
        let ran = stand.run(line);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""));
        assert!(
            ran.sentence().contains("landline trust invite"),
            "{}",
            ran.err
        );
    }
    // To look makes nothing.
    assert!(!stand.path().join("home").exists());
}

#[test]
fn peers_machines_and_invites_have_a_line_each() {
    let stand = Stand::new();
    known(&stand);
    stand.well("trust invite --address office --for 90m --grant exec");
    let ran = stand.run("trust");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines: Vec<&str> = ran.out.lines().collect();
    let [peer, machine, invite] = lines[..] else {
        panic!("{lines:?}")
    };
    let digits = [1, 2].map(|number| key(number).to_string()[..8].to_owned());
    for part in [
        "peer ",
        "laptop",
        &digits[0],
        &key(1).words(),
        "echo  files:ro:/srv/a b",
    ] {
        assert!(peer.contains(part), "{part} in {peer}");
    }
    for part in [
        "machine ",
        "办公室",
        &digits[1],
        &key(2).words(),
        "office.example:5263",
    ] {
        assert!(machine.contains(part), "{part} in {machine}");
    }
    for part in ["invite ", "Z (1h 29m 5", "exec"] {
        assert!(invite.contains(part), "{part} in {invite}");
    }
}

#[test]
fn the_list_is_in_the_readers_language() {
    let stand = Stand::new();
    known(&stand);
    stand.well("trust invite --address office");
    let list = stand.well("trust --lang zh-CN");
    let kinds: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(kinds, ["对方", "机器", "邀请"], "{list}");
    let objects = stand.well("trust --lang zh-CN --json");
    assert!(objects.contains("\"event\":\"peer\""), "{objects}");
}

#[test]
fn objects_say_the_same() {
    let stand = Stand::new();
    known(&stand);
    let ticket = stand
        .run("trust invite --address office --json")
        .objects()
        .remove(0);
    let objects = stand.run("trust list --json").objects();
    let [peer, machine, invite] = &objects[..] else {
        panic!("{objects:?}")
    };
    assert_eq!(
        (&peer["event"], &peer["name"]),
        (&"peer".into(), &"laptop".into())
    );
    assert_eq!(peer["key"], key(1).to_string());
    assert_eq!(peer["capabilities"].as_array().unwrap().len(), 2);
    assert_eq!(machine["addresses"][0], "office.example:5263");
    assert_eq!(
        (&invite["event"], &invite["ticket"]),
        (&"invite".into(), &ticket["id"])
    );
}

#[test]
fn an_invite_that_is_over_is_not_shown() {
    let stand = Stand::new();
    let added = stand.home().invites().change(|invites| {
        let past = std::time::SystemTime::UNIX_EPOCH;
        invites
            .add([].into(), past, std::time::Duration::from_secs(60))
            .unwrap();
        Ok::<_, FileError>(())
    });
    added.unwrap();
    assert_eq!(stand.run("trust").out, "");
}

#[test]
fn what_could_drive_a_terminal_is_shown_and_not_sent() {
    let stand = Stand::new();
    stand.add_peer("laptop", key(1), &["files:ro:/a\u{1b}[31m\u{202e}b"]);
    let out = stand.well("trust");
    assert!(out.contains("/a\\u{1b}[31m\\u{202e}b"), "{out:?}");
    assert!(!out.trim_end().contains(char::is_control), "{out:?}");
}
