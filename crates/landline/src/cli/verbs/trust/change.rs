//! `trust grant`, `revoke` and `rename`: one change of the grants, and what it means for the person.

use std::collections::BTreeSet;

use landline::trust::{Book, Capability, Grants, GrantsError, Home, PeerId, PeerName, TrustError};

use super::shown;
use crate::cli::ending::Ending;
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::Ui;

/// Lets a peer do more. A key that is not known yet may be given as a whole, or by its name in the
/// address book: whoever types that means it.
pub(super) fn grant(
    home: &Home,
    peer: &str,
    capabilities: &BTreeSet<Capability>,
    ui: &Ui,
) -> Result<(), Ending> {
    let book = home.book().read().map_err(trust_ending)?;
    let granted = home.grants().change(|grants| {
        let key = known_or_meant(grants, &book, peer)?;
        let named = book.names_of(&key).next().cloned();
        let name = named.unwrap_or_else(|| PeerName::of_words(&key));
        let name = grants.grant(key, &name, capabilities.iter().cloned());
        let all = grants.of(&key).map(|it| it.capabilities.clone());
        Ok::<_, TrustError>((name, key, all.unwrap_or_default()))
    });
    let (name, key, all) = granted.map_err(trust_ending)?;
    let mut values = peer_values(&name.to_string(), &key);
    values.push(("granted", shown(&all)));
    ui.note("trust-granted", &values);
    if capabilities.contains(&Capability::Exec) {
        ui.note("trust-granted-exec", &values[..1]);
    }
    Ok(())
}

/// Takes everything from a peer.
pub(super) fn revoke(home: &Home, peer: &str, ui: &Ui) -> Result<(), Ending> {
    let revoked = home.grants().change(|grants| {
        let key = grants.find(peer)?;
        let name = name_of(grants, &key);
        grants.revoke(&key);
        Ok::<_, TrustError>((name, key))
    });
    let (name, key) = match revoked {
        Err(TrustError::Grants(GrantsError::Unknown(_))) if is_machine(home, peer)? => {
            return Err(about_book(
                Ending::usage("trust-revoke-machine"),
                home,
                peer,
            ));
        }
        revoked => revoked.map_err(trust_ending)?,
    };
    ui.note("trust-revoked", &peer_values(&name, &key));
    // What is done is done: a bad address book is for whoever asks about it.
    let book = home.book().read().unwrap_or_default();
    for known in book.names_of(&key) {
        about_book(Ending::usage("trust-revoked-known"), home, known.as_str()).note(ui);
    }
    Ok(())
}

/// Calls a peer something else, or a machine that is no peer.
pub(super) fn rename(home: &Home, peer: &str, name: &str, ui: &Ui) -> Result<(), Ending> {
    let new: PeerName = name.parse().map_err(trust_ending)?;
    let renamed = home.grants().change(|grants| {
        let key = grants.find(peer)?;
        let old = name_of(grants, &key);
        grants.rename(&key, &new)?;
        Ok::<_, TrustError>((old, key))
    });
    let (old, key) = match renamed {
        Err(TrustError::Grants(GrantsError::Unknown(_))) if is_machine(home, peer)? => {
            let renamed = home.book().change(|book| {
                book.rename(peer, &new)?;
                Ok::<_, TrustError>(())
            });
            renamed.map_err(trust_ending)?;
            let values = [("old", peer.to_owned()), ("name", new.to_string())];
            ui.note("trust-renamed-machine", &values);
            return Ok(());
        }
        renamed => renamed.map_err(trust_ending)?,
    };
    let mut values = peer_values(&new.to_string(), &key);
    values.push(("old", old));
    ui.note("trust-renamed", &values);
    let book = home.book().read().unwrap_or_default();
    for known in book.names_of(&key).filter(|it| **it != new) {
        about_book(Ending::usage("trust-renamed-known"), home, known.as_str()).note(ui);
    }
    Ok(())
}

/// The peer that is meant, who need not be one yet.
fn known_or_meant(grants: &Grants, book: &Book, peer: &str) -> Result<PeerId, TrustError> {
    match grants.find(peer) {
        Err(GrantsError::Unknown(_)) if peer.parse::<PeerId>().is_ok() => Ok(peer.parse()?),
        Err(unknown @ GrantsError::Unknown(_)) => {
            let machine = book.find(peer).ok_or(unknown)?;
            Ok(machine.key)
        }
        found => Ok(found?),
    }
}

/// Whether `peer` is the name of a machine of the address book.
fn is_machine(home: &Home, peer: &str) -> Result<bool, Ending> {
    let book = home.book().read().map_err(trust_ending)?;
    Ok(book.find(peer).is_some())
}

/// What a peer is called, or its words.
fn name_of(grants: &Grants, key: &PeerId) -> String {
    let name = grants.of(key).and_then(|it| it.name.as_ref());
    name.map_or_else(|| key.words(), ToString::to_string)
}

fn peer_values(name: &str, key: &PeerId) -> Vec<(&'static str, String)> {
    vec![("name", name.to_owned()), ("words", key.words())]
}

/// The ending with what a sentence about the address book names.
fn about_book(ending: Ending, home: &Home, name: &str) -> Ending {
    ending
        .with("name", name)
        .with("path", home.book().path().display())
}
