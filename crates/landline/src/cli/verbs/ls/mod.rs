//! `ls HOST [PATH...]`: what was typed is looked up there, and what comes of it is printed. How much of it
//! is sorted at once is in `listing`, how a line looks in `shown`.

mod listing;
mod shown;

use std::process::ExitCode;
use std::sync::Arc;

use landline::frame::landline1::Name;

use self::listing::{Listing, Teller};
use self::shown::Lines;
use super::files::{self, Act, Deed, Objects, Stopped};
use super::secure;
use crate::cli::arguments::LsArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// Lists what was typed.
pub(crate) async fn run(arguments: LsArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    files::check_host(&arguments.host, "ls")?;
    let objects = ui.json().then(Objects::new).transpose();
    let objects = objects.map_err(Ending::output)?;
    let deed = Deed {
        act: Act::List,
        host: arguments.host.clone(),
        about: arguments.paths.clone(),
        forces: false,
    };
    let teller = Teller {
        ui: &ui,
        deed: &deed,
        objects: objects.as_ref(),
        lines: Lines::new(arguments.long),
    };
    match list(&arguments, teller).await {
        Ok(0) => Ok(ExitCode::SUCCESS),
        Ok(_) => Err(Ending::failed_and_said()),
        Err(stopped) => {
            if let Some(objects) = &objects {
                let said = objects.stopped(&stopped, &ui).await;
                said.map_err(Ending::output)?;
            }
            Err(stopped.ending)
        }
    }
}

/// Lists it; how many paths could not be listed.
async fn list(arguments: &LsArguments, teller: Teller<'_>) -> Result<u64, Stopped> {
    let deed = teller.deed;
    let asked: Result<Vec<Name>, Ending> =
        arguments.paths.iter().map(|it| files::name(it)).collect();
    let mut asked = asked?;
    if asked.is_empty() {
        asked.push(Name::default());
    }
    let mut line = secure::dial(&deed.host).await?;
    let mut listing = Listing::new(&asked, teller);
    let listed = line.list(asked.clone(), true, |entry| listing.take(entry));
    listed.await.map_err(|error| deed.of_call(error))?;
    let failed = listing.finish().map_err(Ending::output)?;
    line.leave().await;
    Ok(failed)
}
