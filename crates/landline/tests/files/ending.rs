//! How a transfer ends before its end: by Ctrl-C, by a reader that left, by a line that broke; and how
//! the same command goes on then.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::stand::{
    Process, Sharing, Stall, clean, held_pipe, objects, sentence, tree, until, write,
};

/// As long as a person waits for Ctrl-C to do something; the rest is the machine's.
const SOON: Duration = Duration::from_secs(5);

/// More than all buffers on the way hold together.
const MUCH: usize = 12 << 20;

/// Less than that, by more than a buffer.
const SOME: usize = 8 << 20;

/// A journal with some groups in it: a header and a few records.
const JOURNAL_BYTES: u64 = 256;

/// Bytes that differ from one MiB to the next.
fn much() -> Vec<u8> {
    let mut bytes = vec![0; MUCH];
    for (number, group) in bytes.chunks_mut(1 << 20).enumerate() {
        group.fill(number as u8);
        group[number] = 255;
    }
    bytes
}

/// A get to a pipe that nobody reads, once the pipe is full.
fn held(stand: &Sharing) -> (Process, std::os::fd::OwnedFd) {
    write(stand.there("large"), vec![7; MUCH]);
    let mut command = stand.landline(&["get", "office", "large", "--to", "-"]);
    let reader = held_pipe(&mut command);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let getting = Process::start_as_it_is(command);
    until("bytes in the pipe", || {
        rustix::io::ioctl_fionread(&reader)
            .is_ok_and(|count| count > 4096)
            .then_some(())
    });
    (getting, reader)
}

#[test]
fn ctrl_c_ends_it_at_once_whatever_it_waits_for() {
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let stand = Sharing::open();
        let (getting, reader) = held(&stand);
        getting.signal(signal);
        assert!(getting.ends_within(SOON));
        let finished = getting.finish();
        // A stream cannot go on: there is nothing to say.
        assert_eq!((finished.code, &*finished.err), (status, ""));
        drop(reader);
        // The server serves on.
        assert_eq!(stand.run(&["ls", "office"]).well().text(), "large\n");
    }
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let stand = Sharing::open();
    let (getting, reader) = held(&stand);
    drop(reader);
    let finished = getting.finish();
    assert_eq!((finished.code, &*finished.err), (141, ""));
}

/// A verb that stands in the middle of a large file; its objects go to a file.
fn in_the_middle(stand: &Sharing, verb: &str) -> (Process, Stall) {
    let stall = stand.stalled(SOME);
    let events = fs::File::create(stand.at("events")).expect("a place for it");
    let mut command = stand.landline(&[verb, "stalled", "large", "--json"]);
    command
        .stdin(Stdio::null())
        .stdout(events)
        .stderr(Stdio::piped());
    let process = Process::start_as_it_is(command);
    let receiver = if verb == "get" { "caller" } else { "server" };
    until("groups that count", || {
        (stand.journal_bytes(receiver) > JOURNAL_BYTES).then_some(())
    });
    (process, stall)
}

/// Waits until the server has noticed that a line is gone: what it holds, nobody else takes up.
fn let_go(stand: &Sharing) {
    until("an end of the line before", || {
        let status = stand.run(&["status", "office", "--json"]).well();
        let status: Value = serde_json::from_str(&status.text()).ok()?;
        (status["lines"] == 1).then_some(())
    });
}

/// The whole objects that were said so far.
fn events_of(stand: &Sharing) -> Vec<Value> {
    let text = fs::read_to_string(stand.at("events")).expect("objects are text");
    let whole = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
    let object = |line| serde_json::from_str(line).expect("a line is an object");
    whole.lines().map(object).collect()
}

#[test]
fn what_was_ended_in_the_middle_goes_on() {
    for verb in ["get", "put"] {
        let stand = Sharing::open();
        let (from, to) = (stand.there("large"), stand.here("large"));
        let (from, to) = if verb == "get" {
            (from, to)
        } else {
            (to, from)
        };
        write(from, much());
        let (process, stall) = in_the_middle(&stand, verb);
        process.signal(Signal::INT);
        let finished = process.finish();
        drop(stall);
        let_go(&stand);
        assert_eq!(finished.code, 130, "{verb}: {}", finished.err);
        let said: Value = serde_json::from_str(&finished.err).expect("an object");
        let message = said["message"].as_str().unwrap_or_default();
        assert!(
            message.contains("goes on where it stopped"),
            "{verb}: {said}"
        );
        assert!(!to.exists(), "{verb}");
        let last = events_of(&stand).pop().expect("an object");
        let last = ["event", "code", "status"].map(|name| last[name].clone());
        assert_eq!(json!(last), json!(["failed", "transfer-interrupted", 130]));
        let again = stand.run(&[verb, "office", "large", "--json"]).well();
        let all = objects(&again);
        let started = all.iter().find(|object| object["event"] == "started");
        let resumed = started.expect("it started")["resumed_from"].as_u64();
        assert!(
            resumed.is_some_and(|bytes| bytes > 0),
            "{verb}: {started:?}"
        );
        assert!(fs::read(&to).expect("it is there") == much(), "{verb}");
    }
}

