//! Transfers that were stopped go on where they were, and never with what may be wrong.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use bytes::Bytes;
use landline_frame::landline1::{Answer, Code, Failure};

use super::sender::{Piece, Sender, Source};
use super::*;

pub(super) const GROUP: usize = 1024 * 1024;

pub(super) fn source(size: usize) -> Source {
    Source::file("a", &bytes(size, 1))
}

/// Receives `source` until the line ends after so many bytes.
pub(super) fn stop(stand: &Stand, source: Source, after: usize) {
    let went = stand.put(Sender::of(vec![source]).cut_after(after as u64));
    assert!(
        matches!(went.done, Err(TransferFault::End(_))),
        "{:?}",
        went.done
    );
}

/// Receives `source` whole; how many groups were there of it. Nothing else is left.
#[track_caller]
pub(super) fn go_on(stand: &Stand, source: Source) -> u64 {
    let mut expected = Vec::new();
    for piece in &source.content {
        match piece {
            Piece::Bytes(bytes) => expected.extend_from_slice(bytes),
            Piece::Hole(count) => expected.resize(expected.len() + *count as usize, 0),
        }
    }
    let mut sender = Sender::of(vec![source]);
    if stand.landing.check {
        sender = sender.checking();
    }
    let went = stand.put(sender);
    assert_eq!(went.well().placed, 1);
    assert!(stand.read("a") == expected);
    assert_eq!(stand.listed(), ["a"]);
    assert_eq!(stand.journals().len(), 0);
    match &went.sender.haves[0].answer {
        Answer::Want => 0,
        Answer::Resume { groups, .. } => {
            assert_eq!(
                went.done.expect("it went well").bytes_kept,
                groups * GROUP as u64
            );
            *groups
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stop_anywhere_costs_less_than_a_group() {
    for size in [5 * GROUP, 4 * GROUP + 123] {
        for groups in 0..size.div_ceil(GROUP) {
            for beyond in [0, 77_777, GROUP - 1] {
                let after = groups * GROUP + beyond;
                if after >= size {
                    continue;
                }
                let stand = Stand::new();
                stop(&stand, source(size), after);
                assert_eq!(stand.listed().len(), usize::from(groups > 0), "{after}");
                assert_eq!(
                    go_on(&stand, source(size)),
                    groups as u64,
                    "{after} of {size}"
                );
            }
        }
    }
}

#[test]
fn stop_after_stop_goes_on() {
    let stand = Stand::new();
    for after in [1_500_000, 1_000_000, 10, 2_200_000] {
        stop(&stand, source(9 * GROUP), after);
    }
    // One group, then less than one twice, then two.
    assert_eq!(go_on(&stand, source(9 * GROUP)), 3);
}

#[test]
fn holes_count_as_they_are() {
    let source = || {
        let head = Bytes::from(bytes(GROUP + 5, 1));
        let tail = Bytes::from(bytes(3 * GROUP, 2));
        let hole = Piece::Hole(20 * GROUP as u64 + 1);
        Source::pieces("a", vec![Piece::Bytes(head), hole, Piece::Bytes(tail)])
    };
    for (after, groups) in [(GROUP + 5, 21), (2 * GROUP, 22), (3 * GROUP, 23)] {
        let stand = Stand::new();
        stop(&stand, source(), after);
        assert_eq!(go_on(&stand, source()), groups, "{after}");
        let found = std::os::unix::fs::MetadataExt::blocks(
            &fs::metadata(stand.path("a")).expect("it is there"),
        );
        assert!(found * 512 < 6 * GROUP as u64, "{after}");
    }
}

#[test]
fn a_kill_leaves_what_a_stop_does() {
    let stand = Stand::new();
    let entry = std::sync::Arc::new(source(6 * GROUP).entry);
    let mut placer = stand.placer();
    let answer = super::super::Placer::consider(&mut placer, 0, &entry).expect("it follows");
    assert_eq!(answer, Answer::Want);
    let placer: &mut dyn super::super::Placer = &mut placer;
    placer.begin(0, 0).expect("it begins");
    let bytes = Bytes::from(bytes(6 * GROUP, 1)).slice(..2 * GROUP + 9);
    placer.write(&bytes).expect("there is room");
    // Nobody gets to say a word: what the kernel has is all there is.
    assert_eq!(
        fs::metadata(stand.part()).expect("it is there").len(),
        2 * GROUP as u64 + 9
    );
    let journal = fs::read(stand.journals().remove(0)).expect("it is there");
    assert_eq!(journal.len(), 128 + 2 * 40);
}

#[test]
fn under_another_boot_only_what_was_on_the_disk_counts() {
    let size = 9 * GROUP;
    let mut stand = Stand::new();
    stop(&stand, source(size), 4 * GROUP + 5);
    stand.landing.boot = Some("two".to_string());
    // Nothing had been brought to the disk yet.
    assert_eq!(go_on(&stand, source(size)), 0);

    let mut stand = Stand::new();
    stand.landing.sync_bytes = GROUP as u64;
    stop(&stand, source(size), 4 * GROUP + 5);
    stand.landing.boot = Some("two".to_string());
    stand.landing.sync_bytes = u64::MAX;
    // Goes on under the second boot without another sync, and is stopped again.
    stop(&stand, source(size), 2 * GROUP);
    let second = fs::read(stand.journals().remove(0)).expect("it is there");
    stand.landing.boot = Some("three".to_string());
    let on_disk = go_on(&stand, source(size));
    assert!((1..=4).contains(&on_disk), "{on_disk}");
    // Header, groups, the sync's word or words, those of the second boot, two groups more.
    assert!(second.len() >= 128 + 40 * (on_disk as usize + 4));
}

#[test]
fn without_a_boot_id_only_what_was_on_the_disk_counts() {
    let mut stand = Stand::new();
    stand.landing.boot = None;
    stop(&stand, source(5 * GROUP), 4 * GROUP + 5);
    assert_eq!(go_on(&stand, source(5 * GROUP)), 0);
}

#[test]
fn a_journal_counts_up_to_its_first_bad_byte() {
    let size = 5 * GROUP;
    let stop_at_4 = |change: &dyn Fn(&std::fs::File, u64)| {
        let stand = Stand::new();
        stop(&stand, source(size), 4 * GROUP + 5);
        let path = stand.journals().remove(0);
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.expect("it can be opened");
        let length = file.metadata().expect("it has some").len();
        assert_eq!(length, 128 + 5 * 40);
        change(&file, length);
        go_on(&stand, source(size))
    };
    for (torn, groups) in [
        (0, 4),
        (1, 4),
        (40, 4),
        (41, 3),
        (79, 3),
        (80, 3),
        (81, 2),
        (200, 0),
        (201, 0),
        (328, 0),
    ] {
        let found = stop_at_4(&|file, length| file.set_len(length - torn).expect("it is cut"));
        assert_eq!(found, groups, "torn by {torn}");
    }
    for (at, groups) in [
        (0, 0),
        (20, 0),
        (127, 0),
        (128, 0),
        (170, 1),
        (240, 2),
        (287, 3),
        (327, 4),
    ] {
        let flip = |file: &std::fs::File, _| {
            let mut byte = [0];
            file.read_exact_at(&mut byte, at).expect("it is there");
            file.write_all_at(&[byte[0] ^ 4], at)
                .expect("it is written");
        };
        assert_eq!(stop_at_4(&flip), groups, "flipped at {at}");
    }
    let zeroed = stop_at_4(&|file, _| file.write_all_at(&[0; 80], 208).expect("it is written"));
    assert_eq!(zeroed, 2);
    let grown = stop_at_4(&|file, length| file.set_len(length + 4096).expect("it grows"));
    assert_eq!(grown, 4);
    // The third record twice: a record elsewhere is none.
    let moved = stop_at_4(&|file, _| {
        let mut record = [0; 40];
        file.read_exact_at(&mut record, 208).expect("it is there");
        file.write_all_at(&record, 248).expect("it is written");
    });
    assert_eq!(moved, 3);
}

#[test]
fn another_source_begins_anew() {
    let size = 5 * GROUP;
    let stopped = || {
        let stand = Stand::new();
        stop(&stand, source(size), 4 * GROUP + 5);
        stand
    };
    assert_eq!(go_on(&stopped(), source(size)), 4);
    assert_eq!(go_on(&stopped(), source(size + 1)), 0);
    assert_eq!(go_on(&stopped(), source(size).mtime(5, 5)), 0);
    let other = source(size).with(|entry| entry.source = Some("other".to_string()));
    assert_eq!(go_on(&stopped(), other), 0);
    // Another peer's part is not touched.
    let mut stand = stopped();
    stand.landing.peer = "another peer".to_string();
    stand.well(vec![source(size)]);
    assert_eq!((stand.listed().len(), stand.journals().len()), (2, 1));
    // Without a name for its state a source is never known again.
    let nobody = || source(size).with(|entry| entry.source = None);
    let stand = Stand::new();
    stop(&stand, nobody(), 4 * GROUP + 5);
    assert!(stand.listed().is_empty());
    assert_eq!(go_on(&stand, nobody()), 0);
}

#[test]
fn a_part_in_other_hands_begins_anew() {
    let size = 5 * GROUP;
    let check = |change: &dyn Fn(&Path), groups| {
        let stand = Stand::new();
        stop(&stand, source(size), 4 * GROUP + 5);
        change(&stand.part());
        assert_eq!(go_on(&stand, source(size)), groups);
    };
    check(&|_| {}, 4);
    check(
        &|part| {
            let other = part.with_extension("copy");
            fs::copy(part, &other).expect("it is copied");
            fs::rename(other, part).expect("it is replaced");
        },
        0,
    );
    check(
        &|part| {
            let file = OpenOptions::new().write(true).open(part);
            let file = file.expect("it can be opened");
            file.set_len(4 * GROUP as u64 - 1).expect("it is cut");
        },
        0,
    );
    check(&|part| fs::remove_file(part).expect("it is removed"), 0);
}

#[test]
fn a_part_that_is_no_file_of_ours_alone_is_left() {
    let size = 5 * GROUP;
    for link in [true, false] {
        let stand = Stand::new();
        let victim = stand.place.path().join("victim");
        fs::write(&victim, b"not touched").expect("it is written");
        stop(&stand, source(size), 4 * GROUP + 5);
        let part = stand.part();
        fs::remove_file(&part).expect("it is removed");
        if link {
            std::os::unix::fs::symlink(&victim, &part).expect("a link");
        } else {
            fs::hard_link(&victim, &part).expect("a link");
        }
        stand.well(vec![source(size)]);
        assert!(stand.read("a") == bytes(size, 1));
        assert_eq!(fs::read(&victim).expect("it is there"), b"not touched");
        assert_eq!(stand.listed().len(), 2);
    }
}

#[test]
fn of_two_at_once_the_second_goes_without_a_part() {
    let stand = Stand::new();
    let size = 5 * GROUP;
    stop(&stand, source(size), 4 * GROUP + 5);
    let held = std::fs::File::open(stand.part()).expect("it is there");
    let lock = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::flock(&held, lock).expect("nobody holds it");
    let went = stand.well(vec![source(size)]);
    assert_eq!(went.sender.sent(), size as u64);
    assert!(stand.read("a") == bytes(size, 1));
    assert_eq!((stand.listed().len(), stand.journals().len()), (2, 1));
    // Once it is let go, the part of a file that is there is of no use.
    drop(held);
    assert_eq!(stand.well(vec![source(size)]).well().same, 1);
    assert_eq!((stand.listed().len(), stand.journals().len()), (1, 0));
}

/// The second one does not end the first, of which something comes still.
#[test]
fn two_of_one_peer_at_once_both_end_well() {
    let mut stand = Stand::new();
    stand.landing.claims = Claims::quick();
    let size = 5 * GROUP;
    let all = Bytes::from(bytes(size, 1));
    let mut first = stand.placer();
    let first: &mut dyn super::super::Placer = &mut first;
    let entry = std::sync::Arc::new(source(size).entry);
    first.consider(0, &entry).expect("it follows");
    first.begin(0, 0).expect("it begins");
    let (head, rest) = (all.slice(..2 * GROUP), all.slice(2 * GROUP..));
    first.write(&head).expect("there is room");
    // Another call of the same peer has a word of its own that ends it.
    let landing = Landing {
        stop: crate::stop::Stop::new(),
        ..stand.landing.clone()
    };
    let root = File::open(&stand.to).expect("it is there");
    let mut second = FolderPlacer::new(root, landing).expect("it can be looked at");
    let sent = std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let how = Receiving {
                confirm: true,
                belongs: None,
            };
            let went = run(Sender::of(vec![source(size)]), &mut second, how);
            (went.well().placed, went.sender.sent())
        });
        while !second.is_finished() {
            first.write(&Bytes::new()).expect("there is room");
            std::thread::yield_now();
        }
        let (placed, sent) = second.join().expect("it does not panic");
        assert_eq!(placed, 1);
        sent
    });
    assert_eq!(sent, size as u64, "all of it came, without a part");
    assert!(!stand.landing.stop.is_cancelled(), "the first goes on");
    first.write(&rest).expect("there is room");
    first.finish(*blake3::hash(&all).as_bytes());
    let settled = first.settled().expect("it is settled").outcome;
    assert!(matches!(settled, super::super::Outcome::Same(_)));
    assert!(stand.read("a") == all);
    assert_eq!(
        (stand.listed(), stand.journals().len()),
        (vec!["a".to_string()], 0)
    );
}

