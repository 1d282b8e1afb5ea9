//! A transfer that is watched from outside: by its objects, and by what lies in the folder that it goes
//! to. It does not know what is done to it.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Chance, Finished, Process, Sharing, Stall, Way, objects, patience, until};

/// Bytes that repeat nowhere.
pub(crate) fn much(size: usize) -> Vec<u8> {
    let mut chance = Chance::new();
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        bytes.extend_from_slice(&chance.below(u64::MAX).to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// The parts in a folder and in those beneath.
pub(crate) fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(parts(&path));
        } else if path.as_os_str().as_bytes().ends_with(b".part") {
            found.push(path);
        }
    }
    found
}

/// How many bytes of parts lie in the folder that files go to.
pub(crate) fn part_bytes(stand: &Sharing, way: Way) -> u64 {
    let parts = parts(&way.to(stand, ""));
    let sizes = parts.iter().filter_map(|part| fs::metadata(part).ok());
    sizes.map(|metadata| metadata.len()).sum()
}

/// Neither a part nor a journal is left.
#[track_caller]
pub(crate) fn check_no_litter(stand: &Sharing, way: Way) {
    let parts = parts(&way.to(stand, ""));
    assert_eq!(parts, Vec::<PathBuf>::new());
    let journals = stand.at(way.receiver()).join("journals");
    let journals = fs::read_dir(journals).map_or(0, Iterator::count);
    assert_eq!(journals, 0, "a journal is left");
}

/// The first object of this event, which must be there.
#[track_caller]
pub(crate) fn event(finished: &Finished, event: &str) -> Value {
    let all = objects(finished);
    let found = all.iter().find(|object| object["event"] == event);
    found
        .unwrap_or_else(|| panic!("no {event}: {all:?}"))
        .clone()
}

/// How many bytes were there already when the only file began.
#[track_caller]
pub(crate) fn resumed_from(finished: &Finished) -> u64 {
    let started = event(finished, "started");
    started["resumed_from"].as_u64().expect("a number")
}

/// Whether at least a group of the only file was journaled.
pub(crate) fn has_groups(stand: &Sharing, way: Way) -> bool {
    // A header and a record.
    stand.journal_bytes(way.receiver()) >= 128 + 40
}

/// Waits until so many bytes of a part are there, or the transfer has ended: without a pause, since a
/// whole file comes within few of them.
#[track_caller]
pub(crate) fn until_part(stand: &Sharing, way: Way, bytes: u64, moving: &Process) {
    let deadline = Instant::now() + patience();
    while part_bytes(stand, way) < bytes.max(1) && !moving.ends_within(Duration::ZERO) {
        assert!(Instant::now() < deadline, "no part of {bytes} bytes comes");
        thread::yield_now();
    }
}

/// The verb for `large` over a way on which `bytes_max` pass until it is opened, standing in the middle
/// with groups that count.
#[track_caller]
pub(crate) fn in_the_middle(stand: &Sharing, way: Way, bytes_max: usize) -> (Process, Stall) {
    in_the_middle_of(stand, way, bytes_max, &["large"])
}

/// The same for these files.
#[track_caller]
pub(crate) fn in_the_middle_of(
    stand: &Sharing,
    way: Way,
    bytes_max: usize,
    words: &[&str],
) -> (Process, Stall) {
    let stall = stand.stalled(bytes_max);
    let words = [&[way.verb(), "stalled", "--json"], words].concat();
    let moving = Process::start(stand.landline(&words));
    moving.shows("\"started\"");
    until("groups that count", || has_groups(stand, way).then_some(()));
    (moving, stall)
}
