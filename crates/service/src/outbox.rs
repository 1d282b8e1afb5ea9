//! What members could not take yet. A member whose queue is full keeps its order and its place;
//! the others never wait for it.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::journal::{Journal, Notice};
use crate::post::{Post, Unsent};
use crate::run::{Run, RunBuffer};
use crate::tally::Tally;

/// The most that is kept for one member, in bytes: 256 KiB. Each datagram counts
/// 64 bytes more than its size. What comes on top is dropped for that member.
pub const BACKLOG_BYTES_MAX: usize = 256 << 10;

/// The most that is kept for all members, in bytes: 64 MiB.
pub const OUTBOX_BYTES_MAX: usize = 64 << 20;

/// What a kept datagram counts beside its bytes, so that empty ones have a bound too.
const DATAGRAM_OVERHEAD_BYTES: usize = 64;

/// The pause between two tries, while something is got rid of, and at most.
const PAUSE_MIN: Duration = Duration::from_millis(2);
const PAUSE_MAX: Duration = Duration::from_millis(100);

/// Whether a member is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The run left, or is kept, or was dropped with a notice.
    Here,
    /// Nobody is there any more.
    Gone,
}

/// The backlogs of all members that have one.
pub(crate) struct Outbox<Member> {
    waiting: HashMap<Member, Backlog>,
    bytes: usize,
    retry_at: Instant,
    pause: Duration,
    dropped: Tally,
    refused: Tally,
    journal: Arc<dyn Journal>,
}

#[derive(Default)]
struct Backlog {
    kept: RunBuffer,
    bytes: usize,
}

impl<Member> Outbox<Member> {
    pub(crate) fn new(journal: Arc<dyn Journal>) -> Self {
        Self {
            waiting: HashMap::new(),
            bytes: 0,
            retry_at: Instant::now(),
            pause: PAUSE_MIN,
            dropped: Tally::default(),
            refused: Tally::default(),
            journal,
        }
    }

    /// When [`Outbox::retry`] is due.
    pub(crate) fn due(&self) -> Option<Instant> {
        let retry = (!self.waiting.is_empty()).then_some(self.retry_at);
        let told = [&self.dropped, &self.refused]
            .into_iter()
            .filter_map(Tally::due);
        retry.into_iter().chain(told).min()
    }
}

impl<Member: Clone + Eq + std::hash::Hash + std::fmt::Display> Outbox<Member> {
    /// Sends `run` to `member`, behind what is kept for it.
    pub(crate) async fn send<P: Post<Member = Member>>(
        &mut self,
        post: &mut P,
        member: &Member,
        run: Run<'_>,
    ) -> Fate {
        // Mostly nobody has a backlog, and then no member is looked up.
        if !self.waiting.is_empty() && self.waiting.contains_key(member) {
            if self.push_out(post, member).await == Fate::Gone {
                return Fate::Gone;
            }
            if self.waiting.contains_key(member) {
                self.keep(member, run);
                return Fate::Here;
            }
        }
        match self.try_to_send(post, member, run).await {
            Ok(()) => Fate::Here,
            Err(Stuck::Gone) => Fate::Gone,
            Err(Stuck::Full { done }) => {
                self.keep(member, run.after(done));
                Fate::Here
            }
        }
    }

    /// Tries again what is kept, and returns the members that are gone.
    pub(crate) async fn retry<P: Post<Member = Member>>(&mut self, post: &mut P) -> Vec<Member> {
        let (before, mut gone) = (self.bytes, Vec::new());
        let members: Vec<Member> = self.waiting.keys().cloned().collect();
        for member in members {
            if self.push_out(post, &member).await == Fate::Gone {
                gone.push(member);
            }
        }
        let now = Instant::now();
        self.pause = match self.bytes < before {
            true => PAUSE_MIN,
            false => PAUSE_MAX.min(self.pause * 2),
        };
        self.retry_at = now + self.pause;
        self.dropped.flush(now, &*self.journal);
        self.refused.flush(now, &*self.journal);
        gone
    }

    /// Drops what is kept for `member`.
    pub(crate) fn forget(&mut self, member: &Member) {
        if let Some(backlog) = self.waiting.remove(member) {
            self.bytes -= backlog.bytes;
        }
    }

    async fn push_out<P: Post<Member = Member>>(&mut self, post: &mut P, member: &Member) -> Fate {
        let Some(mut backlog) = self.waiting.remove(member) else {
            return Fate::Here;
        };
        self.bytes -= backlog.bytes;
        match self.try_to_send(post, member, backlog.kept.run()).await {
            Ok(()) => Fate::Here,
            Err(Stuck::Gone) => Fate::Gone,
            Err(Stuck::Full { done }) => {
                backlog.drop_first(done);
                self.bytes += backlog.bytes;
                self.waiting.insert(member.clone(), backlog);
                Fate::Here
            }
        }
    }

    /// A datagram that is refused for a reason of its own is told and left out; the next may go.
    async fn try_to_send<P: Post<Member = Member>>(
        &mut self,
        post: &mut P,
        member: &Member,
        run: Run<'_>,
    ) -> Result<(), Stuck> {
        let mut done = 0;
        while let Err(Unsent { taken, error }) = post.send_run(member, run.after(done)).await {
            done += taken;
            match error.kind() {
                io::ErrorKind::WouldBlock => return Err(Stuck::Full { done }),
                io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => {
                    return Err(Stuck::Gone);
                }
                _ => self.refused.note(Instant::now(), &*self.journal, || {
                    Notice::new(member, "datagram-refused").with("error", &error)
                }),
            }
            done += 1;
            if done >= run.len() {
                break;
            }
        }
        Ok(())
    }

    fn keep(&mut self, member: &Member, run: Run<'_>) {
        let now = Instant::now();
        if self.waiting.is_empty() {
            self.pause = PAUSE_MIN;
            self.retry_at = now + self.pause;
        }
        let backlog = self.waiting.entry(member.clone()).or_default();
        for datagram in run.iter() {
            let bytes = datagram.len() + DATAGRAM_OVERHEAD_BYTES;
            if backlog.bytes + bytes > BACKLOG_BYTES_MAX || self.bytes + bytes > OUTBOX_BYTES_MAX {
                let notice = || Notice::new(member, "datagram-dropped");
                self.dropped.note(now, &*self.journal, notice);
                continue;
            }
            backlog.kept.push(datagram);
            backlog.bytes += bytes;
            self.bytes += bytes;
        }
    }
}

/// Waits until something is due: for ever, if nothing is.
pub(crate) async fn until(due: Option<Instant>) {
    match due {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

enum Stuck {
    Full { done: usize },
    Gone,
}

impl Backlog {
    fn drop_first(&mut self, count: usize) {
        let sizes = &self.kept.run().sizes()[..count];
        let bytes: usize = sizes
            .iter()
            .map(|size| size + DATAGRAM_OVERHEAD_BYTES)
            .sum();
        self.bytes -= bytes;
        self.kept.drop_first(count);
    }
}
