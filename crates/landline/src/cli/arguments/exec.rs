//! `exec ADDRESS -- COMMAND`: what may be typed.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  landline exec tcp://127.0.0.1:9000 -- df -h
  landline exec tcp://127.0.0.1:9000 --encoding gbk -- dir
  landline exec unix:/tmp/run.sock          a prompt, one command a line
";

/// Run commands at a plain socket: words are joined by one space, the far shell takes them apart.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct ExecArguments {
    /// tcp://HOST:PORT or unix:PATH
    pub(crate) address: String,
    /// Decode the reply from this encoding, for example gbk; else its bytes stay as they are
    #[arg(long, value_name = "NAME", env = "LANDLINE_ENCODING")]
    pub(crate) encoding: Option<String>,
    /// The byte order of the far machine's lengths
    #[arg(
        long,
        value_name = "E",
        default_value = "native",
        env = "LANDLINE_ENDIAN"
    )]
    pub(crate) endian: ByteOrder,
    /// The command line
    #[arg(last = true)]
    pub(crate) command: Vec<OsString>,
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
