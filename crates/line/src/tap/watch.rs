//! The watcher of one connection: it adds who and when to what is told.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::moves::Direction;
use super::record::{Event, Watcher, What};

/// The tap's clock and who watches it.
#[derive(Clone)]
pub(super) struct Watch {
    watcher: Option<Arc<dyn Watcher>>,
    start: Instant,
    connection: u64,
}

impl Watch {
    /// Starts the clock.
    pub(super) fn new(watcher: Option<Arc<dyn Watcher>>) -> Self {
        Self {
            watcher,
            start: Instant::now(),
            connection: 0,
        }
    }

    /// The same for one connection.
    pub(super) fn of(&self, connection: u64) -> Self {
        Self {
            connection,
            ..self.clone()
        }
    }

    /// Which connection it is for.
    pub(super) fn connection(&self) -> u64 {
        self.connection
    }

    /// Whether anybody wants to hear of reads and writes.
    pub(super) fn wants_bytes(&self) -> bool {
        let watcher = self.watcher.as_ref();
        watcher.is_some_and(|watcher| watcher.wants_bytes())
    }

    /// The time since the start.
    pub(super) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The moment that is `at` after the start.
    pub(super) fn moment(&self, at: Duration) -> Instant {
        self.start + at
    }

    /// Tells that the connection is over, once that is dropped: however it ends.
    pub(super) fn until_closed(&self) -> Closing {
        Closing(self.clone())
    }

    /// Tells what was read and not written when a direction was over.
    pub(super) fn note_held(&self, direction: Direction, bytes: usize) {
        if bytes > 0 {
            self.note(What::Held(direction, bytes as u64));
        }
    }

    /// Tells it, with the time.
    pub(super) fn note(&self, what: What<'_>) {
        if let Some(watcher) = &self.watcher {
            watcher.note(&Event {
                at: self.now(),
                connection: self.connection,
                what,
            });
        }
    }
}

/// Tells that a connection is over when it is dropped.
pub(super) struct Closing(Watch);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.note(What::Closed);
    }
}
