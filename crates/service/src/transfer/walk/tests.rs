//! What a walk tells of trees that are made for it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use rustix::fs::{CWD, FileType, Mode};

use super::*;
use crate::transfer::descent::DEPTH_MAX;
use crate::transfer::share::ShareAccess;

/// A share `root`, with something beside it that is nobody's business.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        fs::create_dir(tree.0.path().join("root")).unwrap();
        fs::create_dir(tree.0.path().join("outside")).unwrap();
        fs::write(tree.0.path().join("outside/secret"), "secret").unwrap();
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("root").join(name)
    }

    fn file(&self, name: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }

    fn link(&self, target: &str, name: &str) {
        symlink(target, self.path(name)).unwrap();
    }

    fn fifo(&self, name: &str) {
        let mode = Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(CWD, self.path(name), FileType::Fifo, mode, 0).unwrap();
    }

    fn shares(&self) -> Shares {
        let root = self.path("");
        Shares::open(Some(&root), [(ShareAccess::READ, root.clone())])
    }

    fn walk(&self, paths: &[&str]) -> Walk {
        Walk::shared(&self.shares(), &names(paths))
    }

    /// What is found, in short, and sorted but for its order of asks.
    #[track_caller]
    fn check(&self, paths: &[&str], expected: &[&str]) {
        assert_eq!(told(self.walk(paths)), expected, "{paths:?}");
    }

    #[track_caller]
    fn check_list(&self, paths: &[&str], is_inside: bool, expected: &[&str]) {
        let list = Walk::list(&self.shares(), &names(paths), is_inside);
        assert_eq!(told(list), expected, "{paths:?}");
    }
}

fn names(paths: &[&str]) -> Vec<Name> {
    paths.iter().map(|path| Name::new(*path).unwrap()).collect()
}

/// Each thing as `ask kind name`, with `!code` if it is passed over.
fn told(walk: Walk) -> Vec<String> {
    let mut told: Vec<String> = walk.map(|found| tell(&found.entry)).collect();
    told.sort();
    told
}

fn tell(entry: &Entry) -> String {
    let kind = match entry.kind {
        EntryKind::File => "file",
        EntryKind::Folder => "folder",
        EntryKind::Link => "link",
        EntryKind::Other => "other",
    };
    let name = String::from_utf8_lossy(entry.name.as_bytes());
    let failure = entry.passed_over.as_ref();
    let failure = failure.map_or(String::new(), |it| format!(" !{}", it.code));
    format!("{} {kind} {name}{failure}", entry.ask)
}

#[test]
fn a_file_and_a_folder_are_found_with_all_that_is_in_it() {
    let tree = Tree::new();
    tree.file("a");
    tree.file("d/e/f");
    tree.file("d/g");
    tree.check(&["a"], &["0 file a"]);
    tree.check(&["d/e/f"], &["0 file f"]);
    let folder = ["0 folder d", "0 file d/g", "0 folder d/e", "0 file d/e/f"];
    let mut sorted = folder;
    sorted.sort();
    tree.check(&["d"], &sorted);
    tree.check(&["d/"], &sorted);
    tree.check(&["./d//"], &sorted);
    tree.check(&["d/e"], &["0 file e/f", "0 folder e"]);
    tree.check(&["d/."], &["0 file e/f", "0 file g", "0 folder e"]);
    let all = [
        "0 file a",
        "0 file d/e/f",
        "0 file d/g",
        "0 folder d",
        "0 folder d/e",
    ];
    tree.check(&[""], &all);
    tree.check(&["."], &all);
    tree.check(&["root:"], &all);
    tree.check(&["root:a", "a"], &["0 file a", "1 file a"]);
}

