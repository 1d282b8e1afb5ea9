//! Signals go to the program at once, whatever the streams wait for; what it makes of them is the end.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::io::{ioctl_fionbio, ioctl_fionread};
use rustix::process::Signal;

use crate::stand::{Fifo, Office, Process, clean, gone_within, held_pipe, private_pipe, until};

const SOON: Duration = Duration::from_secs(5);

/// Tells that it is there, and waits for a signal without end.
const WAIT: &str = "echo ready >&2; while :; do sleep 0.05; done";

const EACH: [(&str, Signal); 6] = [
    ("HUP", Signal::HUP),
    ("INT", Signal::INT),
    ("QUIT", Signal::QUIT),
    ("USR1", Signal::USR1),
    ("USR2", Signal::USR2),
    ("TERM", Signal::TERM),
];

#[test]
fn what_the_program_makes_of_a_signal_is_the_end() {
    let office = Office::open();
    for (name, signal) in EACH {
        let script = format!("trap 'echo {name}; exit 5' {name}; {WAIT}");
        let client = Process::start(office.script(&script, &[]));
        client.says("ready");
        client.signal(signal);
        let finished = client.finish();
        assert_eq!((finished.code, finished.text()), (5, format!("{name}\n")));
        // A program that does not heed it ends by it.
        let client = Process::start(office.script("echo ready >&2; exec sleep 100", &[]));
        client.says("ready");
        client.signal(signal);
        assert_eq!(client.finish().code, 128 + signal.as_raw(), "{name}");
    }
}

#[test]
fn a_signal_does_not_wait_behind_input_that_the_program_does_not_read() {
    let office = Office::open();
    let (from, to) = private_pipe();
    ioctl_fionbio(&to, true).expect("a pipe has modes");
    let mut command = office.script(&format!("trap 'exit 5' TERM; {WAIT}"), &[]);
    command
        .stdin(from)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let client = Process::start_as_it_is(command);
    client.says("ready");
    fill(File::from(to));
    client.signal(Signal::TERM);
    assert_eq!(client.finish().code, 5);
}

/// Writes until nobody has taken anything for a while.
fn fill(mut to: File) {
    let (piece, mut refused, mut taken) = (vec![0; 64 * 1024], 0, 0);
    until("a full pipe", || {
        match to.write(&piece) {
            Ok(count) => (refused, taken) = (0, taken + count),
            Err(_) => refused += 1,
        }
        (refused > 40).then_some(())
    });
    assert!(taken > 256 * 1024, "the window was used: {taken}");
    // It stays open: the program's input has no end.
    std::mem::forget(to);
}

#[test]
fn a_signal_and_stderr_do_not_wait_behind_output_that_nobody_reads() {
    let office = Office::open();
    let script = r#"trap 'echo caught >&2; kill $!; exit 5' TERM; yes & echo ready >&2; wait"#;
    let mut command = office.script(script, &[]);
    let reader = held_pipe(&mut command);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let client = Process::start_as_it_is(command);
    client.says("ready");
    // The program says that it is ready before its child has written anything.
    until("its output fills the pipe", || {
        ioctl_fionread(&reader)
            .is_ok_and(|count| count > 4096)
            .then_some(())
    });
    client.signal(Signal::TERM);
    client.says("caught");
    let mut all = Vec::new();
    File::from(reader)
        .read_to_end(&mut all)
        .expect("a pipe can be read");
    assert!(all.len() > 4096, "{}", all.len());
    assert_eq!(client.finish().code, 5);
}

#[test]
fn what_was_ignored_from_the_start_stays_ignored() {
    let office = Office::open();
    let mut command = Command::new("sh");
    command.args(["-c", r#"trap '' INT; exec "$@""#, "sh"]);
    let script = format!("trap 'echo int' INT; trap 'echo usr' USR1; trap 'exit 5' TERM; {WAIT}");
    let exec = office.script(&script, &[]);
    command.arg(exec.get_program()).args(exec.get_args());
    command.env("LANDLINE_HOME", office.caller().config_folder());
    let client = Process::start(command);
    client.says("ready");
    client.signal(Signal::INT);
    client.signal(Signal::USR1);
    client.shows("usr");
    client.signal(Signal::TERM);
    let finished = client.finish();
    assert_eq!((finished.code, finished.text().as_str()), (5, "usr\n"));
}

#[test]
fn ctrl_c_or_sigterm_twice_ends_what_does_not_heed_it() {
    let office = Office::open();
    for signal in [Signal::INT, Signal::TERM] {
        let client = Process::start(office.script(&format!("trap '' INT TERM; {WAIT}"), &[]));
        client.says("ready");
        press_until_told(&client, signal);
        let finished = client.finish();
        assert_eq!(finished.code, 137, "{signal:?}: {}", finished.err);
        clean(&finished.err);
    }
}

#[test]
fn ctrl_c_or_sigterm_three_times_waits_for_nothing() {
    for signal in [Signal::INT, Signal::TERM] {
        let office = Office::open();
        let mut pids = Fifo::new(office.folder(), "pids");
        let script =
            r#"trap '' INT TERM; echo $$ > "$1"; echo ready >&2; while :; do sleep 1; done"#;
        let client = Process::start(office.script(script, &[&pids.name]));
        let program = pids.process_id();
        client.says("ready");
        // Nothing is heard of the server any more, as when the network is gone.
        office.server.signal(Signal::STOP);
        press_until_told(&client, signal);
        until("its end", || {
            press(&client, signal);
            client.ends_within(Duration::ZERO).then_some(())
        });
        assert_eq!(client.finish().code, 128 + signal.as_raw());
        office.server.signal(Signal::CONT);
        assert!(gone_within(program, SOON));
    }
}

/// Presses Ctrl-C as a person does until landline says that the command is being ended.
fn press_until_told(client: &Process, signal: Signal) {
    until("the word about it", || {
        press(client, signal);
        client.said().contains("Ctrl-C").then_some(())
    });
}

fn press(client: &Process, signal: Signal) {
    client.signal(signal);
    // sleeps: as long as a finger takes; presses closer together are one.
    thread::sleep(Duration::from_millis(150));
}
