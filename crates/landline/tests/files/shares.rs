//! What is granted decides: read, write, both, or a drop box; and which share a path means.

use std::fs;

use crate::stand::{Office, Sharing, sentence, tree, write};

/// Ends with 255 and a sentence with `words` in it.
#[track_caller]
fn refused(stand: &Sharing, line: &[&str], words: &str) {
    let finished = stand.run(&[line, &["-q"]].concat());
    assert_eq!(
        (finished.code, finished.out.len()),
        (255, 0),
        "{line:?}: {}",
        finished.err
    );
    let said = sentence(&finished.err);
    assert!(said.contains(words), "{line:?}: {said}");
}

#[test]
fn who_may_read_may_not_write() {
    let stand = Sharing::of(&["ro:shared"]);
    write(stand.there("a"), "a");
    write(stand.here("b"), "b");
    stand.quietly(&["get", "office", "a"]);
    assert_eq!(stand.run(&["ls", "office"]).well().text(), "a\n");
    refused(&stand, &["put", "office", "b"], "files:rw:DIR");
    assert_eq!(tree(&stand.there("")).len(), 1);
}

#[test]
fn a_drop_box_takes_what_it_does_not_show() {
    let stand = Sharing::of(&["wo:shared"]);
    write(stand.here("a"), "mine");
    stand.quietly(&["put", "office", "a"]);
    assert_eq!(fs::read(stand.there("a")).ok(), Some(b"mine".into()));
    refused(&stand, &["ls", "office"], "files:ro:DIR");
    refused(&stand, &["get", "office", "a"], "files:ro:DIR");
    refused(&stand, &["get", "office", "none"], "files:ro:DIR");
    // Nothing tells what stands there: only that it is kept.
    write(stand.here("a"), "other");
    for option in ["-q", "--force"] {
        let finished = stand.run(&["put", "office", "a", option]);
        assert_eq!(finished.code, 255, "{}", finished.err);
        let said = sentence(&finished.err);
        assert!(said.contains("a: something stands"), "{said}");
        assert!(!said.contains("--force"), "{said}");
    }
    assert_eq!(fs::read(stand.there("a")).ok(), Some(b"mine".into()));
}

#[test]
fn a_share_is_named_before_the_colon() {
    let stand = Sharing::of(&["rw:shared", "ro:photos", "wo:box"]);
    write(stand.at("photos/2024/a.jpg"), "jpg");
    write(stand.there("b"), "b");
    stand.quietly(&["get", "office", "photos:2024", "b"]);
    assert_eq!(fs::read(stand.here("2024/a.jpg")).ok(), Some(b"jpg".into()));
    assert_eq!(
        stand.run(&["ls", "office", "photos:2024"]).well().text(),
        "a.jpg\n"
    );
    stand.quietly(&["put", "office", "b", "--to", "box:"]);
    assert_eq!(fs::read(stand.at("box/b")).ok(), Some(b"b".into()));
    refused(
        &stand,
        &["put", "office", "b", "--to", "photos:"],
        "files:rw:DIR",
    );
    refused(&stand, &["get", "office", "box:b"], "files:ro:DIR");
    // No such share: a name with a colon, in the one that is served.
    refused(&stand, &["get", "office", "music:x"], "music:x");
    write(stand.there("music:x"), "a file");
    stand.quietly(&["get", "office", "music:x"]);
    assert_eq!(fs::read(stand.here("music:x")).ok(), Some(b"a file".into()));
}

#[test]
fn who_is_granted_no_files_is_told_what_to_type() {
    let office = Office::serving(&[], &["echo"]);
    let run = |words: &[&str]| office.run(words);
    for line in [&["ls", "office"][..], &["get", "office", "a", "--to", "/"]] {
        let finished = run(line);
        assert_eq!(finished.code, 255, "{line:?}");
        let said = sentence(&finished.err);
        assert!(
            said.contains("landline trust grant PEER files:ro:DIR"),
            "{said}"
        );
    }
    let finished = run(&["put", "office", "/dev/null"]);
    assert!(
        sentence(&finished.err).contains("files:rw:DIR"),
        "{}",
        finished.err
    );
}

#[test]
fn a_folder_that_is_gone_is_no_share() {
    let stand = Sharing::of(&["ro:shared"]);
    fs::remove_dir(stand.there("")).expect("it is empty");
    let finished = stand.run(&["ls", "office"]);
    assert_eq!(finished.code, 255, "{}", finished.err);
    sentence(&finished.err);
}
