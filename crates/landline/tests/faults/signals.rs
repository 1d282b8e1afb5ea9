//! Signals in the middle of a file: a prompt end with a sentence, and the same command goes on.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use crate::stand::{
    Process, Sharing, Way, check_no_litter, held_pipe, in_the_middle, much, resumed_from, until,
    write,
};

/// As long as a person waits; the rest is the machine's.
const SOON: Duration = Duration::from_secs(5);

const SIZE: usize = 16 << 20;

#[test]
fn ctrl_c_and_sigterm_end_it_and_it_goes_on() {
    for way in Way::BOTH {
        for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            let stand = Sharing::open();
            let bytes = much(SIZE);
            write(way.from(&stand, "large"), &bytes);
            let (moving, stall) = in_the_middle(&stand, way, 6 << 20);
            moving.signal(signal);
            assert!(moving.ends_within(SOON), "{way:?} {status}");
            let ended = moving.finish();
            assert_eq!(ended.code, status, "{way:?}: {}", ended.err);
            assert!(
                ended.err.contains("goes on where it stopped"),
                "{}",
                ended.err
            );
            assert!(!way.to(&stand, "large").exists(), "{way:?}");
            drop(stall);
            let again = stand.run(&[way.verb(), "office", "large", "--json"]).well();
            assert!(resumed_from(&again) > 0, "{way:?} {status}");
            let arrived = fs::read(way.to(&stand, "large")).expect("it is there");
            assert!(arrived == bytes, "{way:?} {status}");
            check_no_litter(&stand, way);
        }
    }
}

#[test]
fn a_reader_that_leaves_in_the_middle_ends_it_quietly() {
    let stand = Sharing::open();
    write(stand.there("large"), much(SIZE));
    let mut command = stand.landline(&["get", "office", "large", "--to", "-"]);
    let reader = held_pipe(&mut command);
    command.stderr(std::process::Stdio::piped());
    let moving = Process::start_as_it_is(command);
    let waiting = || rustix::io::ioctl_fionread(&reader).is_ok_and(|bytes| bytes > 4096);
    until("bytes in the pipe", || waiting().then_some(()));
    let mut some = vec![0; 100_000];
    rustix::io::read(&reader, &mut some).expect("there are bytes");
    drop(reader);
    assert!(moving.ends_within(SOON));
    let ended = moving.finish();
    assert_eq!((ended.code, &*ended.err), (141, ""));
    check_no_litter(&stand, Way::Get);
    let listed = stand.run(&["ls", "office"]).well();
    assert_eq!(listed.text(), "large\n");
}
