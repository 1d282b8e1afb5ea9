//! What comes stands as it was: bytes, bits, times, holes and names, and nothing beside.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

use bytes::Bytes;
use landline_frame::landline1::{Answer, Code, DigestKind, EntryKind, Failure, Have};

use super::sender::{Piece, Sender, Source, entry};
use super::*;

#[test]
fn a_tree_lands_with_its_bits_and_times() {
    for stand in [Stand::new(), Stand::on_disk()] {
        check_tree(&stand);
    }
}

fn check_tree(stand: &Stand) {
    let went = stand.well(vec![
        Source::folder("d").mode(0o700).mtime(5, 6),
        Source::file("d/a", b"one")
            .mode(0o640)
            .mtime(1_234_567_890, 987_654_321),
        Source::folder("d/locked").mode(0o555).mtime(7, 8),
        Source::file("d/locked/b", b"").mode(0o444).mtime(-3, 4),
        Source::folder("d/locked/empty").mode(0o777).mtime(9, 10),
        Source::file("d/z", &bytes(5_000_000, 1)).mode(0o777),
        Source::file("e", b"two").mode(0o600),
    ]);
    assert_eq!(
        stand.listed(),
        [
            "d/",
            "d/a",
            "d/locked/",
            "d/locked/b",
            "d/locked/empty/",
            "d/z",
            "e"
        ]
    );
    assert_eq!(stand.read("d/z"), bytes(5_000_000, 1));
    for (name, expected) in [
        ("d", (0o700, 5, 6)),
        ("d/a", (0o640, 1_234_567_890, 987_654_321)),
        ("d/locked", (0o555, 7, 8)),
        ("d/locked/b", (0o444, -3, 4)),
        ("d/locked/empty", (0o777, 9, 10)),
        ("d/z", (0o777, 1_000_000_000, 123_456_789)),
    ] {
        assert_eq!(bits(&stand.path(name)), expected, "{name}");
    }
    let report = went.well();
    assert_eq!((report.placed, report.folders), (4, 3));
    assert!(went.sender.was_ended && stand.journals().is_empty());
}

#[test]
fn every_wanted_file_gets_a_last_word_and_runs_of_answers_are_one() {
    let stand = Stand::new();
    let names = (0..200).map(|number| Source::file(format!("{number:03}"), &[number]));
    let went = stand.well(names.collect());
    let wanted: Vec<u64> = went.sender.ends.iter().map(|end| end.entry).collect();
    assert_eq!(wanted, (0..200).collect::<Vec<u64>>());
    for (end, number) in went.sender.ends.iter().zip(0_u8..) {
        assert_eq!(end.outcome, Ok(*blake3::hash(&[number]).as_bytes()));
    }
    let through = 199;
    let answer = Answer::Want;
    assert_eq!(went.sender.haves, [Have { through, answer }]);
}

#[test]
fn a_client_says_failures_only_and_no_end() {
    let stand = Stand::new();
    stand.write("kept", b"");
    let went = stand.get(Sender::of(vec![
        Source::file("a", b"right"),
        Source::file("b", b"wrong").ending(Ok([7; 32])),
        Source::file("kept", b"other"),
        Source::file("c", b"lost").ending(Err(Failure::new(Code::Unreadable, "gone"))),
        Source::file("d", b"right"),
    ]));
    let report = went.done.clone().expect("it goes to its end");
    assert_eq!((report.placed, report.failed, report.refused), (2, 2, 1));
    let codes = went.codes();
    assert_eq!(codes["b"], "digest-differs");
    assert_eq!(codes["c"], "unreadable");
    assert_eq!(codes["kept"], "exists");
    assert_eq!(stand.listed(), ["a", "d", "kept"]);
    assert!(!went.sender.was_ended);
    let ends = &went.sender.ends;
    assert_eq!((ends.len(), ends[0].entry), (1, 1));
}

