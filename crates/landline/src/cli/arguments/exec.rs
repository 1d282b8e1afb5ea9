//! `exec HOST -- PROGRAM ARG...` and `exec ADDRESS -- COMMAND`: what may be typed.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::time::Duration;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgMatches, Args, ValueEnum};

use super::duration;
use super::typed::Typed;

const EXAMPLES: &str = "\
Examples:
  landline exec office -- df -h
  landline exec office -- grep -r 'two words' .       exact words, no shell in between
  landline exec office --shell 'ls *.log | wc -l'     one line for /bin/sh there
  tar c . | landline exec office --dir /srv -- tar x
  landline exec office --timeout 30s --json -- make
  landline exec tcp://127.0.0.1:9000 --encoding gbk -- dir
  landline exec unix:/tmp/run.sock                    a prompt, one command a line
";

const NOTES: &str = "\
On HOST, standard input is sent along (in a loop write < /dev/null). Ctrl-C, SIGTERM and the
others go to the program. Ctrl-C twice within a second ends it, and so does SIGTERM twice; a third
time leaves at once.

Exit status: the program's own; 128+n after signal n; 124 when --timeout ended it; 126 when it
cannot be run, 127 when it is not there; 255 when landline failed or was refused; 2 for wrong use.

With --json, standard output carries one object a line:
  {\"v\":1,\"event\":\"started\",\"host\":...,\"address\":...,\"key\":...}
  {\"v\":1,\"event\":\"stdout\",\"data\":\"text\"}    \"data_b64\" where it is not UTF-8; \"stderr\" alike
  {\"v\":1,\"event\":\"done\",\"exit\":0,\"signal\":null,\"timed_out\":false,\"status\":0,\"by\":\"program\"}
  {\"v\":1,\"event\":\"failed\",\"code\":\"program-missing\",\"by\":\"server\",\"status\":127,\"message\":...}
\"status\" is landline's exit status; \"by\" says whose word it is: \"program\", \"server\", \"landline\".
At a plain socket it is \"output\" in place of \"stdout\" and \"stderr\", then \"done\" or \"failed\".
";

/// Run a program on a machine that you trust, exactly as it is typed; or a command at a plain socket,
/// where words are joined by one space and the far shell takes them apart.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = NOTES)]
pub(crate) struct ExecArguments {
    /// A machine of the address book, or its HOST:PORT; or a plain tcp://HOST:PORT or unix:PATH
    #[arg(value_name = "HOST|ADDRESS")]
    pub(crate) place: String,
    /// On HOST: a variable for the program; may be given again
    #[arg(long, value_name = "K=V", value_parser = OsStringValueParser::new().try_map(variable))]
    pub(crate) env: Vec<(OsString, OsString)>,
    /// On HOST: the folder to run in
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<String>,
    /// On HOST: end the program after this time
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// On HOST: a line for /bin/sh in place of a program
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) shell: Option<OsString>,
    /// On HOST: give the program a terminal (not yet)
    #[arg(long, hide = true)]
    pub(crate) tty: bool,
    /// At a plain socket: decode the reply from this encoding, for example gbk; else its bytes stay
    /// as they are
    #[arg(long, value_name = "NAME", env = "LANDLINE_ENCODING")]
    pub(crate) encoding: Option<String>,
    /// At a plain socket: the byte order of the far machine's lengths [default: native]
    #[arg(long, value_name = "E", env = "LANDLINE_ENDIAN")]
    pub(crate) endian: Option<ByteOrder>,
    /// The program and its arguments; or the words of the command line
    #[arg(last = true)]
    pub(crate) command: Vec<OsString>,

    #[arg(skip)]
    typed: Typed,
}

/// A byte order as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ByteOrder {
    /// Least significant byte first, as on x86 and ARM
    Little,
    /// Most significant byte first
    Big,
    /// As on this machine
    Native,
}

/// The options that only a plain socket has a use for.
const PLAIN: [&str; 2] = ["--encoding", "--endian"];

/// The options that only a machine has a use for.
const MACHINE: [&str; 5] = ["--env", "--dir", "--timeout", "--shell", "--tty"];

impl ExecArguments {
    /// The first option that was typed and that a machine has no use for.
    pub(crate) fn typed_for_plain(&self) -> Option<&'static str> {
        self.typed.first_of(&PLAIN)
    }

    /// The first option that was typed and that a plain socket has no use for.
    pub(crate) fn typed_for_machine(&self) -> Option<&'static str> {
        self.typed.first_of(&MACHINE)
    }

    /// Takes note of the options that were typed.
    pub(super) fn note_typed(&mut self, matches: &ArgMatches) {
        self.typed = Typed::of(matches);
    }
}

/// A variable as it is typed: the name ends at the first `=`, the value may be anything.
fn variable(text: OsString) -> Result<(OsString, OsString), &'static str> {
    let bytes = text.as_bytes();
    let name_end = bytes.iter().position(|byte| *byte == b'=');
    match name_end {
        None | Some(0) => Err("write NAME=VALUE, for example LANG=C"),
        Some(name_end) => {
            let name = OsStr::from_bytes(&bytes[..name_end]).to_owned();
            let value = OsString::from_vec(bytes[name_end + 1..].to_vec());
            Ok((name, value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_ends_its_name_at_the_first_sign() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let expected = expected.map(|(name, value)| (name.into(), value.into()));
            assert_eq!(variable(text.into()).ok(), expected, "{text:?}");
        };
        check("LANG=C", Some(("LANG", "C")));
        check("A=b=c\n", Some(("A", "b=c\n")));
        check("A=", Some(("A", "")));
        for none in ["", "=", "=x", "A"] {
            check(none, None);
        }
        let odd = OsString::from_vec(b"A=\xff".to_vec());
        let value = OsString::from_vec(b"\xff".to_vec());
        assert_eq!(variable(odd), Ok(("A".into(), value)));
    }
}
