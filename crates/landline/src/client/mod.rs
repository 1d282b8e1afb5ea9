//! The calling side of the tutorial's wire, for programs: a command and its reply, a file and its
//! check. Nothing here prints; what a person is told is the command line's matter.

mod command;
mod get;

pub use command::{CommandError, Commander};
pub use get::{Fault, FetchError, Fetched, Fetcher, Progress};
