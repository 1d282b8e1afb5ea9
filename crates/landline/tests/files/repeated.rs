//! Names that come again in one command: paths that overlap bring a thing once, and two things of one name
//! never take each other's place.

use std::fs;
use std::path::PathBuf;

use crate::stand::{Sharing, sentence, tree, write};

/// The folder that things come from, and the one that they go to.
fn ends(stand: &Sharing, verb: &str) -> (PathBuf, PathBuf) {
    match verb {
        "get" => (stand.there(""), stand.here("")),
        _ => (stand.here(""), stand.there("")),
    }
}

#[test]
fn two_things_of_one_name_are_refused_every_time() {
    for verb in ["get", "put"] {
        for force in [&[][..], &["--force"]] {
            let stand = Sharing::open();
            let (from, to) = ends(&stand, verb);
            write(from.join("a/f"), "A\n");
            write(from.join("b/f"), "BB\n");
            fs::create_dir(to.join("e")).expect("a free name");
            let words = [&[verb, "office", "a/.", "b/.", "--to", "e", "-q"], force].concat();
            for run in 0..4 {
                let finished = stand.run(&words);
                let shown = format!("{verb} {force:?} {run}: {}", finished.err);
                assert_eq!(finished.code, 255, "{shown}");
                let said = sentence(&finished.err);
                assert!(said.contains("f: two of the things"), "{shown}");
                assert!(!said.contains("--force"), "{shown}");
                assert_eq!(
                    fs::read(to.join("e/f")).ok(),
                    Some(b"A\n".into()),
                    "{shown}"
                );
            }
        }
    }
}

/// Gets these paths into an empty folder, again, and with what else there may be; all that comes is what
/// the office shares.
fn overlaps(paths: &[&str]) {
    let stand = Sharing::open();
    write(stand.there("self"), "x");
    write(stand.there("a/inner"), "y");
    write(stand.there("a/large"), vec![7; 5 << 20]);
    write(stand.there("b/f"), "z");
    for options in [&[][..], &["--force"], &["--check"]] {
        let to = options.concat() + "to";
        fs::create_dir(stand.here(&to)).expect("a free name");
        for run in 0..2 {
            let to = format!("./{to}");
            let words = [&["get", "office"], paths, &["--to", &to], options].concat();
            let finished = stand.run(&words);
            let shown = format!("{words:?} {run}: {}", finished.err);
            assert_eq!(finished.code, 0, "{shown}");
        }
        let expected = tree(&stand.there(""));
        let came = tree(&stand.here(&to));
        assert!(!came.is_empty());
        assert!(came.iter().all(|it| expected.contains(it)), "{paths:?}");
    }
}

#[test]
fn paths_that_overlap_bring_a_thing_once() {
    overlaps(&["self", "s*"]);
    overlaps(&[".", "a"]);
    overlaps(&["b", "[b]"]);
    overlaps(&[".", "."]);
}

#[test]
fn a_name_and_a_pattern_that_it_matches_are_one_file() {
    let stand = Sharing::open();
    write(stand.there("notes.txt"), "x");
    let finished = stand.run(&["get", "office", "notes.txt", "*.txt"]);
    assert_eq!(finished.code, 0, "{}", finished.err);
    let said = sentence(&finished.err);
    assert!(said.contains("notes.txt: 1 bytes"), "{said}");
    assert!(said.contains("the same: 1"), "{said}");
}
