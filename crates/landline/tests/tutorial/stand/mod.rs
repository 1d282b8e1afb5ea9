//! The test stand: programs are started, watched, waited for and ended here, each wait with an end.
//! It knows how landline and the Python scripts are run, not what they say to each other.

mod fifo;
mod folder;
mod inside;
mod plain;
mod process;
mod server;
mod speech;
mod stage;
mod wire;

pub(crate) use fifo::Fifo;
pub(crate) use folder::{DATAGRAMS, Folder, STREAMS};
pub(crate) use plain::landline;
pub(crate) use process::{Finished, Process, gone_within};
pub(crate) use server::Server;
pub(crate) use speech::{clean, sentence, usage};
pub(crate) use stage::at_a_terminal;
pub(crate) use wire::{dial, far_end, reset, take, take_to_end};

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// How long a test waits for what must come, in all. Long, since the machine may be busy: what
/// comes in time costs none of it.
/// The long forms of tests do more, and get more.
pub(crate) fn patience() -> Duration {
    Duration::from_secs(if long() { 600 } else { 20 })
}

/// True when the long form of a test is asked for (`LANDLINE_TEST_LONG=1`).
pub(crate) fn long() -> bool {
    std::env::var_os("LANDLINE_TEST_LONG").is_some_and(|value| value == "1")
}

/// One of the scripts beside this file, on the system's Python.
pub(crate) fn python(script: &str, arguments: &[&str]) -> Command {
    plain::script_at(&format!("tutorial/{script}"), arguments)
}

/// The same command under a user who is neither root nor the one who runs the tests. Only root can.
pub(crate) fn as_nobody(command: &Command) -> Command {
    let mut nobody = python("as_nobody.py", &[]);
    nobody.arg(command.get_program()).args(command.get_args());
    // The home of the others may lie in a closed folder: nobody has none.
    nobody.env("LANDLINE_HOME", "/nonexistent");
    nobody
}

/// A copy of the binary where every user reaches it: the build may lie in a closed folder.
pub(crate) fn nobodys_landline(folder: &Folder) -> PathBuf {
    let copy = folder.path().join("landline");
    if !copy.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_landline"), &copy).expect("the folder takes a file");
    }
    copy
}

/// True when the tests run as root, without which no other user can be played.
pub(crate) fn root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Runs landline with `input` on its stdin, to its end.
pub(crate) fn run(arguments: &[&str], input: impl Into<Vec<u8>>) -> Finished {
    Process::start(landline(arguments)).finish_with(input)
}

/// Runs a script without input, to its end, which must be a good one, and gives what it printed.
pub(crate) fn script(script: &str, arguments: &[&str]) -> String {
    let finished = Process::start(python(script, arguments)).finish();
    assert_eq!(finished.code, 0, "{script} {arguments:?}: {}", finished.err);
    finished.text()
}
