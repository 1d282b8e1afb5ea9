//! Trees that are deep, large, or change while they are walked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::*;
use crate::transfer::find::descent::DEPTH_MAX;

#[test]
fn trees_that_are_too_deep_end_in_a_sentence() {
    let tree = Tree::new();
    let deep = "d/".repeat(DEPTH_MAX + 20);
    fs::create_dir_all(tree.path(&deep)).unwrap();
    let found: Vec<Entry> = tree.walk(&["d"]).map(|it| it.entry).collect();
    assert_eq!(found.len(), DEPTH_MAX + 1);
    let last = found.last().unwrap();
    assert_eq!(
        last.passed_over.as_ref().unwrap().known(),
        Some(Code::Unreadable)
    );
}

/// 20 parts of 240 bytes: the name of the innermost would be longer than a name may be.
#[test]
fn names_that_are_too_long_are_counted() {
    let tree = Tree::new();
    let part = "n".repeat(240);
    let mut at = fs::File::open(tree.path("")).unwrap();
    for _ in 0..20 {
        rustix::fs::mkdirat(&at, part.as_str(), Mode::from_raw_mode(0o700)).unwrap();
        let flags = rustix::fs::OFlags::DIRECTORY;
        at = rustix::fs::openat(&at, part.as_str(), flags, Mode::empty())
            .unwrap()
            .into();
    }
    let found: Vec<Entry> = tree.walk(&["."]).map(|it| it.entry).collect();
    // 16 of them and their slashes are 3,855 bytes; one more would be 4,096, which fits.
    assert_eq!(found.len(), 18);
    let note = &found[17];
    assert_eq!((&note.name, note.kind), (&found[16].name, EntryKind::Other));
    let message = &note.passed_over.as_ref().unwrap().message;
    assert_eq!(message, "1 of the names in it have more than 4096 bytes");
}

#[test]
fn a_walk_that_nobody_wants_any_more_ends() {
    let tree = Tree::new();
    tree.file("a/b");
    let stop = Stop::new();
    let mut walk = tree.walk(&["a", "*/gone"]).until(stop.clone());
    assert!(walk.next().is_some());
    stop.cancel();
    assert!(walk.next().is_none());
}

/// Names, a batch and some handles are all that is held.
#[test]
fn any_number_of_entries_is_walked_one_by_one() {
    let count_all = match std::env::var_os("LANDLINE_TEST_LONG") {
        Some(value) if value == "1" => 100_000_usize,
        _ => 2_000,
    };
    let tree = Tree::new();
    fs::create_dir(tree.path("many")).unwrap();
    let folder = fs::File::open(tree.path("many")).unwrap();
    for number in 0..count_all {
        let mode = Mode::from_raw_mode(0o600);
        let name = format!("{number:08}");
        rustix::fs::mknodat(&folder, name, FileType::RegularFile, mode, 0).unwrap();
    }
    let mut walk = tree.walk(&["many"]);
    let mut count = 0;
    while walk.next().is_some() {
        count += 1;
        assert!(walk.descent.held_bytes() <= 64 * 1024);
    }
    assert_eq!(count, count_all + 1);
    assert_eq!(tree.walk(&["many/*7"]).count(), count_all / 10);
}

/// Exchanges two names without a pause until it is dropped.
struct Swapping {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Swapping {
    fn start(one: PathBuf, other: PathBuf) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let told = is_over.clone();
        let thread = std::thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                let exchange = rustix::fs::RenameFlags::EXCHANGE;
                rustix::fs::renameat_with(CWD, &one, CWD, &other, exchange).unwrap();
            }
        });
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Swapping {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Whatever stands there when it is looked at, nothing outside is ever told of or opened.
#[test]
fn a_folder_that_is_swapped_for_a_link_leads_nowhere() {
    let tree = Tree::new();
    tree.file("d/inner/file");
    tree.link("../../outside", "d/link");
    let _swapping = Swapping::start(tree.path("d/inner"), tree.path("d/link"));
    let mut files = 0;
    for _ in 0..2_000 {
        for found in tree.walk(&["d"]).chain(tree.walk(&["d/inner/file"])) {
            assert!(!found.entry.name.as_bytes().ends_with(b"secret"));
            if let Some(Ok(reading)) = found.source.map(Source::open) {
                let bytes = reading.whole("d/inner/file".len()).unwrap();
                assert_eq!(bytes, b"d/inner/file");
                files += 1;
            }
        }
    }
    assert!(files > 0);
}
