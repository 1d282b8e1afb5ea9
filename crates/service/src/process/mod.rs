//! Processes for services: each program gets a tree of its own, which wears a mark and is ended as
//! a whole. It does not know what the programs are for, or where their output goes.

mod census;
mod heeded;
mod mark;
#[cfg(test)]
pub(crate) mod presence;
mod start;
mod sweep;
mod trees;

pub(crate) use self::start::{Started, start, watch};
pub(crate) use self::trees::{Tree, Trees};

use std::time::Duration;

/// How long the output is kept open after a program's end for others that hold its pipes.
pub(crate) const HOLDERS_WAIT_MAX: Duration = Duration::from_secs(2);
