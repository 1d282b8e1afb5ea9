//! What stands there already: kept and told, unless it is the same, or --force is given.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::stand::{Sharing, objects, sentence, write};

/// Runs a verb for the file `x` in one direction after the other; `to` is where it comes to stand.
fn each(check: impl Fn(&Sharing, &'static str, PathBuf, PathBuf)) {
    let fetching = Sharing::open();
    check(&fetching, "get", fetching.there("x"), fetching.here("x"));
    let bringing = Sharing::open();
    check(&bringing, "put", bringing.here("x"), bringing.there("x"));
}

#[test]
fn something_else_is_kept_and_force_replaces_it() {
    each(|stand, verb, from, to| {
        write(from, "new");
        write(to.clone(), "old content");
        let finished = stand.run(&[verb, "office", "x", "-q"]);
        assert_eq!((finished.code, finished.out.len()), (255, 0), "{verb}");
        let said = sentence(&finished.err);
        assert!(
            said.contains("x: ") && said.contains("--force"),
            "{verb}: {said}"
        );
        assert_eq!(fs::read(&to).ok(), Some(b"old content".into()), "{verb}");
        stand.quietly(&[verb, "office", "x", "--force"]);
        assert_eq!(fs::read(&to).ok(), Some(b"new".into()), "{verb}");
    });
}

#[test]
fn the_same_is_not_moved_again() {
    each(|stand, verb, from, _| {
        write(from, vec![7; 3_000_000]);
        stand.quietly(&[verb, "office", "x"]);
        let again = stand.run(&[verb, "office", "x"]);
        assert_eq!(again.code, 0, "{verb}: {}", again.err);
        let said = sentence(&again.err);
        assert!(said.contains("nothing had to be moved"), "{verb}: {said}");
        assert!(said.contains("the same: 1"), "{verb}: {said}");
        stand.quietly(&[verb, "office", "x", "--force"]);
        // Read and compared it is the same, too, and has not been moved.
        let checked = stand.run(&[verb, "office", "x", "--check"]);
        assert_eq!(checked.code, 0, "{verb}: {}", checked.err);
        // What it goes on behind may be said before.
        let said = checked.err.lines().last().map_or("", sentence);
        assert!(said.contains("the same: 1"), "{verb}: {said}");
        let told = objects(&stand.run(&[verb, "office", "x", "--check", "--json"]));
        let done = told.last().expect("it tells how it ended");
        assert_eq!(
            (&done["files"], &done["same"]),
            (&json!(0), &json!(1)),
            "{verb}: {told:?}"
        );
    });
}

/// Changes one byte, and nothing that can be seen without reading.
fn change_unseen(path: &PathBuf) {
    let before = fs::metadata(path)
        .and_then(|it| it.modified())
        .expect("it is there");
    let mut bytes = fs::read(path).expect("it is there");
    bytes[1_500_000] ^= 1;
    fs::write(path, bytes).expect("it is ours");
    let file = fs::File::options()
        .write(true)
        .open(path)
        .expect("it is ours");
    file.set_modified(before).expect("it is ours");
}

#[test]
fn check_reads_what_is_there_and_mends_it() {
    each(|stand, verb, from, to| {
        write(from.clone(), vec![7; 3_000_000]);
        stand.quietly(&[verb, "office", "x"]);
        change_unseen(&to);
        // With --force as well: it is something else that stands there.
        stand.quietly(&[verb, "office", "x", "--check", "--force"]);
        assert!(fs::read(&to).ok() == fs::read(&from).ok(), "{verb}");
    });
}

#[test]
fn a_newer_source_is_something_else() {
    each(|stand, verb, from, to| {
        write(from.clone(), "one");
        stand.quietly(&[verb, "office", "x"]);
        write(from.clone(), "two");
        let later = SystemTime::now() + Duration::from_secs(60);
        let file = fs::File::options()
            .write(true)
            .open(&from)
            .expect("it is ours");
        file.set_modified(later).expect("it is ours");
        assert_eq!(stand.run(&[verb, "office", "x", "-q"]).code, 255, "{verb}");
        stand.quietly(&[verb, "office", "x", "--force"]);
        assert_eq!(fs::read(&to).ok(), Some(b"two".into()), "{verb}");
    });
}

#[test]
fn a_folder_and_a_file_do_not_take_each_others_place() {
    each(|stand, verb, from, to| {
        write(from.join("inner"), "new");
        write(to.clone(), "old");
        for force in [&[][..], &["--force"]] {
            let finished = stand.run(&[&[verb, "office", "x", "-q"], force].concat());
            assert_eq!(finished.code, 255, "{verb} {force:?}: {}", finished.err);
            assert_eq!(fs::read(&to).ok(), Some(b"old".into()), "{verb}");
        }
    });
}

/// Only where --force helps it is advised: it replaces files and links, and a folder replaces nothing.
#[test]
fn what_is_never_replaced_is_told_at_once() {
    type Make = fn(&PathBuf);
    let pipe: Make = |at| {
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU);
        rustix::fs::mknodat(rustix::fs::CWD, at, kind, mode, 0).expect("a free name");
    };
    let folder: Make = |at| fs::create_dir(at).expect("a free name");
    let link: Make = |at| symlink("elsewhere", at).expect("a free name");
    for (inner, make, says) in [
        ("", folder, "a folder stands there"),
        ("", pipe, "a pipe stands there"),
        ("inner", link, "no folder stands there"),
        ("inner", pipe, "no folder stands there"),
    ] {
        each(|stand, verb, from, to| {
            match inner {
                "" => write(from, "new"),
                inner => write(from.join(inner), "new"),
            }
            make(&to);
            for option in ["-q", "--force"] {
                let finished = stand.run(&[verb, "office", "x", option]);
                assert_eq!(finished.code, 255, "{verb} {says} {option}");
                let said = sentence(&finished.err);
                assert!(said.contains(says) && said.contains("--to"), "{said}");
                assert!(!said.contains("--force"), "{said}");
            }
            let told = objects(&stand.run(&[verb, "office", "x", "--json"]));
            let failed = told.iter().find(|it| it["event"] == "failed");
            assert_eq!(failed.map(|it| &it["code"]), Some(&json!("not-replaced")));
        });
    }
}

#[test]
fn folders_are_joined() {
    each(|stand, verb, from, to| {
        write(from.join("a"), "a");
        write(to.join("b"), "b");
        stand.quietly(&[verb, "office", "x"]);
        let both = ["a", "b"].map(|name| fs::read_to_string(to.join(name)).ok());
        assert_eq!(both, [Some("a".into()), Some("b".into())], "{verb}");
    });
}

/// A folder that cannot stand there is told of once, whatever lies in it.
#[test]
fn a_file_in_the_place_of_a_folder_is_kept() {
    each(|stand, verb, from, to| {
        for name in ["a", "b", "in/c"] {
            write(from.join(name), name);
        }
        write(to.clone(), "kept");
        let finished = stand.run(&[verb, "office", "x", "-q"]);
        assert_eq!(finished.code, 255, "{verb}: {}", finished.err);
        assert_eq!(finished.err.lines().count(), 1, "{verb}: {}", finished.err);
        assert!(
            sentence(&finished.err).contains("x: "),
            "{verb}: {}",
            finished.err
        );
        assert_eq!(fs::read(&to).ok(), Some(b"kept".into()), "{verb}");
        let told = objects(&stand.run(&[verb, "office", "x", "--json"]));
        let done = told.last().expect("it tells how it ended");
        assert_eq!(done["failed"], 5, "{verb}: {told:?}");
    });
}
