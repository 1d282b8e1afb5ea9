//! The stand of the secure line: a server and a caller whose homes know each other as a test says, and
//! programs that are started, watched and ended. It does not know what they are asked.

mod office;
mod programs;

#[path = "../../tutorial/stand/fifo.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod fifo;
#[path = "../../tutorial/stand/folder.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod folder;
#[path = "../../tutorial/stand/inside.rs"]
mod inside;
#[path = "../../tutorial/stand/process.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod process;
#[path = "../../tutorial/stand/speech.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod speech;
#[path = "../../tutorial/stand/stage.rs"]
mod stage;

pub(crate) use fifo::Fifo;
pub(crate) use folder::Folder;
pub(crate) use office::Office;
pub(crate) use process::{Finished, Process, gone_within};
pub(crate) use programs::{anonymous_kib, feeding, held_pipe, no_input, private_pipe, until};
pub(crate) use speech::{clean, sentence};
pub(crate) use stage::at_a_terminal;

use std::time::Duration;

/// How long a test waits for what must come, in all. Long, since the machine may be busy: what comes
/// in time costs none of it. The long forms of tests do more, and get more.
pub(crate) fn patience() -> Duration {
    Duration::from_secs(if long() { 600 } else { 30 })
}

/// True when the long form of a test is asked for (`LANDLINE_TEST_LONG=1`).
pub(crate) fn long() -> bool {
    std::env::var_os("LANDLINE_TEST_LONG").is_some_and(|value| value == "1")
}
