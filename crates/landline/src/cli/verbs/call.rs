//! `call`
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::arguments::CallArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

pub(crate) async fn run(arguments: CallArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let _ = (arguments, ui);
    Err(Ending::usage("not-yet").with("verb", "call"))
}
