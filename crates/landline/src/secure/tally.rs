//! Counts what a server does, for `status`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use landline_frame::landline1::StatusReply;
use landline_trust::PeerId;

use crate::session::SOFTWARE;

/// What a server has done since it started.
pub(super) struct Tally {
    started: Instant,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// How many lines each key has open.
    lines: HashMap<PeerId, u64>,
    calls: u64,
    calls_total: u64,
}

/// A line that is open, until it is dropped.
pub(super) struct LineCount<'a>(&'a Tally, PeerId);

/// A call that runs, until it is dropped.
pub(super) struct CallCount<'a>(&'a Tally);

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            counts: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn line(&self, peer: PeerId) -> LineCount<'_> {
        *self.lock().lines.entry(peer).or_default() += 1;
        LineCount(self, peer)
    }

    pub(super) fn call(&self) -> CallCount<'_> {
        let mut counts = self.lock();
        counts.calls += 1;
        counts.calls_total += 1;
        CallCount(self)
    }

    /// The answer to `status`, which is a call itself.
    pub(super) fn status(&self) -> StatusReply {
        let counts = self.lock();
        StatusReply {
            software: SOFTWARE.to_owned(),
            uptime_s: self.started.elapsed().as_secs(),
            peers: counts.lines.len() as u64,
            lines: counts.lines.values().sum(),
            calls: counts.calls,
            calls_total: counts.calls_total,
        }
    }
}

impl Drop for LineCount<'_> {
    fn drop(&mut self) {
        let mut counts = self.0.lock();
        if let Some(lines) = counts.lines.get_mut(&self.1) {
            *lines -= 1;
            if *lines == 0 {
                counts.lines.remove(&self.1);
            }
        }
    }
}

impl Drop for CallCount<'_> {
    fn drop(&mut self) {
        self.0.lock().calls -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_calls_are_counted_while_they_last() {
        let tally = Tally::new();
        let (one, two) = (PeerId::from_bytes([1; 32]), PeerId::from_bytes([2; 32]));
        let lines = [tally.line(one), tally.line(one), tally.line(two)];
        let call = tally.call();
        let status = tally.status();
        assert_eq!((status.peers, status.lines, status.calls), (2, 3, 1));
        drop((lines, call));
        let status = tally.status();
        assert_eq!((status.peers, status.lines, status.calls), (0, 0, 0));
        assert_eq!(status.calls_total, 1);
    }
}
