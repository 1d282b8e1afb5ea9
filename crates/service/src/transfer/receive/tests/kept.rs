//! What is there is kept, unless the one who asked said otherwise, and links are never followed.

use std::os::unix::fs::symlink;

use super::sender::{Sender, Source};
use super::*;

#[test]
fn what_is_there_is_kept_and_named() {
    let stand = Stand::new();
    stand.write("file", b"old");
    fs::create_dir(stand.path("folder")).expect("a folder");
    symlink("elsewhere", stand.path("link")).expect("a link");
    let sources = ["file", "folder", "link"].map(|name| Source::file(name, b"new!"));
    let went = stand.put(Sender::of(sources.to_vec()));
    assert_eq!(went.well().refused, 3);
    let codes = went.codes();
    let codes = ["file", "folder", "link"].map(|name| &codes[name][..]);
    assert_eq!(codes, ["exists", "not-replaced", "exists"]);
    let told = went.sender.haves.iter();
    for (have, what) in told.zip(["\\\"file", "a folder", "\\\"link"]) {
        assert!(format!("{have:?}").contains(what), "{have:?}");
    }
    assert_eq!(stand.listed(), ["file", "folder/", "link"]);
    assert_eq!(stand.read("file"), b"old");
    assert!(went.sender.ends.is_empty());
}

#[test]
fn with_force_files_and_links_are_replaced_and_folders_never() {
    let stand = Stand::forcing();
    stand.write("file", b"old");
    stand.write("target", b"not touched");
    fs::create_dir(stand.path("folder")).expect("a folder");
    symlink("target", stand.path("link")).expect("a link");
    symlink("nowhere", stand.path("dangling")).expect("a link");
    let large = bytes(5_000_000, 3);
    let went = stand.put(Sender::of(vec![
        Source::file("dangling", &large),
        Source::file("file", b"new"),
        Source::file("folder", b"new"),
        Source::file("link", b"new"),
    ]));
    assert_eq!((went.well().placed, went.well().refused), (3, 1));
    assert_eq!(went.codes()["folder"], "not-replaced");
    assert_eq!(stand.read("file"), b"new");
    assert_eq!(stand.read("target"), b"not touched");
    for name in ["link", "dangling"] {
        let found = fs::symlink_metadata(stand.path(name)).expect("it is there");
        assert!(found.is_file());
    }
    assert_eq!(
        stand.listed(),
        ["dangling", "file", "folder/", "link", "target"]
    );
}

#[test]
fn the_same_is_passed_over() {
    let stand = Stand::new();
    let sources = || {
        vec![
            Source::file("a", b"some").mtime(5, 500),
            Source::file("b", b"").mtime(6, 0),
            Source::file("c", &bytes(5_000_000, 1)),
        ]
    };
    stand.well(sources());
    let went = stand.well(sources());
    assert_eq!((went.well().same, went.sender.sent()), (3, 0));
    assert_eq!(went.sender.haves.len(), 1);
    // Another size or another time is another file.
    let went = stand.put(Sender::of(vec![
        Source::file("a", b"some").mtime(5, 501),
        Source::file("b", b"more").mtime(6, 0),
    ]));
    assert_eq!(went.well().refused, 2);
}

/// As another transfer of the same does, whose peer has died and which nobody told yet.
#[test]
fn the_same_that_came_meanwhile_is_the_same() {
    for content in [b"some".to_vec(), bytes(5_000_000, 1)] {
        for (there, expected) in [
            (content.clone(), "same"),
            (vec![7; content.len()], "failed"),
        ] {
            let stand = Stand::new();
            let source = Source::file("a", &content).mtime(5, 500);
            let mut sender = Sender::of(vec![source]);
            let path = stand.path("a");
            let mut calls = 0;
            sender.before_bytes = Some(Box::new(move |_| {
                calls += 1;
                // It was asked for by then.
                if calls == 2 {
                    fs::write(&path, &there).expect("it can be written");
                    let file = File::options().write(true).open(&path);
                    let time = std::time::UNIX_EPOCH + std::time::Duration::new(5, 500);
                    let set = file.and_then(|file| file.set_modified(time));
                    set.expect("it is ours");
                }
            }));
            let went = stand.put(sender);
            let last = went.told.last().expect("something was told");
            assert!(last.starts_with(expected), "{:?}", went.told);
            if expected == "same" {
                assert_eq!(stand.listed(), ["a"]);
                assert_eq!(stand.journals().len(), 0);
            }
        }
    }
}

