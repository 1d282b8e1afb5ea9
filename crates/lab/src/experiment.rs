//! What an experiment is, and what it may use. It does not know which there are.

use std::io;

use crate::report::Report;

/// One question, and how the kernel is asked.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Its name, as it is typed.
    pub name: &'static str,
    /// The key of the question, for whoever has the words.
    pub question: &'static str,
    /// The key of what a reader may predict first: what to type, and of what sort.
    pub predict: &'static str,
    /// The key of the explanation, which names the facts of the report.
    pub explain: &'static str,
    /// The key of what to try next.
    pub next: &'static str,
    /// Keys of what is told about other systems, each with its source; not measured here.
    pub elsewhere: &'static [&'static str],
    /// Asks the kernel. It takes a few seconds at most, leaves nothing behind, and sends nothing
    /// beyond this machine.
    pub run: fn(&mut Bench) -> Result<Report, LabError>,
}

/// What an experiment works with.
#[derive(Debug, Default)]
pub struct Bench {
    /// Less of everything, for tests: the same in kind.
    pub is_quick: bool,
    /// What was captured is kept in the report, to be written to a file.
    pub keeps_packets: bool,
}

/// Why an experiment has no result.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A socket, a process or a thread could not be had.
    #[error("{what}: {error}")]
    System {
        /// What was tried, as in "listen on loopback".
        what: &'static str,
        /// Why not.
        error: io::Error,
    },
    /// The kernel did something that the experiment has no place for.
    #[error("{0}")]
    Unexpected(String),
}

impl LabError {
    /// For `map_err`: what was tried.
    pub fn of(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::System { what, error }
    }
}
