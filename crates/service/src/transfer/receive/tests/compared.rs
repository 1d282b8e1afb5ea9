//! With a check, what is there is read and compared: the same is left alone, and of what differs only
//! that comes which does.

use landline_frame::landline1::DigestKind;

use super::sender::{Sender, Source};
use super::*;

const GROUP: usize = 1024 * 1024;

fn checking(force: bool) -> Stand {
    let mut stand = Stand::new();
    stand.landing.check = true;
    stand.landing.force = force;
    stand
}

#[test]
fn the_same_bytes_are_the_same_file_whatever_its_time() {
    for size in [0, 1, GROUP - 1, GROUP, GROUP + 1, 3 * GROUP, 6 * GROUP + 7] {
        for force in [false, true] {
            let stand = checking(force);
            stand.write("a", &bytes(size, 1));
            let before = bits(&stand.path("a"));
            let source = Source::file("a", &bytes(size, 1));
            let went = stand.put(Sender::of(vec![source]).checking());
            let report = went.well();
            assert_eq!((report.same, report.placed), (1, 0), "{size}");
            assert!(went.sender.sent() <= GROUP as u64, "{size}");
            assert_eq!(bits(&stand.path("a")), before);
            assert_eq!(stand.listed(), ["a"]);
            assert_eq!(went.sender.ends.len(), 1);
            let end = &went.sender.ends[0];
            assert!(end.outcome.is_ok() && end.is_same);
        }
    }
}

#[test]
fn with_force_only_what_differs_comes() {
    for size in [1, GROUP, GROUP + 1, 3 * GROUP, 6 * GROUP + 7] {
        for at in [0, size / 2, size - 1] {
            let stand = checking(true);
            let mut old = bytes(size, 1);
            old[at] ^= 1;
            stand.write("a", &old);
            let source = Source::file("a", &bytes(size, 1)).mode(0o600);
            let went = stand.put(Sender::of(vec![source]).checking());
            assert_eq!(went.well().placed, 1, "{size} {at}");
            assert!(stand.read("a") == bytes(size, 1));
            assert_eq!(bits(&stand.path("a")).0, 0o600);
            assert_eq!(stand.listed(), ["a"]);
            assert!(stand.journals().is_empty());
            if at == size - 1 {
                assert!(went.sender.sent() <= GROUP as u64, "{size} {at}");
            }
        }
    }
}

#[test]
fn without_force_what_differs_is_kept() {
    for size in [1, GROUP + 1, 6 * GROUP + 7] {
        for at in [0, size - 1] {
            let stand = checking(false);
            let mut old = bytes(size, 1);
            old[at] ^= 1;
            stand.write("a", &old);
            let source = Source::file("a", &bytes(size, 1));
            let went = stand.put(Sender::of(vec![source]).checking());
            assert_eq!(went.codes()["a"], "exists");
            assert!(stand.read("a") == old);
            assert_eq!(stand.listed(), ["a"]);
        }
    }
}

#[test]
fn by_sha_256_all_of_it_comes_and_the_same_is_left_alone() {
    for (force, seed, expected) in [(false, 1, 1), (true, 1, 1), (true, 2, 0)] {
        let mut stand = checking(force);
        stand.landing.digest = DigestKind::Sha256;
        stand.write("a", &bytes(300_000, seed));
        let sender = Sender::of(vec![Source::file("a", &bytes(300_000, 1))]);
        let went = stand.put(sender.digest(DigestKind::Sha256));
        assert_eq!(went.well().same, expected);
        assert!(stand.read("a") == bytes(300_000, 1));
        assert_eq!(stand.listed(), ["a"]);
    }
}

#[test]
fn a_local_file_that_changes_after_it_was_read_harms_nothing() {
    let stand = checking(true);
    let mut old = bytes(6 * GROUP, 1);
    old[5 * GROUP + 1] ^= 1;
    stand.write("a", &old);
    let path = stand.path("a");
    let mut sender = Sender::of(vec![Source::file("a", &bytes(6 * GROUP, 1))]).checking();
    let mut calls = 0;
    sender.before_bytes = Some(Box::new(move |_| {
        calls += 1;
        if calls == 2 {
            fs::write(&path, vec![0; 6 * GROUP]).expect("it can be written");
        }
    }));
    let went = stand.put(sender);
    assert_eq!(went.codes()["a"], "digest-differs");
    assert!(stand.read("a") == vec![0; 6 * GROUP]);
    assert_eq!(stand.listed(), ["a"]);
}
