//! Parts that somebody wrote to after their transfers had ended, however soon: what is wrong of them is
//! found before anything goes on.

use std::os::unix::fs::FileExt;
use std::time::{Duration, SystemTime};

use super::resumed::{GROUP, go_on, source, stop};
use super::*;

/// How a transfer ends before somebody writes to its part.
#[derive(Clone, Copy, Debug)]
enum Ending {
    /// It comes to say so.
    Stopped,
    /// It is killed, and the part is changed right after.
    Killed,
    /// It is killed, and the part is changed later.
    KilledLongAgo,
}

/// A file of so many bytes that was stopped near the end of its last group.
fn stopped(size: usize, ending: Ending) -> Stand {
    let stand = Stand::new();
    stop(&stand, source(size), size - 5);
    let journal = File::options().write(true).open(&stand.journals()[0]);
    let journal = journal.expect("it is ours");
    let length = journal.metadata().expect("it has some").len();
    let age = match ending {
        Ending::Stopped => return stand,
        Ending::Killed => Duration::ZERO,
        Ending::KilledLongAgo => Duration::from_secs(10),
    };
    // Who is killed does not get to say the last word.
    journal.set_len(length - 40).expect("it is ours");
    let last = SystemTime::now() - age;
    journal.set_modified(last).expect("it is ours");
    stand
}

/// Changes a byte of the part.
fn flip(stand: &Stand, at: usize) {
    let part = File::options().read(true).write(true).open(stand.part());
    let part = part.expect("it is ours");
    let (mut byte, at) = ([0], at as u64);
    part.read_exact_at(&mut byte, at).expect("it has as many");
    part.write_all_at(&[!byte[0]], at).expect("it is ours");
    // Whoever does that can set the part's time, but not that of its change.
    part.set_modified(SystemTime::UNIX_EPOCH)
        .expect("it is ours");
}

/// Waits for the clock of the kernel's files, which ticks every few milliseconds: what is changed
/// within one tick has one time.
fn tick(stand: &Stand) {
    let clock = stand.place.path().join("clock");
    let now = || {
        fs::write(&clock, b"").expect("it is writable");
        let about = fs::metadata(&clock).expect("it is there");
        (about.ctime(), about.ctime_nsec())
    };
    let before = now();
    while now() == before {}
}

#[test]
fn a_part_that_was_written_to_is_read_again() {
    let size = 5 * GROUP;
    for ending in [Ending::Stopped, Ending::Killed, Ending::KilledLongAgo] {
        for (flipped, groups) in [(10, 0), (2 * GROUP, 2), (4 * GROUP + 2, 4)] {
            let stand = stopped(size, ending);
            tick(&stand);
            flip(&stand, flipped);
            assert_eq!(go_on(&stand, source(size)), groups, "{ending:?} {flipped}");
        }
    }
}

/// More than is read where nobody but its own transfer is likely to have written to it.
#[test]
fn of_a_large_part_the_end_is_read_again() {
    let size = 261 * GROUP;
    let stand = stopped(size, Ending::Killed);
    tick(&stand);
    flip(&stand, 259 * GROUP + 1);
    assert_eq!(go_on(&stand, source(size)), 259);
}

#[test]
fn nothing_is_read_again_of_a_part_that_nobody_touched() {
    let size = 5 * GROUP;
    for ending in [Ending::Stopped, Ending::Killed, Ending::KilledLongAgo] {
        let stand = stopped(size, ending);
        assert_eq!(go_on(&stand, source(size)), 4, "{ending:?}");
    }
}