#[test]
fn a_folder_comes_before_what_is_in_it_and_nothing_of_it_later() {
    let tree = Tree::new();
    for name in ["a/b/c", "a/b/d", "a/e/f/g", "a/h", "i/j"] {
        tree.file(name);
    }
    let entries: Vec<Entry> = tree.walk(&["."]).map(|found| found.entry).collect();
    assert_eq!(entries.len(), 10);
    let mut open: Vec<Vec<u8>> = Vec::new();
    for entry in entries {
        let (folder, _) = asked::split_last(entry.name.as_bytes());
        while open.last().is_some_and(|it| it != folder) {
            open.pop();
        }
        assert_eq!(open.last().map_or(&b""[..], |it| it), folder, "{entry:?}");
        if entry.kind == EntryKind::Folder {
            open.push(entry.name.as_bytes().to_vec());
        }
    }
}

#[test]
fn an_entry_tells_what_the_system_tells() {
    let tree = Tree::new();
    tree.file("a");
    fs::set_permissions(tree.path("a"), fs::Permissions::from_mode(0o4751)).unwrap();
    let found = tree.walk(&["a"]).next().unwrap();
    assert!(found.source.is_some());
    let entry = found.entry;
    let (size, mode) = (entry.size, entry.mode);
    assert_eq!((size, mode, entry.stored), (Some(1), 0o751, None));
    let modified = fs::metadata(tree.path("a")).unwrap().modified().unwrap();
    let since = modified
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    assert_eq!(
        (entry.mtime.s, entry.mtime.ns),
        (since.as_secs() as i64, since.subsec_nanos())
    );
    let token = |walk: Walk| walk.map(|found| found.entry.source).collect::<Vec<_>>();
    assert_eq!(token(tree.walk(&["a"])), [entry.source.clone()]);
    fs::write(tree.path("b"), "a").unwrap();
    fs::rename(tree.path("b"), tree.path("a")).unwrap();
    assert_ne!(token(tree.walk(&["a"])), [entry.source]);
}

#[test]
fn a_hole_shows_in_what_is_stored() {
    let tree = Tree::new();
    fs::File::create(tree.path("hole"))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    let entry = tree.walk(&["hole"]).next().unwrap().entry;
    assert_eq!(entry.size, Some(1 << 30));
    assert!(entry.stored.is_some_and(|stored| stored < 1 << 20));
}

#[test]
fn what_is_no_file_is_passed_over_and_holds_nothing_up() {
    let tree = Tree::new();
    tree.file("d/file");
    tree.fifo("d/fifo");
    tree.link("file", "d/link");
    tree.link(".", "d/loop");
    tree.link("../../outside", "d/out");
    let _listener = UnixListener::bind(tree.path("d/socket")).unwrap();
    let expected = [
        "0 file d/file",
        "0 folder d",
        "0 link d/link !not-regular",
        "0 link d/loop !not-regular",
        "0 link d/out !not-regular",
        "0 other d/fifo !not-regular",
        "0 other d/socket !not-regular",
    ];
    tree.check(&["d"], &expected);
    tree.check(&["d/fifo"], &["0 other fifo !not-regular"]);
    let local = told(Walk::local([PathBuf::from("/dev/null")]));
    assert_eq!(local, ["0 other null !not-regular"]);
}

#[test]
fn named_links_are_followed_beneath_the_share_and_no_further() {
    let tree = Tree::new();
    tree.file("d/file");
    tree.link("d/file", "near");
    tree.link("d", "folder");
    tree.link("../outside/secret", "out");
    tree.link("../outside", "out-folder");
    tree.link("/etc/passwd", "absolute");
    tree.link("nowhere", "dangling");
    tree.link("circle", "circle");
    tree.check(&["near"], &["0 file near"]);
    tree.check(&["folder"], &["0 file folder/file", "0 folder folder"]);
    tree.check(&["folder/file"], &["0 file file"]);
    tree.check(&["folder/."], &["0 file file"]);
    for (path, name) in [
        ("out", "out"),
        ("out-folder", "out-folder"),
        ("out-folder/secret", "secret"),
        ("absolute", "absolute"),
        ("circle", "circle"),
    ] {
        tree.check(&[path], &[&format!("0 other {name} !path-refused")]);
    }
    tree.check(&["dangling"], &["0 other dangling !path-missing"]);
    let found = tree.walk(&["out"]).next().unwrap();
    let failure = found.entry.passed_over.unwrap();
    assert_eq!(failure.message, "out: it leads out of the share");
}

