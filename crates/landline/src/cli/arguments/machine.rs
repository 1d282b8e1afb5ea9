//! `pair`, `ping`, `status`: what may be typed.

use std::path::PathBuf;

use clap::Args;

/// Make first contact with a machine, by the ticket that it gave out.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  landline pair                          asks for the ticket
  landline pair --as office              and calls the machine `office`
  ssh office landline trust invite | landline pair --code-file -
")]
pub(crate) struct PairArguments {
    /// Where the machine is, if not where the ticket says
    pub(crate) host: Option<String>,
    /// What to call it here
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Read the ticket from this file, `-` for standard input; else LANDLINE_CODE, else a prompt
    #[arg(long, value_name = "FILE|-")]
    pub(crate) code_file: Option<PathBuf>,
}

/// Measure round trips to a machine that you trust.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  landline ping office
  landline ping office --count 1000
")]
pub(crate) struct PingArguments {
    /// A machine of the address book, or its HOST:PORT
    pub(crate) host: String,
    /// How many round trips
    #[arg(long, value_name = "N", default_value_t = 20,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) count: u32,
}

/// Ask a machine that you trust how it is.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  landline status office
  landline status office --json
")]
pub(crate) struct StatusArguments {
    /// A machine of the address book, or its HOST:PORT
    pub(crate) host: String,
}
