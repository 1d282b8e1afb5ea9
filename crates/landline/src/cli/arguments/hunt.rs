//! `tap --hunt LISTEN TARGET -- COMMAND`: what may be typed beside what every tap takes.

use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use super::duration;

/// What a hunt has no use for: it makes the moves itself, and there is nothing to look at.
const NOT_IN_A_HUNT: [&str; 16] = [
    "split", "split_at", "join", "join_at", "delay", "jitter", "rate", "cut", "reset", "stall",
    "drop", "twice", "reorder", "shown_as", "show", "write",
];

/// The options of a hunt.
#[derive(Debug, Args)]
#[command(next_help_heading = "Hunt")]
pub(crate) struct HuntArguments {
    /// Run COMMAND again and again, each time under other moves, for the smallest one that breaks it
    #[arg(long, requires = "command", conflicts_with_all = NOT_IN_A_HUNT)]
    pub(crate) hunt: bool,
    /// A run that takes longer has failed; what the moves themselves take comes on top
    /// [default: 2s and ten times a run without moves]
    #[arg(long, value_name = "DUR", value_parser = duration, requires = "hunt")]
    pub(crate) timeout: Option<Duration>,
    /// How long to look [default: 1m, or any time with --runs]
    #[arg(long = "for", value_name = "DUR", value_parser = duration, requires = "hunt")]
    pub(crate) time: Option<Duration>,
    /// How many runs to look for
    #[arg(long, value_name = "N", requires = "hunt", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) runs: Option<u64>,
    /// A run has failed, too, when its standard output is not that of a run without moves
    #[arg(long, requires = "hunt")]
    pub(crate) same_output: bool,
    /// What is run: a client or a test that calls LANDLINE_TAP_ADDRESS; {} in its words is that address
    #[arg(
        last = true,
        value_name = "COMMAND",
        requires = "hunt",
        required_if_eq("hunt", "true")
    )]
    pub(crate) command: Vec<OsString>,
}
