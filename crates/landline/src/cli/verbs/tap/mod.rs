//! `tap`.

mod hunt;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line::Address;

use crate::cli::arguments::TapArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::plain;

/// Taps.
pub(crate) async fn run(arguments: TapArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let listen = plain::address(&arguments.listen)?;
    let target = plain::address(&arguments.target)?;
    let place = match &listen {
        Address::Tcp(place) => hunt::Place::Tcp(place.resolve().await.expect("stub")[0]),
        Address::Unix(path) => hunt::Place::Unix(path.clone()),
        _ => return Err(Ending::usage("hunt-needs-stream").with("address", listen)),
    };
    let taken = hunt::Taken {
        place,
        target,
        only: arguments.only,
        seed: arguments.seed,
        insecure: false,
    };
    hunt::run(taken, arguments.hunt, ui).await
}
