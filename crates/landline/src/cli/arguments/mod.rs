//! What may be typed: the grammar of the command line, and nothing of what it means.

mod call;
mod exec;
mod get;
mod habits;
mod hunt;
mod id;
mod lab;
mod listen;
mod ls;
mod machine;
mod put;
mod serve;
mod tap;
mod transfer;
mod trust;
mod typed;
mod variables;

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use call::CallArguments;
pub(crate) use exec::{ByteOrder, ExecArguments};
pub(crate) use get::GetArguments;
pub(crate) use habits::{Colour, Habits};
pub(crate) use hunt::HuntArguments;
pub(crate) use id::IdArguments;
pub(crate) use lab::{EVERY, LabArguments};
pub(crate) use listen::{ListenArguments, ServiceName};
pub(crate) use ls::LsArguments;
pub(crate) use machine::{PairArguments, PingArguments, StatusArguments};
pub(crate) use put::PutArguments;
pub(crate) use serve::ServeArguments;
pub(crate) use tap::{MoveArguments, ShownAs, TapArguments};
pub(crate) use trust::{InviteArguments, TrustAct, TrustArguments};
pub(crate) use variables::{name as variable, read as with_variables};

const EXAMPLES: &str = "\
Examples:
  landline exec office -- df -h                    run a program on a machine that you trust
  landline get office reports --to inbox           fetch files and folders from it, verified
  landline put office notes.txt                    bring it some
  landline listen tcp://127.0.0.1:9000 echo        answer every client
  landline call tcp://127.0.0.1:9000               talk to it, a line at a time
  landline listen unix:/tmp/run.sock exec          run commands for those who may open the socket
  landline exec unix:/tmp/run.sock -- uname -a     run one
  landline listen tcp://127.0.0.1:9001 files --root .
  landline get tcp://127.0.0.1:9001 notes.txt      fetch one
  landline lab                                     see what sockets really do
  landline tap tcp://127.0.0.1:9100 tcp://127.0.0.1:9000    stand between two programs
";

const SETTINGS: &str = "\
What is typed is stronger than a variable, and that than the config file. Each long option has a
variable: LANDLINE_COLOR=never is --color never, LANDLINE_JSON=1 is --json. The config file is
config.toml in $LANDLINE_HOME, else in ~/.config/landline. Its keys are the long names of options:
  color = \"never\"       an option that every verb has
  [listen]              a table for each verb
  recv = 4096
";

/// Lets machines talk over sockets: commands, files, chat.
#[derive(Debug, Parser)]
#[command(name = "landline", version, before_help = EXAMPLES, after_help = SETTINGS,
    max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) habits: Habits,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

impl Arguments {
    /// What was typed; help, the version and wrong usage are errors.
    pub(crate) fn typed() -> Result<Self, clap::Error> {
        Self::of(&Self::grammar().try_get_matches()?)
    }

    /// The grammar with what the variables say.
    pub(crate) fn grammar() -> clap::Command {
        variables::read(Self::command())
    }

    /// The config file that was named in place of the usual one.
    pub(crate) fn config_file(&self) -> Option<&Path> {
        match &self.verb {
            Verb::Serve(serve) => serve.config.as_deref(),
            _ => None,
        }
    }

    /// What `matches` of this grammar say.
    pub(crate) fn of(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut arguments = Self::from_arg_matches(matches)?;
        match (&mut arguments.verb, matches.subcommand()) {
            (Verb::Listen(listen), Some((_, typed))) => listen.note_untyped(typed),
            (Verb::Exec(exec), Some((_, typed))) => exec.note_typed(typed),
            (Verb::Get(get), Some((_, typed))) => get.note_typed(typed),
            _ => {}
        }
        Ok(arguments)
    }
}

/// What landline is asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Answer machines that you trust
    Serve(ServeArguments),
    /// Make first contact with a machine
    Pair(PairArguments),
    /// Answer callers on a plain socket
    Listen(ListenArguments),
    /// Talk to the program at a plain socket, a line at a time
    Call(CallArguments),
    /// Stand between two programs: show the edges of what they say, and move them
    Tap(Box<TapArguments>),
    /// Run a program on a machine that you trust, or at a plain socket
    Exec(ExecArguments),
    /// Fetch files from a machine that you trust, or from a plain socket
    Get(GetArguments),
    /// Bring files to a machine that you trust
    Put(PutArguments),
    /// List files of a machine that you trust
    Ls(LsArguments),
    /// Measure round trips to a machine that you trust
    Ping(PingArguments),
    /// Ask a machine that you trust how it is
    Status(StatusArguments),
    /// Show who this machine is to others
    Id(IdArguments),
    /// Say who may do what here
    Trust(TrustArguments),
    /// Ask this machine's kernel what sockets do
    Lab(LabArguments),
    /// Print the completions for a shell
    #[command(before_help = "\
Examples:
  landline completions bash > ~/.local/share/bash-completion/completions/landline
  landline completions zsh  > ~/.zfunc/_landline
")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(before_help = "\
Examples:
  landline man | man -l -
")]
    Man,
    /// What the contract reserves and a later version brings.
    #[command(external_subcommand)]
    Later(Vec<OsString>),
}

/// Nobody waits for longer, and a moment so far away can still be counted: a hundred years.
const DURATION_MAX: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A duration as people write it: `500ms`, `2s`, `1m`.
fn duration(text: &str) -> Result<Duration, String> {
    let typed = humantime::parse_duration(text);
    typed
        .map(|typed| typed.min(DURATION_MAX))
        .map_err(|error| format!("{error}; write for example 500ms, 2s or 1m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn examples_come_first_in_every_help() {
        fn check(command: &mut clap::Command) {
            // The `help` of verbs that have verbs is clap's own.
            let verbs = command.get_subcommands_mut();
            for verb in verbs.filter(|it| it.get_name() != "help") {
                let help = verb.render_help().to_string();
                assert!(help.starts_with("Examples:\n  landline "), "{help}");
                check(verb);
            }
        }
        check(&mut Arguments::command());
    }

    #[test]
    fn a_duration_without_end_can_be_counted() {
        assert_eq!(duration("1m 500ms"), Ok(Duration::from_millis(60_500)));
        assert_eq!(duration(&format!("{}s", u64::MAX)), Ok(DURATION_MAX));
        assert!(duration("5").is_err_and(|why| why.contains("2s")));
    }

    #[test]
    fn options_may_stand_anywhere() {
        for line in [
            "landline --lang zh-CN listen --upper tcp://h:1 --once echo",
            "landline listen tcp://h:1 echo --once --upper --lang zh-CN",
        ] {
            let parsed = Arguments::try_parse_from(line.split(' ')).expect("a good line");
            let Verb::Listen(listen) = parsed.verb else {
                panic!("listen")
            };
            assert!(listen.once && listen.upper && parsed.habits.lang.is_some());
        }
    }
}
