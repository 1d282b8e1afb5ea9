//! Files that become something else between being found and being sent, or while they are sent.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{CWD, FileType, Mode, RenameFlags};

use super::*;

const SIZE: usize = 2_000_000;

fn truncate(path: &Path) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(1_000_000).unwrap();
}

fn grow(path: &Path) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(b"more").unwrap();
}

fn replace(path: &Path) {
    let other = path.with_extension("new");
    fs::write(&other, bytes(SIZE)).unwrap();
    fs::rename(other, path).unwrap();
}

/// The same length, and the time of modification put back.
fn rewrite(path: &Path) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all(b"other").unwrap();
    file.set_modified(modified).unwrap();
}

fn become_fifo(path: &Path) {
    fs::remove_file(path).unwrap();
    rustix::fs::mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

fn become_link(path: &Path) {
    let secret = path.with_extension("secret");
    fs::rename(path, &secret).unwrap();
    symlink(secret, path).unwrap();
}

fn vanish(path: &Path) {
    fs::remove_file(path).unwrap();
}

/// Changes a file once so many bytes of it have come; the one behind it is to come whole.
#[track_caller]
fn check(change: fn(&Path), at: usize, expected: &str) {
    let tree = Tree::new();
    tree.file("d/file", bytes(SIZE));
    let path = tree.path("d/file");
    tree.file("e", "e");
    let mut script = Script::new();
    if at == 0 {
        let path = path.clone();
        script.answers = Box::new(move |_, entry| {
            if entry.size == Some(SIZE as u64) {
                change(&path);
            }
            Answer::Want
        });
    } else {
        let path = path.clone();
        let mut has_changed = false;
        script.steps = Box::new(move |_, count| {
            if count >= at && !has_changed {
                has_changed = true;
                change(&path);
            }
            None
        });
    }
    let walk = Walk::local([tree.path("d"), tree.path("e")]);
    let report = run(&mut script, walk, GET).0.unwrap();
    assert_eq!((report.sent, report.failed), (1, 1));
    assert_eq!(script.files[1].code(), expected);
    assert_eq!(script.files.last().unwrap().code(), "");
}

#[test]
fn a_file_that_changes_before_it_is_opened_is_told_of() {
    let all = [
        truncate,
        grow,
        replace,
        rewrite,
        become_fifo,
        become_link,
        vanish,
    ];
    for change in all {
        check(change, 0, "source-changed");
    }
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_told_of() {
    for change in [truncate, grow, rewrite] {
        for at in [1, 1_500_000, SIZE] {
            check(change, at, "source-changed");
        }
    }
    // Its name stands for something else, but what was opened is not what it was either: ctime tells.
    for change in [replace, become_link, vanish] {
        check(change, 1_500_000, "source-changed");
    }
}

/// Root may read everything: then there is nothing to see.
#[test]
fn a_file_that_cannot_be_read_is_told_of() {
    let tree = Tree::new();
    let path = tree.file("closed", "x");
    tree.file("open", "x");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&path).is_ok() {
        return;
    }
    let mut script = Script::new();
    let walk = Walk::local([path, tree.path("open")]);
    run(&mut script, walk, GET).0.unwrap();
    let codes: Vec<&str> = script.files.iter().map(|file| file.code()).collect();
    assert_eq!(codes, ["unreadable", ""]);
}

/// A folder and a link that leads out change places all the while: what comes is always from inside.
#[test]
fn a_folder_that_is_swapped_for_a_link_gives_nothing_from_outside() {
    let tree = Tree::new();
    let size = 5_000;
    tree.file("share/d/file", vec![b'i'; size]);
    tree.file("outside/file", vec![b'o'; size]);
    symlink("../outside", tree.path("share/link")).unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let swapping = std::thread::spawn({
        let (one, other) = (tree.path("share/d"), tree.path("share/link"));
        let is_over = is_over.clone();
        move || {
            while !is_over.load(Ordering::Relaxed) {
                let _ = rustix::fs::renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE);
            }
        }
    });
    let mut outcomes = Vec::new();
    for _ in 0..2_000 {
        let mut script = Script::new();
        let report = run(&mut script, Walk::local([tree.path("share")]), GET).0;
        let files = script.files.iter().map(|file| file.bytes.contains(&b'o'));
        outcomes.push((report.is_ok(), files.into_iter().any(|it| it)));
    }
    is_over.store(true, Ordering::Relaxed);
    swapping.join().unwrap();
    assert!(outcomes.iter().all(|it| *it == (true, false)));
}
