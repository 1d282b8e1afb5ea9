//! What files and folders have beside their bytes: bits, times, and how deep they lie.

use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::process::Signal;

use crate::stand::{Sharing, Way, check_no_litter, in_the_middle_of, much, tree, write};

/// How many folders lie in one another.
const LEVELS: usize = 200;

fn set(path: &Path, mode: u32, time: SystemTime) {
    let file = File::open(path).expect("it is there");
    let times = FileTimes::new().set_modified(time);
    file.set_times(times).expect("it is ours");
    let bits = Permissions::from_mode(mode);
    fs::set_permissions(path, bits).expect("it is ours");
}

/// Its bits, and when its content changed last.
fn seen(path: &Path) -> (u32, i64, i64) {
    let found = fs::metadata(path).expect("it is there");
    (found.mode() & 0o7777, found.mtime(), found.mtime_nsec())
}

#[test]
fn bits_and_times_are_kept_and_special_bits_dropped() {
    let old = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_007, 123_456_789);
    let before_all = SystemTime::UNIX_EPOCH - Duration::new(1_000_000, 0);
    let all: [(&str, u32, SystemTime); 9] = [
        ("docs/plain", 0o640, old),
        ("docs/runs", 0o755, before_all),
        ("docs/unread", 0o200, old),
        ("docs/setuid", 0o4755, old),
        ("docs/setgid", 0o2755, old),
        ("docs/open", 0o666, old),
        ("docs/large", 0o604, old),
        ("docs/shared", 0o3777, old),
        ("docs", 0o751, before_all),
    ];
    for way in Way::BOTH {
        let stand = Sharing::open();
        for (name, mode, time) in all {
            let path = way.from(&stand, name);
            match name {
                "docs" => {}
                "docs/shared" => fs::create_dir(&path).expect("a free name"),
                "docs/large" => write(path.clone(), much(5 << 20)),
                _ => write(path.clone(), name),
            }
            set(&path, mode, time);
        }
        stand.quietly(&[way.verb(), "office", "docs"]);
        for (name, mode, _) in all {
            let (_, seconds, nanoseconds) = seen(&way.from(&stand, name));
            let expected = (mode & 0o777, seconds, nanoseconds);
            assert_eq!(seen(&way.to(&stand, name)), expected, "{way:?} {name}");
        }
    }
}

#[test]
fn empty_ones_and_deep_ones_arrive() {
    let deep: PathBuf = std::iter::repeat_n("deep", LEVELS).collect();
    for way in Way::BOTH {
        let stand = Sharing::open();
        write(way.from(&stand, "all/empty"), "");
        fs::create_dir(way.from(&stand, "all/void")).expect("a free name");
        let bottom = way.from(&stand, "all").join(&deep);
        write(bottom.join("file"), "at the bottom");
        fs::create_dir(bottom.join("void")).expect("a free name");
        stand.quietly(&[way.verb(), "office", "all"]);
        let arrived = tree(&way.to(&stand, "all"));
        assert!(arrived == tree(&way.from(&stand, "all")), "{way:?}");
        assert_eq!(arrived.len(), LEVELS + 4);
    }
}

/// Folders of a transfer that was killed are finished by the next one.
#[test]
fn folders_are_as_they_were_whoever_was_killed() {
    let old = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_007, 123_456_789);
    for way in Way::BOTH {
        let stand = Sharing::open();
        write(way.from(&stand, "docs/in/large"), much(16 << 20));
        for (name, mode) in [("docs/in", 0o750), ("docs", 0o751)] {
            set(&way.from(&stand, name), mode, old);
        }
        let (moving, stall) = in_the_middle_of(&stand, way, 6 << 20, &["docs"]);
        moving.signal(Signal::KILL);
        assert_eq!(moving.finish().code, 137);
        drop(stall);
        stand.quietly(&[way.verb(), "office", "docs"]);
        for name in ["docs/in", "docs"] {
            let [from, to] = [way.from(&stand, name), way.to(&stand, name)].map(|it| seen(&it));
            assert_eq!(from, to, "{way:?} {name}");
        }
        check_no_litter(&stand, way);
    }
}
