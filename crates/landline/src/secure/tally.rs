//! Counts what a server does, for `status`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use landline_frame::landline1::StatusReply;
use landline_trust::PeerId;

use crate::session::SOFTWARE;

/// How many calls of files one key may have at once: each has a thread, and holds at worst what two
/// windows of 4 MiB and 1 MiB on its way out take. More are told to come again.
pub const FILES_CALLS_MAX: u64 = 32;

/// What a server has done since it started.
pub(super) struct Tally {
    started: Instant,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// How many lines each key has open.
    lines: HashMap<PeerId, u64>,
    /// How many calls of files each key has running.
    files: HashMap<PeerId, u64>,
    calls: u64,
    calls_total: u64,
}

/// A line that is open, until it is dropped.
pub(super) struct LineCount<'a>(&'a Tally, PeerId);

/// A call of files that runs, until it is dropped.
pub(super) struct FilesCount<'a>(&'a Tally, PeerId);

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

    /// `None`: the key has [`FILES_CALLS_MAX`] running already.
    pub(super) fn files(&self, peer: PeerId) -> Option<FilesCount<'_>> {
        let mut counts = self.lock();
        let running = counts.files.entry(peer).or_default();
        if *running == FILES_CALLS_MAX {
            return None;
        }
        *running += 1;
        Some(FilesCount(self, peer))
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
        one_less(&mut self.0.lock().lines, &self.1);
    }
}

impl Drop for FilesCount<'_> {
    fn drop(&mut self) {
        one_less(&mut self.0.lock().files, &self.1);
    }
}

/// A key that has none is not held.
fn one_less(counts: &mut HashMap<PeerId, u64>, peer: &PeerId) {
    if let Some(count) = counts.get_mut(peer) {
        *count -= 1;
        if *count == 0 {
            counts.remove(peer);
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
    fn one_key_has_so_many_calls_of_files_and_another_its_own() {
        let tally = Tally::new();
        let (one, two) = (PeerId::from_bytes([1; 32]), PeerId::from_bytes([2; 32]));
        let mut running: Vec<_> = (0..FILES_CALLS_MAX).map(|_| tally.files(one)).collect();
        assert!(running.iter().all(Option::is_some));
        assert!(tally.files(one).is_none());
        assert!(tally.files(two).is_some());
        running.pop();
        assert!(tally.files(one).is_some());
        drop(running);
        assert!(tally.lock().files.is_empty());
    }

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
