//! Standard input, of whatever kind it is, goes to the program exactly, and never holds up the end.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::process::Stdio;

use crate::stand::{Office, Process, feeding, no_input, patience, sentence};

/// More than all buffers on the way hold together.
fn much() -> Vec<u8> {
    (0..3_000_000_u32)
        .map(|number| (number % 251) as u8)
        .collect()
}

#[test]
fn a_pipe_arrives_as_it_is() {
    let office = Office::open();
    for sent in [
        b"".to_vec(),
        b"hi\n".to_vec(),
        b"no newline\0\xff".to_vec(),
        much(),
    ] {
        let finished = Process::start(office.exec(&["cat"])).finish_with(sent.clone());
        assert!(finished.well().out == sent, "{} bytes", sent.len());
    }
}

#[test]
fn a_file_is_sent_from_where_it_stands() {
    let office = Office::open();
    let path = office.folder().file("input", much());
    let mut file = File::open(path).expect("it was just written");
    file.seek(SeekFrom::Start(1000)).expect("a file");
    let mut command = office.exec(&["cat"]);
    command
        .stdin(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let finished = Process::start_as_it_is(command).finish().well();
    assert!(finished.out == much()[1000..]);
}

#[test]
fn none_is_an_end_at_once() {
    let office = Office::open();
    // What the program has then is a readable standard input that is at its end.
    let script = "read word; echo $?; cat | wc -c; test -r /dev/stdin; echo $?";
    let mut null = office.script(script, &[]);
    null.stdin(Stdio::null());
    for mut command in [null, no_input(&office.script(script, &[]))] {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let finished = Process::start_as_it_is(command).finish().well();
        assert_eq!(finished.text(), "1\n0\n0\n");
    }
}

#[test]
fn input_that_stays_open_does_not_hold_up_the_end() {
    let office = Office::open();
    let mut silent = Process::start(office.exec(&["true"]));
    assert!(silent.ends_within(patience()));
    let mut begun = Process::start(office.exec(&["head", "-n1"]));
    begun.type_in("one\n");
    assert!(begun.ends_within(patience()));
    silent.end_input();
    assert_eq!(silent.finish().well().out, b"");
    assert_eq!(begun.finish().well().out, b"one\n");
}

#[test]
fn a_feeder_without_end_ends_with_the_program() {
    let office = Office::open();
    for script in ["head -c 5", "exec 0<&-; echo none"] {
        let mut command = office.script(script, &[]);
        let mut feeder = feeding("exec yes", &mut command);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let client = Process::start_as_it_is(command);
        assert!(client.ends_within(patience()), "{script}");
        client.finish().well();
        let status = feeder.wait().expect("it is our child");
        assert!(!status.success(), "the feeder found nobody to write to");
    }
}

#[test]
fn a_program_that_closes_its_input_runs_on() {
    let office = Office::open();
    let script = "exec 0<&-; echo closed; sleep 0.2; echo on";
    let finished = Process::start(office.script(script, &[])).finish_with(much());
    assert_eq!(finished.well().out, b"closed\non\n");
}

#[test]
fn input_that_cannot_be_read_is_no_end_of_it() {
    let office = Office::open();
    let folder = File::open("/").expect("it is there");
    let mut command = office.exec(&["cat"]);
    command
        .stdin(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let finished = Process::start_as_it_is(command).finish();
    assert_eq!((finished.code, finished.out.len()), (255, 0));
    assert!(
        sentence(&finished.err).contains("standard input"),
        "{}",
        finished.err
    );
}
