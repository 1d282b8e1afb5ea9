//! How a hunt ends that finds nothing to hunt in, that is interrupted, or in which a run never ends; and
//! what it tells to programs.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use super::{Found, Hunted, server, serving};
use crate::stand::{Folder, Process, clean, landline, usage};

#[track_caller]
fn refused(hunted: &Hunted, options: &[&str], sentence: &str) {
    let target = serving(&["echo"]);
    let finished = hunted.hunted(&target.address, options);
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(finished.err.contains(sentence), "{}", finished.err);
    assert_eq!(finished.text(), "");
}

#[test]
fn a_command_that_fails_without_moves_is_refused_with_what_it_said() {
    let sentence = "the command fails without any move (exit status 3)";
    refused(
        &Hunted::shell("echo no such thing >&2; exit 3"),
        &[],
        sentence,
    );
    let said = "the command said: no such thing";
    refused(&Hunted::shell("echo no such thing >&2; exit 3"), &[], said);
    let sentence = "the command fails without any move (ended by SIGKILL)";
    refused(&Hunted::shell("kill -9 $$"), &[], sentence);
}

#[test]
fn a_command_that_never_ends_is_refused_and_ended() {
    let sentence = "the command fails without any move (it did not end in time)";
    refused(
        &Hunted::shell("sleep 1000"),
        &["--timeout", "100ms"],
        sentence,
    );
}

#[test]
fn a_command_that_fails_the_second_time_is_refused() {
    let folder = Folder::new();
    let once = format!("test ! -e {0}/mark && touch {0}/mark", folder.name());
    refused(
        &Hunted::shell(&once),
        &[],
        "fails now and then without any move (exit status 1)",
    );
}

#[test]
fn a_command_that_differs_each_time_is_refused_where_that_matters() {
    let differs = Hunted::shell("echo hello | landline call {} && date +%N");
    refused(
        &differs,
        &["--same-output"],
        "does not put out the same each time",
    );
    let target = serving(&["echo"]);
    let finished = differs.hunted(&target.address, &["--runs", "3"]);
    assert_eq!(finished.code, 0, "{}", finished.err);
}

#[test]
fn a_command_that_does_not_call_the_tap_or_is_not_there_is_refused() {
    let sentence = "nothing went through the tap that could be moved";
    refused(&Hunted::shell("exit 0"), &[], sentence);
    refused(
        &Hunted(vec!["/nonexistent".into()]),
        &[],
        "/nonexistent could not be started",
    );
}

#[test]
fn a_target_that_is_not_there_is_said() {
    let target = serving(&["echo"]);
    let nobody = target.address.clone();
    target.stop();
    let finished = Hunted::shell("echo hello | landline call {}").hunted(&nobody, &[]);
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(
        finished
            .err
            .contains(&format!("nobody listens at {nobody}")),
        "{}",
        finished.err
    );
}

#[test]
fn a_variable_names_the_tap_too() {
    let target = serving(&["echo", "--upper"]);
    let client = Hunted::shell("echo hello | landline call $LANDLINE_TAP_ADDRESS | grep -x HELLO");
    let found = Found::one_move(&client, &target.address, &["--only", "to-client"]);
    assert_eq!(found.its_move(), ("--split-at", "to-client:1"));
}

#[test]
fn a_run_that_hangs_is_found_and_told_as_such() {
    let target = serving(&["echo", "--upper"]);
    let line = "echo hello | landline call {} | grep -x HELLO || sleep 1000";
    let client = Hunted::shell(line);
    let options = ["--only", "to-client", "--timeout", "1s"];
    let found = Found::one_move(&client, &target.address, &options);
    assert_eq!(found.its_move(), ("--split-at", "to-client:1"));
    assert!(
        found.said.contains("(it did not end in time)"),
        "{}",
        found.said
    );
}

#[test]
fn ctrl_c_ends_it_with_the_run() {
    let target = server("exact_server.py");
    let client = Hunted::script("exact_client.py", &["line", "echo a", "a\n"]);
    let hunt = Process::start(client.hunt(&target.address, &["--json", "--for", "10m"]));
    hunt.shows(r#""phase":"splits""#);
    hunt.signal(Signal::INT);
    assert!(hunt.ends_within(Duration::from_secs(5)), "{}", hunt.said());
    let finished = hunt.finish();
    assert_eq!(finished.code, 130, "{}", finished.err);
    clean(&finished.err);
}

#[test]
fn objects_tell_each_run_and_what_was_found() {
    let target = serving(&["echo", "--upper"]);
    let client = Hunted::shell("echo hello | landline call {} | grep -x HELLO");
    let finished = client.hunted(&target.address, &["--only", "to-client", "--json"]);
    assert_eq!(finished.code, 1, "{}", finished.err);
    let text = finished.text();
    let objects = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let objects: Vec<Value> = objects.collect();
    assert!(objects.iter().all(|it| it["v"] == 1));
    let first = &objects[0];
    assert_eq!(
        (&first["event"], &first["phase"]),
        (&"run".into(), &"clean".into())
    );
    assert_eq!(
        (&first["run"], &first["outcome"]),
        (&1.into(), &"passed".into())
    );
    let found = objects
        .iter()
        .find(|it| it["event"] == "found")
        .expect("it was found");
    assert_eq!(
        (&found["means"], &found["reach"]),
        (&"split".into(), &"whole".into())
    );
    assert_eq!(
        (&found["direction"], &found["byte"]),
        (&"to-client".into(), &2.into())
    );
    assert_eq!(
        (&found["verdict"], &found["failure"]),
        (&"sure".into(), &"exit".into())
    );
    assert_eq!(found["command"][0], "landline");
    let done = objects.last().expect("there are some");
    assert_eq!(
        (&done["event"], &done["found"]),
        (&"done".into(), &true.into())
    );
}

#[test]
fn what_makes_no_sense_is_said() {
    let check = |words: &[&str]| {
        let finished = Process::start(landline(words)).finish();
        assert_eq!(finished.code, 2, "{words:?}: {}", finished.err);
        usage(&finished.err);
    };
    let (tcp, udp) = ("tcp://127.0.0.1:0", "udp://127.0.0.1:0");
    check(&["tap", "--hunt", tcp, tcp]);
    check(&["tap", "--hunt", udp, udp, "--", "true"]);
    check(&["tap", "--hunt", tcp, udp, "--", "true"]);
    check(&["tap", tcp, tcp, "--runs", "3"]);
    check(&["tap", tcp, tcp, "--", "true"]);
    check(&["tap", "--hunt", tcp, tcp, "--split", "3", "--", "true"]);
}
