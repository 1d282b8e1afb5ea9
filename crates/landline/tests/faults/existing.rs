//! What stands where files go: it is replaced in one step, and what cannot be replaced or written is
//! told while the others come.

use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};

use crate::stand::{
    Sharing, Way, are_own_mounts, check_no_litter, event, in_the_middle_of, mount, much, objects,
    sentence, unmount, write,
};

/// Reads a file again and again until told to stop: how often it was each of these, and never else.
fn read_on(path: PathBuf, states: [Vec<u8>; 2], stop: &AtomicBool) -> [u64; 2] {
    let mut seen = [0; 2];
    loop {
        let is_last = stop.load(Ordering::Acquire);
        let found = fs::read(&path).expect("there is always one");
        let which = states.iter().position(|state| *state == found);
        seen[which.expect("it is the old one or the new one")] += 1;
        if is_last {
            return seen;
        }
    }
}

/// What happens to the names in a folder (inotify(7)).
struct Changes(OwnedFd);

impl Changes {
    fn of(folder: &Path) -> Self {
        let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC);
        let watch = watch.expect("descriptors are to be had");
        let wanted = WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MODIFY
            | WatchFlags::MOVED_FROM
            | WatchFlags::MOVED_TO;
        inotify::add_watch(&watch, folder, wanted).expect("it is there");
        Self(watch)
    }

    /// What has happened to this one.
    fn of_name(&self, name: &str) -> Vec<ReadFlags> {
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut events = inotify::Reader::new(&self.0, &mut room);
        let mut found = Vec::new();
        while let Ok(event) = events.next() {
            let is_it = event
                .file_name()
                .is_some_and(|it| it.to_bytes() == name.as_bytes());
            found.extend(is_it.then(|| event.events()));
        }
        found
    }
}

#[test]
fn force_replaces_in_one_step() {
    for way in Way::BOTH {
        for size in [1000, 5 << 20] {
            let stand = Sharing::open();
            let (old, new) = (much(size), much(size + 1));
            write(way.from(&stand, "x"), &new);
            let target = way.to(&stand, "x");
            write(target.clone(), &old);
            let changes = Changes::of(&way.to(&stand, ""));
            let stop = AtomicBool::new(false);
            let seen = thread::scope(|scope| {
                let reading = scope.spawn(|| read_on(target, [old, new], &stop));
                stand.quietly(&[way.verb(), "office", "x", "--force"]);
                stop.store(true, Ordering::Release);
                reading.join().expect("it saw what it may")
            });
            assert!(
                seen.iter().all(|count| *count > 0),
                "{way:?} {size}: {seen:?}"
            );
            // What a reader may miss the kernel tells: the name was never without a file.
            assert_eq!(
                changes.of_name("x"),
                [ReadFlags::MOVED_TO],
                "{way:?} {size}"
            );
            check_no_litter(&stand, way);
        }
    }
}

#[test]
fn a_folder_that_is_read_only_is_told() {
    if !are_own_mounts(module_path!(), "a_folder_that_is_read_only_is_told") {
        return;
    }
    for way in Way::BOTH {
        let stand = Sharing::open();
        for name in ["docs/a", "docs/large", "last"] {
            let size = if name == "docs/large" { 5 << 20 } else { 10 };
            write(way.from(&stand, name), much(size));
        }
        let docs = way.to(&stand, "docs");
        fs::create_dir(&docs).expect("a free name");
        let same = docs.to_str().expect("a plain name");
        mount(&["--bind", same], &docs);
        mount(&["-o", "remount,ro,bind"], &docs);
        let moved = stand.run(&[way.verb(), "office", "docs", "last", "--json"]);
        assert_eq!(moved.code, 255, "{}", moved.err);
        let all = objects(&moved);
        let failed = all.iter().filter(|object| object["event"] == "failed");
        let codes = failed.map(|it| ["name", "code"].map(|key| it[key].as_str()));
        let mut codes: Vec<_> = codes.collect();
        codes.sort();
        let unwritable = |name| [Some(name), Some("unwritable")];
        let expected = ["docs/a", "docs/large"].map(unwritable);
        assert_eq!(codes, expected, "{way:?}");
        assert!(way.to(&stand, "last").exists(), "{way:?}");
        let again = stand.run(&[way.verb(), "office", "docs/a", "--to", "docs", "-q"]);
        assert_eq!(again.code, 255);
        let said = sentence(&again.err);
        assert!(
            said.matches("cannot be written").count() == 1 && said.contains("ead-only"),
            "{said}"
        );
        unmount(&docs);
        check_no_litter(&stand, way);
        stand.quietly(&[way.verb(), "office", "docs", "last"]);
        check_no_litter(&stand, way);
    }
}

#[test]
fn a_folder_that_goes_away_in_the_middle_is_told() {
    for way in Way::BOTH {
        let stand = Sharing::open();
        let bytes = much(16 << 20);
        write(way.from(&stand, "docs/large"), &bytes);
        write(way.from(&stand, "docs/z"), "z");
        write(way.from(&stand, "last"), "last");
        let words = ["docs", "last"];
        let (moving, stall) = in_the_middle_of(&stand, way, 6 << 20, &words);
        fs::remove_dir_all(way.to(&stand, "docs")).expect("it is ours");
        stall.open();
        let ended = moving.finish();
        assert_eq!(ended.code, 255, "{way:?}: {}", ended.err);
        let failed = event(&ended, "failed");
        assert_eq!(failed["name"], "docs/large", "{way:?}");
        assert_eq!(failed["code"], "unwritable", "{way:?}");
        assert_eq!(fs::read(way.to(&stand, "last")).ok(), Some(b"last".into()));
        assert!(!way.to(&stand, "docs").exists(), "{way:?}");
        stand.quietly(&[way.verb(), "office", "docs", "last"]);
        let arrived = fs::read(way.to(&stand, "docs/large")).expect("it is there");
        assert!(arrived == bytes, "{way:?}");
        check_no_litter(&stand, way);
    }
}
