//! How a run ends when it does not end well: a sentence of the catalogue and an exit status.

use std::process::ExitCode;

use super::ui::Ui;
use super::words::Values;

/// Wrong usage: what was asked for makes no sense, or is not there yet.
const USAGE: u8 = 2;
/// landline itself failed: the line, the peer, the system.
const FAILED: u8 = 255;
/// 128 and SIGINT: the person interrupted.
const INTERRUPTED: u8 = 130;
/// 128 and SIGPIPE: the reader of our output left.
const PIPE_CLOSED: u8 = 141;

/// Why the program ends early.
#[derive(Debug)]
pub(crate) struct Ending {
    status: u8,
    sentence: Option<(&'static str, Values)>,
}

impl Ending {
    /// Ends with the status of wrong usage and the sentence `key`.
    pub(crate) fn usage(key: &'static str) -> Self {
        Self {
            status: USAGE,
            sentence: Some((key, Values::new())),
        }
    }

    /// Ends with the status of a failure of landline's own and the sentence `key`.
    pub(crate) fn failed(key: &'static str) -> Self {
        Self {
            status: FAILED,
            sentence: Some((key, Values::new())),
        }
    }

    /// Ends with a status that says more than that, as a shell's 127, and the sentence `key`.
    pub(crate) fn exits(status: u8, key: &'static str) -> Self {
        Self {
            status,
            sentence: Some((key, Values::new())),
        }
    }

    /// Ends as a failure of which everything has been said.
    pub(crate) fn failed_and_said() -> Self {
        Self {
            status: FAILED,
            sentence: None,
        }
    }

    /// Ends because the person said so.
    pub(crate) fn interrupted() -> Self {
        Self::quietly(INTERRUPTED)
    }

    /// Ends with a status of which there is nothing to say.
    pub(crate) fn quietly(status: u8) -> Self {
        Self {
            status,
            sentence: None,
        }
    }

    /// Ends because standard output could not be written: quietly when its reader left.
    pub(crate) fn output(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::quietly(PIPE_CLOSED);
        }
        Self::failed("output-failed").with("error", error)
    }

    /// Ends because standard input could not be read.
    pub(crate) fn input(error: std::io::Error) -> Self {
        Self::failed("input-failed").with("error", error)
    }

    /// The same ending with a value that its sentence names.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Some((_, values)) = &mut self.sentence {
            values.push((name, value.to_string()));
        }
        self
    }

    /// The same ending with more values.
    pub(crate) fn with_all(mut self, more: Values) -> Self {
        if let Some((_, values)) = &mut self.sentence {
            values.extend(more);
        }
        self
    }

    /// The exit status.
    pub(crate) fn status(&self) -> u8 {
        self.status
    }

    /// The sentence's key and values, if there is something to say.
    pub(crate) fn said(&self) -> Option<&(&'static str, Values)> {
        self.sentence.as_ref()
    }

    /// Says the sentence as a note: the program goes on.
    pub(crate) fn note(self, ui: &Ui) {
        if let Some((key, values)) = &self.sentence {
            ui.note(key, values);
        }
    }

    /// Says the sentence and gives the exit status.
    pub(crate) fn tell(self, ui: &Ui) -> ExitCode {
        if let Some((key, values)) = &self.sentence {
            ui.error(key, values);
        }
        ExitCode::from(self.status)
    }
}
