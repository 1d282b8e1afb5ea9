//! The options that every verb has.

use clap::{ArgAction, Args, ValueEnum};

use crate::cli::words::Language;

/// How a person is told things.
#[derive(Debug, Args)]
#[command(next_help_heading = "Habits")]
pub(crate) struct Habits {
    /// Say errors only
    #[arg(short, long, global = true, env = "LANDLINE_QUIET")]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say it as JSON, one object a line
    #[arg(long, global = true, env = "LANDLINE_JSON")]
    pub(crate) json: bool,
    /// Colour on standard error
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        env = "LANDLINE_COLOR"
    )]
    pub(crate) color: Colour,
    /// The language of messages, else the locale's
    #[arg(long, global = true, env = "LANDLINE_LANG")]
    pub(crate) lang: Option<Language>,
    /// Fail rather than ask
    #[arg(long, global = true, env = "LANDLINE_NO_INPUT")]
    pub(crate) no_input: bool,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal that can, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
