//! `call`: talks to whatever program is at a plain socket, a line of input at a time.

mod datagram;
mod raw;
mod shown;
mod stream;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line::{self, Address};
use tokio::time::Instant;

use super::plain;
use crate::cli::arguments::CallArguments;
use crate::cli::ending::Ending;
use crate::cli::input::Input;
use crate::cli::ui::Ui;

/// Calls until the input ends or the other end hangs up.
pub(crate) async fn run(arguments: CallArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let address = plain::address(&arguments.address)?;
    if address.is_datagram() && arguments.raw {
        return Err(Ending::usage("raw-needs-stream").with("address", &address));
    }
    if address.is_datagram() {
        let dialed = line::dial_datagrams(&address).await;
        let socket = dialed.map_err(|error| plain::unreachable(&address, &error))?;
        let input = input(&address, &ui)?;
        let duplex = arguments.duplex;
        return datagram::Correspondence::new(socket, &arguments, ui)
            .run(input, duplex)
            .await;
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

/// Resolves at `instant`; never, where there is none.
async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