#[test]
fn what_is_missing_or_refused_does_not_keep_the_rest() {
    let tree = Tree::new();
    tree.file("a");
    let paths = ["gone", "a", "../outside", "/etc", "a/b", "b/..", "a"];
    let expected = [
        "0 other gone !path-missing",
        "1 file a",
        "2 other outside !path-refused",
        "3 other etc !path-refused",
        "4 other b !path-missing",
        "5 other b !path-refused",
        "6 file a",
    ];
    tree.check(&paths, &expected);
    let long = "x".repeat(300);
    tree.check(&[&long], &[&format!("0 other {long} !path-refused")]);
    let shares = Shares::open(None, [(ShareAccess::WRITE, tree.path(""))]);
    let walk = Walk::shared(&shares, &names(&["a"]));
    assert_eq!(told(walk), ["0 other a !not-granted"]);
}

#[test]
fn patterns_stand_for_what_matches_in_order() {
    let tree = Tree::new();
    for name in [
        "b.txt",
        "a.txt",
        "c.md",
        ".hidden.txt",
        "x/a.txt",
        "y/b.txt",
        "y/z/c.txt",
    ] {
        tree.file(name);
    }
    tree.link("a.txt", "l.txt");
    tree.link("../outside/secret", "o.txt");
    let order: Vec<String> = tree.walk(&["*.txt"]).map(|it| tell(&it.entry)).collect();
    let expected = [
        "0 file a.txt",
        "0 file b.txt",
        "0 file l.txt",
        "0 other o.txt !path-refused",
    ];
    assert_eq!(order, expected);
    tree.check(&["*/*.txt"], &["0 file a.txt", "0 file b.txt"]);
    tree.check(&["*/b.txt"], &["0 file b.txt"]);
    tree.check(&["y/*/c.txt"], &["0 file c.txt"]);
    tree.check(
        &["[xy]"],
        &[
            "0 file x/a.txt",
            "0 file y/b.txt",
            "0 file y/z/c.txt",
            "0 folder x",
            "0 folder y",
            "0 folder y/z",
        ],
    );
    tree.check(&["root:[!a-z]*"], &["0 other [!a-z]* !path-missing"]);
    tree.check(&["*/gone"], &["0 other gone !path-missing"]);
    tree.check(&["*.txt/x"], &["0 other x !path-missing"]);
    tree.check(&["gone/*"], &["0 other * !path-missing"]);
    tree.check(
        &["*", "a.tx[t]"],
        &told(tree.walk(&["*", "a.txt"]))
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_file_of_that_very_name_wins_over_the_pattern() {
    let tree = Tree::new();
    tree.file("*");
    tree.file("a[1]");
    tree.file("a1");
    tree.file("d[1]/x");
    tree.file("d1/y");
    tree.check(&["*"], &["0 file *"]);
    tree.check(&["a[1]"], &["0 file a[1]"]);
    tree.check(&["a\\[1]"], &["0 file a[1]"]);
    tree.check(&["a?"], &["0 file a1"]);
    tree.check(&["d[1]/*"], &["0 file x"]);
    tree.check(&["d?/*"], &["0 file y"]);
}

#[test]
fn names_that_are_no_text_or_break_lines_stay_as_they_are() {
    let tree = Tree::new();
    let odd: &[u8] = b"d/\xff\xfe\n\x1b[2J\\ ";
    tree.file("d/x");
    fs::write(
        tree.0.path().join("root").join(OsStr::from_bytes(odd)),
        "odd",
    )
    .unwrap();
    let found: Vec<Name> = tree.walk(&["d/\\*"]).map(|it| it.entry.name).collect();
    assert_eq!(found, [Name::new("\\*").unwrap()]);
    let name = Name::new(&odd[2..]).unwrap();
    let found: Vec<Name> = tree.walk(&["d/[!x]*"]).map(|it| it.entry.name).collect();
    assert_eq!(found, [name.clone()]);
    let walk = Walk::shared(&tree.shares(), &[Name::new(odd).unwrap()]);
    let found = walk.map(|it| (it.entry.name, it.source.is_some()));
    assert_eq!(found.collect::<Vec<_>>(), [(name, true)]);
}

#[test]
fn this_machines_paths_lead_anywhere() {
    let tree = Tree::new();
    tree.file("d/file");
    tree.link("../outside/secret", "out");
    tree.link("../outside", "d/out");
    let check = |path: &str, expected: &[&str]| {
        assert_eq!(told(Walk::local([tree.path(path)])), expected, "{path:?}");
    };
    check("out", &["0 file out"]);
    check(
        "d",
        &["0 file d/file", "0 folder d", "0 link d/out !not-regular"],
    );
    check(
        "d/",
        &["0 file d/file", "0 folder d", "0 link d/out !not-regular"],
    );
    check("d/.", &["0 file file", "0 link out !not-regular"]);
    check("../outside", &["0 file outside/secret", "0 folder outside"]);
    check(
        "../outside/..",
        &told(Walk::local([tree.path("../.")]))
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    check("[a]*", &["0 other [a]* !path-missing"]);
    for path in ["/", "//", ""] {
        assert_eq!(
            told(Walk::local([PathBuf::from(path)])),
            ["0 other path !path-refused"]
        );
    }
}

#[test]
fn a_list_tells_of_one_level_as_it_is() {
    let tree = Tree::new();
    tree.file("d/e/f");
    tree.file("d/g");
    tree.fifo("d/fifo");
    tree.link("e", "d/link");
    tree.link("../../outside", "d/out");
    let bare = [
        "0 file g",
        "0 folder e",
        "0 link link",
        "0 link out",
        "0 other fifo",
    ];
    tree.check_list(&["d"], true, &bare);
    tree.check_list(&["d/link"], true, &["0 file f"]);
    tree.check_list(&["d/out"], true, &["0 link out"]);
    tree.check_list(&["d/g"], true, &["0 file g"]);
    tree.check_list(
        &["d/*"],
        true,
        &[
            "0 file e/f",
            "0 file g",
            "0 file link/f",
            "0 link out",
            "0 other fifo",
        ],
    );
    tree.check_list(&["d/e", "d/link"], true, &["0 file e/f", "1 file link/f"]);
    tree.check_list(&["d"], false, &["0 folder d"]);
    tree.check_list(
        &["d/link", "d/fifo"],
        false,
        &["0 link link", "1 other fifo"],
    );
    tree.check_list(&["gone"], true, &["0 other gone !path-missing"]);
    tree.check_list(&[""], true, &["0 folder d"]);
}

/// Root may read everything: then there is nothing to see.
#[test]
fn what_cannot_be_read_is_passed_over() {
    let tree = Tree::new();
    tree.file("d/closed/f");
    tree.file("d/open");
    let closed = tree.path("d/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0)).unwrap();
    if fs::read_dir(&closed).is_err() {
        let expected = [
            "0 file d/open",
            "0 folder d",
            "0 folder d/closed !unreadable",
        ];
        tree.check(&["d"], &expected);
        tree.check(&["d/closed"], &["0 folder closed !unreadable"]);
        tree.check(&["d/closed/*"], &["0 other * !unreadable"]);
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}

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
fn a_hundred_thousand_entries_are_walked_one_by_one() {
    let tree = Tree::new();
    fs::create_dir(tree.path("many")).unwrap();
    let folder = fs::File::open(tree.path("many")).unwrap();
    for number in 0..100_000_u32 {
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
    assert_eq!(count, 100_001);
    assert_eq!(tree.walk(&["many/*7"]).count(), 10_000);
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
