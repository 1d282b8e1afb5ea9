//! `get ADDRESS NAME...`: what may be typed.

use std::path::PathBuf;

use clap::Args;

use super::ByteOrder;

const EXAMPLES: &str = "\
Examples:
  landline get tcp://127.0.0.1:9001 notes.txt
  landline get tcp://127.0.0.1:9001 a.bin b.bin --to /tmp
  landline get tcp://127.0.0.1:9001         a prompt, Q ends
";

/// Fetch files from a plain socket, each verified before it takes its name.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct GetArguments {
    /// tcp://HOST:PORT or unix:PATH
    pub(crate) address: String,
    /// What to fetch; a file is named after the last part of it
    pub(crate) names: Vec<String>,
    /// The folder to put files in
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) to: PathBuf,
    /// The byte order of the far machine's lengths
    #[arg(
        long,
        value_name = "E",
        default_value = "native",
        env = "LANDLINE_ENDIAN"
    )]
    pub(crate) endian: ByteOrder,
}
