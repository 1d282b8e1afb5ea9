//! How a command ended is how landline ends, and whose word it was can be told apart.

use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;

use crate::stand::{Fifo, Office, Process, clean, gone_within, held_pipe, sentence};

/// A command's tree ends within a second of its line's end; the rest is the machine's.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn the_status_is_the_programs() {
    let office = Office::open();
    for status in [0, 1, 2, 42, 124, 126, 127, 130, 255] {
        let finished = office.ran(&["sh", "-c", &format!("exit {status}")]);
        assert_eq!((finished.code, &*finished.err), (status, ""));
    }
}

#[test]
fn a_signal_is_128_and_its_number() {
    let office = Office::open();
    for number in [1, 2, 6, 9, 11, 13, 15] {
        let finished = office.ran(&["sh", "-c", &format!("kill -{number} $$")]);
        assert_eq!((finished.code, &*finished.err), (128 + number, ""));
    }
}

#[test]
fn a_program_that_is_not_there_is_127_and_one_that_cannot_run_126() {
    let office = Office::open();
    let text = office.folder().file("text", "no program");
    let text = text.to_str().expect("a plain name");
    for (program, status) in [
        ("no-such-program", 127),
        ("./none", 127),
        ("text/none", 127),
        (text, 126),
        ("/", 126),
    ] {
        let finished = office.ran(&[program]);
        assert_eq!(
            (finished.code, finished.out.len()),
            (status, 0),
            "{program}"
        );
        assert!(
            sentence(&finished.err).contains(program),
            "{}",
            finished.err
        );
    }
}

#[test]
fn time_that_is_over_is_124() {
    let office = Office::open();
    let run = |script: &str| {
        office.run(&[
            "exec",
            "office",
            "--timeout",
            "200ms",
            "--",
            "sh",
            "-c",
            script,
        ])
    };
    let finished = run("echo before; exec sleep 100");
    assert_eq!((finished.code, &*finished.out), (124, &b"before\n"[..]));
    assert_eq!(finished.err, "");
    // Whatever the program makes of it.
    assert_eq!(
        run("trap 'exit 3' TERM; while :; do sleep 0.05; done").code,
        124
    );
    assert_eq!(run("exit 5").code, 5);
    let told = office.run(&[
        "-v",
        "exec",
        "office",
        "--timeout",
        "100ms",
        "--",
        "sleep",
        "100",
    ]);
    assert!(sentence(&told.err).contains("100ms"), "{}", told.err);
}

#[test]
fn a_server_that_dies_is_255() {
    let office = Office::open();
    let client = Process::start(office.script("echo ready; exec sleep 100", &[]));
    client.shows("ready");
    office.server.signal(Signal::KILL);
    let finished = client.finish();
    assert_eq!((finished.code, &*finished.out), (255, &b"ready\n"[..]));
    sentence(&finished.err);
}

#[test]
fn a_server_that_stops_says_so() {
    let office = Office::open();
    let client = Process::start(office.script("echo ready; exec sleep 100", &[]));
    client.shows("ready");
    office.server.signal(Signal::TERM);
    let finished = client.finish();
    assert_ne!(finished.code, 0);
    clean(&finished.err);
}

#[test]
fn a_reader_who_leaves_ends_the_command_quietly() {
    let office = Office::open();
    let mut pids = Fifo::new(office.folder(), "pids");
    let script = r#"trap '' PIPE; echo $$ > "$1"; while :; do echo y; done 2>/dev/null"#;
    let mut command = office.script(script, &[&pids.name]);
    let reader = held_pipe(&mut command);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let client = Process::start_as_it_is(command);
    let program = pids.process_id();
    drop(reader);
    let finished = client.finish();
    assert_eq!((finished.code, &*finished.err), (141, ""));
    assert!(gone_within(program, SOON));
}

#[test]
fn output_that_cannot_be_written_ends_the_command() {
    let office = Office::open();
    let full = OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let mut command = office.exec(&["yes"]);
    command
        .stdin(Stdio::null())
        .stdout(full)
        .stderr(Stdio::piped());
    let finished = Process::start_as_it_is(command).finish();
    assert_eq!(finished.code, 255);
    assert!(
        sentence(&finished.err).contains("standard output"),
        "{}",
        finished.err
    );
}