#[test]
fn a_part_that_is_taken_between_offer_and_begin_fails_alone() {
    let stand = Stand::new();
    let size = 5 * GROUP;
    stop(&stand, source(size), 4 * GROUP + 5);
    let part = stand.part();
    let mut sender = Sender::of(vec![source(size), Source::file("b", b"b")]);
    let mut calls = 0;
    sender.before_bytes = Some(Box::new(move |_| {
        calls += 1;
        if calls == 2 {
            fs::remove_file(&part).expect("it is there");
        }
    }));
    let went = stand.put(sender);
    assert_eq!(went.codes()["a"], "taken-over");
    assert_eq!(stand.listed(), ["b"]);
    assert_eq!(go_on_beside(&stand, size), 1);
}

fn go_on_beside(stand: &Stand, size: usize) -> u64 {
    let went = stand.well(vec![source(size)]);
    went.well().placed
}

#[test]
fn another_file_under_the_name_of_a_part_is_not_placed() {
    let stand = Stand::new();
    let mut sender = Sender::of(vec![source(5 * GROUP)]).pieces_of(GROUP);
    let to = stand.to.clone();
    sender.before_bytes = Some(Box::new(move |sent| {
        if sent == 2 * GROUP as u64 {
            let part = to.join(&list(&to)[0]);
            fs::remove_file(&part).expect("it is there");
            fs::write(&part, b"not what was sent").expect("it is written");
        }
    }));
    let went = stand.put(sender);
    assert_eq!(went.codes()["a"], "unwritable");
    assert!(!stand.path("a").exists());
}

