//! `serve [DIR]`: what may be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::duration;

const EXAMPLES: &str = "\
Examples:
  landline serve                       this folder on port 5263, for machines that you let in
  landline serve --allow-exec          they may run commands too, if you grant it
  landline serve ~/shared --listen 192.168.1.5:5263
";

/// Answer machines that you trust: encrypted, each known by its key.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct ServeArguments {
    /// The folder whose files are offered, to those who are granted files [default: this folder]
    pub(crate) folder: Option<PathBuf>,
    /// Where to listen; may be given again
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "[::]:5263",
        env = "LANDLINE_LISTEN",
        value_delimiter = ','
    )]
    pub(crate) listen: Vec<String>,
    /// Offer commands to those who are granted exec: that is a shell of this account
    #[arg(long, env = "LANDLINE_ALLOW_EXEC")]
    pub(crate) allow_exec: bool,
    /// Variables that callers may set for their commands, `LC_*` for all that begin so
    /// [default: LANG, LC_*, TERM, TZ]
    #[arg(
        long,
        value_name = "NAME",
        env = "LANDLINE_ALLOW_ENV",
        value_delimiter = ','
    )]
    pub(crate) allow_env: Vec<String>,
    /// Read this file instead of config.toml
    #[arg(long, value_name = "FILE", env = "LANDLINE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// How long calls may go on after Ctrl-C or SIGTERM
    #[arg(long, value_name = "DUR", default_value = "2s", value_parser = duration,
        env = "LANDLINE_GRACE")]
    pub(crate) grace: Duration,
    /// Queue of lines that nobody accepted yet
    #[arg(long, value_name = "N", default_value_t = 1024)]
    pub(crate) backlog: u32,
    /// A page for browsers at this address (not yet)
    #[arg(long, value_name = "ADDR", hide = true)]
    pub(crate) web: Option<String>,
}
