//! Which files this transfer has placed itself: those it never replaces, whatever it may do to
//! others. It does not know their names: two names can be one where a file system folds letters.

use std::collections::{HashMap, VecDeque};
use std::time::{SystemTime, UNIX_EPOCH};

use landline_frame::landline1::Mtime;

use super::came::State;
use super::standing::{FileId, Standing};

/// How many files are remembered one by one, the last ones: 1.5 MiB at worst.
const REMEMBERED_MAX: usize = 16_384;

/// The files that were placed.
pub(super) struct Placed {
    /// Each with the state of its source.
    ids: HashMap<FileId, State>,
    order: VecDeque<FileId>,
    remembered_max: usize,
    /// When the transfer began.
    start: Mtime,
}

impl Placed {
    /// None yet.
    pub(super) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let start = Mtime {
            s: i64::try_from(now.as_secs()).unwrap_or(i64::MAX),
            ns: now.subsec_nanos(),
        };
        Self::since(start, REMEMBERED_MAX)
    }

    fn since(start: Mtime, remembered_max: usize) -> Self {
        Self {
            ids: HashMap::new(),
            order: VecDeque::new(),
            remembered_max,
            start,
        }
    }

    /// Notes one.
    pub(super) fn note(&mut self, id: FileId, state: State) {
        if self.ids.insert(id, state).is_none() {
            self.order.push_back(id);
        }
        // One more is held, so that it shows that others were forgotten.
        if self.order.len() > self.remembered_max + 1 {
            let oldest = self.order.pop_front().expect("there are more");
            self.ids.remove(&oldest);
        }
    }

    /// The state of its source, if this transfer placed it and remembers it by itself.
    pub(super) fn state(&self, id: FileId) -> Option<State> {
        self.ids.get(&id).copied()
    }

    /// Whether this transfer placed it. Of one that is forgotten already its birth tells, where the
    /// file system knows it: a file that another program made meanwhile is kept then, too.
    pub(super) fn holds(&self, standing: &Standing) -> bool {
        let has_forgotten = self.order.len() > self.remembered_max;
        let is_young = standing.born.is_some_and(|born| born >= self.start);
        self.ids.contains_key(&standing.id) || has_forgotten && is_young
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_known_by_themselves_and_others_by_their_birth() {
        let file = tempfile::tempfile().expect("a file");
        let real = Standing::of(&file).expect("it is open");
        let of = |inode, born| Standing {
            id: FileId { device: 1, inode },
            born,
            ..real
        };
        let before = Some(Mtime { s: 9, ns: 0 });
        let start = Mtime { s: 10, ns: 5 };
        let mut placed = Placed::since(start, 2);
        assert!(!placed.holds(&of(1, Some(start))), "nothing was forgotten");
        for inode in 1..=4 {
            let id = FileId { device: 1, inode };
            placed.note(id, None);
            assert!(placed.holds(&of(inode, None)));
        }
        assert!(placed.holds(&of(2, None)));
        assert!(!placed.holds(&of(1, None)), "nobody can tell");
        assert!(!placed.holds(&of(1, before)));
        assert!(placed.holds(&of(1, Some(start))));
    }
}
