//! A server of a test, landline's or a script's: started on a free port, known by the `listening`
//! line of its stderr, ended with its test.

use std::process::Command;

use rustix::process::Signal;

use super::{Finished, Process, clean, landline, python};

/// A running server.
pub(crate) struct Server {
    /// The program.
    pub(crate) process: Process,
    /// Where it listens, as landline writes addresses.
    pub(crate) address: String,
}

impl Server {
    /// `landline listen ADDRESS SERVICE...`
    #[track_caller]
    pub(crate) fn listen(address: &str, service: &[&str]) -> Self {
        Self::of(landline(&[&["listen", address], service].concat()))
    }

    /// A script that listens: its first argument is the address.
    #[track_caller]
    pub(crate) fn python(script: &str, arguments: &[&str]) -> Self {
        Self::of(python(script, arguments))
    }

    /// Any command that says `listening ADDRESS` on stderr.
    #[track_caller]
    pub(crate) fn of(command: Command) -> Self {
        let process = Process::start(command);
        let line = process.says("listening ");
        let address = line
            .rsplit(' ')
            .next()
            .expect("a line has a last word")
            .to_owned();
        Self { process, address }
    }

    /// Asks it to stop, and takes what it wrote.
    #[track_caller]
    pub(crate) fn stop(self) -> Finished {
        self.process.signal(Signal::TERM);
        self.ended()
    }

    /// Waits for it to end by itself, and takes what it wrote, which must hold nothing of Rust's.
    #[track_caller]
    pub(crate) fn ended(self) -> Finished {
        let finished = self.process.finish();
        clean(&finished.err);
        finished
    }
}
