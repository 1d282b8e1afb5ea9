//! Each move, seen from outside: what the reads of the far script were. Gaps are wide here, so that a
//! busy machine does not join what was split.

use std::time::{Duration, Instant};

use crate::stand::{Folder, Listening, STREAMS, call, seen};

/// What the target read of `said`, one send, under `options`.
#[track_caller]
fn read_by_target(family: &str, options: &[&str], said: &[&str]) -> String {
    let folder = Folder::new();
    let target = Listening::target(&folder.address(family), &["all"]);
    let tap = Listening::tap(&folder, &target.address, options);
    call(&tap.address, said);
    let text = seen(target);
    tap.stop();
    text
}

/// What the client read of `said`, one send of the target, under `options`.
#[track_caller]
fn read_by_client(options: &[&str], said: &[&str]) -> String {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", said);
    let tap = Listening::tap(&folder, &target.address, options);
    let text = call(&tap.address, &["all"]);
    tap.stop();
    text
}

#[test]
fn a_write_comes_in_pieces() {
    for family in STREAMS {
        let read = read_by_target(family, &["--split", "3,150ms"], &["say=abcdefgh"]);
        assert_eq!(read, "b'abc'\nb'def'\nb'gh'\nend\n", "{family}");
        let read = read_by_target(family, &["--split-at", "1,150ms"], &["say=abcdefgh"]);
        assert_eq!(read, "b'a'\nb'bcdefgh'\nend\n", "{family}");
    }
}

#[test]
fn a_move_for_one_direction_leaves_the_other_alone() {
    for options in [
        ["--split", "to-client:3,150ms", "--show", "1"],
        ["--split", "3,150ms", "--only", "to-client"],
    ] {
        let read = read_by_client(&options, &["say=abcdef", "close"]);
        assert_eq!(read, "b'abc'\nb'def'\nend\n");
        let read = read_by_target("tcp://127.0.0.1:0", &options, &["say=abcdef"]);
        assert_eq!(read, "b'abcdef'\nend\n");
    }
}

#[test]
fn neighbours_come_in_one_read() {
    // Each waits for an answer to the other's: without the tap they would be two reads.
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["hear", "all"]);
    let tap = Listening::tap(&folder, &target.address, &["--join", "to-server:400ms"]);
    call(&tap.address, &["say=one", "say=two", "end", "all"]);
    assert_eq!(seen(target), "b'onetwo'\nend\n");
    tap.stop();
    let split_and_joined = ["--join-at", "to-server:3,5s"];
    let read = read_by_target("unix", &split_and_joined, &["say=one", "say=two", "say=3"]);
    assert!(read.starts_with("b'onetwo"), "{read}");
}

#[test]
fn what_is_late_comes_late() {
    for options in [
        &["--delay", "to-server:300ms"][..],
        &["--rate", "to-server:20"],
    ] {
        let began = Instant::now();
        let read = read_by_target("tcp://127.0.0.1:0", options, &["say=abcdef", "end", "all"]);
        assert_eq!(read, "b'abcdef'\nend\n", "{options:?}");
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(300), "{options:?}: {took:?}");
    }
    let jitter = ["--jitter", "to-server:50ms", "--seed", "3"];
    let read = read_by_target("tcp://127.0.0.1:0", &jitter, &["say=abc", "say=def"]);
    assert_eq!(read.replace("'\nb'", ""), "b'abcdef'\nend\n");
}

#[test]
fn a_direction_is_cut() {
    let read = read_by_client(&["--cut", "to-client:4"], &["say=abcdefgh", "hear"]);
    assert_eq!(read, "b'abcd'\nend\n");
    let folder = Folder::new();
    let words = ["hear=4", "hear", "say=still here", "close"];
    let target = Listening::target("tcp://127.0.0.1:0", &words);
    let tap = Listening::tap(&folder, &target.address, &["--cut", "to-server:4"]);
    let read = call(&tap.address, &["say=abcdefgh", "all"]);
    assert_eq!(read, "b'still here'\nend\n", "the way back stays");
    assert_eq!(seen(target), "b'abcd'\nend\n");
    let said = tap.stop().text();
    assert!(said.contains("4 bytes came behind the cut"), "{said}");
}

#[test]
fn a_connection_is_reset_for_both() {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["hear=1", "say=abcdefgh", "all"]);
    let tap = Listening::tap(&folder, &target.address, &["--reset", "to-client:4"]);
    let read = call(&tap.address, &["say=x", "all"]);
    assert_eq!(read, "b'abcd'\nreset\n");
    assert_eq!(seen(target), "b'x'\nreset\n");
    tap.stop();
}

#[test]
fn a_direction_stalls_and_nothing_is_closed() {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["hear=4", "say=back", "all"]);
    let tap = Listening::tap(&folder, &target.address, &["--stall", "to-server:4"]);
    let read = call(&tap.address, &["say=abcdefgh", "hear", "say=more"]);
    assert_eq!(read, "b'back'\n", "the way back stays");
    tap.process.shows("nothing passes any more");
    // It ends with the tap, not before.
    tap.stop();
    let text = seen(target);
    assert!(text.starts_with("b'abcd'\n"), "{text}");
}
