//! Files that are whole and wait for their names together: on a real disk the first fsync(2) of many
//! brings the others' names along. It does not know what comes meanwhile.

use std::num::NonZeroU64;
use std::os::fd::AsFd;
use std::sync::Arc;

use landline_frame::landline1::{Entry, Failure};
use rustix::fs::Advice;
use rustix::io::Errno;

use super::super::placer::{Outcome, Settled};
use super::errno::unwritable;
use super::naming::{Given, Namer};
use super::standing::FileId;
use super::tree::{Folder, Tree};
use crate::nameless::Nameless;

/// How many files wait for one another, with a descriptor each.
const FILES_MAX: usize = 64;

/// How many bytes wait for one another.
const BYTES_MAX: u64 = 8 * 1024 * 1024;

/// A file that is whole.
pub(super) struct Waiting {
    pub(super) number: u64,
    pub(super) entry: Arc<Entry>,
    pub(super) folder: Arc<Folder>,
    pub(super) file: Nameless,
    pub(super) id: FileId,
    pub(super) size: u64,
    pub(super) digest: [u8; 32],
}

/// Files that wait.
#[derive(Default)]
pub(super) struct Batch {
    waiting: Vec<Waiting>,
    bytes: u64,
}

impl Batch {
    /// Takes one more. Its way to the disk begins now.
    pub(super) fn push(&mut self, waiting: Waiting) {
        start_to_write_back(&waiting.file.file, waiting.size);
        self.bytes += waiting.size;
        self.waiting.push(waiting);
    }

    /// Whether as many wait as may.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= FILES_MAX || self.bytes >= BYTES_MAX
    }

    /// Brings each to the disk, then gives each its name.
    pub(super) fn settle(
        &mut self,
        tree: &mut Tree,
        namer: &mut Namer,
        mut settled: impl FnMut(Settled),
    ) {
        self.bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let synced: Vec<Result<(), Errno>> = waiting
            .iter()
            .map(|it| rustix::fs::fsync(&it.file.file))
            .collect();
        for (it, synced) in waiting.into_iter().zip(synced) {
            settled(it.settle(synced, tree, namer));
        }
    }
}

impl Waiting {
    fn settle(mut self, synced: Result<(), Errno>, tree: &mut Tree, namer: &mut Namer) -> Settled {
        let entry = &self.entry;
        let failed = |error| unwritable(&entry.name, error, false);
        let what = (self.id, self.digest);
        let done: Result<Given, Failure> = synced
            .map_err(failed)
            .and_then(|()| namer.give(tree, &self.folder, entry, what, &mut self.file));
        tree.release(self.folder);
        Settled {
            entry: Some(self.number),
            name: entry.name.clone(),
            size: self.size,
            outcome: match done {
                Ok(Given::Placed) => Outcome::Placed(self.digest),
                Ok(Given::Same) => Outcome::Same(self.digest),
                Err(failure) => Outcome::Failed(failure),
            },
        }
    }
}

/// Has the kernel begin to write a file back, without waiting. POSIX_FADV_DONTNEED does that, too
/// (mm/fadvise.c), and leaves in memory what is not written yet.
fn start_to_write_back(file: impl AsFd, bytes: u64) {
    let bytes = NonZeroU64::new(bytes);
    if bytes.is_some() {
        // It is advice: without it fsync(2) does all of it.
        let _ = rustix::fs::fadvise(file, 0, bytes, Advice::DontNeed);
    }
}
