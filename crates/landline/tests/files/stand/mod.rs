//! The stand of files. It does not know how they go from one machine to another.

#[path = "../../tutorial/stand/folder.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod folder;
#[path = "../../tutorial/stand/process.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod process;
#[path = "../../tutorial/stand/speech.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod speech;

pub(crate) use folder::Folder;
pub(crate) use process::{Finished, Process};
pub(crate) use speech::sentence;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

/// How long a test waits for what must come, in all. Long, since the machine may be busy: what comes
/// in time costs none of it.
pub(crate) fn patience() -> Duration {
    Duration::from_secs(30)
}

/// A word of any bytes.
pub(crate) fn odd(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}
