//! `pair`, `ping` and `status`: first contact, and what follows from it.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::stage::at_a_terminal;
use crate::stand::Stand;

#[test]
fn a_ticket_from_a_file_a_variable_or_a_pipe_pairs_once() {
    let stand = Stand::new();
    let _serving = stand.serve(&[]);
    let ticket = || stand.well("server", &["trust", "invite"], "");
    std::fs::write(stand.path().join("ticket"), ticket()).expect("a place for files");
    stand.well("one", &["pair", "--code-file", "ticket"], "");
    stand.well("two", &["pair", "--code-file", "-"], &ticket());
    let mut with_variable = stand.landline("three", &["pair"]);
    with_variable.env("LANDLINE_CODE", ticket().trim());
    assert!(with_variable.status().expect("it was built").success());
    let again = stand.run("four", &["pair", "--code-file", "ticket"], "");
    assert_eq!(again.code, Some(255));
    assert!(again.err.contains("ticket-refused"), "{}", again.err);
}

/// The prompt takes signals for itself, and once kept them from the dialling that followed it.
#[test]
fn a_signal_after_the_ticket_was_typed_ends_it_at_once() {
    let stand = Stand::new();
    // It takes lines, since the kernel does, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("it has one").to_string();
    let ticket = stand.well("server", &["trust", "invite", "--address", &address], "");
    for (signal, status) in [(json!("\u{3}"), 130), (json!(1), 129), (json!(15), 143)] {
        let part = json!([
            ["\u{1b}[?2004h", format!("{}\r", ticket.trim())],
            ["\u{1b}[?2004l", signal],
        ]);
        let mut played = at_a_terminal(&stand.landline("caller", &["pair"]), &part, "pipe");
        let played = played.output().expect("python3 is there");
        let played: Value = serde_json::from_slice(&played.stdout).expect("the script prints JSON");
        assert_eq!(
            (&played["status"], &played["left_as_it_was"]),
            (&json!(status), &json!(true)),
            "{played}"
        );
    }
}

#[test]
fn what_is_no_ticket_is_wrong_usage() {
    let stand = Stand::new();
    for (words, input, says) in [
        (&["pair"][..], "", "no ticket"),
        (&["pair"], "7-crossover-clockwork\n", "landline1-"),
        (&["pair"], "landline1-aaaa\n", "ticket"),
        (&["pair", "--code-file", "none"], "", "none"),
        (&["pair", "--as", "a/b"], "x\n", "must not hold /"),
    ] {
        let ran = stand.run("caller", words, input);
        assert_eq!(ran.code, Some(2), "{words:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{words:?}: {}", ran.err);
    }
}

#[test]
fn a_name_that_is_another_machines_is_refused_before_the_ticket_is_used() {
    let stand = Stand::new();
    let _serving = stand.serve(&[]);
    stand.pair(&["echo"]);
    let other = stand.landline("other-server", &["serve", "--listen", "127.0.0.1:0"]);
    let _other = crate::stand::Serving::start(other);
    let ticket = stand.well("other-server", &["trust", "invite"], "");
    let ran = stand.run("caller", &["pair", "--as", "office"], &ticket);
    assert_ne!(ran.code, Some(0));
    assert!(ran.err.contains("office"), "{}", ran.err);
    stand.well("caller", &["pair", "--as", "annex"], &ticket);
}

#[test]
fn ping_and_status_tell_a_script_and_a_person() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.pair(&["echo"]);
    let ping = stand.well("caller", &["ping", "office", "--count", "5", "--json"], "");
    let ping: Value = serde_json::from_str(&ping).expect("an object");
    assert_eq!((&ping["v"], &ping["count"]), (&1.into(), &5.into()));
    let time = |name: &str| ping[name].as_f64().expect("a number");
    assert!(time("min_us") > 0.0 && time("min_us") <= time("median_us"));
    assert!(time("median_us") <= time("p99_us"));
    let status = stand.well("caller", &["status", &serving.address, "--json"], "");
    let status: Value = serde_json::from_str(&status).expect("an object");
    assert_eq!((&status["lines"], &status["calls"]), (&1.into(), &1.into()));
    let status = stand.well("caller", &["status", "office"], "");
    assert!(status.contains("version  landline/"), "{status}");
    assert!(status.starts_with("host     office\n"), "{status}");
    let words = ["status", "office", "--lang", "zh-CN"];
    let status = stand.well("caller", &words, "");
    assert!(status.starts_with("主机      office\n"), "{status}");
    assert!(status.contains("\n版本      landline/"), "{status}");
    assert_eq!(status.lines().count(), 8, "{status}");
}

#[test]
fn who_is_not_paired_or_not_known_is_told_what_to_do() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    let unpaired = stand.run("caller", &["ping", &serving.address], "");
    assert_eq!(unpaired.code, Some(255));
    assert!(unpaired.err.contains("landline pair"), "{}", unpaired.err);
    stand.pair(&["echo"]);
    let peers = stand.well("server", &["trust", "list", "--json"], "");
    let mut peers = peers.lines().filter(|line| line.contains("\"peer\""));
    let peer: Value = serde_json::from_str(peers.next_back().expect("a peer")).expect("an object");
    stand.well(
        "server",
        &["trust", "revoke", peer["key"].as_str().expect("a key")],
        "",
    );
    let revoked = stand.run("caller", &["ping", "office"], "");
    assert_eq!(revoked.code, Some(255));
    assert!(
        revoked.err.contains("landline trust invite"),
        "{}",
        revoked.err
    );
}
