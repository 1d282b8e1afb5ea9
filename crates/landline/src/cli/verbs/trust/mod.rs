//! `trust`: who may do what here, and who may become known. A running server follows every change.

mod change;
mod invite;
mod list;
mod reached;

use std::collections::BTreeSet;
use std::process::ExitCode;

use landline::trust::{Capability, Home};

use crate::cli::arguments::{TrustAct, TrustArguments};
use crate::cli::ending::Ending;
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::later;

/// Shows or changes what was asked for.
pub(crate) fn run(arguments: TrustArguments, ui: &Ui) -> Result<ExitCode, Ending> {
    let home = Home::from_environment().map_err(trust_ending)?;
    match arguments.act.unwrap_or(TrustAct::List) {
        TrustAct::List => list::run(&home, ui)?,
        TrustAct::Invite(invite) => invite::run(&home, &invite, ui)?,
        TrustAct::Code { .. } => return Err(later::not_yet("trust code")),
        TrustAct::Grant { peer, capabilities } => {
            change::grant(&home, &peer, &parsed(&capabilities)?, ui)?;
        }
        TrustAct::Revoke { peer } => change::revoke(&home, &peer, ui)?,
        TrustAct::Rename { peer, name } => change::rename(&home, &peer, &name, ui)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Capabilities as they are typed; folders count from where the person is.
fn parsed(texts: &[String]) -> Result<BTreeSet<Capability>, Ending> {
    // Without a folder to be in, a folder that counts from there is refused as not absolute.
    let current = std::env::current_dir().unwrap_or_default();
    let parsed = texts
        .iter()
        .map(|text| Capability::parse_in(text, &current));
    parsed.collect::<Result<_, _>>().map_err(trust_ending)
}

/// Capabilities as a person reads them: each as it is typed, two spaces between, for arguments and
/// folders may hold one.
fn shown(capabilities: &BTreeSet<Capability>) -> String {
    match capabilities.is_empty() {
        true => "-".to_owned(),
        false => texts(capabilities).join("  "),
    }
}

fn texts<'a, T: ToString + 'a>(all: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    all.into_iter().map(ToString::to_string).collect()
}
