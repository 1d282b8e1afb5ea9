//! Names of every kind: all land as they are, both ways, and no terminal gets them raw.

use std::path::Path;

use rustix::process::Signal;

use crate::stand::{
    Sharing, Way, check_no_litter, clean, in_the_middle_of, much, odd, resumed_from, tree, write,
};

/// The names that are made difficult on purpose.
fn names() -> Vec<Vec<u8>> {
    let long = [&b"l"[..]; 255].concat();
    let long_letters = ["\u{e4}"; 127].concat().into_bytes();
    let mut all = vec![long, long_letters];
    let short: [&[u8]; 15] = [
        b"line\nbreak",
        b"escape\x1b[2J\x1b]0;title\x07",
        "bidi\u{202e}txt.exe\u{2066}".as_bytes(),
        b"no text \xff\xfe",
        b"-rf",
        b" space ",
        b"star*?[a]",
        b"back\\slash",
        b"a",
        b"A",
        "caf\u{e9}".as_bytes(),
        "cafe\u{301}".as_bytes(),
        b"quote'\"$(x)`",
        b"...",
        b".hidden.part.",
    ];
    all.extend(short.iter().map(|name| name.to_vec()));
    all
}

#[test]
fn all_names_land_and_are_shown_escaped() {
    for way in Way::BOTH {
        let stand = Sharing::open();
        for name in names() {
            let name = odd(&name);
            write(way.from(&stand, "odd").join(name), name.as_encoded_bytes());
            write(way.from(&stand, "odd/in").join(name).join("x"), "x");
        }
        let moved = stand.run(&[way.verb(), "office", "odd", "-v"]);
        assert_eq!(moved.code, 0, "{way:?}: {}", moved.err);
        clean(&moved.err);
        check_shown(&moved.err);
        assert!(tree(&way.to(&stand, "odd")) == tree(&way.from(&stand, "odd")));
        let again = stand.run(&[way.verb(), "office", "odd", "-v"]);
        clean(&again.err);
        check_shown(&again.err);
        let json = stand.run(&[way.verb(), "office", "odd", "--json"]);
        let raw = json
            .text()
            .chars()
            .find(|it| it.is_control() && *it != '\n');
        assert_eq!(raw, None, "{way:?}");
        check_shown(&json.text());
        let failed = fails(&stand, way);
        clean(&failed);
        check_shown(&failed);
    }
}

/// Each of them named, where something else stands at each.
fn fails(stand: &Sharing, way: Way) -> String {
    for name in names() {
        write(way.to(stand, "odd").join(odd(&name)), "something else");
    }
    let failed = stand.run(&[way.verb(), "office", "odd"]);
    assert_eq!(failed.code, 255, "{way:?}");
    assert!(
        failed.err.lines().count() >= names().len(),
        "{}",
        failed.err
    );
    failed.err
}

/// What turns text around is no control character, and as bad.
#[track_caller]
fn check_shown(said: &str) {
    let raw = said
        .chars()
        .find(|it| matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    assert_eq!(raw, None);
}

#[test]
fn a_large_file_of_the_longest_name_goes_on() {
    for way in Way::BOTH {
        for name in [
            [&b"l"[..]; 255].concat(),
            ["\u{e4}"; 127].concat().into_bytes(),
        ] {
            let stand = Sharing::open();
            let path = Path::new("in").join(odd(&name));
            write(way.from(&stand, &path), much(16 << 20));
            let (moving, stall) = in_the_middle_of(&stand, way, 6 << 20, &["in"]);
            moving.signal(Signal::KILL);
            assert_eq!(moving.finish().code, 137);
            drop(stall);
            let again = stand.run(&[way.verb(), "office", "in", "--json"]).well();
            assert!(resumed_from(&again) > 0, "{way:?}");
            assert!(tree(&way.to(&stand, "in")) == tree(&way.from(&stand, "in")));
            check_no_litter(&stand, way);
        }
    }
}
