//! `get`: files on the tutorial's wire.

use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::arguments::GetArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

pub(crate) async fn run(arguments: GetArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let _ = (arguments, ui);
    Err(Ending::usage("not-yet").with("verb", "get"))
}
