//! The sending end against an other end in memory.

mod broken;
mod changing;
mod resumed;
mod sources;

use std::fs;
use std::path::PathBuf;

use landline_frame::landline1::{
    Answer, Code, DigestKind, ENTRIES_OPEN_MAX, Failure, FileEnd, TransferFrame,
};

use super::script::Script;
use super::*;
use crate::transfer::find::Walk;

/// A folder of files, on this machine.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn walk(&self) -> Walk {
        Walk::local([self.path(".")])
    }
}

/// Bytes that differ from group to group.
fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at % 251 + (at >> 20)) as u8).collect()
}

fn get(digest: DigestKind) -> Sending {
    Sending {
        digest,
        check: false,
        is_placed: false,
    }
}

const GET: Sending = Sending {
    digest: DigestKind::Blake3,
    check: false,
    is_placed: false,
};

const PUT: Sending = Sending {
    is_placed: true,
    ..GET
};

/// Sends, and tells the events in short.
fn run(
    script: &mut Script<'_>,
    walk: impl Iterator<Item = Found>,
    sending: Sending,
) -> (Result<SendReport, TransferEnd>, Vec<String>) {
    let mut events = Vec::new();
    let mut watch = |event: SendEvent<'_>| {
        let shown = |name: &Name| String::from_utf8_lossy(name.as_bytes()).into_owned();
        events.extend(match event {
            SendEvent::Found(entry) => Some(format!("found {}", shown(&entry.name))),
            SendEvent::Passed { entry, failure } => {
                Some(format!("passed {} {}", shown(&entry.name), failure.code))
            }
            SendEvent::Started {
                name, begins_at, ..
            } => Some(format!("started {} at {begins_at}", shown(name))),
            SendEvent::Sent { .. } => None,
            SendEvent::Ended { name, size, .. } => Some(format!("ended {} {size}", shown(name))),
            SendEvent::Skipped { name } => Some(format!("skipped {}", shown(name))),
            SendEvent::Refused { name, failure } => {
                Some(format!("refused {} {}", shown(name), failure.code))
            }
            SendEvent::Failed { name, failure } => {
                let name = name.map_or_else(|| "?".to_owned(), shown);
                Some(format!("failed {name} {}", failure.code))
            }
            SendEvent::Placed { name, .. } => Some(format!("placed {}", shown(name))),
        });
    };
    let report = send_files(script, walk, sending, &mut watch);
    (report, events)
}

/// Sends all to a script, which must then hold it.
#[track_caller]
fn check_sent(script: &mut Script<'_>, tree: &Tree, sending: Sending) -> SendReport {
    let report = run(script, tree.walk(), sending).0.unwrap();
    assert!(script.has_ended);
    for file in script.files.iter().filter(|it| it.outcome.is_some()) {
        let expected = fs::read(tree.path(&file.name())).unwrap();
        let begin = file.groups as usize * (1 << 20);
        assert!(file.bytes == expected[begin..], "{}", file.name());
        let digest = match sending.digest {
            DigestKind::Blake3 => *blake3::hash(&expected).as_bytes(),
            DigestKind::Sha256 => {
                use sha2::Digest as _;
                sha2::Sha256::digest(&expected).into()
            }
        };
        assert_eq!(file.outcome, Some(Ok(digest)), "{}", file.name());
    }
    report
}

#[test]
fn files_of_any_size_come_whole_with_their_digest() {
    let tree = Tree::new();
    for size in [0, 1, 4096, 65_536, 65_537, 262_144, 1 << 20, 3_000_001] {
        tree.file(&format!("d/{size}"), bytes(size));
    }
    for kind in [DigestKind::Blake3, DigestKind::Sha256] {
        for is_slow in [false, true] {
            let mut script = Script::new();
            script.is_slow = is_slow;
            let report = check_sent(&mut script, &tree, get(kind));
            let expected = SendReport {
                entries: 9,
                sent: 8,
                sent_bytes: 4_445_891,
                ..SendReport::default()
            };
            assert_eq!(report, expected);
        }
    }
}

#[test]
fn no_more_is_announced_ahead_than_may_be() {
    let tree = Tree::new();
    for number in 0..600 {
        tree.file(&number.to_string(), "x");
    }
    for is_slow in [false, true] {
        let mut script = Script::new();
        script.is_slow = is_slow;
        let report = check_sent(&mut script, &tree, GET);
        assert_eq!((report.sent, script.files.len()), (600, 600));
        if is_slow {
            assert_eq!(script.open_most, ENTRIES_OPEN_MAX);
        }
    }
}

#[test]
fn few_folders_are_held_open_for_files_that_wait() {
    let tree = Tree::new();
    for number in 0..150 {
        tree.file(&format!("{number}/file"), "x");
    }
    // Each folder's entry and its file's.
    let most = 2 * (ahead::FOLDERS_AHEAD_MAX as u64 + 1);
    let mut script = Script::new();
    script.is_slow = true;
    check_sent(&mut script, &tree, GET);
    assert!(script.open_most <= most, "{}", script.open_most);
    assert_eq!(script.files.len(), 300);
}

