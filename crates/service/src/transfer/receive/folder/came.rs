//! What came before in this transfer: what it placed, what it found to be the same, and what is on its
//! way still. A name that came before is never replaced. It does not know what else stands there.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU64;
use std::sync::{Arc, Weak};

use landline_frame::landline1::{Entry, Name};

use super::placed::Placed;
use super::standing::{FileId, Standing};

/// How many files that stood there already, and folders, are remembered: 9 MiB at worst, and 13 MiB while
/// room for them is made. Of more than that the first ones are known.
const FOUND_MAX: usize = 262_144;

/// How many names are held until those are let go that have come: twice as many as can be on their way.
const COMING_MAX: usize = 2_304;

/// The state of a source, hashed; `None` where it is not known.
pub(super) type State = Option<NonZeroU64>;

/// What came before.
pub(super) struct Came {
    placed: Placed,
    /// What stood there already, hashed.
    found: HashMap<u64, State>,
    /// Wanted, by name. What is over has let go of its entry.
    coming: HashMap<Name, Weak<Entry>>,
    /// Nobody outside can make two that have one hash.
    hashes: RandomState,
    /// Only what is surely of this transfer counts: of all else the peer is to see nothing.
    is_blind: bool,
}

impl Came {
    /// Nothing yet.
    pub(super) fn new(is_blind: bool) -> Self {
        Self {
            placed: Placed::new(),
            found: HashMap::new(),
            coming: HashMap::new(),
            hashes: RandomState::new(),
            is_blind,
        }
    }

    /// The file of this name that is on its way, if one is.
    pub(super) fn coming(&self, name: &Name) -> Option<Arc<Entry>> {
        self.coming.get(name)?.upgrade()
    }

    /// A file is wanted: it is on its way for as long as somebody holds its entry.
    pub(super) fn note_coming(&mut self, entry: &Arc<Entry>) {
        if self.coming.len() >= COMING_MAX {
            self.coming.retain(|_, entry| entry.strong_count() > 0);
        }
        let name = entry.name.clone();
        self.coming.insert(name, Arc::downgrade(entry));
    }

    /// A file was placed.
    pub(super) fn note_placed(&mut self, id: FileId, entry: &Entry) {
        self.placed.note(id, self.state(entry));
    }

    /// A file stood there already, the same.
    pub(super) fn note_found(&mut self, entry: &Entry, standing: &Standing) {
        let (key, state) = (self.key(&entry.name, standing), self.state(entry));
        self.note(key, state);
    }

    /// A folder is there.
    pub(super) fn note_folder(&mut self, id: FileId) {
        self.note(self.hash(id, None), None);
    }

    /// Whether what stands at the name came in this transfer.
    pub(super) fn holds(&self, name: &Name, standing: &Standing) -> bool {
        let is_placed = match self.is_blind {
            true => self.placed.state(standing.id).is_some(),
            false => standing.is_file() && self.placed.holds(standing),
        };
        is_placed || self.found.contains_key(&self.key(name, standing))
    }

    /// Whether that came of this very source, in this very state.
    pub(super) fn is_of(&self, entry: &Entry, standing: &Standing) -> bool {
        let placed = self.placed.state(standing.id);
        let key = self.key(&entry.name, standing);
        let before = placed.or_else(|| self.found.get(&key).copied());
        let state = self.state(entry);
        state.is_some() && before == Some(state)
    }

    fn note(&mut self, key: u64, state: State) {
        if self.found.len() < FOUND_MAX {
            self.found.insert(key, state);
        }
    }

    /// Of a file with several names each is one of its own.
    fn key(&self, name: &Name, standing: &Standing) -> u64 {
        let has_more = standing.is_file() && standing.links > 1;
        self.hash(standing.id, has_more.then_some(name))
    }

    fn hash(&self, id: FileId, name: Option<&Name>) -> u64 {
        self.hashes.hash_one((id, name.map(Name::as_bytes)))
    }

    fn state(&self, entry: &Entry) -> State {
        let source = entry.source.as_deref()?;
        NonZeroU64::new(self.hashes.hash_one(source))
    }
}
