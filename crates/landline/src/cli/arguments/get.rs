//! `get HOST PATH...` and `get ADDRESS NAME...`: what may be typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Args};

use super::ByteOrder;
use super::transfer::TransferArguments;
use super::typed::Typed;

const EXAMPLES: &str = "\
Examples:
  landline get office notes.txt reports --to inbox    files, and folders with all that is in them
  landline get office '*.log'                         a pattern in quotes is looked up there
  landline get office photos:2024                     from the share called photos
  landline get office db.dump --to - | psql           to standard output
  landline get office disk.img                        again, after an end in the middle: it goes on
  landline get tcp://127.0.0.1:9001 a.bin b.bin --to /tmp
  landline get tcp://127.0.0.1:9001                   a prompt, Q ends
";

const NOTES: &str = "\
On HOST, a PATH counts from the folder that is served; SHARE:PATH from another one. A file takes its
name only once it is there whole and verified. What stands there already is kept, unless it is the
same, or --force is given. Links and devices in folders are passed over. --force, --check and
--digest are for HOST alone, --endian for a plain socket.

Exit status: 0 when all is there; 255 when something is not there in the end; 2 for wrong use; 130
after Ctrl-C, 143 after SIGTERM: the same command goes on where it stopped.

With --json, standard output carries one object a line (\"name_b64\" where a name is not
UTF-8):
  {\"v\":1,\"event\":\"found\",\"name\":...,\"type\":\"file\",\"size\":5}      or \"folder\", \"link\", \"other\"
  {\"v\":1,\"event\":\"started\",\"name\":...,\"size\":5,\"resumed_from\":0}
  {\"v\":1,\"event\":\"progress\",\"name\":...,\"bytes\":3,\"size\":5,\"moved\":3}    ten a second at most
  {\"v\":1,\"event\":\"placed\",\"name\":...,\"size\":5,\"blake3\":...}       or \"sha256\"
  {\"v\":1,\"event\":\"same\",\"name\":...}
  {\"v\":1,\"event\":\"passed-over\",\"name\":...,\"code\":...,\"message\":...}
  {\"v\":1,\"event\":\"failed\",\"name\":...,\"code\":...,\"message\":...}
  {\"v\":1,\"event\":\"done\",\"files\":1,\"same\":0,\"failed\":0,\"passed_over\":0,\"bytes\":5,
   \"seconds\":0.01,\"status\":0}
\"bytes\" of progress are those of the file that are there, \"moved\" and \"bytes\" of done those that were
moved, zeros of holes among them. At a plain socket there are placed (with \"path\" and \"md5\"), failed
and done only. Where there is no end to tell of, the last object is in place of done:
  {\"v\":1,\"event\":\"failed\",\"code\":\"hung-up\",\"by\":\"landline\",\"status\":255,\"message\":...}
";

/// Fetch files from a machine that you trust, or from a plain socket, each verified before it takes
/// its name.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = NOTES)]
pub(crate) struct GetArguments {
    /// A machine of the address book, or its HOST:PORT; or a plain tcp://HOST:PORT or unix:PATH
    #[arg(value_name = "HOST|ADDRESS")]
    pub(crate) place: String,
    /// What to fetch; it is named after the last part of it
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<OsString>,
    /// The folder to put files in; on HOST, `-` for standard output, one after the other
    #[arg(long, value_name = "DIR|-", default_value = ".")]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) transfer: TransferArguments,
    /// At a plain socket: the byte order of the far machine's lengths
    #[arg(
        long,
        value_name = "E",
        default_value = "native",
        env = "LANDLINE_ENDIAN"
    )]
    pub(crate) endian: ByteOrder,

    #[arg(skip)]
    typed: Typed,
}

/// The options that only a plain socket has a use for.
const PLAIN: [&str; 1] = ["--endian"];

/// The options that only a machine has a use for.
const MACHINE: [&str; 3] = ["--force", "--check", "--digest"];

impl GetArguments {
    /// Whether files go to standard output.
    pub(crate) fn to_stdout(&self) -> bool {
        self.to.as_os_str() == "-"
    }

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
