//! `get`: what was asked for arrives as it is, where it is to stand.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use crate::stand::{Sharing, odd, sentence, tree, write};

#[test]
fn a_file_stands_in_the_folder_that_one_is_in() {
    let stand = Sharing::open();
    write(stand.there("notes.txt"), "hello");
    stand.quietly(&["get", "office", "notes.txt"]);
    assert_eq!(
        fs::read(stand.here("notes.txt")).ok(),
        Some(b"hello".into())
    );
}

#[test]
fn empty_and_large_files_and_odd_modes_arrive() {
    let stand = Sharing::open();
    let large: Vec<u8> = (0..5_000_001_u32).map(|it| (it / 7) as u8).collect();
    write(stand.there("large"), &large);
    write(stand.there("empty"), "");
    let runs = fs::Permissions::from_mode(0o750);
    fs::set_permissions(stand.there("large"), runs).expect("it is ours");
    for digest in ["blake3", "sha256"] {
        let to = stand.here(digest);
        fs::create_dir(&to).expect("a free name");
        let to = to.to_str().expect("a plain name");
        stand.quietly(&[
            "get", "office", "large", "empty", "--to", to, "--digest", digest,
        ]);
        let expected = vec![
            (PathBuf::from("empty"), Some(Vec::new())),
            (PathBuf::from("large"), Some(large.clone())),
        ];
        assert!(tree(&stand.here(digest)) == expected, "{digest}");
        let mode = fs::metadata(stand.here(digest).join("large")).map(|it| it.permissions().mode());
        assert_eq!(mode.ok().map(|mode| mode & 0o700), Some(0o700), "{digest}");
    }
}

#[test]
fn a_folder_comes_with_all_that_is_in_it() {
    let stand = Sharing::open();
    write(stand.there("docs/a.txt"), "a");
    write(stand.there("docs/inner/b.txt"), "b");
    fs::create_dir(stand.there("docs/void")).expect("a free name");
    write(stand.there("other.txt"), "not asked for");
    stand.quietly(&["get", "office", "docs"]);
    assert_eq!(tree(&stand.here("docs")), tree(&stand.there("docs")));
    assert_eq!(
        tree(&stand.here("")).len(),
        1 + tree(&stand.there("docs")).len()
    );
    // As with `cp -r`: a slash behind it changes nothing, a dot means what is in it.
    fs::create_dir(stand.here("slash")).expect("a free name");
    stand.quietly(&["get", "office", "docs/", "--to", "slash"]);
    assert_eq!(tree(&stand.here("slash/docs")), tree(&stand.there("docs")));
    fs::create_dir(stand.here("dot")).expect("a free name");
    stand.quietly(&["get", "office", "docs/.", "--to", "dot"]);
    assert_eq!(tree(&stand.here("dot")), tree(&stand.there("docs")));
}

#[test]
fn more_small_files_arrive_than_may_be_open_at_once() {
    let stand = Sharing::open();
    for number in 0..600 {
        write(
            stand.there(format!("many/{}/{number}", number % 7)),
            format!("{number}\n"),
        );
    }
    stand.quietly(&["get", "office", "many"]);
    assert!(tree(&stand.here("many")) == tree(&stand.there("many")));
}

#[test]
fn several_and_patterns_that_no_shell_took_apart() {
    let stand = Sharing::open();
    for name in [
        "one.log",
        "two.log",
        "three.txt",
        "deep/four.log",
        "deep/five.log",
    ] {
        write(stand.there(name), name);
    }
    stand.quietly(&["get", "office", "*.log", "three.txt", "deep/f[io]*"]);
    let names: Vec<PathBuf> = tree(&stand.here(""))
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let expected = ["five.log", "four.log", "one.log", "three.txt", "two.log"].map(PathBuf::from);
    assert_eq!(names, expected);
}

#[test]
fn names_need_not_be_text() {
    let stand = Sharing::open();
    let name = odd(b"odd \xff\x1b[31m\nname");
    write(stand.there(name), "odd");
    write(stand.there("in/\u{202e}txt"), "in");
    stand.quietly(&[odd(b"get"), odd(b"office"), name, odd(b"in")]);
    assert_eq!(fs::read(stand.here(name)).ok(), Some(b"odd".into()));
    assert_eq!(tree(&stand.here("in")), tree(&stand.there("in")));
}

