//! What a person is told: a line about what was moved, each file's digest for who asks, nothing at all
//! for who wants quiet; in either language, and safe to show.

use crate::stand::{Sharing, clean, odd, sentence, write};

/// Of `hello`.
const BLAKE3: &str = "blake3:ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f";
const SHA256: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

#[test]
fn one_file_is_told_with_its_digest() {
    let stand = Sharing::open();
    write(stand.there("a"), "hello");
    write(stand.here("b"), "hello");
    for (line, name, digest) in [
        (&["get", "office", "a"][..], "a: 5 bytes in ", BLAKE3),
        (&["put", "office", "b"], "b: 5 bytes in ", BLAKE3),
        (
            &[
                "get", "office", "b", "--force", "--to", "-", "--digest", "sha256",
            ],
            "b: 5 b",
            SHA256,
        ),
    ] {
        let finished = stand.run(line);
        assert_eq!(finished.code, 0, "{}", finished.err);
        let said = sentence(&finished.err);
        assert!(
            said.contains(name) && said.contains(digest),
            "{line:?}: {said}"
        );
        assert!(said.contains("/s)"), "{said}");
    }
}

#[test]
fn several_are_counted_and_named_for_who_asks() {
    let stand = Sharing::open();
    write(stand.there("docs/a"), "hello");
    write(stand.there("docs/b"), "world!");
    let finished = stand.run(&["get", "office", "docs"]);
    let said = sentence(&finished.err);
    assert!(said.contains("2 files, 11 bytes in "), "{said}");
    let finished = stand.run(&["get", "office", "docs", "--force", "-v"]);
    assert!(
        finished.err.contains("docs/a is there already, the same"),
        "{}",
        finished.err
    );
    write(stand.there("docs/c"), "hello");
    write(stand.there("docs/d"), "hello");
    let finished = stand.run(&["get", "office", "docs", "-v"]);
    let of_c = format!("docs/c: 5 bytes, {BLAKE3}\n");
    assert!(finished.err.contains(&of_c), "{}", finished.err);
    let last = finished.err.lines().last().expect("a line");
    assert!(last.contains("2 files, 10 bytes"), "{last}");
    assert!(last.contains("already there, the same: 2"), "{last}");
}

#[test]
fn names_are_shown_harmless() {
    let stand = Sharing::open();
    let name = odd(b"x\x1b[2J\xff");
    write(stand.there(name), "hello");
    let get = [
        odd(b"get"),
        odd(b"office"),
        name,
        odd(b"none\x1b[2J"),
        odd(b"-v"),
    ];
    let finished = stand.run(&get);
    assert_eq!(finished.code, 255);
    clean(&finished.err);
    assert!(
        finished.err.contains("x\\u{1b}[2J\\xff: 5 bytes"),
        "{}",
        finished.err
    );
    assert!(finished.err.contains("none\\u{1b}[2J"), "{}", finished.err);
}

#[test]
fn in_chinese_for_who_reads_that() {
    let stand = Sharing::open();
    write(stand.there("a"), "new");
    write(stand.here("a"), "older");
    let finished = stand.run(&["get", "office", "a", "none", "--lang", "zh-CN"]);
    assert_eq!(finished.code, 255);
    assert!(
        finished
            .err
            .contains("a：那里已有不同的内容，予以保留；--force"),
        "{}",
        finished.err
    );
    assert!(finished.err.contains("没有 none"), "{}", finished.err);
    let finished = stand.run(&["get", "office", "a", "--force", "--lang", "zh-CN"]);
    assert!(
        finished.err.contains("a：3 字节，用时 "),
        "{}",
        finished.err
    );
}
