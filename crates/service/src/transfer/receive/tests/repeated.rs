//! Names that come again in one transfer: the same thing is there once, and another one is not taken.

use std::time::{Duration, UNIX_EPOCH};

use super::sender::{Sender, Source};
use super::*;

/// Another source than that of other files.
fn elsewhere(source: Source) -> Source {
    source.with(|entry| entry.source = Some("elsewhere".to_string()))
}

/// So many other files, between those of one name.
fn others(count: usize) -> impl Iterator<Item = Source> {
    (0..count).map(|number| Source::file(format!("other-{number}"), b"x"))
}

/// Each of these after so many others: none, so that the first is on its way still when the second is
/// announced, and as many as let it be placed before.
const BETWEEN: [usize; 2] = [0, 700];

#[test]
fn two_of_one_name_never_replace_each_other() {
    for force in [false, true] {
        let mut stand = Stand::new();
        stand.landing.force = force;
        let large = [bytes(5_000_000, 1), bytes(5_000_000, 2)];
        let went = stand.put(Sender::of(vec![
            Source::folder("d"),
            Source::file("d/a", b"first"),
            Source::file("d/large", &large[0]),
            Source::folder("d"),
            // The same size and the same time as well: only what is in them tells them apart.
            elsewhere(Source::file("d/a", b"other")),
            elsewhere(Source::file("d/large", &large[1])),
        ]));
        let report = went.done.clone().expect("it goes to its end");
        assert_eq!((report.placed, report.failed + report.refused), (2, 2));
        assert!(
            went.codes().values().all(|code| code == "name-twice"),
            "{:?}",
            went.told
        );
        assert_eq!(stand.read("d/a"), b"first");
        assert!(stand.read("d/large") == large[0]);
        assert_eq!(stand.listed(), ["d/", "d/a", "d/large"]);
        assert!(stand.journals().is_empty());
    }
}

#[test]
fn a_file_placed_long_before_in_the_same_transfer_is_known() {
    let stand = Stand::forcing();
    let mut sources = vec![Source::file("0", b"first")];
    sources.extend(others(700));
    sources.push(elsewhere(Source::file("0", b"other")));
    let went = stand.put(Sender::of(sources));
    let report = went.done.clone().expect("it goes to its end");
    assert_eq!(report.failed, 1);
    assert_eq!(went.codes()["0"], "name-twice");
    assert_eq!(stand.read("0"), b"first");
}

#[test]
fn what_was_the_same_is_not_replaced_by_another_of_its_name() {
    for between in BETWEEN {
        for force in [false, true] {
            let mut stand = Stand::new();
            stand.landing.force = force;
            // The first run places the file, the others find it.
            for run in 0..3 {
                let mut sources = vec![Source::file("f", b"A")];
                sources.extend(others(between));
                sources.push(Source::file("f", b"BB").mtime(7, 7));
                let went = stand.put(Sender::of(sources));
                assert_eq!(went.well().refused, 1, "run {run}: {:?}", went.told);
                assert_eq!(went.codes()["f"], "name-twice");
                assert_eq!(stand.read("f"), b"A", "run {run}");
            }
        }
    }
}

#[test]
fn the_same_source_again_is_the_same() {
    let large = bytes(5_000_000, 1);
    for between in BETWEEN {
        for (force, check) in [(false, false), (true, false), (false, true), (true, true)] {
            let mut stand = Stand::new();
            (stand.landing.force, stand.landing.check) = (force, check);
            let all = || {
                [
                    Source::folder("d"),
                    Source::file("d/a", b"some"),
                    Source::file("d/large", &large),
                ]
            };
            let mut sources: Vec<_> = all().into();
            sources.extend(others(between));
            sources.extend(all());
            for run in 0..2 {
                let mut sender = Sender::of(sources.clone());
                if check {
                    sender = sender.checking();
                }
                let went = stand.put(sender);
                let report = went.well();
                assert_eq!(report.refused, 0, "{:?}", went.told);
                let again = 2 + run * (2 + between as u64);
                assert_eq!(report.same, again, "run {run}, check {check}");
                if !check && run == 0 {
                    assert_eq!(went.sender.sent(), (4 + large.len() + between) as u64);
                }
            }
            assert_eq!(stand.read("d/a"), b"some");
            assert!(stand.read("d/large") == large);
            assert_eq!(stand.listed().len(), 3 + between);
            assert!(stand.journals().is_empty());
        }
    }
}

/// Whether what came before was placed or found, and with whatever else is known of it.
#[test]
fn of_one_size_and_time_the_content_tells() {
    for between in BETWEEN {
        for (other, expected) in [(b"some", None), (b"none", Some("name-twice"))] {
            for check in [false, true] {
                let mut stand = Stand::forcing();
                stand.landing.check = check;
                for _ in 0..2 {
                    let mut sources = vec![Source::file("a", b"some")];
                    sources.extend(others(between));
                    sources.push(elsewhere(Source::file("a", other)));
                    let went = stand.put(Sender::of(sources));
                    let codes = went.codes();
                    assert_eq!(codes.get("a").map(String::as_str), expected);
                    assert_eq!(stand.read("a"), b"some");
                }
            }
        }
    }
}

#[test]
fn a_drop_box_knows_its_own_names() {
    for between in BETWEEN {
        let mut stand = Stand::new();
        stand.landing.sees_nothing = true;
        let mut sources = vec![Source::file("a", b"some"), Source::file("b", b"some")];
        sources.extend(others(between));
        sources.push(Source::file("a", b"some"));
        sources.push(Source::file("b", b"more!"));
        let went = stand.put(Sender::of(sources));
        assert_eq!((went.well().same, went.well().refused), (1, 1));
        assert_eq!(went.codes()["b"], "name-twice");
    }
}

#[test]
fn a_file_and_a_folder_of_one_name_do_not_both_come() {
    for between in BETWEEN {
        let folder = || vec![Source::folder("n"), Source::file("n/a", b"a")];
        let file = || vec![Source::file("n", b"file")];
        for (first, second) in [(file(), folder()), (folder(), file())] {
            let stand = Stand::forcing();
            for _ in 0..2 {
                let mut sources = first.clone();
                sources.extend(others(between));
                sources.extend(second.clone());
                let went = stand.put(Sender::of(sources));
                let report = went.well();
                assert_eq!(report.refused, second.len() as u64, "{:?}", went.told);
                assert_eq!(went.codes()["n"], "name-twice");
                assert_eq!(stand.path("n").is_dir(), first.len() == 2);
            }
        }
    }
}

/// They are one file in the folder, and two names: each is replaced for itself.
#[test]
fn two_names_of_one_file_are_two() {
    let stand = Stand::forcing();
    stand.write("a", b"same");
    let time = UNIX_EPOCH + Duration::from_secs(5);
    let file = fs::File::options().write(true).open(stand.path("a"));
    let set = file.and_then(|file| file.set_modified(time));
    set.expect("it is ours");
    fs::hard_link(stand.path("a"), stand.path("b")).expect("a link");
    let went = stand.put(Sender::of(vec![
        Source::file("a", b"same").mtime(5, 0),
        Source::file("b", b"another").mtime(5, 0),
    ]));
    let report = went.well();
    assert_eq!((report.same, report.placed), (1, 1), "{:?}", went.told);
    assert_eq!(stand.read("a"), b"same");
    assert_eq!(stand.read("b"), b"another");
}