#[test]
fn who_puts_again_takes_over_from_a_line_that_fell_silent() {
    let stand = Sharing::open();
    write(stand.here("large"), much());
    let (process, stall) = in_the_middle(&stand, "put");
    // The server cannot know that nothing more comes on the line before.
    let again = stand.run(&["put", "office", "large", "--json"]).well();
    let all = objects(&again);
    let started = all.iter().find(|object| object["event"] == "started");
    let resumed = started.expect("it started")["resumed_from"].as_u64();
    assert!(resumed.is_some_and(|bytes| bytes > 0), "{started:?}");
    assert!(fs::read(stand.there("large")).expect("it is there") == much());
    let first = process.finish();
    assert_eq!(first.code, 255);
    let said: Value = serde_json::from_str(&first.err).expect("an object");
    let message = said["message"].as_str().unwrap_or_default();
    assert!(message.contains("has taken it over"), "{said}");
    let last = events_of(&stand).pop().expect("an object");
    let last = ["event", "code", "by"].map(|name| last[name].clone());
    assert_eq!(json!(last), json!(["failed", "taken-over", "server"]));
    drop(stall);
    assert_eq!(tree(&stand.there("")).len(), 1, "no part is left");
}

#[test]
fn that_it_goes_on_is_told() {
    let stand = Sharing::open();
    write(stand.there("large"), much());
    let (process, stall) = in_the_middle(&stand, "get");
    process.signal(Signal::KILL);
    assert_eq!(process.finish().code, 137);
    drop(stall);
    let_go(&stand);
    let again = stand.run(&["get", "office", "large"]);
    assert_eq!(again.code, 0, "{}", again.err);
    clean(&again.err);
    let lines: Vec<&str> = again.err.lines().collect();
    assert!(lines[0].contains("large goes on after "), "{}", again.err);
    assert!(lines[1].contains("went over the line"), "{}", again.err);
    assert!(fs::read(stand.here("large")).expect("it is there") == much());
}

#[test]
fn a_line_that_breaks_is_told_with_what_to_do() {
    let stand = Sharing::open();
    write(stand.there("large"), much());
    let (process, stall) = in_the_middle(&stand, "get");
    stall.cut();
    let finished = process.finish();
    assert_eq!(finished.code, 255, "{}", finished.err);
    let last = events_of(&stand).pop().expect("an object");
    assert_eq!(
        (&last["event"], &last["by"]),
        (&"failed".into(), &"landline".into())
    );
    let lines: Vec<&str> = finished.err.lines().collect();
    assert!(
        lines[1].contains("goes on where it stopped"),
        "{}",
        finished.err
    );
}

#[test]
fn a_reader_of_objects_that_does_not_read_holds_up_no_end() {
    let stand = Sharing::open();
    for number in 0..200 {
        write(stand.there(format!("many/{number:0200}")), "");
    }
    let mut command = stand.landline(&["get", "office", "many", "--json"]);
    let reader = held_pipe(&mut command);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let getting = Process::start_as_it_is(command);
    until("a full pipe", || {
        rustix::io::ioctl_fionread(&reader)
            .is_ok_and(|count| count > 60_000)
            .then_some(())
    });
    getting.signal(Signal::INT);
    assert!(getting.ends_within(SOON));
    let finished = getting.finish();
    assert_eq!(finished.code, 130);
    assert!(
        sentence(&finished.err).contains("goes on where it stopped"),
        "{}",
        finished.err
    );
    drop(reader);
    // Objects are no part of what was asked for, and who takes them has left.
    let mut command = stand.landline(&["get", "office", "many", "--json", "--force"]);
    drop(held_pipe(&mut command));
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let finished = Process::start_as_it_is(command).finish();
    assert_eq!((finished.code, &*finished.err), (141, ""));
}

/// A pipe or a device in a folder is passed over; whoever named it is told that it did not come.
#[test]
fn what_was_named_and_is_no_file_has_not_come() {
    let stand = Sharing::open();
    for folder in [stand.here("in"), stand.there("at")] {
        fs::create_dir(&folder).expect("a free name");
        let pipe = folder.join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .expect("a free name");
    }
    for (verb, folder) in [("put", "in"), ("get", "at")] {
        let named = format!("{folder}/pipe");
        let finished = stand.run(&[verb, "office", &named, "-q"]);
        assert_eq!(finished.code, 255, "{verb}: {}", finished.err);
        let said = sentence(&finished.err);
        assert!(
            said.contains(&format!("{named} is a link, a device, a pipe")),
            "{said}"
        );
        for around in [folder.to_owned(), format!("{folder}/.")] {
            stand.quietly(&[verb, "office", &around]);
        }
    }
    stand.quietly(&["get", "office", "at/*"]);
}
