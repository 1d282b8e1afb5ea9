//! Lines whose peer is not known yet: at most so many, and the oldest has to make room for the next.
//! So whoever only holds places loses them first, and an honest client, who needs its place for a few
//! milliseconds, gets in. It does not know what a handshake is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The most lines at one time whose peer is not known yet. Each holds at most 27 KiB and a socket:
/// about 110 MiB at worst, for 10 s.
pub const HALF_OPEN_MAX: usize = 4096;

/// The lines whose peer is not known yet, the oldest first.
#[derive(Default)]
pub(super) struct HalfOpen(Mutex<Places>);

#[derive(Default)]
struct Places {
    next: u64,
    held: BTreeMap<u64, CancellationToken>,
}

/// One line's place, until it is dropped.
pub(super) struct Place {
    half_open: Arc<HalfOpen>,
    number: u64,
    evicted: CancellationToken,
}

impl HalfOpen {
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more line.
    pub(super) fn enter(self: &Arc<Self>) -> Place {
        let mut places = self.lock();
        if places.held.len() >= HALF_OPEN_MAX {
            places.evict();
        }
        let (number, evicted) = (places.next, CancellationToken::new());
        places.next += 1;
        places.held.insert(number, evicted.clone());
        drop(places);
        Place {
            half_open: self.clone(),
            number,
            evicted,
        }
    }

    /// Takes the oldest line's place. Whether there was one is returned.
    pub(super) fn evict_oldest(&self) -> bool {
        self.lock().evict()
    }
}

impl Places {
    fn evict(&mut self) -> bool {
        let oldest = self.held.pop_first();
        oldest.inspect(|(_, evicted)| evicted.cancel()).is_some()
    }
}

impl Place {
    /// Resolves once the line has to go.
    pub(super) async fn evicted(&self) {
        self.evicted.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.half_open.lock().held.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_and_who_has_left_needs_none() {
        let half_open = Arc::new(HalfOpen::default());
        let mut places: Vec<Place> = (0..HALF_OPEN_MAX).map(|_| half_open.enter()).collect();
        assert!(!places[0].evicted.is_cancelled());
        places.push(half_open.enter());
        assert!(places[0].evicted.is_cancelled());
        assert!(!places[1].evicted.is_cancelled());
        places.truncate(2);
        places.push(half_open.enter());
        assert!(!places[1].evicted.is_cancelled(), "there was room");
        assert!(half_open.evict_oldest());
        assert!(places[1].evicted.is_cancelled());
        places.clear();
        assert!(!half_open.evict_oldest());
    }
}
