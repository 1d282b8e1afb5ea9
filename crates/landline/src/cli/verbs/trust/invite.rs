//! `trust invite`: a ticket on standard output, and on standard error what to do with it.

use std::collections::BTreeSet;
use std::time::SystemTime;

use landline::trust::{self, Access, Capability, Home, HostAddress, RunningServer, Ticket};
use serde_json::json;

use super::reached::{Reached, reached};
use super::{parsed, shown, texts};
use crate::cli::arguments::InviteArguments;
use crate::cli::ending::Ending;
use crate::cli::own_addresses::own_addresses;
use crate::cli::printed::{print_line, print_object};
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::{JSON_VERSION, Ui};

/// Makes a ticket, and takes it back if it cannot be printed: nobody else will ever have seen it.
pub(super) fn run(home: &Home, arguments: &InviteArguments, ui: &Ui) -> Result<(), Ending> {
    let servers = home.running_servers().map_err(trust_ending)?;
    let granted = match arguments.grant.is_empty() {
        true => usual_grants(&servers)?,
        false => parsed(&arguments.grant)?,
    };
    let (addresses, caveat) = addresses(&arguments.address, &servers)?;
    let server = home.identity().map_err(trust_ending)?.peer_id();
    let now = SystemTime::now();
    let lifetime = arguments.lifetime;
    let ticket = trust::invite(home, server, addresses, granted.clone(), lifetime, now);
    let ticket = ticket.map_err(trust_ending)?;
    if let Err(ending) = print(&ticket, &granted, ui) {
        // The ending that counts is the first: the ticket goes by itself in its time.
        let _ = home.invites().change(|invites| {
            invites.remove(&ticket.id);
            Ok::<_, trust::FileError>(())
        });
        return Err(ending);
    }
    let values = [
        ("duration", humantime::format_duration(lifetime).to_string()),
        ("addresses", texts(ticket.addresses()).join(", ")),
        ("granted", shown(&granted)),
    ];
    ui.note("invite-made", &values);
    if let Some(caveat) = caveat {
        ui.note(caveat, &[]);
    }
    Ok(())
}

/// `echo`, and to read what the servers of this home serve.
fn usual_grants(servers: &[RunningServer]) -> Result<BTreeSet<Capability>, Ending> {
    let folders = servers.iter().filter_map(|it| it.folder.as_deref());
    let files = folders.map(|folder| Capability::files(Access::Read, folder));
    let all = std::iter::once(Ok(Capability::Echo)).chain(files);
    all.collect::<Result<_, _>>().map_err(trust_ending)
}

/// Where this machine is reached, as the person says, else as its servers say; and the sentence about
/// what stands against it.
fn addresses(
    typed: &[String],
    servers: &[RunningServer],
) -> Result<(Vec<HostAddress>, Option<&'static str>), Ending> {
    if !typed.is_empty() {
        let parsed = typed.iter().map(|text| text.parse::<HostAddress>());
        let addresses = parsed.collect::<Result<_, _>>().map_err(trust_ending)?;
        return Ok((
            addresses,
            servers.is_empty().then_some("invite-nobody-serves"),
        ));
    }
    let known: Vec<HostAddress> = servers.iter().flat_map(|it| it.addresses.clone()).collect();
    if known.is_empty() {
        return Err(Ending::usage("invite-no-server"));
    }
    let Reached {
        addresses,
        only_here,
    } = reached(&known, &own_addresses());
    Ok((addresses, only_here.then_some("invite-only-here")))
}

fn print(ticket: &Ticket, granted: &BTreeSet<Capability>, ui: &Ui) -> Result<(), Ending> {
    if !ui.json() {
        return print_line(ticket);
    }
    print_object(&json!({
        "v": JSON_VERSION,
        "event": "ticket",
        "ticket": ticket.to_string(),
        "id": ticket.id.to_string(),
        "addresses": texts(ticket.addresses()),
        "capabilities": texts(granted),
    }))
}
