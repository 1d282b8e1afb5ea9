//! Who is in the room: found by address, gone through in order. It does not know what is sent.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

use crate::token_bucket::TokenBucket;

/// One member.
pub(super) struct Entry<Member> {
    pub(super) member: Member,
    heard: Instant,
    /// The first message of the current run that is for it: 0 but for who joined within it.
    pub(super) first: usize,
    /// Whether one of the run's messages is its own.
    pub(super) spoke: bool,
    pub(super) bucket: Option<TokenBucket>,
}

/// All members. Their places stay as they are until one is removed.
pub(super) struct Members<Member> {
    entries: Vec<Entry<Member>>,
    places: HashMap<Member, usize>,
    expire: Duration,
    /// No member's time is over before.
    expire_at: Option<Instant>,
}

impl<Member: Clone + Eq + Hash> Members<Member> {
    pub(super) fn new(expire: Duration) -> Self {
        Self {
            entries: Vec::new(),
            places: HashMap::new(),
            expire,
            expire_at: None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry<Member>> {
        self.entries.iter_mut()
    }

    /// The place of a member that is heard now.
    pub(super) fn hear(&mut self, member: &Member, now: Instant) -> Option<usize> {
        let place = *self.places.get(member)?;
        self.entries[place].heard = now;
        Some(place)
    }

    pub(super) fn at(&mut self, place: usize) -> &mut Entry<Member> {
        &mut self.entries[place]
    }

    /// Adds a new member and returns its place. `first`: the first message of the run for it.
    pub(super) fn join(&mut self, member: &Member, now: Instant, first: usize) -> usize {
        let place = self.entries.len();
        self.places.insert(member.clone(), place);
        self.entries.push(Entry {
            member: member.clone(),
            heard: now,
            first,
            spoke: false,
            bucket: None,
        });
        let over = now.checked_add(self.expire);
        self.expire_at = self.expire_at.or(over);
        place
    }

    pub(super) fn remove(&mut self, member: &Member) {
        if let Some(place) = self.places.remove(member) {
            self.entries.swap_remove(place);
            if let Some(moved) = self.entries.get(place) {
                self.places.insert(moved.member.clone(), place);
            }
        }
    }

    /// Removes who was silent for too long, and returns them. Mostly it is known without a look
    /// that nobody was.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<Member> {
        if self.expire_at.is_none_or(|at| now < at) {
            return Vec::new();
        }
        let silent = |entry: &&Entry<Member>| now - entry.heard >= self.expire;
        let gone = self.entries.iter().filter(silent);
        let gone: Vec<Member> = gone.map(|entry| entry.member.clone()).collect();
        for member in &gone {
            self.remove(member);
        }
        let oldest = self.entries.iter().map(|entry| entry.heard).min();
        self.expire_at = oldest.and_then(|heard| heard.checked_add(self.expire));
        gone
    }
}
