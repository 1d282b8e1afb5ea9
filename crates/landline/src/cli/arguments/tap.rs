//! `tap LISTEN TARGET`: what may be typed.

use clap::Args;

use super::HuntArguments;

/// Show and move what passes.
#[derive(Debug, Args)]
#[command(before_help = "Examples:\n  landline tap tcp://127.0.0.1:9001 tcp://127.0.0.1:9000\n")]
pub(crate) struct TapArguments {
    /// Where clients come
    pub(crate) listen: String,
    /// Where they go on
    pub(crate) target: String,
    /// One direction only
    #[arg(long)]
    pub(crate) only: Option<landline::tap::Direction>,
    /// Where chance begins
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) hunt: HuntArguments,
}
