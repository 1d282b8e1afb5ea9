//! Other ends that say what no receiver may.

use super::*;
use landline_frame::landline1::Have;

/// Each is said in place of an answer to the first entry.
#[track_caller]
fn check(arrived: Arrived, sending: Sending, expected: &str) {
    let tree = Tree::new();
    tree.file("a", "a");
    let mut script = Script::new();
    script.said.push_back(arrived);
    let end = run(&mut script, tree.walk(), sending).0.unwrap_err();
    assert_eq!(end.0, expected);
}

fn have(through: u64, answer: Answer) -> Arrived {
    Arrived::Frame(TransferFrame::Have(Have { through, answer }))
}

fn end(entry: u64, outcome: Result<[u8; 32], Failure>) -> Arrived {
    Arrived::Frame(TransferFrame::FileEnd(FileEnd {
        entry,
        outcome,
        is_same: false,
    }))
}

#[test]
fn words_that_no_receiver_may_say_end_the_call() {
    let not_open = "the receiver answers an entry that is not open";
    check(have(1, Answer::Skip), GET, not_open);
    check(have(u64::MAX, Answer::Skip), GET, not_open);
    let bytes = bytes::Bytes::from_static(b"x");
    check(
        Arrived::Bytes(bytes),
        GET,
        "the receiver sends what only a sender may",
    );
    let hole = Arrived::Frame(TransferFrame::Hole { bytes: 4096 });
    check(hole, GET, "the receiver sends what only a sender may");
    let unknown = "the receiver ends a file that it has not asked for";
    check(end(1, Ok([0; 32])), GET, unknown);
    check(
        end(u64::MAX, Err(Failure::new(Code::DiskFull, ""))),
        GET,
        unknown,
    );
    check(end(0, Ok([0; 32])), PUT, unknown);
    check(
        Arrived::Ended,
        PUT,
        "the receiver ended before all was sent",
    );
}

#[test]
fn two_entries_are_not_refused_at_once() {
    let tree = Tree::new();
    tree.file("a", "a");
    tree.file("b", "b");
    let mut script = Script::new();
    let failure = Failure::new(Code::Exists, "");
    script.said.push_back(have(1, Answer::Refuse(failure)));
    let end = run(&mut script, tree.walk(), GET).0.unwrap_err();
    assert_eq!(end.0, "the receiver answers several entries like one");
}

#[test]
fn a_file_is_not_placed_before_it_has_gone() {
    let tree = Tree::new();
    let path = tree.file("a", bytes(300_000));
    let mut script = Script::new();
    script.steps = Box::new(|_, _| Some(end(0, Ok([0; 32]))));
    let end = run(&mut script, Walk::local([path]), PUT).0.unwrap_err();
    assert_eq!(end.0, "the receiver placed a file that has not gone");
}

#[test]
fn an_answer_does_not_come_twice() {
    let tree = Tree::new();
    let path = tree.file("a", bytes(300_000));
    let mut script = Script::new();
    script.steps = Box::new(|_, _| Some(have(0, Answer::Want)));
    let end = run(&mut script, Walk::local([path]), GET).0.unwrap_err();
    assert_eq!(end.0, "the receiver answers an entry that is not open");
}

#[test]
fn what_was_placed_is_what_was_sent() {
    let tree = Tree::new();
    tree.file("a", "a");
    let mut script = Script::new();
    script.places = Some(|end| {
        Some(FileEnd {
            outcome: Ok([7; 32]),
            ..end
        })
    });
    let end = run(&mut script, tree.walk(), PUT).0.unwrap_err();
    assert_eq!(end.0, "the receiver placed what was not sent");
    let mut script = Script::new();
    script.places = Some(|_| None);
    let end = run(&mut script, tree.walk(), PUT).0.unwrap_err();
    assert_eq!(end.0, "the receiver ended before all was placed");
}
