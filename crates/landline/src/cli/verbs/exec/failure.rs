//! Why a command has no end of its own: to a person a sentence, to a script a code, and an exit status
//! as a shell has them.

use landline::CallError;
use landline::frame::landline1::{self, ArgsError, Code};

use crate::cli::arguments::ExecArguments;
use crate::cli::ending::Ending;
use crate::cli::verbs::secure;

/// As a shell says that a program is there and cannot be run, or not with so many words.
const CANNOT_RUN: u8 = 126;
/// As a shell says that a program is not there.
const NOT_FOUND: u8 = 127;

/// A command that failed, and who says so.
pub(super) struct Failure {
    pub(super) ending: Ending,
    /// The server's code; none where this end failed.
    pub(super) code: Option<String>,
}

impl From<Ending> for Failure {
    fn from(ending: Ending) -> Self {
        Self { ending, code: None }
    }
}

impl Failure {
    /// Why the call of what was typed has no result.
    pub(super) fn of(arguments: &ExecArguments, error: CallError) -> Self {
        match error {
            CallError::Failed(failure) => Self {
                ending: refused(arguments, &failure),
                code: Some(failure.code),
            },
            CallError::Words(ArgsError::TooLong | ArgsError::Count { .. }) => {
                too_long(arguments).into()
            }
            error => secure::call_ending(&arguments.place, error).into(),
        }
    }
}

fn refused(arguments: &ExecArguments, failure: &landline1::Failure) -> Ending {
    let host = &arguments.place;
    let ending = match Code::from_name(&failure.code) {
        Some(Code::ProgramMissing) => Ending::exits(NOT_FOUND, "exec-program-missing"),
        Some(Code::ProgramNotExecutable) => Ending::exits(CANNOT_RUN, "exec-not-executable"),
        Some(Code::TooLarge) => return too_long(arguments),
        Some(Code::DirMissing) => Ending::failed("exec-dir-missing"),
        Some(Code::EnvRefused) => Ending::failed("exec-env-refused"),
        Some(Code::NotGranted) => Ending::failed("exec-not-granted"),
        Some(Code::Unsupported) => Ending::failed("exec-not-offered"),
        _ => return secure::call_ending(host, CallError::Failed(failure.clone())),
    };
    let program = arguments.command.first();
    let program = program.map(|program| program.to_string_lossy().into_owned());
    ending
        .with("host", host)
        .with("program", program.unwrap_or_default())
        .with("dir", arguments.dir.as_deref().unwrap_or_default())
        .with("message", &failure.message)
}

fn too_long(arguments: &ExecArguments) -> Ending {
    Ending::exits(CANNOT_RUN, "exec-words-too-long").with("host", &arguments.place)
}
