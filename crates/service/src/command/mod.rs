//! `command`: one program on the secure line, with exact arguments, streams apart and an exact end.
//! It does not know which line the call came on, or whether the peer may run programs.

mod wire;

use std::time::Duration;

pub use self::wire::{
    CommandCall, CommandDone, CommandEnd, CommandError, CommandInput, CommandOutput,
    CommandRequest, Control, OutputStream,
};

/// The most bytes that one piece of output holds.
pub const CHUNK_BYTES_MAX: usize = 256 * 1024;

/// How long a program has between SIGTERM and SIGKILL, when it is cancelled or its time is over.
pub const KILL_GRACE: Duration = Duration::from_secs(1);
