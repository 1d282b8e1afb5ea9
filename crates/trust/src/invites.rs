//! The invites that a server still takes: for each ticket its secret, what it grants and until when.
//! A ticket is used once. It does not know the clock: whoever asks says what time it is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::capability::Capability;
use crate::document::{Document, each_once};
use crate::file_error::Fault;
use crate::peer_id::PeerId;
use crate::private_file::OTHERS_ANY;
use crate::proof::{Proof, TicketSecret, proof_of_client, random};
use crate::ticket::TicketId;

/// How long an invite is taken if nobody says how long: 1 h.
pub const INVITE_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The longest that an invite may be taken: 30 days. A secret that lies about gets found.
pub const INVITE_LIFETIME_MAX: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The most invites at one time. At worst some 64 KiB, if each grants little.
pub const INVITES_MAX: usize = 256;

/// Invites that wait to be used, by the ids of their tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invites {
    #[serde(default, deserialize_with = "each_once")]
    tickets: BTreeMap<TicketId, Invite>,
}

/// What is kept of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    pub(crate) secret: TicketSecret,
    /// The first moment at which it is not taken any more.
    pub expires: Timestamp,
    /// What whoever uses it may do.
    pub capabilities: BTreeSet<Capability>,
}

/// Why there is no invite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// It would be taken for longer than [`INVITE_LIFETIME_MAX`], or not at all.
    #[error("an invite is taken for more than nothing and at most 30 days")]
    Lifetime,
    /// [`INVITES_MAX`] wait already.
    #[error("{INVITES_MAX} invites wait already: let some expire, or take them out of the file")]
    TooMany,
    /// No invite has that id: it never was, was used, or has expired for long.
    #[error("no such ticket is open: it was used, has expired, or was never given")]
    Unknown,
    /// Its time is over.
    #[error("the ticket has expired")]
    Expired,
    /// The proof is not made with the ticket's secret and both keys.
    #[error("the proof does not fit the ticket: somebody guesses, or stands between")]
    Forged,
}

impl InviteError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Lifetime | Self::TooMany => Fault::Caller,
            Self::Unknown | Self::Expired | Self::Forged => Fault::Peer,
        }
    }

    /// The key of its sentence in a catalogue of messages. A peer is not told which it is.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Lifetime => "trust-invite-lifetime",
            Self::TooMany => "trust-invites-too-many",
            Self::Unknown => "trust-invite-unknown",
            Self::Expired => "trust-invite-expired",
            Self::Forged => "trust-invite-forged",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooMany => vec![("max", INVITES_MAX.to_string())],
            Self::Lifetime | Self::Unknown | Self::Expired | Self::Forged => Vec::new(),
        }
    }
}

impl Document for Invites {
    const HEADING: &'static str = "\
# Tickets that were given and not used yet. Each is a secret, taken once and until it expires; to take
# one back, take its table out.
";

    const MODE_REFUSED: u32 = OTHERS_ANY;
}

impl Invites {
    /// Those that wait, by id; some may have expired.
    pub fn tickets(&self) -> impl Iterator<Item = (&TicketId, &Invite)> {
        self.tickets.iter()
    }

    /// Adds an invite that is taken for `lifetime` from `now`.
    ///
    /// # Errors
    /// When it would be taken for too long, or too many wait already.
    pub fn add(
        &mut self,
        capabilities: BTreeSet<Capability>,
        now: SystemTime,
        lifetime: Duration,
    ) -> Result<(TicketId, TicketSecret), InviteError> {
        self.purge(now);
        if self.tickets.len() >= INVITES_MAX {
            return Err(InviteError::TooMany);
        }
        if lifetime.is_zero() || lifetime > INVITE_LIFETIME_MAX {
            return Err(InviteError::Lifetime);
        }
        let end = now.checked_add(lifetime);
        let expires = end.and_then(|end| Timestamp::try_from(end).ok());
        let expires = expires.ok_or(InviteError::Lifetime)?;
        let (id, secret) = (TicketId(random()), TicketSecret::new());
        let invite = Invite {
            secret: secret.clone(),
            expires,
            capabilities,
        };
        self.tickets.insert(id, invite);
        Ok((id, secret))
    }

    /// Uses an invite up: it is gone, and what it was is returned. One whose proof is wrong stays, or
    /// whoever has seen an id could burn it; one that has expired is gone as well.
    ///
    /// # Errors
    /// When there is no such invite, it has expired, or the proof is wrong.
    pub fn take(
        &mut self,
        id: &TicketId,
        proof: &Proof,
        [client, server]: [&PeerId; 2],
        now: SystemTime,
    ) -> Result<Invite, InviteError> {
        let invite = self.tickets.get(id).ok_or(InviteError::Unknown)?;
        if is_over(invite, now) {
            self.purge(now);
            return Err(InviteError::Expired);
        }
        if proof_of_client(&invite.secret, client, server) != *proof {
            return Err(InviteError::Forged);
        }
        self.tickets.remove(id).ok_or(InviteError::Unknown)
    }

