//! `listen`: one service on one plain socket, until it is done or a signal ends it.

mod binding;
mod check;
mod datagrams;
mod streams;

use std::process::ExitCode;
use std::sync::Arc;

use landline::service::Settings;

use super::plain;
use crate::cli::arguments::ListenArguments;
use crate::cli::ending::Ending;
use crate::cli::signals;
use crate::cli::ui::Ui;

/// Listens until the service is done or a signal ends it.
pub(crate) async fn run(arguments: ListenArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let address = plain::address(&arguments.address)?;
    check::mixture(&arguments, &address)?;
    let stages =
        signals::watch().map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    let settings = Settings {
        recv: arguments.recv_bytes(),
        journal: ui.clone(),
    };
    match address.is_datagram() {
        true => datagrams::serve(&arguments, &address, settings, &ui, stages).await?,
        false => streams::serve(&arguments, &address, settings, &ui, stages).await?,
    }
    Ok(ExitCode::SUCCESS)
}