#[test]
fn what_is_passed_over_is_told_and_leaves_nothing() {
    let stand = Stand::new();
    let failure = || Some(Failure::new(Code::NotRegular, "it is a link"));
    let mut link = Source::folder("link");
    link.entry = entry("link", EntryKind::Link);
    let mut pipe = Source::folder("pipe");
    pipe.entry = entry("pipe", EntryKind::Other);
    let went = stand.well(vec![
        link.with(|entry| entry.passed_over = failure()),
        Source::folder("d").with(|entry| entry.passed_over = failure()),
        pipe,
        Source::file("a", b"right"),
    ]);
    assert_eq!(stand.listed(), ["a"]);
    assert_eq!(went.well().passed, 2);
    assert_eq!(went.codes()["pipe"], "not-regular");
}

#[test]
fn holes_stay_holes() {
    let stand = Stand::new();
    let group = 1024 * 1024;
    for (name, head, hole, tail) in [
        ("a", &b"head"[..], 100 * group - 4, &b"tail"[..]),
        ("b", b"", 100 * group + 1, b""),
        ("c", b"only a head", 64 * group + 5, b""),
        ("d", b"", 3 * group, b"x"),
    ] {
        let piece = |bytes: &[u8]| Piece::Bytes(Bytes::copy_from_slice(bytes));
        let mut content = vec![piece(head), Piece::Hole(hole), piece(tail)];
        content.retain(|piece| !matches!(piece, Piece::Bytes(bytes) if bytes.is_empty()));
        stand.well(vec![Source::pieces(name, content)]);
        let found = fs::metadata(stand.path(name)).expect("it is there");
        let size = head.len() as u64 + hole + tail.len() as u64;
        assert_eq!(found.len(), size, "{name}");
        assert!(
            found.blocks() * 512 <= 64 * 1024,
            "{name}: {} blocks",
            found.blocks()
        );
        let mut expected = vec![0; usize::try_from(size).expect("it fits")];
        expected[..head.len()].copy_from_slice(head);
        let end = expected.len() - tail.len();
        expected[end..].copy_from_slice(tail);
        assert!(stand.read(name) == expected, "{name}");
    }
}

#[test]
fn names_stay_as_they_are() {
    let stand = Stand::new();
    let long = "n".repeat(255);
    let names: Vec<Vec<u8>> = vec![
        b"new\nline".to_vec(),
        b"\x1b[31mred".to_vec(),
        "\u{202e}gnp.exe".into(),
        b"\xff\xfe not text".to_vec(),
        "e\u{301}".into(),
        "\u{e9}".into(),
        b"Case".to_vec(),
        b"case".to_vec(),
        b"...".to_vec(),
        b"-rf".to_vec(),
        b" ".to_vec(),
        b"back\\slash".to_vec(),
        long.into_bytes(),
        "\u{754c}".repeat(85).into_bytes(),
    ];
    // Large ones have a part, whose name is cut to fit.
    for (size, folder) in [(10, "small"), (5 * 1024 * 1024, "large")] {
        let mut sources = vec![Source::folder(folder)];
        for (name, seed) in names.iter().zip(0..) {
            let path = [folder.as_bytes(), b"/", name].concat();
            sources.push(Source::file(path, &bytes(size, seed)));
        }
        stand.well(sources);
        for (name, seed) in names.iter().zip(0..) {
            let path = stand.path(folder).join(std::ffi::OsStr::from_bytes(name));
            assert!(fs::read(path).expect("it is there") == bytes(size, seed));
        }
        let count = fs::read_dir(stand.path(folder))
            .expect("it is there")
            .count();
        assert_eq!(count, names.len());
    }
    assert!(stand.journals().is_empty());
}

#[test]
fn what_a_file_system_cannot_name_is_refused() {
    let stand = Stand::new();
    let long = "n".repeat(256);
    let went = stand.put(Sender::of(vec![
        Source::file(&long, b"a"),
        Source::folder(&long),
        Source::file(format!("{long}/b"), b"b"),
        Source::file("c", b"c"),
    ]));
    let report = went.well();
    assert_eq!((report.placed, report.refused), (1, 3));
    assert!(went.codes().values().all(|code| code == "unwritable"));
    assert_eq!(stand.listed(), ["c"]);
}

