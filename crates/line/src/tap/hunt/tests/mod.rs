//! Hunts in programs that are closures: planted bugs at any offset, none, and all kinds of flaky ones.

mod busy;

use std::time::Duration;

use super::super::moves::{GAP, JOIN_WAIT, Move, Moves};
use super::*;
use Direction::{ToClient, ToServer};

/// What a program sees: the reads of each side.
struct Reads {
    to_client: Vec<u64>,
    to_server: Vec<u64>,
}

/// A program that says these messages and answers in turn, and looks at its reads.
struct Program<Fails> {
    messages: Vec<(Direction, u32)>,
    fails: Fails,
    runs: u64,
    runs_max: u64,
}

impl<Fails: FnMut(&Reads, u64) -> bool> Program<Fails> {
    fn new(messages: &[(Direction, u32)], fails: Fails) -> Self {
        Self {
            messages: messages.to_vec(),
            fails,
            runs: 0,
            runs_max: u64::MAX,
        }
    }

    fn reads(&self, direction: Direction, moves: &Moves) -> Vec<u64> {
        let writes = self.messages.iter().filter(|(way, _)| *way == direction);
        let mut edges = Vec::new();
        let mut end = 0;
        for (_, bytes) in writes {
            let start = end;
            end += u64::from(*bytes);
            for one in moves.iter() {
                if let Move::Split { bytes, .. } = one {
                    edges.extend((start..end).step_by(*bytes as usize).skip(1));
                }
            }
            edges.push(end);
        }
        for one in moves.iter() {
            match *one {
                Move::SplitAt { at, .. } if at < end => edges.push(at),
                Move::JoinAt { at, .. } if at < end => edges.retain(|edge| *edge != at),
                Move::Join { .. } => edges = vec![end],
                _ => {}
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let starts = [0].into_iter().chain(edges.clone());
        edges
            .iter()
            .zip(starts)
            .map(|(end, start)| end - start)
            .collect()
    }
}

impl<Fails: FnMut(&Reads, u64) -> bool> Trial for Program<Fails> {
    fn run(&mut self, schedule: &Schedule) -> Outcome {
        self.runs += 1;
        let reads = Reads {
            to_client: self.reads(ToClient, &schedule.to_client),
            to_server: self.reads(ToServer, &schedule.to_server),
        };
        match (self.fails)(&reads, self.runs) {
            true => Outcome::Failed(Failure::Exit(1)),
            false => Outcome::Passed,
        }
    }

    fn traffic(&mut self) -> Traffic {
        let mut traffic = Traffic::default();
        for (direction, bytes) in &self.messages {
            traffic.add(Passed {
                connection: 0,
                direction: *direction,
                bytes: *bytes,
            });
        }
        traffic
    }

    fn is_spent(&self) -> bool {
        self.runs >= self.runs_max
    }
}

const TALK: [(Direction, u32); 4] = [(ToServer, 5), (ToClient, 40), (ToServer, 7), (ToClient, 9)];

fn settings() -> Settings {
    Settings {
        runs_max: Some(300),
        ..Settings::default()
    }
}

fn find(fails: impl FnMut(&Reads, u64) -> bool) -> Option<Find> {
    let mut program = Program::new(&TALK, fails);
    let report = hunt(&mut program, &settings(), &mut |_| {}).expect("it passes without moves");
    report.find
}

fn edge_at(reads: &[u64], at: u64) -> bool {
    let ends = reads.iter().scan(0, |end, read| {
        *end += read;
        Some(*end)
    });
    ends.into_iter().any(|end| end == at)
}

#[test]
fn a_bug_at_any_offset_is_found_and_shrunk_to_one_split() {
    for at in (1..49).filter(|at| *at != 40) {
        let found = find(|reads, _| edge_at(&reads.to_client, at)).expect("it is there");
        let words = ["--split-at".to_owned(), format!("to-client:{at}")];
        assert_eq!(found.schedule.to_words(), words);
        assert_eq!(found.verdict, Verdict::Sure { of: CONFIRM_RUNS });
        let Meaning::Split { place, gap, .. } = found.meaning else {
            panic!("{:?}", found.meaning)
        };
        let message = if at < 40 { (1, at + 1) } else { (2, at - 39) };
        assert_eq!(
            (place.message, place.byte, gap),
            (message.0, message.1, GAP)
        );
    }
    for at in (1..12).filter(|at| *at != 5) {
        let found = find(|reads, _| edge_at(&reads.to_server, at)).expect("it is there");
        let words = ["--split-at".to_owned(), format!("to-server:{at}")];
        assert_eq!(found.schedule.to_words(), words);
    }
}

#[test]
fn one_read_for_a_message_is_told_from_one_read_for_its_length() {
    let reach = |fails: fn(&Reads) -> bool| match find(|reads, _| fails(reads)) {
        Some(Find {
            meaning: Meaning::Split { reach, .. },
            ..
        }) => reach,
        other => panic!("{other:?}"),
    };
    assert_eq!(reach(|reads| reads.to_client[0] < 40), Reach::Whole);
    assert_eq!(
        reach(|reads| reads.to_client[0] < 4),
        Reach::First { bytes: 4 }
    );
    assert_eq!(
        reach(|reads| reads.to_client[0] < 2),
        Reach::First { bytes: 2 }
    );
    let odd = reach(|reads| reads.to_client[0] < 40 && reads.to_client[0] % 2 == 1);
    assert!(matches!(odd, Reach::Some { .. }), "{odd:?}");
}

#[test]
fn messages_that_stick_together_are_found() {
    let messages = [(ToServer, 5), (ToServer, 7), (ToServer, 2), (ToClient, 9)];
    let mut program = Program::new(&messages, |reads: &Reads, _| reads.to_server.contains(&9));
    let report = hunt(&mut program, &settings(), &mut |_| {}).expect("it passes without moves");
    let found = report.find.expect("it is there");
    assert_eq!(found.schedule.to_words(), ["--join-at", "to-server:12"]);
    assert!(matches!(found.meaning, Meaning::Join { in_turn: true, place } if place.byte == 13));
    let mut seen = Schedule::default();
    let wait = JOIN_WAIT;
    seen.to_server.add(Move::JoinAt { at: 12, wait });
    assert_eq!(found.schedule, seen);
}

#[test]
fn what_lies_behind_the_first_bytes_is_found_by_lot() {
    let messages = [(ToServer, 5), (ToClient, 2000)];
    let mut program = Program::new(&messages, |reads: &Reads, _| reads.to_client.len() > 1);
    let settings = Settings {
        points_max: 0,
        ..settings()
    };
    let report = hunt(&mut program, &settings, &mut |_| {}).expect("it passes without moves");
    let found = report.find.expect("it is there");
    assert_eq!(report.points, (0, 0));
    assert_eq!(found.schedule.to_client.len(), 1);
    assert!(matches!(found.meaning, Meaning::Split { .. }), "{found:?}");
}

#[test]
fn two_moves_that_are_both_needed_are_both_kept() {
    let messages = [(ToServer, 6), (ToClient, 6)];
    let mut program = Program::new(&messages, |reads: &Reads, _| {
        reads.to_client.len() > 1 && reads.to_server.len() > 1
    });
    let report = hunt(&mut program, &settings(), &mut |_| {}).expect("it passes without moves");
    let found = report.find.expect("it is there");
    assert_eq!(
        (
            found.schedule.to_client.len(),
            found.schedule.to_server.len()
        ),
        (1, 1)
    );
    assert_eq!(found.meaning, Meaning::Several);
}

#[test]
fn nothing_is_found_in_what_is_right_and_the_report_says_what_was_tried() {
    let mut program = Program::new(&TALK, |_: &Reads, _| false);
    let report = hunt(&mut program, &settings(), &mut |_| {}).expect("it passes without moves");
    assert_eq!(report.find, None);
    assert_eq!((report.points, report.joins), ((48 + 11, 48 + 11), (4, 4)));
    assert_eq!(report.runs, 300);
    assert_eq!(report.random, 300 - 2 - 59 - 4);

    let mut program = Program::new(&TALK, |_: &Reads, _| false);
    program.runs_max = 20;
    let report = hunt(&mut program, &settings(), &mut |_| {}).expect("it passes without moves");
    assert_eq!(
        (report.runs, report.points, report.random),
        (20, (18, 59), 0)
    );
}

#[test]
fn only_one_direction_is_moved_where_that_was_asked_for() {
    let only = Settings {
        only: Some(ToServer),
        ..settings()
    };
    let mut program = Program::new(&TALK, |reads: &Reads, _| reads.to_client.len() > 2);
    let mut moved = false;
    let report = hunt(&mut program, &only, &mut |step| {
        moved |= !step.schedule.to_client.is_empty();
    });
    assert_eq!(report.expect("it passes without moves").find, None);
    assert!(!moved);
}

#[test]
fn a_failure_now_and_then_is_called_flaky() {
    let found = find(|reads, run| reads.to_client[0] < 40 && run % 3 != 0).expect("it is there");
    assert!(matches!(found.verdict, Verdict::Flaky { .. }), "{found:?}");
    assert_eq!(found.schedule.to_client.len(), 1);
}

#[test]
fn a_failure_that_never_comes_again_is_told_last() {
    let found = find(|_, run| run == 5).expect("it is there");
    let of = CONFIRM_RUNS + 1;
    assert_eq!(found.verdict, Verdict::Flaky { fails: 1, of });
    let sure = find(|reads, run| run == 5 || edge_at(&reads.to_client, 30)).expect("it is there");
    assert_eq!(sure.schedule.to_words(), ["--split-at", "to-client:30"]);
}

#[test]
fn a_target_that_does_not_get_over_it_ends_the_hunt() {
    let mut is_broken = false;
    let found = find(|reads, _| {
        is_broken |= edge_at(&reads.to_server, 3);
        is_broken
    });
    let found = found.expect("it is there");
    assert_eq!(found.verdict, Verdict::Lasting);
    let gap = SEARCH_GAP;
    let expected = Moves::new([Move::SplitAt { at: 3, gap }]);
    assert_eq!(found.schedule.to_server, expected);
}

#[test]
fn what_fails_without_moves_is_refused() {
    let refused = |fails: fn(&Reads, u64) -> bool| {
        hunt(&mut Program::new(&TALK, fails), &settings(), &mut |_| {})
    };
    let failure = Failure::Exit(1);
    assert_eq!(refused(|_, _| true), Err(Refusal::Fails(failure)));
    assert_eq!(refused(|_, run| run == 2), Err(Refusal::Unsteady(failure)));
    let silent = hunt(
        &mut Program::new(&[], |_: &Reads, _| false),
        &settings(),
        &mut |_| {},
    );
    assert_eq!(silent, Err(Refusal::MovesNothing));
}

#[test]
fn a_failure_that_needs_time_keeps_it() {
    /// Fails when what it waits for comes later than 3 ms.
    struct Impatient;
    impl Trial for Impatient {
        fn run(&mut self, schedule: &Schedule) -> Outcome {
            let late = |it: &Move| match it {
                Move::SplitAt { gap, .. } => *gap > Duration::from_millis(3),
                Move::Delay(time) => *time > Duration::from_millis(3),
                _ => false,
            };
            match schedule.to_client.iter().any(late) {
                true => Outcome::Failed(Failure::TimedOut),
                false => Outcome::Passed,
            }
        }
        fn traffic(&mut self) -> Traffic {
            Program::new(&TALK, |_: &Reads, _| false).traffic()
        }
    }
    let report = hunt(&mut Impatient, &settings(), &mut |_| {}).expect("it passes without moves");
    let found = report.find.expect("it is there");
    assert_eq!(found.schedule.to_words(), ["--split-at", "to-client:1,5ms"]);
    assert_eq!(found.failure, Failure::TimedOut);
}
