//! Datagrams: what comes is what was sent, less what the tap says that a move lost, with what it says
//! that one doubled, and in another order only where it says so.

use serde_json::Value;

use super::{between, soak};
use crate::stand::{DATAGRAMS, Folder, python};

const CLIENTS: &str = "3";
/// How many each client sends, and as many come back.
const COUNT: &str = "64";

const SCHEDULES: [&str; 8] = [
    "",
    "--drop 0.2",
    "--twice 0.3",
    "--reorder 0.3",
    "--delay 4ms --jitter 6ms",
    "--drop to-server:0.1 --twice 0.2 --reorder 0.3 --delay 2ms --jitter to-client:5ms",
    "--rate 400000 --twice to-client:0.2 --drop to-server:0.3",
    "--stall to-server:9000 --reorder to-client:0.5 --jitter 3ms",
];

#[test]
fn what_comes_is_what_the_tap_says() {
    let folder = Folder::new();
    let out = folder.path().join("told.json");
    soak("datagrams", SCHEDULES.len() as u64, |run| {
        let moves = SCHEDULES[run as usize % SCHEDULES.len()];
        let family = |number: u64| DATAGRAMS[number as usize % DATAGRAMS.len()];
        let listen = folder.address(family(run));
        let target = folder.address(family(run / 3));
        let seed = run.to_string();
        let words: Vec<&str> = moves.split_whitespace().collect();
        let script = [&[&target, CLIENTS, COUNT, &seed], &words[..]].concat();
        let tap = [&[&listen, "--json", "--seed", &seed], &words[..]].concat();
        println!("run {run}: {target} {tap:?}");
        let came = between(python("soak/mail.py", &script), &tap, Some(&out));
        assert_moved(&words, &came);
        (moves.to_owned(), came)
    });
}

/// With so many datagrams each move has happened to some.
#[track_caller]
fn assert_moved(moves: &[&str], came: &Value) {
    let told = [
        ("--drop", "dropped"),
        ("--twice", "twice"),
        ("--reorder", "reordered"),
        ("--stall", "stopped"),
    ];
    for (_, event) in told.iter().filter(|(option, _)| moves.contains(option)) {
        let count = |way: &str| came[way][event].as_u64().unwrap_or(0);
        assert!(
            count("to-server") + count("to-client") > 0,
            "{event}: {came}"
        );
    }
}
