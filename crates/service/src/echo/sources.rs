//! A token bucket for each source, in a table of bounded size.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

use crate::token_bucket::TokenBucket;

/// How many sources are kept apart: 4,096, about 0.8 MiB. While so many are busy, others get no
/// answer.
pub const ECHO_SOURCES_MAX: usize = 4096;

/// The least time between two searches of a full table for sources that fell silent: forged
/// addresses must not make each datagram cost a search.
const SWEEP_PAUSE: Duration = Duration::from_millis(100);

pub(super) struct Sources<Source> {
    buckets: HashMap<Source, TokenBucket>,
    sweep_at: Option<Instant>,
}

impl<Source: Clone + Eq + Hash> Sources<Source> {
    pub(super) fn new() -> Self {
        Self {
            buckets: HashMap::new(),
            sweep_at: None,
        }
    }

    /// Takes a token of the source. False: it has none, or the table is full.
    pub(super) fn take(&mut self, source: &Source, rate: u32, now: Instant) -> bool {
        if let Some(bucket) = self.buckets.get_mut(source) {
            return bucket.take(now);
        }
        if self.buckets.len() >= ECHO_SOURCES_MAX && !self.sweep(now) {
            return false;
        }
        let mut bucket = TokenBucket::new(rate, now);
        let has_token = bucket.take(now);
        self.buckets.insert(source.clone(), bucket);
        has_token
    }

    /// Forgets who has a full bucket again, which is as good as a new one. Whether there is room.
    fn sweep(&mut self, now: Instant) -> bool {
        if self.sweep_at.is_some_and(|at| now < at) {
            return false;
        }
        self.sweep_at = Some(now + SWEEP_PAUSE);
        self.buckets.retain(|_, bucket| !bucket.is_full(now));
        self.buckets.len() < ECHO_SOURCES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_table_refuses_until_a_source_falls_silent() {
        let (mut sources, start) = (Sources::new(), Instant::now());
        for source in 0..ECHO_SOURCES_MAX {
            assert!(sources.take(&source, 10, start));
        }
        let (new, later) = (ECHO_SOURCES_MAX, start + Duration::from_millis(50));
        assert!(!sources.take(&new, 10, later), "all are busy");
        let silent = later + Duration::from_millis(99);
        assert!(!sources.take(&new, 10, silent), "searched a moment ago");
        let silent = later + SWEEP_PAUSE;
        assert!(sources.take(&new, 10, silent), "their tokens are back");
        assert_eq!(sources.buckets.len(), 1);
    }
}
