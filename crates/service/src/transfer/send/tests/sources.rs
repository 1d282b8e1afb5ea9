//! Sources that are not plain rows of bytes: holes, and streams.

use std::io::Write;
use std::os::unix::fs::FileExt;

use super::*;
use crate::transfer::find::source::{HOLE_AT_ONCE_BYTES, HOLE_WORTH_BYTES};

/// A file of 3 MiB and something, in which only these places have data.
fn sparse(tree: &Tree, size: u64, data: &[(u64, usize)]) {
    let file = fs::File::create(tree.path("sparse")).unwrap();
    file.set_len(size).unwrap();
    for (at, count) in data {
        file.write_all_at(&vec![b'x'; *count], *at).unwrap();
    }
}

/// What the file system takes for a hole.
#[track_caller]
fn check_holes(size: u64, data: &[(u64, usize)], expected: &[u64]) {
    let tree = Tree::new();
    sparse(&tree, size, data);
    let mut script = Script::new();
    check_sent(&mut script, &tree, GET);
    assert_eq!(script.files[0].holes, expected, "{size} {data:?}");
}

#[test]
fn holes_are_told_and_small_ones_are_sent_as_zeros() {
    let mib = 1 << 20;
    let small = HOLE_WORTH_BYTES as usize - 4096;
    check_holes(3 * mib, &[], &[3 * mib]);
    check_holes(3 * mib + 5, &[(0, 4096)], &[3 * mib + 5 - 4096]);
    check_holes(3 * mib, &[(mib, 4096)], &[mib, 2 * mib - 4096]);
    check_holes(3 * mib, &[(3 * mib - 4096, 4096)], &[3 * mib - 4096]);
    check_holes(
        mib,
        &[
            (0, 4096),
            (4096 + small as u64, mib as usize - small - 4096),
        ],
        &[],
    );
    let most = HOLE_AT_ONCE_BYTES;
    check_holes(most + 7, &[], &[most]);
}

#[test]
fn a_sparse_file_goes_on_from_the_middle_of_a_hole() {
    let tree = Tree::new();
    let mib = 1 << 20;
    sparse(&tree, 4 * mib, &[(0, 4096), (3 * mib, 4096)]);
    let content = fs::read(tree.path("sparse")).unwrap();
    for check in [false, true] {
        let mut fold = crate::transfer::fold::Fold::new();
        fold.update(&content[..2 * mib as usize], |_| {});
        let mut script = Script::answering(|_, _| Answer::Resume {
            groups: 2,
            values: fold.subtrees(),
        });
        check_sent(&mut script, &tree, Sending { check, ..GET });
        assert_eq!(script.files[0].holes, [mib, mib - 4096]);
    }
}

/// Between its parts a stream gives nothing: what came before goes out meanwhile.
#[test]
fn a_stream_is_sent_to_its_end() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let content = bytes(700_000);
    let mut script = Script::new();
    let (told, hears) = std::sync::mpsc::channel();
    script.flushed = Box::new(move || {
        let _ = told.send(());
        None
    });
    let writing = std::thread::spawn({
        let content = content.clone();
        move || {
            for part in content.chunks(100_000) {
                writer.write_all(part).unwrap();
                // It is not written on before that has gone out.
                hears.recv().unwrap();
            }
        }
    });
    let walk = [Found::stream(Name::new("stdin").unwrap(), 0, reader)];
    let report = run(&mut script, walk.into_iter(), GET).0.unwrap();
    writing.join().unwrap();
    assert_eq!((report.sent, report.sent_bytes), (1, 700_000));
    let file = &script.files[0];
    assert_eq!((file.entry.size, file.bytes == content), (None, true));
    assert_eq!(file.outcome, Some(Ok(*blake3::hash(&content).as_bytes())));
}

#[test]
fn an_empty_stream_is_an_empty_file() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(writer);
    let mut script = Script::new();
    let walk = [Found::stream(Name::new("stdin").unwrap(), 0, reader)];
    run(&mut script, walk.into_iter(), GET).0.unwrap();
    let digest = *blake3::hash(b"").as_bytes();
    assert_eq!(script.files[0].outcome, Some(Ok(digest)));
}

#[test]
fn a_stream_that_is_given_up_is_not_waited_for() {
    let (reader, _writer) = std::io::pipe().unwrap();
    let mut script = Script::new();
    let mut given_up = Some(FileEnd {
        entry: 0,
        outcome: Err(Failure::new(Code::DiskFull, "no space")),
        is_same: false,
    });
    script.flushed = Box::new(move || {
        let end = given_up.take().map(TransferFrame::FileEnd);
        end.map(Arrived::Frame)
    });
    let walk = [Found::stream(Name::new("stdin").unwrap(), 0, reader)];
    let report = run(&mut script, walk.into_iter(), GET).0.unwrap();
    assert_eq!((report.failed, script.files[0].code()), (1, "given-up"));
}
