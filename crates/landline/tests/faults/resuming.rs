//! A transfer that goes on: from where it stopped, in files with holes too, and from what is right of a
//! part that something else has changed.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::time::{Duration, SystemTime};

use rustix::fs::FlockOperation;
use rustix::process::Signal;

use crate::stand::{
    Sharing, Way, check_no_litter, event, in_the_middle, long, much, parts, resumed_from, until,
    write,
};

const SIZE: usize = 16 << 20;

/// What passes before it stands still.
const SOME: usize = 6 << 20;

/// A part with groups that count, whose transfer was killed.
fn interrupt(stand: &Sharing, way: Way, bytes_max: usize) {
    let (moving, stall) = in_the_middle(stand, way, bytes_max);
    until("some more groups", || {
        (stand.journal_bytes(way.receiver()) > 5 * 40).then_some(())
    });
    moving.signal(Signal::KILL);
    assert_eq!(moving.finish().code, 137);
    drop(stall);
    // The office hears of it in its own time.
    let part = parts(&way.to(stand, "")).pop().expect("there is one");
    let part = File::open(part).expect("it is ours");
    let lock = FlockOperation::NonBlockingLockShared;
    until("a part that rests", || rustix::fs::flock(&part, lock).ok());
}

#[test]
fn a_get_with_holes_goes_on_near_its_end() {
    go_on_near_end(Way::Get, 8 << 30);
}

#[test]
fn a_put_with_holes_goes_on_near_its_end() {
    // Both ends hash all zeros: the ways differ little, and the suite is to be quick.
    go_on_near_end(Way::Put, 1 << 30);
}

fn go_on_near_end(way: Way, size: u64) {
    let size = if long() { 100 << 30 } else { size };
    let data = much(4 << 20);
    let at_end = size - data.len() as u64;
    let stand = Sharing::open();
    let source = File::create(way.from(&stand, "large")).expect("a free name");
    source.set_len(size).expect("holes need no room");
    for (at, bytes) in [(size / 2, &data[..1000]), (at_end, &data[..])] {
        source.write_all_at(bytes, at).expect("there is room");
    }
    drop(source);
    interrupt_near_end(&stand, way, size);
    let again = stand.run(&[way.verb(), "office", "large", "--json"]).well();
    let resumed = resumed_from(&again);
    assert!(resumed >= size / 100 * 99, "{resumed} of {size}");
    let target = File::open(way.to(&stand, "large")).expect("it is there");
    let found = target.metadata().expect("it is open");
    assert_eq!(found.len(), size);
    assert!(found.blocks() * 512 < 16 << 20, "{}", found.blocks());
    for (at, expected) in [(size / 2, &data[..1000]), (at_end, &data[..])] {
        let mut bytes = vec![0; expected.len()];
        target.read_exact_at(&mut bytes, at).expect("it has them");
        assert!(bytes == expected, "at {at}");
    }
    check_no_litter(&stand, way);
}

/// Stops it within its last bytes.
fn interrupt_near_end(stand: &Sharing, way: Way, size: u64) {
    let (moving, stall) = in_the_middle(stand, way, 3 << 20);
    // All of the hole, which costs the line next to nothing.
    let groups = size / (1 << 20) - 5;
    until("a journal near its end", || {
        (stand.journal_bytes(way.receiver()) > groups * 40).then_some(())
    });
    moving.signal(Signal::KILL);
    assert_eq!(moving.finish().code, 137);
    drop(stall);
}

#[test]
fn check_goes_on_too_and_finds_the_same() {
    for way in Way::BOTH {
        let stand = Sharing::open();
        let bytes = much(SIZE);
        write(way.from(&stand, "large"), &bytes);
        interrupt(&stand, way, SOME);
        let words = [way.verb(), "office", "large", "--check", "--json"];
        let again = stand.run(&words).well();
        assert!(resumed_from(&again) > 0, "{way:?}");
        let target = way.to(&stand, "large");
        assert!(fs::read(&target).expect("it is there") == bytes, "{way:?}");
        let same = stand.run(&words).well();
        let counts = ["files", "same"].map(|count| event(&same, "done")[count].as_u64());
        assert_eq!(counts, [Some(0), Some(1)], "{way:?}");
        check_no_litter(&stand, way);
    }
}

/// Turns a bit of the part's second group around, in a way that leaves no trace.
fn corrupt(stand: &Sharing, way: Way) {
    let part = parts(&way.to(stand, "")).pop().expect("there is one");
    let file = File::options()
        .read(true)
        .write(true)
        .open(part)
        .expect("it is ours");
    let times = file
        .metadata()
        .and_then(|it| it.modified())
        .expect("it has one");
    let mut byte = [0];
    file.read_exact_at(&mut byte, 1_500_000)
        .expect("it has as many");
    file.write_all_at(&[byte[0] ^ 1], 1_500_000)
        .expect("it is ours");
    file.set_modified(times).expect("it is ours");
}

#[test]
fn a_part_that_was_corrupted_is_found_by_a_check() {
    for way in Way::BOTH {
        let stand = Sharing::open();
        let bytes = much(SIZE);
        write(way.from(&stand, "large"), &bytes);
        interrupt(&stand, way, SOME);
        corrupt(&stand, way);
        let words = [way.verb(), "office", "large", "--check", "--json"];
        let again = stand.run(&words).well();
        // The first group was right.
        assert_eq!(resumed_from(&again), 1 << 20, "{way:?}");
        let arrived = fs::read(way.to(&stand, "large")).expect("it is there");
        assert!(arrived == bytes, "{way:?}");
        check_no_litter(&stand, way);
    }
}

/// Sets the time of the journal back, as if the part had been written to a while after it.
fn rest_before(stand: &Sharing, way: Way) {
    let journals = fs::read_dir(stand.at(way.receiver()).join("journals"));
    let journal = journals
        .expect("there is one")
        .next()
        .expect("there is one");
    let file = File::options()
        .write(true)
        .open(journal.expect("it can be read").path());
    let before = SystemTime::now() - Duration::from_secs(60);
    let set = file.and_then(|file| file.set_modified(before));
    set.expect("it is ours");
}

/// Waits for the clock of the kernel's files, which ticks every few milliseconds: what is changed
/// within one tick has one time.
fn tick(stand: &Sharing) {
    let clock = stand.at("clock");
    let now = || {
        write(clock.clone(), "");
        let about = fs::metadata(&clock).expect("it is there");
        (about.ctime(), about.ctime_nsec())
    };
    let before = now();
    while now() == before {}
}

#[test]
fn a_part_that_was_corrupted_since_is_found_unasked() {
    for (way, is_at_once) in Way::BOTH
        .into_iter()
        .flat_map(|way| [(way, true), (way, false)])
    {
        let stand = Sharing::open();
        let bytes = much(SIZE);
        write(way.from(&stand, "large"), &bytes);
        interrupt(&stand, way, SOME);
        if !is_at_once {
            rest_before(&stand, way);
        }
        tick(&stand);
        corrupt(&stand, way);
        let again = stand.run(&[way.verb(), "office", "large", "--json"]).well();
        // The first group was right.
        assert_eq!(resumed_from(&again), 1 << 20, "{way:?}");
        let arrived = fs::read(way.to(&stand, "large")).expect("it is there");
        assert!(arrived == bytes, "{way:?}");
        check_no_litter(&stand, way);
    }
}
