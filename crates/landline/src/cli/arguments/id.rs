//! `id`: what may be typed.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  landline id                       this machine's key, as words and as 64 digits
  landline id --json
  landline id --export keys         key.pem and cert.pem for other programs, in the folder keys
";

/// Show who this machine is to others.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct IdArguments {
    /// Also write the private key and the certificate, as PEM, into this folder; nothing is replaced
    #[arg(long, value_name = "DIR")]
    pub(crate) export: Option<PathBuf>,
}
