//! `put`: what is named here arrives there as it is, and what comes on standard input under its name.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use crate::stand::{Process, Sharing, odd, sentence, tree, write};

#[test]
fn files_and_folders_arrive() {
    let stand = Sharing::open();
    let large: Vec<u8> = (0..5_000_001_u32).map(|it| (it / 7) as u8).collect();
    write(stand.here("large"), large);
    write(stand.here("docs/a.txt"), "a");
    write(stand.here("docs/inner/b.txt"), "b");
    fs::create_dir(stand.here("docs/void")).expect("a free name");
    stand.quietly(&["put", "office", "large", "docs"]);
    assert!(tree(&stand.there("")) == tree(&stand.here("")));
    fs::create_dir(stand.there("sha")).expect("a free name");
    stand.quietly(&[
        "put", "office", "docs", "large", "--to", "sha", "--digest", "sha256",
    ]);
    assert!(tree(&stand.there("sha")) == tree(&stand.here("")));
}

#[test]
fn more_small_files_arrive_than_may_be_open_at_once() {
    let stand = Sharing::open();
    for number in 0..600 {
        write(
            stand.here(format!("many/{}/{number}", number % 7)),
            format!("{number}\n"),
        );
    }
    stand.quietly(&["put", "office", "many"]);
    assert!(tree(&stand.there("many")) == tree(&stand.here("many")));
}

#[test]
fn names_need_not_be_text() {
    let stand = Sharing::open();
    let name = odd(b"odd \xff\x1b[31m\nname");
    write(stand.here(name), "odd");
    stand.quietly(&[odd(b"put"), odd(b"office"), name]);
    assert_eq!(fs::read(stand.there(name)).ok(), Some(b"odd".into()));
}

#[test]
fn standard_input_becomes_a_file() {
    let stand = Sharing::open();
    fs::create_dir(stand.there("reports")).expect("a free name");
    let large: Vec<u8> = (0..3_000_000_u32).map(|it| (it / 7) as u8).collect();
    let check = |words: &[&str], path: &str, sent: &[u8]| {
        let line = [&["put", "office", "-", "-q"], words].concat();
        let put = Process::start(stand.landline(&line));
        put.finish_with(sent).well();
        assert!(
            fs::read(stand.there(path)).expect("it is there") == sent,
            "{words:?}"
        );
    };
    check(&["--to", "notes.txt"], "notes.txt", b"hello");
    check(&["--to", "reports/today.txt"], "reports/today.txt", b"");
    check(&["--as", "named"], "named", &large);
    check(
        &["--to", "reports", "--as", "named"],
        "reports/named",
        &large,
    );
    check(&["--to", "shared:by-share"], "by-share", b"x");
    // It is as new as one that is made here now, and open to the same.
    write(stand.here("made"), "here");
    let [here, there] = [stand.here("made"), stand.there("by-share")]
        .map(|path| fs::metadata(path).expect("it is there"));
    assert_eq!(there.mode(), here.mode());
    assert!(there.mtime().abs_diff(here.mtime()) < 60);
}

#[test]
fn standard_input_that_stays_open_is_no_end() {
    let stand = Sharing::open();
    let mut put = Process::start(stand.landline(&["put", "office", "-", "--as", "slow", "-q"]));
    put.type_in("one\n");
    put.type_in("two\n");
    put.end_input();
    put.finish().well();
    assert_eq!(
        fs::read(stand.there("slow")).ok(),
        Some(b"one\ntwo\n".into())
    );
}

#[test]
fn what_is_not_here_is_told_and_the_rest_goes() {
    let stand = Sharing::open();
    write(stand.here("a"), "a");
    let finished = stand.run(&["put", "office", "none", "a", "-q"]);
    assert_eq!((finished.code, finished.out.len()), (255, 0));
    let said = sentence(&finished.err);
    assert!(said.contains("none is not here"), "{said}");
    assert_eq!(tree(&stand.there("")), [("a".into(), Some(b"a".into()))]);
}

#[test]
fn where_it_cannot_go_is_told_by_what_is_there() {
    let stand = Sharing::open();
    write(stand.here("a"), "mine");
    write(stand.there("file"), "no folder");
    for (words, says) in [
        (
            &["put", "office", "a", "--to", "file"][..],
            "file: it is no folder",
        ),
        (
            &["put", "office", "a", "--to", "none"],
            "none: there is no such folder",
        ),
        (
            &["put", "office", "-", "--to", "none/x"],
            "none: there is no such folder",
        ),
    ] {
        let finished = stand.run(words);
        assert_eq!(finished.code, 255, "{}", finished.err);
        let said = sentence(&finished.err);
        assert!(said.contains(says) && said.contains("--to"), "{said}");
    }
}

#[test]
fn links_in_folders_are_passed_over_and_named_ones_followed() {
    let stand = Sharing::open();
    write(stand.here("docs/a"), "a");
    symlink("a", stand.here("docs/link")).expect("a free name");
    let finished = stand.run(&["put", "office", "docs"]);
    assert_eq!(finished.code, 0, "{}", finished.err);
    assert!(
        finished.err.contains("docs/link was passed over"),
        "{}",
        finished.err
    );
    assert_eq!(
        tree(&stand.there("docs")),
        [("a".into(), Some(b"a".into()))]
    );
    stand.quietly(&["put", "office", "docs/link"]);
    assert_eq!(fs::read(stand.there("link")).ok(), Some(b"a".into()));
}

#[test]
fn nothing_is_put_outside_the_share() {
    let stand = Sharing::open();
    write(stand.here("a"), "a");
    symlink(stand.at(""), stand.there("way-out")).expect("a free name");
    for to in ["/tmp", "..", "a/../..", "way-out", "/"] {
        let finished = stand.run(&["put", "office", "a", "--to", to, "-q"]);
        assert_eq!(
            (finished.code, finished.out.len()),
            (255, 0),
            "{to}: {}",
            finished.err
        );
        sentence(&finished.err);
    }
    assert!(!stand.at("a").exists());
    let mut absolute = stand.landline(&["put", "office", "-", "--to", "/landline-test", "-q"]);
    absolute.stdin(std::process::Stdio::null());
    assert_eq!(Process::start(absolute).finish().code, 255);
    assert_eq!(fs::read_dir(stand.there("")).expect("a folder").count(), 1);
}
