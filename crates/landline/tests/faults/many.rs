//! Many small files, interrupted by a sudden death: those that came stand whole, and are not sent again.

use std::fs;

use rustix::process::Signal;

use crate::stand::{Chance, Process, Sharing, Way, check_no_litter, event, tree, until, write};

const FILES: u64 = 2000;
const FOLDERS: u64 = 50;

#[test]
fn a_get_of_many_files_goes_on_after_a_kill() {
    go_on(Way::Get);
}

#[test]
fn a_put_of_many_files_goes_on_after_a_kill() {
    go_on(Way::Put);
}

fn go_on(way: Way) {
    let stand = Sharing::open();
    for number in 0..FILES {
        let path = format!("many/{}/{number}", number % FOLDERS);
        write(way.from(&stand, path), format!("{number}\n").repeat(20));
    }
    let mut chance = Chance::new();
    let wanted = 1 + chance.below(FILES / 2);
    let moving = Process::start(stand.landline(&[way.verb(), "office", "many", "-q"]));
    let target = way.to(&stand, "many");
    until("files", || (count(&stand, way) >= wanted).then_some(()));
    moving.signal(Signal::KILL);
    let code = moving.finish().code;
    assert!(code == 137 || code == 0, "{code}");
    let before = count(&stand, way);
    let again = stand.run(&[way.verb(), "office", "many", "--json"]);
    assert_eq!(again.code, 0, "{way:?}: {}", again.err);
    let done = event(&again, "done");
    let [files, same] = ["files", "same"].map(|name| done[name].as_u64().expect("a number"));
    assert_eq!(files + same, FILES, "{way:?}, of seed {}", chance.seed());
    assert!(same >= before, "{way:?}: {same} of {before} were the same");
    assert!(tree(&target) == tree(&way.from(&stand, "many")), "{way:?}");
    check_no_litter(&stand, way);
}

/// How many files have come.
fn count(stand: &Sharing, way: Way) -> u64 {
    let folders = fs::read_dir(way.to(stand, "many")).into_iter().flatten();
    let counts = folders.map(|folder| {
        let path = folder.expect("it can be read").path();
        fs::read_dir(path).map_or(0, Iterator::count) as u64
    });
    counts.sum()
}
