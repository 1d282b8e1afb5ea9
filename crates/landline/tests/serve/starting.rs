//! What `serve` says when it starts, and what it refuses.

use serde_json::Value;

use crate::stand::{Serving, Stand};

#[test]
fn it_says_who_it_is_what_it_offers_and_what_to_type_and_that_works() {
    let stand = Stand::new();
    let mut serving = stand.serve(&["--allow-exec"]);
    let key = stand.well("server", &["id"], "");
    let identity = serving.says("this machine is");
    let hex = identity.rsplit("key ").next().expect("it names its key");
    assert!(key.contains(hex.trim_end_matches(')')), "{identity}\n{key}");
    assert!(serving.says("offers").contains("echo, exec, files, status"));
    let here = serving.says("type here");
    let there = serving.says("other machine");
    let command = here.split(":  ").nth(1).expect("a command").trim();
    let ticket = std::process::Command::new("/bin/sh")
        .args(["-c", command])
        .output()
        .expect("sh runs");
    assert!(ticket.status.success(), "{command}: {ticket:?}");
    let ticket = String::from_utf8(ticket.stdout).expect("it is text");
    assert!(there.contains("landline pair"), "{there}");
    let paired = stand.run("caller", &["pair"], &ticket);
    assert_eq!(paired.code, Some(0), "{}", paired.err);
    let next = paired.err.lines().find(|line| line.contains("try it"));
    let next = next
        .expect("it says what to try")
        .split("landline exec ")
        .nth(1);
    let name = next.expect("a command").split(' ').next().expect("a name");
    assert!(
        stand
            .well("caller", &["ping", name], "")
            .contains("20 round trips")
    );
}

#[test]
fn without_commands_it_says_how_to_offer_them() {
    let stand = Stand::new();
    let mut serving = stand.serve(&[]);
    assert!(serving.says("offers").contains("echo, files, status"));
    serving.says("--allow-exec");
}

#[test]
fn what_it_serves_can_be_listed_and_fetched_as_it_says() {
    for exec in [&[][..], &["--allow-exec"]] {
        let stand = Stand::new();
        let folder = stand.path().join("what is served");
        std::fs::create_dir(&folder).expect("a free name");
        std::fs::write(folder.join("notes.txt"), "hello").expect("a place for files");
        let mut serving = stand.serve(&[&["what is served"], exec].concat());
        let offers = serving.says("offers");
        assert!(offers.ends_with("/what is served"), "{offers}");
        let here = serving.says("type here");
        let command = here.split(":  ").nth(1).expect("a command").trim();
        serving.says("landline ls NAME");
        serving.says("landline get NAME FILE");
        let ticket = std::process::Command::new("/bin/sh")
            .args(["-c", command])
            .output()
            .expect("sh runs");
        let ticket = String::from_utf8(ticket.stdout).expect("it is text");
        let paired = stand.run("caller", &["pair", "--as", "office"], &ticket);
        assert_eq!(paired.code, Some(0), "{command}: {}", paired.err);
        if exec.is_empty() {
            // As it stands there, in a terminal that knows neither the home nor the program.
            let next = paired
                .err
                .lines()
                .find_map(|line| line.split("try it: ").nth(1));
            let next = next.expect("it says what to try");
            let mut shell = std::process::Command::new("/bin/sh");
            let listed = shell.args(["-c", next]).output().expect("sh runs");
            assert_eq!(listed.stdout, b"notes.txt\n", "{next}: {listed:?}");
        }
        assert_eq!(stand.well("caller", &["ls", "office"], ""), "notes.txt\n");
        let get = ["get", "office", "notes.txt", "--to", "-"];
        assert_eq!(stand.well("caller", &get, ""), "hello");
    }
}

#[test]
fn as_json_it_says_that_it_listens() {
    let stand = Stand::new();
    let serving = stand.serve(&["--json"]);
    let said: Value = serde_json::from_str(&serving.address).expect("an object");
    assert_eq!(
        (&said["v"], &said["event"]),
        (&1.into(), &"listening".into())
    );
    assert!(
        said["address"]
            .as_str()
            .expect("text")
            .starts_with("127.0.0.1:")
    );
}

#[test]
fn it_listens_wherever_it_is_told_to() {
    let stand = Stand::new();
    let words = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--listen",
        "127.0.0.2:0",
    ];
    let mut serving = Serving::start(stand.landline("server", &words));
    let other = serving.says("listening");
    assert!(serving.address.starts_with("127.0.0.1:") && other.contains("127.0.0.2:"));
    stand.pair(&["echo"]);
    let other = other.trim_start_matches("listening ");
    stand.well("caller", &["ping", other], "");
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    let stand = Stand::new();
    for (words, says) in [
        (
            &["serve", "--listen", "tcp://127.0.0.1:0"][..],
            "landline listen",
        ),
        (
            &["serve", "--listen", "127.0.0.1:port"],
            "nowhere to listen",
        ),
        (&["serve", "--web", "127.0.0.1:0"], "not yet"),
        (&["ping"], "HOST"),
    ] {
        let ran = stand.run("server", words, "");
        assert_eq!(ran.code, Some(2), "{words:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{words:?}: {}", ran.err);
    }
}

#[test]
fn a_folder_that_is_not_there_and_a_port_that_is_taken_are_named() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    for (words, says) in [
        (&["serve", "no-such-folder"][..], "no-such-folder"),
        (&["serve", "--config", "none.toml"], "none.toml"),
        (
            &["serve", "--listen", &serving.address],
            serving.address.as_str(),
        ),
    ] {
        let ran = stand.run("server", words, "");
        assert_eq!(ran.code, Some(255), "{words:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{words:?}: {}", ran.err);
    }
}

#[test]
fn a_grants_file_that_is_bad_stops_the_start_and_names_the_line() {
    let stand = Stand::new();
    drop(stand.serve(&[]));
    let grants = stand.path().join("server/grants.toml");
    std::fs::write(&grants, "\n\n[peers\n").expect("the home is there");
    let ran = stand.run("server", &["serve", "--listen", "127.0.0.1:0"], "");
    assert_ne!(ran.code, Some(0));
    assert!(
        ran.err.contains("grants.toml") && ran.err.contains('3'),
        "{}",
        ran.err
    );
}