    /// Takes an invite back. Whether there was one is returned.
    pub fn remove(&mut self, id: &TicketId) -> bool {
        self.tickets.remove(id).is_some()
    }

    /// Forgets those whose time is over.
    pub fn purge(&mut self, now: SystemTime) {
        self.tickets.retain(|_, invite| !is_over(invite, now));
    }
}

/// What cannot be compared is over.
fn is_over(invite: &Invite, now: SystemTime) -> bool {
    !Timestamp::try_from(now).is_ok_and(|now| now < invite.expires)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{parse, render};

    const CLIENT: PeerId = PeerId::from_bytes([1; 32]);
    const SERVER: PeerId = PeerId::from_bytes([2; 32]);
    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn capabilities() -> BTreeSet<Capability> {
        [Capability::Echo].into()
    }

    fn later(seconds: u64) -> SystemTime {
        NOW + Duration::from_secs(seconds)
    }

    #[test]
    fn an_invite_is_taken_once() {
        let mut invites = Invites::default();
        let (id, secret) = invites.add(capabilities(), NOW, INVITE_LIFETIME).unwrap();
        let proof = proof_of_client(&secret, &CLIENT, &SERVER);
        let mut take = |now| invites.take(&id, &proof, [&CLIENT, &SERVER], now);
        assert_eq!(take(later(3599)).unwrap().capabilities, capabilities());
        assert_eq!(take(later(3599)), Err(InviteError::Unknown));
    }

    #[test]
    fn an_invite_that_is_over_is_burned() {
        let mut invites = Invites::default();
        let (id, secret) = invites.add(capabilities(), NOW, INVITE_LIFETIME).unwrap();
        let proof = proof_of_client(&secret, &CLIENT, &SERVER);
        let mut take = |now| invites.take(&id, &proof, [&CLIENT, &SERVER], now);
        assert_eq!(take(later(3600)), Err(InviteError::Expired));
        // Even by a clock that was set back.
        assert_eq!(take(later(0)), Err(InviteError::Unknown));
    }

    #[test]
    fn a_forged_proof_is_refused_and_burns_nothing() {
        let mut invites = Invites::default();
        let (id, secret) = invites.add(capabilities(), NOW, INVITE_LIFETIME).unwrap();
        let right = proof_of_client(&secret, &CLIENT, &SERVER);
        let guess = proof_of_client(&TicketSecret::new(), &CLIENT, &SERVER);
        let mut check = |proof, keys, expected| {
            let taken = invites.take(&id, proof, keys, NOW);
            assert_eq!(taken.err(), expected);
        };
        check(&guess, [&CLIENT, &SERVER], Some(InviteError::Forged));
        // Somebody between shows keys of his own to both sides.
        check(&right, [&SERVER, &SERVER], Some(InviteError::Forged));
        check(&right, [&CLIENT, &CLIENT], Some(InviteError::Forged));
        check(&right, [&CLIENT, &SERVER], None);
    }

    #[test]
    fn lifetimes_and_numbers_are_bounded() {
        let mut invites = Invites::default();
        let mut add = |now, lifetime| invites.add(capabilities(), now, lifetime).err();
        let too_long = INVITE_LIFETIME_MAX + Duration::from_secs(1);
        assert_eq!(add(NOW, too_long), Some(InviteError::Lifetime));
        assert_eq!(add(NOW, Duration::ZERO), Some(InviteError::Lifetime));
        for _ in 0..INVITES_MAX {
            assert_eq!(add(NOW, INVITE_LIFETIME), None);
        }
        assert_eq!(add(NOW, INVITE_LIFETIME), Some(InviteError::TooMany));
        assert_eq!(add(later(3600), INVITE_LIFETIME), None);
        assert_eq!(invites.tickets().count(), 1);
    }

    #[test]
    fn invites_are_text_and_back() {
        let mut invites = Invites::default();
        let lifetime = Duration::from_nanos(1_500_000_001);
        let (id, _) = invites
            .add(capabilities(), later(1_700_000_000), lifetime)
            .unwrap();
        let text = render("", &invites).unwrap();
        assert_eq!(parse::<Invites>(&text).unwrap(), invites, "{text}");
        assert!(
            text.contains("expires = \"2023-11-14T22:13:21.500000001Z\""),
            "{text}"
        );
        assert!(invites.remove(&id) && !invites.remove(&id));
    }

    #[test]
    fn bad_invites_say_where_and_keep_the_secret() {
        let text = "[tickets.0011223344556677]\nexpires = \"2030-01-01T00:00:00Z\"\n\
            capabilities = []\nsecret = \"5ec3e7\"\n";
        let flaw = parse::<Invites>(text).unwrap_err();
        assert_eq!(
            (flaw.line, flaw.what.contains("5ec3e7")),
            (4, false),
            "{flaw}"
        );
        let flaw = parse::<Invites>(&text.replace("2030-01-01", "soon")).unwrap_err();
        assert_eq!(flaw.line, 2, "{flaw}");
    }
}
