//! What is worth telling the person who runs a service. Services note facts here and print nothing;
//! the command line renders them, in the reader's language, from one catalogue.

use std::sync::{Mutex, PoisonError};

/// One fact: a key of the catalogue and the values its sentence names.
///
/// Values that came from a peer are kept as they came; whoever shows them escapes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The peer that it is about, as a person would name it.
    pub peer: String,
    /// The key of its sentence in the catalogue, such as `datagram-cut`.
    pub key: &'static str,
    /// The values that the sentence names.
    pub values: Vec<(&'static str, String)>,
    /// Whether only those who ask for details (`-v`) want to read it.
    pub detail: bool,
}

impl Notice {
    /// A notice about `peer` without values.
    pub fn new(peer: impl ToString, key: &'static str) -> Self {
        Self {
            peer: peer.to_string(),
            key,
            values: Vec::new(),
            detail: false,
        }
    }

    /// The same notice, for those who ask for details.
    pub fn detail(mut self) -> Self {
        self.detail = true;
        self
    }

    /// The same notice with one more value.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }
}

/// Takes notices. It must not block: it is called between two system calls of a service.
pub trait Journal: Send + Sync {
    /// Takes one notice.
    fn note(&self, notice: Notice);
}

/// Forgets every notice.
pub struct Silent;

impl Journal for Silent {
    fn note(&self, _: Notice) {}
}

/// Keeps every notice, for tests.
#[derive(Default)]
pub struct Kept(Mutex<Vec<Notice>>);

impl Kept {
    /// The keys of the notices so far, oldest first.
    pub fn keys(&self) -> Vec<&'static str> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|note| note.key)
            .collect()
    }
}

impl Journal for Kept {
    fn note(&self, notice: Notice) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(notice);
    }
}
