//! `call`: talks to whatever program is at a plain socket, a line of input at a time.

mod conversation;
mod datagram;
mod raw;
mod shown;
mod stream;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line;

use self::conversation::{Conversation, FarEnd};
use self::datagram::Correspondent;
use self::shown::Shown;
use self::stream::Speaker;
use super::plain;
use crate::cli::arguments::CallArguments;
use crate::cli::ending::Ending;
use crate::cli::input::Input;
use crate::cli::ui::Ui;

/// Calls until the input ends or the other end hangs up.
pub(crate) async fn run(arguments: CallArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let address = plain::address(&arguments.address)?;
    let (recv, wait) = (arguments.recv as usize, arguments.wait);
    if !address.is_datagram() {
        let line = plain::dial(&address, "call").await?;
        if arguments.raw {
            return raw::run(line).await;
        }
        return converse(Speaker::new(line, recv, wait), &arguments, ui).await;
    }
    if arguments.raw {
        return Err(Ending::usage("raw-needs-stream").with("address", &address));
    }
    let dialed = line::dial_datagrams(&address).await;
    let socket = dialed.map_err(|error| plain::unreachable(&address, &error))?;
    converse(
        Correspondent::new(socket, recv, wait, ui.clone()),
        &arguments,
        ui,
    )
    .await
}

/// In turns; each as it comes where that was asked for, and on a terminal with datagrams, where
/// nobody knows who will speak next.
async fn converse<F: FarEnd>(
    far_end: F,
    arguments: &CallArguments,
    ui: Arc<Ui>,
) -> Result<ExitCode, Ending> {
    let prompt = ui.sentence("prompt-call", &[("address", arguments.address.clone())]);
    let mut input = Input::start(&prompt, &ui)?;
    let duplex = arguments.duplex || (input.typed && F::SPEAKS_UNASKED);
    let screen = Shown::new(input.printer.take().filter(|_| duplex), &ui);
    let conversation = Conversation::new(far_end, arguments.wait, screen, ui);
    match duplex {
        true => conversation.duplex(input).await,
        false => conversation.in_turns(input).await,
    }
}
