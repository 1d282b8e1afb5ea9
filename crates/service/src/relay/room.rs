//! One room of a relay: takes a batch in, and hands each member its run.

use std::mem::take;

use tokio::time::Instant;

use super::Relay;
use super::members::Members;
use crate::journal::Notice;
use crate::outbox::{Fate, Outbox};
use crate::post::{Batch, Message, Post, name, note_cut};
use crate::run::RunBuffer;
use crate::tally::Tally;
use crate::token_bucket::TokenBucket;

pub(super) struct Room<'a, Member> {
    relay: &'a Relay,
    members: Members<Member>,
    /// What the current batch gives to everyone.
    run: RunBuffer,
    /// The place of who sent each message of the run.
    senders: Vec<Option<usize>>,
    /// The run without one member's own messages.
    others: RunBuffer,
    outbox: Outbox<Member>,
    nameless: Option<TokenBucket>,
    full: Tally,
    foreign: Tally,
    hasty: Tally,
}

impl<'a, Member> Room<'a, Member>
where
    Member: Clone + Eq + std::hash::Hash + std::fmt::Display,
{
    pub(super) fn new(relay: &'a Relay) -> Self {
        Self {
            relay,
            members: Members::new(relay.expire),
            run: RunBuffer::default(),
            senders: Vec::new(),
            others: RunBuffer::default(),
            outbox: Outbox::new(relay.settings.journal.clone()),
            nameless: None,
            full: Tally::default(),
            foreign: Tally::default(),
            hasty: Tally::default(),
        }
    }

    /// Gives the messages of a batch to the members.
    pub(super) async fn pass_on<P: Post<Member = Member>>(
        &mut self,
        post: &mut P,
        batch: &P::Batch,
    ) {
        let now = Instant::now();
        if self.due().is_some_and(|due| due <= now) {
            self.retry(post).await;
        }
        self.expire(now);
        self.run.clear();
        self.senders.clear();
        for index in 0..batch.len() {
            self.take::<P>(batch.message(index), now);
        }
        self.hand_out(post).await;
    }

    /// When [`Room::retry`] is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let tallies = [&self.full, &self.foreign, &self.hasty];
        let told = tallies.into_iter().filter_map(Tally::due);
        self.outbox.due().into_iter().chain(told).min()
    }

    /// Tries again what a member could not take, and tells what was held back.
    pub(super) async fn retry<P: Post<Member = Member>>(&mut self, post: &mut P) {
        let gone = self.outbox.retry(post).await;
        self.leave(gone);
        let (now, journal) = (Instant::now(), &*self.relay.settings.journal);
        for tally in [&mut self.full, &mut self.foreign, &mut self.hasty] {
            tally.flush(now, journal);
        }
    }

    /// Takes one message into the run, if its sender may speak.
    fn take<P: Post<Member = Member>>(&mut self, message: Message<'_, Member>, now: Instant) {
        let place = match message.sender {
            Some(sender) => match self.place::<P>(sender, now) {
                Some(place) => Some(place),
                None => return,
            },
            None => None,
        };
        if !self.has_token(place, message.sender, now) {
            return;
        }
        if let Some(size) = message.cut_from {
            note_cut(&self.relay.settings, message.sender, size);
        }
        if let Some(place) = place {
            self.members.at(place).spoke = true;
        }
        self.run.push(message.bytes);
        self.senders.push(place);
    }

    /// The place of a sender, a new one's where it may join.
    fn place<P: Post<Member = Member>>(&mut self, sender: &Member, now: Instant) -> Option<usize> {
        if let Some(place) = self.members.hear(sender, now) {
            return Some(place);
        }
        let journal = &*self.relay.settings.journal;
        if !self.is_allowed::<P>(sender) {
            let notice = || Notice::new(sender, "relay-not-allowed");
            self.foreign.note(now, journal, notice);
            return None;
        }
        let members_max = self.relay.members_max;
        if self.members.len() >= members_max {
            let notice = || Notice::new(sender, "relay-full").with("members", members_max);
            self.full.note(now, journal, notice);
            return None;
        }
        journal.note(Notice::new(sender, "relay-joined").detail());
        Some(self.members.join(sender, now, self.senders.len()))
    }

    fn is_allowed<P: Post<Member = Member>>(&self, sender: &Member) -> bool {
        match (&self.relay.allow, P::source_ip(sender)) {
            (Some(networks), Some(ip)) => networks.iter().any(|network| network.contains(&ip)),
            _ => true,
        }
    }

    fn has_token(&mut self, place: Option<usize>, sender: Option<&Member>, now: Instant) -> bool {
        let Some(rate) = self.relay.rate else {
            return true;
        };
        let bucket = match place {
            Some(place) => &mut self.members.at(place).bucket,
            None => &mut self.nameless,
        };
        let bucket = bucket.get_or_insert_with(|| TokenBucket::new(rate, now));
        let has_token = bucket.take(now);
        if !has_token {
            let notice = || Notice::new(name(sender), "relay-too-fast").with("rate", rate);
            self.hasty.note(now, &*self.relay.settings.journal, notice);
        }
        has_token
    }

    async fn hand_out<P: Post<Member = Member>>(&mut self, post: &mut P) {
        let whole = self.run.run();
        let mut gone = Vec::new();
        for (place, entry) in self.members.iter_mut().enumerate() {
            // At the next run it is there from the first message on.
            let (first, spoke) = (take(&mut entry.first), take(&mut entry.spoke));
            let run = if self.relay.no_self && spoke {
                self.others.clear();
                let messages = whole.iter().zip(&self.senders).skip(first);
                for (datagram, _) in messages.filter(|(_, sender)| **sender != Some(place)) {
                    self.others.push(datagram);
                }
                self.others.run()
            } else {
                whole.after(first)
            };
            if run.is_empty() {
                continue;
            }
            if self.outbox.send(post, &entry.member, run).await == Fate::Gone {
                gone.push(entry.member.clone());
            }
        }
        self.leave(gone);
    }

    fn expire(&mut self, now: Instant) {
        for member in self.members.expire(now) {
            self.outbox.forget(&member);
            let notice = Notice::new(&member, "relay-expired");
            self.relay.settings.journal.note(notice.detail());
        }
    }

    fn leave(&mut self, gone: Vec<Member>) {
        for member in gone {
            self.members.remove(&member);
            let notice = Notice::new(&member, "relay-left");
            self.relay.settings.journal.note(notice.detail());
        }
    }
}
