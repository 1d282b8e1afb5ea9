//! The digests of files that were hashed before, a bounded number of them. It reads no file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::files::stamp::{Identity, Stamp};

/// How many files are known at once: at most about 1 MiB. Past it, the one not asked for the
/// longest is forgotten.
pub(super) const FILES_KNOWN_MAX: usize = 4_096;

/// What is known of one file. Whoever hashes it holds the lock, and whoever wants the same file
/// waits for the outcome.
pub(super) type Slot = Arc<tokio::sync::Mutex<Option<([u8; 16], Stamp)>>>;

/// The slots of all files.
#[derive(Default)]
pub(super) struct Known(Mutex<Slots>);

#[derive(Default)]
struct Slots {
    by_identity: HashMap<Identity, Used>,
    /// Counts the questions, so that the one asked longest ago is known.
    clock: u64,
}

struct Used {
    slot: Slot,
    at: u64,
}

impl Known {
    /// The slot of a file, empty when it is new.
    pub(super) fn slot(&self, identity: Identity) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.clock += 1;
        let at = slots.clock;
        if !slots.by_identity.contains_key(&identity) {
            slots.make_room();
        }
        let new = || Used {
            slot: Slot::default(),
            at,
        };
        let used = slots.by_identity.entry(identity).or_insert_with(new);
        used.at = at;
        used.slot.clone()
    }
}

impl Slots {
    /// A look at each of 4,096 slots takes some 10 µs, and a file that is new is hashed next.
    fn make_room(&mut self) {
        if self.by_identity.len() < FILES_KNOWN_MAX {
            return;
        }
        let oldest = self.by_identity.iter().min_by_key(|(_, used)| used.at);
        if let Some(identity) = oldest.map(|(identity, _)| *identity) {
            self.by_identity.remove(&identity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(inode: u64) -> Identity {
        Identity { device: 1, inode }
    }

    #[test]
    fn the_file_not_asked_for_the_longest_is_forgotten() {
        let known = Known::default();
        let (first, second) = (known.slot(file(0)), known.slot(file(1)));
        for inode in 2..FILES_KNOWN_MAX as u64 {
            known.slot(file(inode));
        }
        assert!(Arc::ptr_eq(&first, &known.slot(file(0))));
        known.slot(file(u64::MAX));
        assert!(Arc::ptr_eq(&first, &known.slot(file(0))), "asked for again");
        assert!(!Arc::ptr_eq(&second, &known.slot(file(1))), "forgotten");
        let slots = known.0.lock().unwrap();
        assert_eq!(slots.by_identity.len(), FILES_KNOWN_MAX);
    }
}
