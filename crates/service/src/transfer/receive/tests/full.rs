//! Disks that are full, at every stage. Only root can make one.

use std::fs::File;

use landline_frame::landline1::Answer;

use super::sender::{Sender, Source};
use super::small_disk::SmallDisk;
use super::*;

const GROUP: usize = 1024 * 1024;

fn on_disk(options: &str) -> Option<(SmallDisk, Stand)> {
    let disk = SmallDisk::new(options)?;
    let mut stand = Stand::new();
    stand.to = disk.path().to_owned();
    Some((disk, stand))
}

/// Takes all but so many bytes.
fn fill(stand: &Stand, free: u64) {
    let handle = File::open(&stand.to).expect("it is there");
    let found = rustix::fs::fstatvfs(&handle).expect("it tells");
    let filler = vec![1; usize::try_from(found.f_bavail * found.f_frsize - free).expect("it fits")];
    stand.write("filler", &filler);
}

#[test]
fn a_large_file_is_refused_before_a_byte_comes() {
    let Some((_disk, stand)) = on_disk("size=16m") else {
        return;
    };
    let went = stand.put(Sender::of(vec![
        Source::file("a", &bytes(9 * GROUP, 1)),
        // Each would fit alone.
        Source::file("b", &bytes(9 * GROUP, 2)),
        Source::file("c", &bytes(2 * GROUP, 3)),
    ]));
    assert_eq!((went.well().placed, went.well().refused), (2, 1));
    assert_eq!(went.codes()["b"], "disk-full");
    assert_eq!(went.sender.sent(), 11 * GROUP as u64);
    // What is kept of a promise is free for others: a file that fails costs no room.
    let lost = Source::file("d", &bytes(4 * GROUP, 4)).ending(Ok([0; 32]));
    let went = stand.put(Sender::of(vec![lost, Source::file("e", &bytes(GROUP, 5))]));
    assert_eq!(went.done.expect("it goes to its end").placed, 1);
    assert_eq!(stand.listed(), ["a", "c", "e"]);
}

#[test]
fn small_files_fail_alone_and_leave_nothing() {
    let Some((_disk, stand)) = on_disk("size=2m") else {
        return;
    };
    fill(&stand, 200 * 1024);
    let sources = (0..20).map(|number| Source::file(number.to_string(), &bytes(20_000, number)));
    let went = stand.put(Sender::of(sources.collect()));
    let report = went.done.clone().expect("it goes to its end");
    assert!(report.placed > 5 && report.failed > 5, "{report:?}");
    assert!(
        went.codes().values().all(|code| code == "disk-full"),
        "{:?}",
        went.codes()
    );
    assert_eq!(stand.listed().len() as u64, report.placed + 1);
    assert_eq!(went.sender.ends.len(), 20);
    for number in 0..20 {
        if let Ok(found) = fs::read(stand.path(&number.to_string())) {
            assert!(found == bytes(20_000, number));
        }
    }
}

#[test]
fn a_part_stays_and_goes_on_when_there_is_room() {
    let Some((_disk, stand)) = on_disk("size=16m") else {
        return;
    };
    // A write that does not go in whole does not count.
    for (free, kept) in [(GROUP / 2, 0), (3 * GROUP, 2), (3 * GROUP + 200_000, 3)] {
        fill(&stand, free as u64);
        // It says that it takes next to nothing: nobody can know better.
        let source = || {
            let source = Source::file("a", &bytes(8 * GROUP, 1));
            source.with(|entry| entry.stored = Some(0))
        };
        let went = stand.put(Sender::of(vec![source(), Source::file("b", b"b")]));
        assert_eq!(went.codes()["a"], "disk-full");
        let told = format!("{:?}", went.sender.ends[0]);
        assert_eq!(told.contains("what came is kept"), kept > 0, "{told}");
        assert!(went.sender.sent() < 8 * GROUP as u64, "the sender stops");
        fs::remove_file(stand.path("filler")).expect("it is there");
        let went = stand.well(vec![source()]);
        let groups = match went.sender.haves[0].answer {
            Answer::Resume { groups, .. } => groups,
            _ => 0,
        };
        assert_eq!(groups, kept);
        assert!(stand.read("a") == bytes(8 * GROUP, 1));
        for name in ["a", "b"] {
            let _ = fs::remove_file(stand.path(name));
        }
        assert!(stand.listed().is_empty() && stand.journals().is_empty());
    }
}

#[test]
fn without_room_for_a_name_files_and_folders_fail_alone() {
    let Some((_disk, stand)) = on_disk("size=16m,nr_inodes=3") else {
        return;
    };
    // One is the folder's own.
    let went = stand.put(Sender::of(vec![
        Source::folder("d"),
        Source::file("d/a", b"a"),
        Source::folder("e"),
        Source::file("e/b", b"b"),
        Source::folder("f"),
        Source::file("f/c", b"c"),
        Source::file("g", &bytes(5 * GROUP, 1)),
    ]));
    assert!(went.done.is_ok());
    let codes = went.codes();
    for name in ["d/a", "e/b", "f", "g"] {
        assert_eq!(codes[name], "disk-full");
    }
    assert_eq!(codes["f/c"], "unwritable");
    assert_eq!(stand.listed(), ["d/", "e/"]);
    assert!(stand.journals().is_empty());
}

#[test]
fn a_full_home_only_means_that_nothing_is_resumed() {
    let Some(disk) = SmallDisk::new("size=64k") else {
        return;
    };
    let mut stand = Stand::new();
    stand.landing.journals = Some(disk.path().join("journals"));
    fs::create_dir(disk.path().join("journals")).expect("a folder");
    let filler = fs::write(disk.path().join("filler"), vec![1; 64 * 1024]);
    assert!(filler.is_err() || fs::write(disk.path().join("more"), b"x").is_err());
    stand.well(vec![Source::file("a", &bytes(8 * GROUP, 1))]);
    assert!(stand.read("a") == bytes(8 * GROUP, 1));
    assert_eq!(stand.listed(), ["a"]);
    assert!(stand.journals().is_empty());
}
