//! Paths with patterns, and names that are odd.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;

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
    assert_eq!(found, std::slice::from_ref(&name));
    let walk = Walk::shared(&tree.shares(), &[Name::new(odd).unwrap()]);
    let found = walk.map(|it| (it.entry.name, it.source.is_some()));
    assert_eq!(found.collect::<Vec<_>>(), [(name, true)]);
}
