//! First contact on the server's side: a ticket is made, and used once, whatever dies in between. How
//! the proofs travel is not known here.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use crate::capability::Capability;
use crate::error::TrustError;
use crate::home::Home;
use crate::host_address::HostAddress;
use crate::peer_id::PeerId;
use crate::peer_name::PeerName;
use crate::proof::{Proof, proof_of_server};
use crate::ticket::{Ticket, TicketId};

/// A pairing that a client asks for.
#[derive(Clone, Copy, Debug)]
pub struct Pairing<'a> {
    /// The ticket that it names.
    pub ticket: TicketId,
    /// Its proof that it holds the ticket's secret.
    pub proof: &'a Proof,
    /// The client, as its handshake showed it.
    pub client: PeerId,
    /// This server, as the handshake showed it.
    pub server: PeerId,
    /// What the client calls itself; anything at all.
    pub name: &'a str,
}

/// A pairing that was granted.
#[derive(Clone, Debug)]
pub struct Paired {
    /// What the client is called here.
    pub name: PeerName,
    /// What the ticket granted.
    pub granted: BTreeSet<Capability>,
    /// The server's proof, for the client.
    pub proof: Proof,
}

/// Makes a ticket of `server`, which is reached at `addresses`, best first.
///
/// # Errors
/// When there is no address or too many, the lifetime is too long, or a file cannot be changed.
pub fn invite(
    home: &Home,
    server: PeerId,
    addresses: Vec<HostAddress>,
    capabilities: BTreeSet<Capability>,
    lifetime: Duration,
    now: SystemTime,
) -> Result<Ticket, TrustError> {
    home.invites().change(|invites| {
        let (id, secret) = invites.add(capabilities, now, lifetime)?;
        Ok(Ticket::new(server, id, secret, addresses)?)
    })
}

/// Uses a ticket up and grants what it promised. The ticket is burned on the disk before anything is
/// granted: if the machine dies, or the disk is full, between the two, nobody has got in, and the
/// ticket is gone. It waits for locks and for the disk: keep it off an event loop.
///
/// # Errors
/// When the ticket is not known, has expired, or the proof is wrong: a peer is told no more than that
/// it is refused; and when a file cannot be changed.
pub fn redeem(home: &Home, pairing: &Pairing<'_>, now: SystemTime) -> Result<Paired, TrustError> {
    let Pairing {
        ticket,
        proof,
        client,
        server,
        name,
    } = pairing;
    // The refusal is no error of the change, so that an invite that is over is taken out as well.
    let taken = home.invites().change(|invites| {
        Ok::<_, TrustError>(invites.take(ticket, proof, [client, server], now))
    })?;
    let invite = taken?;
    let name = name_of(client, name);
    let granted = invite.capabilities;
    let name = home.grants().change(|grants| {
        Ok::<_, TrustError>(grants.grant(*client, &name, granted.iter().cloned()))
    })?;
    let proof = proof_of_server(&invite.secret, client, server);
    Ok(Paired {
        name,
        granted,
        proof,
    })
}

/// What the client calls itself, if that is a name; else two words of its key.
fn name_of(client: &PeerId, name: &str) -> PeerName {
    name.parse().unwrap_or_else(|_| PeerName::of_words(client))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invites::INVITE_LIFETIME;
    use crate::proof::proof_of_client;

    const CLIENT: PeerId = PeerId::from_bytes([1; 32]);
    const SERVER: PeerId = PeerId::from_bytes([2; 32]);
    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn ticket(home: &Home) -> Ticket {
        let addresses = vec!["office".parse().unwrap()];
        let capabilities = [Capability::Exec].into();
        invite(home, SERVER, addresses, capabilities, INVITE_LIFETIME, NOW).unwrap()
    }

    fn pair(
        home: &Home,
        ticket: &Ticket,
        name: &str,
        now: SystemTime,
    ) -> Result<Paired, TrustError> {
        let proof = proof_of_client(&ticket.secret, &CLIENT, &SERVER);
        let (ticket, proof) = (ticket.id, &proof);
        redeem(
            home,
            &Pairing {
                ticket,
                proof,
                client: CLIENT,
                server: SERVER,
                name,
            },
            now,
        )
    }

    #[test]
    fn a_ticket_gives_what_it_promised_to_one_key_once() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::in_folder(folder.path().join("home"));
        let ticket = ticket(&home);
        assert_eq!(ticket.addresses().len(), 1);
        assert_eq!(home.grants().read().unwrap().of(&CLIENT), None);
        let paired = pair(&home, &ticket, "laptop", NOW).unwrap();
        assert_eq!((paired.name.as_str(), paired.granted.len()), ("laptop", 1));
        assert_eq!(
            paired.proof,
            proof_of_server(&ticket.secret, &CLIENT, &SERVER)
        );
        assert!(
            home.grants()
                .read()
                .unwrap()
                .of(&CLIENT)
                .unwrap()
                .allows_any_exec()
        );
        let replayed = pair(&home, &ticket, "laptop", NOW).unwrap_err();
        assert_eq!(replayed.key(), "trust-invite-unknown");
        assert_eq!(home.invites().read().unwrap().tickets().count(), 0);
    }

    #[test]
    fn an_expired_ticket_gives_nothing_and_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::in_folder(folder.path());
        let ticket = ticket(&home);
        let expired = pair(&home, &ticket, "laptop", NOW + INVITE_LIFETIME).unwrap_err();
        assert_eq!(expired.key(), "trust-invite-expired");
        assert_eq!(home.invites().read().unwrap().tickets().count(), 0);
        assert_eq!(home.grants().read().unwrap().peers().count(), 0);
    }

    #[test]
    fn a_peer_that_calls_itself_nonsense_gets_words_for_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::in_folder(folder.path());
        let paired = pair(&home, &ticket(&home), "\u{1b}[31m/..", NOW).unwrap();
        assert_eq!(paired.name.as_str(), "actor-actor");
    }

    #[test]
    fn a_grant_that_cannot_be_written_lets_nobody_in() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::in_folder(folder.path());
        let ticket = ticket(&home);
        std::fs::create_dir(home.grants().path()).unwrap();
        let error = pair(&home, &ticket, "laptop", NOW).unwrap_err();
        assert_eq!(error.key(), "trust-file-not-a-file");
        std::fs::remove_dir(home.grants().path()).unwrap();
        assert_eq!(home.grants().read().unwrap().peers().count(), 0);
        assert_eq!(
            pair(&home, &ticket, "laptop", NOW).unwrap_err().key(),
            "trust-invite-unknown"
        );
    }
}