#[test]
fn a_folder_that_was_there_keeps_its_bits() {
    let stand = Stand::new();
    fs::create_dir(stand.path("d")).expect("a folder");
    let before = bits(&stand.path("d")).0;
    stand.well(vec![
        Source::folder("d").mode(0o500).mtime(5, 5),
        Source::file("d/a", b"a"),
    ]);
    let (mode, seconds, _) = bits(&stand.path("d"));
    assert!(mode == before && seconds > 5);
}

#[test]
fn what_lies_in_a_folder_that_is_refused_is_refused() {
    let stand = Stand::forcing();
    let outside = tempfile::tempdir().expect("a place");
    stand.write("file", b"old");
    symlink(outside.path(), stand.path("link")).expect("a link");
    let mut sources = Vec::new();
    for name in ["file", "link"] {
        sources.push(Source::folder(name));
        sources.push(Source::file(format!("{name}/a"), b"a"));
        sources.push(Source::folder(format!("{name}/d")));
        sources.push(Source::file(format!("{name}/d/b"), b"b"));
    }
    sources.push(Source::file("z", b"z"));
    let went = stand.put(Sender::of(sources));
    assert_eq!((went.well().refused, went.well().placed), (8, 1));
    let codes = went.codes();
    assert_eq!(
        (&codes["link"][..], &codes["link/d/b"][..]),
        ("not-replaced", "unwritable")
    );
    assert_eq!(stand.listed(), ["file", "link", "z"]);
    assert!(list(outside.path()).is_empty());
}

#[test]
fn what_comes_into_being_meanwhile_is_kept() {
    for size in [10, 5_000_000] {
        let stand = Stand::new();
        let path = stand.path("a");
        let mut sender = Sender::of(vec![Source::file("a", &bytes(size, 1))]).pieces_of(5);
        if size > 10 {
            sender = sender.pieces_of(1_000_000);
        }
        sender.before_bytes = Some(Box::new(move |sent| {
            if sent > 0 {
                fs::write(&path, b"mine").expect("it can be written");
            }
        }));
        let went = stand.put(sender);
        assert_eq!(went.codes()["a"], "exists");
        assert_eq!(stand.read("a"), b"mine");
        // A large one stays, for another try with force.
        assert_eq!(stand.listed().len(), if size > 10 { 2 } else { 1 });
    }
}

#[test]
fn a_drop_box_tells_nothing() {
    let mut stand = Stand::forcing();
    stand.landing.sees_nothing = true;
    stand.landing.check = true;
    stand.write("there", b"same");
    let sources = vec![
        Source::folder("d"),
        Source::file("d/a", b"a"),
        Source::file("there", b"same"),
    ];
    let mtime = fs::metadata(stand.path("there")).and_then(|it| it.modified());
    let went = stand.put(Sender::of(sources.clone()));
    assert_eq!((went.well().refused, went.well().placed), (1, 1));
    assert_eq!(went.codes()["there"], "not-replaced");
    let after = fs::metadata(stand.path("there")).and_then(|it| it.modified());
    assert_eq!(mtime.expect("it has one"), after.expect("it has one"));
    // Again: a folder is no secret of the one who made it, a file is refused.
    let went = stand.put(Sender::of(sources));
    assert_eq!((went.well().refused, went.well().same), (2, 0));
}
