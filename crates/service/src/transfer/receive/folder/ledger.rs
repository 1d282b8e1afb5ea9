//! Which groups of a part go to its journal: those that are hashed and written, whichever was first. It
//! does not know who does either.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::part_journal::PartJournal;

/// The journal of a part, shared by those who write the part, hash it, and bring it to the disk.
pub(super) struct Ledger(Mutex<Books>);

struct Books {
    journal: PartJournal,
    /// Of groups that the journal does not know yet, in order.
    values: VecDeque<[u8; 32]>,
    /// How many groups are written.
    written: u64,
    /// It says no more: it could not be written, or its part is left.
    is_closed: bool,
}

impl Ledger {
    /// Of a part whose groups the journal knows.
    pub(super) fn new(journal: PartJournal) -> Self {
        Self(Mutex::new(Books {
            written: journal.groups(),
            journal,
            values: VecDeque::new(),
            is_closed: false,
        }))
    }

    /// The next group has this value.
    pub(super) fn note_value(&self, value: [u8; 32]) {
        let mut books = self.lock();
        if !books.is_closed {
            books.values.push_back(value);
            books.settle();
        }
    }

    /// So many groups are written.
    pub(super) fn note_written(&self, groups: u64) {
        let mut books = self.lock();
        if books.written < groups {
            books.written = groups;
            books.settle();
        }
    }

    /// How many groups the journal knows.
    pub(super) fn groups(&self) -> u64 {
        self.lock().journal.groups()
    }

    /// Whether it says no more.
    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Hears of no more groups, and says something last.
    pub(super) fn close(&self, last: impl FnOnce(&mut PartJournal) -> io::Result<()>) {
        let mut books = self.lock();
        books.is_closed = true;
        // Else more of what is there is read again: nothing is wrong with that.
        let _ = last(&mut books.journal);
    }

    /// Lets `change` have the journal.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut PartJournal) -> T) -> T {
        change(&mut self.lock().journal)
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// Journals what is hashed and written.
    fn settle(&mut self) {
        let whole = self.written.saturating_sub(self.journal.groups());
        let count = self
            .values
            .len()
            .min(usize::try_from(whole).unwrap_or(usize::MAX));
        if count == 0 || self.is_closed {
            return;
        }
        let values: Vec<_> = self.values.drain(..count).collect();
        if self.journal.note_groups(&values).is_err() {
            self.is_closed = true;
            self.values = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::Path;

    use super::super::part_journal::Subject;
    use super::super::standing::Standing;
    use super::*;

    fn ledger(folder: &Path) -> Ledger {
        let of = File::open(folder).expect("it is there");
        let subject = Subject {
            source: [1; 32],
            part: Standing::of(&of).expect("it tells").id,
            boot: [2; 32],
        };
        let journal = PartJournal::create(&folder.join("journal"), subject);
        Ledger::new(journal.expect("a free name"))
    }

    fn values(ledger: &Ledger) -> Vec<u8> {
        let mut values = Vec::new();
        let each = |value: [u8; 32]| {
            values.push(value[0]);
            true
        };
        let read = ledger.change(|journal| journal.each_group(each));
        read.expect("it can be read");
        values
    }

    #[test]
    fn a_group_counts_once_it_is_hashed_and_written() {
        let folder = tempfile::tempdir().expect("a place");
        let ledger = ledger(folder.path());
        for value in 1..=3 {
            ledger.note_value([value; 32]);
        }
        assert_eq!(ledger.groups(), 0, "nothing is written");
        ledger.note_written(2);
        assert_eq!(values(&ledger), [1, 2]);
        ledger.note_written(5);
        assert_eq!(values(&ledger), [1, 2, 3]);
        ledger.note_value([4; 32]);
        assert_eq!(values(&ledger), [1, 2, 3, 4]);
    }

    #[test]
    fn what_is_hashed_after_the_last_word_does_not_follow_it() {
        let folder = tempfile::tempdir().expect("a place");
        let ledger = ledger(folder.path());
        ledger.note_written(2);
        ledger.note_value([1; 32]);
        ledger.close(|journal| journal.note_groups(&[[9; 32]]));
        ledger.note_value([2; 32]);
        ledger.note_written(3);
        assert_eq!(values(&ledger), [1, 9]);
        assert!(ledger.is_closed());
    }
}