#[test]
fn where_no_journal_can_be_kept_nothing_is_left_to_go_on_with() {
    for journals in [None, Some("file/journals")] {
        let mut stand = Stand::new();
        fs::write(stand.place.path().join("file"), b"").expect("a file");
        stand.landing.journals = journals.map(|path| stand.place.path().join(path));
        stop(&stand, source(5 * GROUP), 4 * GROUP + 5);
        assert!(stand.listed().is_empty());
        let went = stand.well(vec![source(5 * GROUP)]);
        assert_eq!(went.sender.sent(), 5 * GROUP as u64);
    }
}

#[test]
fn what_cannot_be_right_is_thrown_away() {
    let changed = || Failure::new(Code::SourceChanged, "it changed");
    for (end, kept) in [
        (Ok([3; 32]), 0),
        (Err(changed()), 0),
        (Err(Failure::new(Code::Unreadable, "it cannot be read")), 1),
    ] {
        let stand = Stand::new();
        let went = stand.put(Sender::of(vec![source(5 * GROUP).ending(end)]));
        assert_eq!(went.codes().len(), 1);
        assert_eq!((stand.listed().len(), stand.journals().len()), (kept, kept));
    }
}

#[test]
fn with_a_check_the_part_is_read_again_and_the_source_too() {
    let size = 9 * GROUP;
    let mut stand = Stand::new();
    stop(&stand, source(size), 7 * GROUP + 5);
    stand.landing.check = true;
    let part = OpenOptions::new().write(true).open(stand.part());
    let part = part.expect("it can be opened");
    part.write_all_at(b"x", 5 * GROUP as u64 + 9)
        .expect("it is written");
    assert_eq!(go_on(&stand, source(size)), 5);

    // The source differs in its sixth group, and nothing else tells.
    let mut stand = Stand::new();
    let mut other = bytes(size, 1);
    other[5 * GROUP + 9] ^= 1;
    stop(&stand, Source::file("a", &other), 7 * GROUP + 5);
    stand.landing.check = true;
    let went = stand.put(Sender::of(vec![source(size)]).checking());
    assert_eq!(
        went.well().bytes_kept,
        4 * GROUP as u64,
        "the first of 4 + 2 + 1"
    );
    assert!(stand.read("a") == bytes(size, 1));
    assert_eq!(stand.listed(), ["a"]);
}

#[test]
fn a_wrong_source_that_nobody_checks_fails_and_then_begins_anew() {
    let size = 9 * GROUP;
    let stand = Stand::new();
    let mut other = bytes(size, 1);
    other[5 * GROUP + 9] ^= 1;
    stop(&stand, Source::file("a", &other), 7 * GROUP + 5);
    // What a sender computes from the receiver's values would be right; this one read all of it.
    let went = stand.put(Sender::of(vec![source(size)]));
    assert_eq!(went.codes()["a"], "digest-differs");
    assert!(stand.listed().is_empty() && stand.journals().is_empty());
    assert_eq!(go_on(&stand, source(size)), 0);
}

#[test]
fn with_force_a_stopped_replacement_goes_on() {
    let stand = Stand::forcing();
    stand.write("a", b"old");
    stop(&stand, source(5 * GROUP), 4 * GROUP + 5);
    assert_eq!(stand.read("a"), b"old");
    assert_eq!(go_on(&stand, source(5 * GROUP)), 4);
}
