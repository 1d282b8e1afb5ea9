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
                let too_long = Ending::exits(CANNOT_RUN, "exec-words-too-long");
                too_long.with("host", &arguments.place).into()
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
        Some(Code::TooLarge) => Ending::exits(CANNOT_RUN, "exec-words-too-long"),
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Verb};

    #[test]
    fn the_status_is_as_a_shell_has_it() {
        let line = ["landline", "exec", "office", "--", "prog"];
        let parsed = Arguments::try_parse_from(line).expect("a good line");
        let Verb::Exec(arguments) = parsed.verb else {
            panic!("exec")
        };
        let check = |code: &str, status: u8, key: &str| {
            let failure = landline1::Failure {
                code: code.to_owned(),
                message: String::new(),
                retry: false,
            };
            let failure = Failure::of(&arguments, CallError::Failed(failure));
            assert_eq!(failure.code.as_deref(), Some(code));
            assert_eq!(failure.ending.status(), status, "{code}");
            let (said, _) = failure.ending.said().expect("it says why");
            assert_eq!(*said, key);
        };
        check("program-missing", 127, "exec-program-missing");
        check("program-not-executable", 126, "exec-not-executable");
        check("too-large", 126, "exec-words-too-long");
        check("dir-missing", 255, "exec-dir-missing");
        check("env-refused", 255, "exec-env-refused");
        check("not-granted", 255, "exec-not-granted");
        check("unsupported", 255, "exec-not-offered");
        check("busy", 255, "call-failed");
        check("of-a-later-version", 255, "call-failed");
        let words = Failure::of(&arguments, CallError::Words(ArgsError::TooLong));
        assert_eq!((words.ending.status(), words.code), (126, None));
    }
}
