//! A source that changes under a transfer, or between two: never is anything placed that it never was.

use std::fs::{self, File, FileTimes};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::process::Signal;

use crate::stand::{
    Sharing, Way, check_no_litter, in_the_middle_of, much, objects, resumed_from, write,
};

/// More than all buffers on the way hold together, beside what has passed.
const SIZE: usize = 16 << 20;

/// What passes before it stands still.
const SOME: usize = 6 << 20;

/// What is done to a source, and how.
type Change = (&'static str, fn(&Path));

const CHANGES: [Change; 5] = [
    ("truncated", |path| {
        open(path).set_len(SIZE as u64 - 1).expect("it is ours")
    }),
    ("cut to nothing", |path| {
        open(path).set_len(0).expect("it is ours")
    }),
    ("grown", |path| {
        let mut file = File::options().append(true).open(path).expect("it is ours");
        file.write_all(b"more").expect("there is room");
    }),
    ("replaced", |path| {
        let other = path.with_extension("other");
        write(other.clone(), much(SIZE));
        fs::rename(other, path).expect("it is ours");
    }),
    ("touched", |path| {
        let times = FileTimes::new().set_modified(SystemTime::now() + Duration::from_secs(9));
        open(path).set_times(times).expect("it is ours");
    }),
];

fn open(path: &Path) -> File {
    File::options().write(true).open(path).expect("it is ours")
}

#[test]
fn a_source_that_changes_in_a_get_is_told_and_not_kept() {
    change_in_the_middle(Way::Get);
}

#[test]
fn a_source_that_changes_in_a_put_is_told_and_not_kept() {
    change_in_the_middle(Way::Put);
}

fn change_in_the_middle(way: Way) {
    for (what, change) in CHANGES {
        let stand = Sharing::open();
        let source = way.from(&stand, "large");
        write(source.clone(), much(SIZE));
        write(way.from(&stand, "other"), "other");
        let (moving, stall) = in_the_middle_of(&stand, way, SOME, &["large", "other"]);
        change(&source);
        stall.open();
        let ended = moving.finish();
        assert_eq!(ended.code, 255, "{way:?} {what}: {}", ended.err);
        let all = objects(&ended);
        let failed = all.iter().find(|object| object["event"] == "failed");
        let failed = failed.unwrap_or_else(|| panic!("{way:?} {what}: {all:?}"));
        assert_eq!(failed["name"], "large", "{way:?} {what}");
        assert_eq!(failed["code"], "source-changed", "{way:?} {what}: {failed}");
        let target = way.to(&stand, "large");
        assert!(!target.exists(), "{way:?} {what}");
        let other = fs::read(way.to(&stand, "other")).expect("it came all the same");
        assert_eq!(other, b"other", "{way:?} {what}");
        check_no_litter(&stand, way);
        stand.quietly(&[way.verb(), "office", "large", "other"]);
        let arrived = fs::read(target).expect("it is there");
        let sent = fs::read(source).expect("it is there");
        assert!(arrived == sent, "{way:?} {what}");
        check_no_litter(&stand, way);
    }
}

#[test]
fn a_source_that_changed_between_two_runs_begins_anew() {
    for way in Way::BOTH {
        let stand = Sharing::open();
        let source = way.from(&stand, "large");
        write(source.clone(), much(SIZE));
        let (moving, stall) = in_the_middle_of(&stand, way, SOME, &["large"]);
        moving.signal(Signal::KILL);
        assert_eq!(moving.finish().code, 137);
        drop(stall);
        // As if nothing had happened, as far as anybody but the kernel can tell.
        let before = fs::metadata(&source).expect("it is there");
        let bytes = much(SIZE);
        let mut file = open(&source);
        file.write_all(&bytes).expect("there is room");
        let times = FileTimes::new().set_modified(before.modified().expect("it has one"));
        file.set_times(times).expect("it is ours");
        drop(file);
        let again = stand.run(&[way.verb(), "office", "large", "--json"]).well();
        assert_eq!(resumed_from(&again), 0, "{way:?}");
        let arrived = fs::read(way.to(&stand, "large")).expect("it is there");
        assert!(arrived == bytes, "{way:?}");
        check_no_litter(&stand, way);
    }
}
