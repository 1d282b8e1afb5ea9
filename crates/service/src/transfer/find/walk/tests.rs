//! What a walk tells of trees that are made for it.

mod bounds;
mod patterns;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, FileType, Mode};

use super::*;
use crate::transfer::find::share::ShareAccess;

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
    assert_eq!(
        token(tree.walk(&["a"])),
        std::slice::from_ref(&entry.source)
    );
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
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
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
