//! `trust list`: whom this machine knows, a line each: peers and what they may do here, machines of the
//! address book and where they are, invites that wait.

use std::time::{Duration, SystemTime};

use landline::trust::{Grant, Home, Invite, Machine, PeerId, TicketId};
use serde_json::{Value, json};

use super::{shown, texts};
use crate::cli::ending::Ending;
use crate::cli::escape;
use crate::cli::printed::{print_line, print_object};
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::{JSON_VERSION, Ui};

/// Digits of a key that are shown beside its words: the fewest by which a peer may be named.
const DIGITS_SHOWN: usize = 8;

/// Prints all, or says that there is nobody.
pub(super) fn run(home: &Home, ui: &Ui) -> Result<(), Ending> {
    let grants = home.grants().read().map_err(trust_ending)?;
    let book = home.book().read().map_err(trust_ending)?;
    let mut invites = home.invites().read().map_err(trust_ending)?;
    let now = SystemTime::now();
    invites.purge(now);
    let (peer, machine, invite) = (
        ui.sentence("trust-kind-peer", &[]),
        ui.sentence("trust-kind-machine", &[]),
        ui.sentence("trust-kind-invite", &[]),
    );
    let kinds = [&peer, &machine, &invite].map(|kind| kind.chars().count());
    let kind_width = kinds.into_iter().max().unwrap_or(0);
    let peers = grants.peers();
    let peers = peers.map(|(key, grant)| Row::peer(&peer, key, grant));
    let machines = book.machines();
    let machines = machines.map(|(name, it)| Row::machine(&machine, name.as_str(), it));
    let tickets = invites.tickets();
    let tickets = tickets.map(|(id, it)| Row::invite(&invite, id, it, now));
    let rows: Vec<Row<'_>> = peers.chain(machines).chain(tickets).collect();
    if rows.is_empty() {
        ui.note("trust-nobody", &[]);
    }
    let width = rows.iter().map(|row| row.name.chars().count()).max();
    for row in &rows {
        match ui.json() {
            true => print_object(&row.object)?,
            false => print_line(escape::shown(&row.line(kind_width, width.unwrap_or(0))))?,
        }
    }
    Ok(())
}

/// One line of the list, for people and for programs.
struct Row<'words> {
    /// What it is, in the reader's language.
    kind: &'words str,
    name: String,
    rest: String,
    object: Value,
}

impl<'words> Row<'words> {
    fn peer(kind: &'words str, key: &PeerId, grant: &Grant) -> Self {
        let name = grant.name.as_ref().map(ToString::to_string);
        let capabilities = texts(&grant.capabilities);
        Self {
            kind,
            rest: format!("{}  {}", shown_key(key), shown(&grant.capabilities)),
            object: json!({
                "v": JSON_VERSION, "event": "peer", "name": name, "key": key.to_string(),
                "words": key.words(), "capabilities": capabilities,
            }),
            name: name.unwrap_or_else(|| "-".to_owned()),
        }
    }

    fn machine(kind: &'words str, name: &str, machine: &Machine) -> Self {
        let addresses = texts(&machine.addresses);
        Self {
            kind,
            name: name.to_owned(),
            rest: format!("{}  {}", shown_key(&machine.key), addresses.join("  ")),
            object: json!({
                "v": JSON_VERSION, "event": "machine", "name": name,
                "key": machine.key.to_string(), "words": machine.key.words(),
                "addresses": addresses,
            }),
        }
    }

    fn invite(kind: &'words str, id: &TicketId, invite: &Invite, now: SystemTime) -> Self {
        let end = SystemTime::from(invite.expires);
        let until = humantime::format_rfc3339_seconds(end).to_string();
        let left = end.duration_since(now).unwrap_or_default();
        let left = humantime::format_duration(Duration::from_secs(left.as_secs()));
        Self {
            kind,
            name: id.to_string(),
            rest: format!("{until} ({left})  {}", shown(&invite.capabilities)),
            object: json!({
                "v": JSON_VERSION, "event": "invite", "ticket": id.to_string(),
                "expires": until, "capabilities": texts(&invite.capabilities),
            }),
        }
    }

    fn line(&self, kind_width: usize, width: usize) -> String {
        let Self {
            kind, name, rest, ..
        } = self;
        format!("{kind:<kind_width$}  {name:<width$}  {rest}")
            .trim_end()
            .to_owned()
    }
}

fn shown_key(key: &PeerId) -> String {
    format!("{}  {}", &key.to_string()[..DIGITS_SHOWN], key.words())
}