#[test]
fn what_is_skipped_refused_or_passed_over_is_told_and_not_sent() {
    let tree = Tree::new();
    for name in ["a", "b", "c", "d"] {
        tree.file(name, name);
    }
    let paths = ["a", "b", "gone", "c", "d"].map(|name| tree.path(name));
    let mut script = Script::answering(|number, _| match number {
        1 => Answer::Skip,
        3 => Answer::Refuse(Failure::new(Code::Exists, "something else stands there")),
        _ => Answer::Want,
    });
    let (report, events) = run(&mut script, Walk::local(paths), GET);
    let expected = SendReport {
        entries: 5,
        passed_over: 1,
        skipped: 1,
        refused: 1,
        sent: 2,
        sent_bytes: 2,
        ..SendReport::default()
    };
    assert_eq!(report.unwrap(), expected);
    let expected = [
        "found a",
        "found b",
        "passed gone path-missing",
        "found c",
        "found d",
        "skipped b",
        "refused c exists",
        "started a at 0",
        "ended a 1",
        "started d at 0",
        "ended d 1",
    ];
    assert_eq!(events, expected);
}

#[test]
fn entries_are_announced_while_a_large_file_goes() {
    let tree = Tree::new();
    tree.file("large", bytes(2_000_000));
    for number in 0..600 {
        tree.file(&format!("small/{number}"), "x");
    }
    let mut announced = Vec::new();
    let paths = ["large", "small"].map(|name| tree.path(name));
    let mut script = Script::answering(|number, _| {
        announced.push(number);
        Answer::Want
    });
    let mut ended = None;
    let mut watch = |event: SendEvent<'_>| match event {
        SendEvent::Found(_) if ended.is_none() => {}
        SendEvent::Ended { .. } => ended = ended.or(Some(0)),
        _ => {}
    };
    send_files(&mut script, Walk::local(paths), GET, &mut watch).unwrap();
    assert_eq!(script.open_most, ENTRIES_OPEN_MAX);
}

#[test]
fn a_file_may_be_given_up_at_any_time() {
    let tree = Tree::new();
    tree.file("0", bytes(2_000_000));
    tree.file("1", bytes(2_000_000));
    tree.file("2", bytes(2_000_000));
    let paths = ["0", "1", "2"].map(|name| tree.path(name));
    let full = |entry| {
        let outcome = Err(Failure::new(Code::DiskFull, "no space"));
        Arrived::Frame(TransferFrame::FileEnd(FileEnd {
            entry,
            outcome,
            is_same: false,
        }))
    };
    let mut script = Script::new();
    let mut done = Vec::new();
    script.steps = Box::new(move |number, count| {
        // Midway of the first: it, and the next, which has not begun.
        let given_up = match (number, count) {
            (0, 600_000..) if !done.contains(&0) => 0,
            (0, 300_000..) if !done.contains(&1) => 1,
            _ => return None,
        };
        done.push(given_up);
        Some(full(given_up))
    });
    let (report, events) = run(&mut script, Walk::local(paths), GET);
    let report = report.unwrap();
    assert_eq!((report.failed, report.sent), (2, 1));
    let codes: Vec<&str> = script.files.iter().map(|file| file.code()).collect();
    assert_eq!(codes, ["given-up", "given-up", ""]);
    assert!(script.files[0].bytes.len() < 1_000_000 && script.files[1].bytes.is_empty());
    assert!(events.contains(&"failed 0 disk-full".to_owned()));
    assert!(events.contains(&"failed 1 disk-full".to_owned()));
}

#[test]
fn a_put_ends_once_all_is_placed() {
    let tree = Tree::new();
    for name in ["a", "b", "c"] {
        tree.file(name, name);
    }
    let paths = || Walk::local(["a", "b", "c"].map(|name| tree.path(name)));
    let mut script = Script::new();
    script.is_slow = true;
    script.places = Some(|end| {
        let outcome = match end.entry {
            1 => Err(Failure::new(Code::Unwritable, "no")),
            _ => end.outcome,
        };
        Some(FileEnd { outcome, ..end })
    });
    let (report, events) = run(&mut script, paths(), PUT);
    let report = report.unwrap();
    assert_eq!((report.sent, report.placed, report.failed), (3, 2, 1));
    let last = ["placed a", "failed b unwritable", "placed c"];
    assert_eq!(events[events.len() - 3..], last);
}

#[test]
fn a_list_is_told_and_ended() {
    let tree = Tree::new();
    tree.file("a", "x");
    tree.file("d/b", "x");
    let mut script = Script::answering(|_, _| Answer::Skip);
    assert_eq!(tell_files(&mut script, tree.walk()), Ok(3));
    assert!(script.has_ended && script.flushes > 0);
}
