//! The stand of the tap: a program in Python at either end, and the real binary between them. It
//! sees the tap from outside only: what the far ends read, and what the tap says.

#[path = "../../tutorial/stand/folder.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod folder;
#[path = "../../tutorial/stand/plain.rs"]
mod plain;
#[path = "../../tutorial/stand/process.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod process;
#[path = "../../tutorial/stand/speech.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod speech;

pub(crate) use folder::{DATAGRAMS, Folder, STREAMS};
pub(crate) use plain::landline;
pub(crate) use process::{Finished, Process};
pub(crate) use speech::{clean, sentence, usage};

use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

/// How long a test waits for what must come, in all. Long, since the machine may be busy: what comes
/// in time costs none of it.
pub(crate) fn patience() -> Duration {
    Duration::from_secs(if long() { 600 } else { 60 })
}

/// True when the long form of a test is asked for (`LANDLINE_TEST_LONG=1`).
pub(crate) fn long() -> bool {
    long_minutes() > 0
}

/// How many minutes the long form of a soak takes: 1, or as `LANDLINE_TEST_LONG` says; 0 without it.
pub(crate) fn long_minutes() -> u64 {
    let value = std::env::var("LANDLINE_TEST_LONG").ok();
    value.and_then(|minutes| minutes.parse().ok()).unwrap_or(0)
}

/// One of the scripts of this test, on the system's Python.
pub(crate) fn python(script: &str, arguments: &[&str]) -> Command {
    plain::script_at(&format!("tap/{script}"), arguments)
}

/// Runs landline to its end.
pub(crate) fn run(arguments: &[&str]) -> Finished {
    Process::start(landline(arguments)).finish()
}

/// A program that listens: its process and where.
pub(crate) struct Listening {
    pub(crate) process: Process,
    pub(crate) address: String,
}

impl Listening {
    #[track_caller]
    pub(crate) fn of(command: Command) -> Self {
        Self::started(Process::start(command))
    }

    /// One that was started already.
    #[track_caller]
    pub(crate) fn started(process: Process) -> Self {
        let line = process.says("listening");
        let event = serde_json::from_str::<serde_json::Value>(&line);
        let address = match &event {
            Ok(event) => event["address"].as_str().unwrap_or_default(),
            Err(_) => line.rsplit(' ').next().unwrap_or_default(),
        };
        let address = address.to_owned();
        Self { process, address }
    }

    /// A script that plays the target, word by word.
    #[track_caller]
    pub(crate) fn target(address: &str, words: &[&str]) -> Self {
        Self::of(python("peer.py", &[&["listen", address], words].concat()))
    }

    /// A tap on a free place of the same family as `target`.
    #[track_caller]
    pub(crate) fn tap(folder: &Folder, target: &str, options: &[&str]) -> Self {
        let family = [
            "tcp://[::1]:0",
            "tcp://127.0.0.1:0",
            "udp://[::1]:0",
            "udp://127.0.0.1:0",
        ]
        .into_iter()
        .find(|family| target.starts_with(&family[..family.len() - 1]));
        let family = family.unwrap_or(target.split(':').next().unwrap_or_default());
        let listen = folder.address(family);
        Self::of(landline(&[&["tap", &listen, target], options].concat()))
    }

    /// Asks it to stop, and takes what it wrote.
    #[track_caller]
    pub(crate) fn stop(self) -> Finished {
        self.process.signal(Signal::TERM);
        let finished = self.process.finish();
        clean(&finished.err);
        assert_eq!(finished.code, 0, "{}", finished.err);
        finished
    }
}

/// A script that plays a client, to its end: what it read.
#[track_caller]
pub(crate) fn call(address: &str, words: &[&str]) -> String {
    let client = Process::start(python("peer.py", &[&["call", address], words].concat()));
    let finished = client.finish();
    assert_eq!(finished.code, 0, "{}", finished.err);
    finished.text()
}

/// What a target's script read, once it has ended.
#[track_caller]
pub(crate) fn seen(target: Listening) -> String {
    let finished = target.process.finish();
    assert_eq!(finished.code, 0, "{}", finished.err);
    finished.text()
}
