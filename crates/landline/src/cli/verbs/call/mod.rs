//! `call`: talks to whatever program is at a plain socket, a line of input at a time.

mod raw;
mod shown;
mod stream;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line::Address;

use super::plain;
use crate::cli::arguments::CallArguments;
use crate::cli::ending::Ending;
use crate::cli::input::Input;
use crate::cli::ui::Ui;

/// Calls until the input ends or the other end hangs up.
pub(crate) async fn run(arguments: CallArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let address = plain::address(&arguments.address)?;
    if address.is_datagram() {
        return Err(Ending::usage("not-yet").with("verb", "call udp"));
    }
    let line = plain::dial(&address, "call").await?;
    if arguments.raw {
        return raw::run(line).await;
    }
    let input = input(&address, &ui)?;
    stream::Conversation::new(line, &arguments, ui)
        .run(input, arguments.duplex)
        .await
}

fn input(address: &Address, ui: &Ui) -> Result<Input, Ending> {
    let prompt = ui.sentence("prompt-call", &[("address", address.to_string())]);
    Input::start(&prompt, ui)
}
