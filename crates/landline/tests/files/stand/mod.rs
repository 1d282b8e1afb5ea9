//! The stand of files: an office with folders that it shares, a caller in a folder of its own, and what
//! stands in each. It does not know how files go from one to the other.

mod sharing;
mod stall;

#[path = "../../tutorial/stand/folder.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod folder;
#[path = "../../tutorial/stand/inside.rs"]
mod inside;
#[path = "../../secure/stand/office.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod office;
#[path = "../../tutorial/stand/process.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod process;
#[path = "../../secure/stand/programs.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod programs;
#[path = "../../tutorial/stand/speech.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod speech;
#[path = "../../tutorial/stand/stage.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod stage;

pub(crate) use folder::Folder;
#[allow(unused_imports, reason = "the tests of faults use it")]
pub(crate) use inside::inside;
pub(crate) use office::{Around, Office};
pub(crate) use process::{Finished, Process};
pub(crate) use programs::{held_pipe, until};
pub(crate) use sharing::{Sharing, objects, tree, write};
pub(crate) use speech::{clean, sentence};
pub(crate) use stage::at_a_terminal;
pub(crate) use stall::Stall;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

/// How long a test waits for what must come, in all. Long, since the machine may be busy: what comes
/// in time costs none of it. The long forms of tests do more, and get more.
pub(crate) fn patience() -> Duration {
    Duration::from_secs(if long() { 600 } else { 30 })
}

/// Whether the long forms of tests are asked for.
pub(crate) fn long() -> bool {
    std::env::var_os("LANDLINE_TEST_LONG").is_some_and(|value| value == "1")
}

/// A word of any bytes.
pub(crate) fn odd(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}
