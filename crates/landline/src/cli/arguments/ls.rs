//! `ls HOST [PATH...]`: what may be typed.

use std::ffi::OsString;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  landline ls office                   what is in the folder that is served
  landline ls office reports -l        with kind, mode, size and time
  landline ls office '*.log' photos:   a pattern, and the share called photos
  landline ls office --json
";

const NOTES: &str = "\
With --json, standard output carries one object a line (\"name_b64\" where a name is not UTF-8):
  {\"v\":1,\"event\":\"entry\",\"name\":...,\"type\":\"file\",\"size\":5,\"mode\":\"0644\",\"mtime\":\"2024-...Z\"}
\"type\" is \"file\", \"folder\", \"link\" or \"other\"; only a file has a size.
";

/// List what a machine that you trust lets you see, one name a line, sorted.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = NOTES)]
pub(crate) struct LsArguments {
    /// A machine of the address book, or its HOST:PORT
    pub(crate) host: String,
    /// What to list: of a folder what is in it, of a file itself [default: the folder that is served]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<OsString>,
    /// Say kind, mode, size and time too
    #[arg(short, long)]
    pub(crate) long: bool,
}
