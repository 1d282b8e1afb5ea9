//! `get`: files of a machine that one trusts (`machine`), or of a plain socket (`plain`, and what is `told`
//! of them). Whoever writes a scheme asks for a plain wire, and gets no other.

mod machine;
mod plain;
mod told;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line::{Address, AddressError};

use crate::cli::arguments::GetArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::plain::address;

/// Fetches the files that were named, or at a plain socket those that are named at a prompt.
pub(crate) async fn run(arguments: GetArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let place = &arguments.place;
    if place.parse::<Address>() == Err(AddressError::NoScheme) {
        return machine::run(&arguments, &ui).await;
    }
    let address = address(place)?;
    if let Some(option) = arguments.typed_for_machine() {
        return Err(Ending::usage("get-option-machine")
            .with("option", option)
            .with("address", place));
    }
    if arguments.to_stdout() {
        return Err(Ending::usage("get-stdout-machine").with("address", place));
    }
    plain::run(address, &arguments, &ui).await
}
