//! Hunts on a machine that wakes readers late, now and then: a split that the reader is too late for
//! is none.

use super::super::super::lot::Lot;
use super::*;

/// A reader that takes the first bytes of its first message with one read, and wakes late.
struct Late {
    lot: Lot,
    bytes: u64,
}

impl Late {
    /// In milliseconds: mostly nothing, sometimes longer than a search waits, rarely very long.
    fn wakes_after(&mut self) -> Duration {
        let most = match self.lot.below(20) {
            0 => 40,
            1..6 => 10,
            _ => 1,
        };
        self.lot.time(Duration::from_millis(most))
    }
}

impl Trial for Late {
    fn run(&mut self, schedule: &Schedule) -> Outcome {
        let wakes_after = self.wakes_after();
        let is_split = |it: &Move| match it {
            Move::SplitAt { at, gap } => *at < self.bytes && *gap > wakes_after,
            _ => false,
        };
        match schedule.to_client.iter().any(is_split) {
            true => Outcome::Failed(Failure::Exit(1)),
            false => Outcome::Passed,
        }
    }

    fn traffic(&mut self) -> Traffic {
        Program::new(&TALK, |_: &Reads, _| false).traffic()
    }
}

#[track_caller]
fn check(bytes: u64, expected: Reach) {
    let only = Settings {
        only: Some(ToClient),
        ..settings()
    };
    for seed in 0..500 {
        let lot = Lot::new(seed);
        let report = hunt(&mut Late { lot, bytes }, &only, &mut |_| {});
        let found = report.expect("it passes without moves").find;
        let Meaning::Split { place, reach, .. } = found.as_ref().expect("it is there").meaning
        else {
            panic!("{seed}: {found:?}");
        };
        assert_eq!((place.message, place.byte), (1, 2), "{seed}: {found:?}");
        assert_eq!(reach, expected, "{seed}: {found:?}");
    }
}

#[test]
fn a_length_that_is_taken_with_one_read_is_told_as_such() {
    check(4, Reach::First { bytes: 4 });
}

#[test]
fn a_message_that_is_taken_with_one_read_is_told_as_such() {
    check(40, Reach::Whole);
}
