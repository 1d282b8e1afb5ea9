//! Sudden deaths, of the client and of the server, at any moment of a get and of a put: the same command
//! goes on, what comes is right to the last bit, and nothing is left beside it.

use std::fs;

use rustix::process::Signal;

use crate::stand::{
    Chance, Process, Sharing, Way, check_no_litter, has_groups, long, much, objects, part_bytes,
    until_part, write,
};

/// Some tens of MiB, of no whole number of groups.
const SIZE: usize = (20 << 20) + 12_345;

/// How often each end is killed on each way.
fn rounds() -> u32 {
    if long() { 25 } else { 3 }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Client,
    Server,
}

#[test]
fn a_client_that_is_killed_in_a_get_goes_on() {
    kill_again_and_again(Way::Get, Victim::Client);
}

#[test]
fn a_client_that_is_killed_in_a_put_goes_on() {
    kill_again_and_again(Way::Put, Victim::Client);
}

#[test]
fn a_get_goes_on_with_a_server_that_was_killed() {
    kill_again_and_again(Way::Get, Victim::Server);
}

#[test]
fn a_put_goes_on_with_a_server_that_was_killed() {
    kill_again_and_again(Way::Put, Victim::Server);
}

fn kill_again_and_again(way: Way, victim: Victim) {
    let mut stand = Sharing::open();
    let bytes = much(SIZE);
    write(way.from(&stand, "large"), &bytes);
    let mut chance = Chance::new();
    for round in 0..rounds() {
        // Now and then near the end, where it is about to be placed.
        let from = if round % 5 == 0 { SIZE as u64 - 1 } else { 0 };
        let at = from + chance.below(SIZE as u64 + 1 - from);
        let what = format!(
            "{way:?} {victim:?} {round}: at {at}, of seed {}",
            chance.seed()
        );
        kill(&mut stand, way, victim, at);
        let had_groups = has_groups(&stand, way) && !way.to(&stand, "large").exists();
        let again = stand.run(&[way.verb(), "office", "large", "--json"]);
        assert_eq!(again.code, 0, "{what}: {}", again.err);
        let all = objects(&again);
        let of = |event: &str| all.iter().find(|object| object["event"] == event);
        let resumed = of("started").and_then(|started| started["resumed_from"].as_u64());
        // The server may have placed it meanwhile.
        let has_gone_on = of("same").is_some() || resumed.is_some_and(|bytes| bytes > 0);
        assert!(has_gone_on || !had_groups, "{what}: {all:?}");
        let target = way.to(&stand, "large");
        assert!(fs::read(&target).expect("it is there") == bytes, "{what}");
        check_no_litter(&stand, way);
        fs::remove_file(target).expect("it is ours");
    }
}

/// Kills one end once so many bytes have come.
fn kill(stand: &mut Sharing, way: Way, victim: Victim, at: u64) {
    let moving = Process::start(stand.landline(&[way.verb(), "office", "large", "--json"]));
    until_part(stand, way, at, &moving);
    match victim {
        Victim::Client => {
            moving.signal(Signal::KILL);
            let code = moving.finish().code;
            // It may have come to its end just before.
            assert!(code == 137 || code == 0, "{code}");
        }
        Victim::Server => {
            stand.office.restart();
            let ended = moving.finish();
            let is_told = ended.code == 255 && !ended.err.is_empty();
            assert!(is_told || ended.code == 0, "{}: {}", ended.code, ended.err);
        }
    }
    assert!(part_bytes(stand, way) <= SIZE as u64);
}