#[test]
fn a_file_of_unknown_size_and_one_by_sha_256_land() {
    let mut stand = Stand::new();
    stand.well(vec![
        Source::file("a", &bytes(5_000_000, 1)).with(|entry| entry.size = None),
        Source::file("b", b"").with(|entry| entry.size = None),
    ]);
    stand.landing.digest = DigestKind::Sha256;
    let sources = vec![
        Source::file("c", &bytes(300_000, 2)),
        Source::file("d", b""),
    ];
    let went = stand.put(Sender::of(sources).digest(DigestKind::Sha256));
    assert_eq!(went.well().placed, 2);
    assert!(stand.read("a") == bytes(5_000_000, 1));
    assert!(stand.read("c") == bytes(300_000, 2));
    assert_eq!(stand.listed(), ["a", "b", "c", "d"]);
}

#[test]
fn a_cut_line_leaves_what_was_whole_and_nothing_else() {
    let stand = Stand::new();
    let sources = vec![
        Source::file("a", b"whole"),
        Source::folder("d").mode(0o555),
        Source::file("d/b", &[1; 1000]),
        Source::file("d/c", &[2; 1000]),
    ];
    let went = stand.put(Sender::of(sources.clone()).cut_after(1500));
    assert!(matches!(went.done, Err(TransferFault::End(_))));
    assert_eq!(stand.listed(), ["a", "d/", "d/b"]);
    assert!(went.told.contains(&"placed\td/b\t1000".to_string()));
    // The next transfer can go on there.
    assert_eq!(bits(&stand.path("d")).0, 0o755);
    let went = stand.well(sources);
    assert_eq!((went.well().same, went.well().placed), (2, 1));
}

/// The folders of a transfer that is stopped are finished by the next one, and others are left alone.
#[test]
fn folders_of_a_transfer_that_was_stopped_get_what_they_are_to_have() {
    let large = bytes(5 * 1024 * 1024, 1);
    let sources = || {
        vec![
            Source::folder("d").mode(0o750).mtime(5, 6),
            Source::folder("d/in").mode(0o500).mtime(7, 8),
            Source::file("d/in/a", b"a"),
            Source::file("d/in/large", &large),
            Source::folder("kept").mode(0o711).mtime(9, 9),
            Source::file("kept/x", b"x"),
        ]
    };
    let stand = Stand::new();
    fs::create_dir(stand.path("kept")).expect("a folder");
    let kept = bits(&stand.path("kept")).0;
    let cut = stand.put(Sender::of(sources()).cut_after(2_000_000));
    assert!(cut.done.is_err());
    let others = stand.put(Sender::of(vec![Source::folder("e").mode(0o777)]));
    assert_eq!(others.well().folders, 1);
    stand.well(sources());
    assert_eq!(bits(&stand.path("d/in")), (0o500, 7, 8));
    assert_eq!(bits(&stand.path("d")), (0o750, 5, 6));
    assert_eq!(bits(&stand.path("kept")).0, kept);
    assert!(stand.journals().is_empty());
}

/// The transfer before may hold its notes still when the next one begins: its line has ended, and it
/// brings to its end what came before.
#[test]
fn folders_are_finished_though_the_transfer_before_was_slow_to_end() {
    let stand = Stand::new();
    let sources = || {
        vec![
            Source::folder("d").mode(0o750).mtime(5, 6),
            Source::folder("d/in").mode(0o500).mtime(7, 8),
            Source::file("d/in/a", b"a"),
            Source::file("d/last", &bytes(1_000_000, 1)),
        ]
    };
    let cut = stand.put(Sender::of(sources()).cut_after(2));
    assert!(cut.done.is_err());
    let journals = stand.journals();
    let held = File::open(&journals[0]).expect("folders were noted");
    let lock = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::flock(&held, lock).expect("nobody holds it");
    let mut sender = Sender::of(sources());
    let mut held = Some(held);
    sender.before_bytes = Some(Box::new(move |_| drop(held.take())));
    stand.put(sender).well();
    assert_eq!(bits(&stand.path("d/in")), (0o500, 7, 8));
    assert_eq!(bits(&stand.path("d")), (0o750, 5, 6));
    assert!(stand.journals().is_empty());
}
