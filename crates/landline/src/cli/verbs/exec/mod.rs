//! `exec`: a program on a machine that one trusts (`machine`), or a command at a plain socket
//! (`plain`). Whoever writes a scheme asks for a plain wire, and gets no other.

mod events;
mod failure;
mod input;
mod machine;
mod output;
mod plain;
mod request;
mod signals;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line::{Address, AddressError};

use crate::cli::arguments::ExecArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::plain::address;

/// Runs one command, or at a plain socket each line of input.
pub(crate) async fn run(arguments: ExecArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let place = &arguments.place;
    if place.parse::<Address>() == Err(AddressError::NoScheme) {
        return machine::run(&arguments, &ui).await;
    }
    let address = address(place)?;
    if let Some(option) = arguments.typed_for_machine() {
        return Err(Ending::usage("exec-option-machine")
            .with("option", option)
            .with("address", place));
    }
    plain::run(&address, &arguments, &ui).await
}