#[test]
fn to_standard_output_one_goes_after_the_other() {
    let stand = Sharing::open();
    let large: Vec<u8> = (0..3_000_000_u32).map(|it| (it / 7) as u8).collect();
    write(stand.there("b"), &large);
    write(stand.there("a"), "first\n");
    write(stand.there("c"), "last");
    let finished = stand.quietly(&["get", "office", "a", "b", "c", "--to", "-"]);
    let expected = [b"first\n", &large[..], b"last"].concat();
    assert!(finished.out == expected, "{} bytes", finished.out.len());
    assert_eq!(tree(&stand.here("")), []);
    // Two of one name are no clash there.
    write(stand.there("d/a"), "second\n");
    let finished = stand.quietly(&["get", "office", "a", "d/a", "--to", "-"]);
    assert_eq!(finished.text(), "first\nsecond\n");
}

#[test]
fn a_folder_does_not_go_to_standard_output() {
    let stand = Sharing::open();
    for name in ["x/docs/a", "x/docs/in/b", "c"] {
        write(stand.there(name), name);
    }
    let finished = stand.run(&["get", "office", "x/docs", "c", "--to", "-", "-q"]);
    assert_eq!((finished.code, &*finished.text()), (255, "c"));
    // It is told once, whatever lies in it.
    assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
    let said = sentence(&finished.err);
    assert!(said.contains("'x/docs/*'"), "{said}");
    let finished = stand.run(&["get", "office", "x/docs/*", "--to", "-", "-q"]);
    assert_eq!((finished.code, &*finished.text()), (255, "x/docs/a"));
    assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
}

#[test]
fn what_is_not_there_is_told_and_the_rest_comes() {
    let stand = Sharing::open();
    write(stand.there("a"), "a");
    write(stand.there("b"), "b");
    let finished = stand.run(&["get", "office", "a", "none", "b", "-q"]);
    assert_eq!((finished.code, finished.out.len()), (255, 0));
    let said = sentence(&finished.err);
    assert!(
        said.contains("none") && said.contains("landline ls office"),
        "{said}"
    );
    assert_eq!(tree(&stand.here("")).len(), 2);
    let finished = stand.run(&["get", "office", "*.none", "-q"]);
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(
        sentence(&finished.err).contains("*.none"),
        "{}",
        finished.err
    );
}

#[test]
fn nothing_leads_out_of_the_share() {
    let stand = Sharing::open();
    write(stand.at("secret"), "secret");
    symlink(stand.at("secret"), stand.there("way-out")).expect("a free name");
    for path in [
        "/etc/passwd",
        "../secret",
        "a/../../secret",
        "way-out",
        "..",
        "/",
    ] {
        let finished = stand.run(&["get", "office", path, "-q"]);
        assert_eq!(
            (finished.code, finished.out.len()),
            (255, 0),
            "{path}: {}",
            finished.err
        );
        let said = sentence(&finished.err);
        assert!(said.contains(&format!("landline: {path} ")), "{said}");
    }
    // Of two that have no name to be called by, each is called what it was.
    for verb in ["get", "ls"] {
        let finished = stand.run(&[verb, "office", "..", "a/..", "-q"]);
        let said = ["landline: .. ", "landline: a/.. "].map(|it| finished.err.contains(it));
        assert_eq!(said, [true; 2], "{verb}: {}", finished.err);
    }
    assert_eq!(tree(&stand.here("")), []);
}

#[test]
fn links_in_folders_are_passed_over_with_a_warning() {
    let stand = Sharing::open();
    write(stand.there("docs/a"), "a");
    symlink("a", stand.there("docs/link")).expect("a free name");
    let finished = stand.run(&["get", "office", "docs"]);
    assert_eq!(finished.code, 0, "{}", finished.err);
    assert!(
        finished.err.contains("docs/link was passed over"),
        "{}",
        finished.err
    );
    assert_eq!(tree(&stand.here("docs")), [("a".into(), Some(b"a".into()))]);
    // A link that is named, and stays inside, is what it leads to.
    stand.quietly(&["get", "office", "docs/link"]);
    assert_eq!(fs::read(stand.here("link")).ok(), Some(b"a".into()));
}
