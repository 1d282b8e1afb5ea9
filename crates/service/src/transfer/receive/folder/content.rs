//! One file while its bytes come: hashed and written as they do. It does not know what follows it.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;
use landline_frame::landline1::{DigestKind, Entry, GROUP_BYTES};
use rustix::io::Errno;

use super::super::super::fold::Digester;
use super::errno::errno_of;
use super::finish::Finish;
use super::hashing::{Hashing, Whole};
use super::local::Local;
use super::part::Part;
use super::parts::Parts;
use super::space::Promise;
use super::standing::Standing;
use super::tree::{Folder, last_part};
use crate::nameless::Nameless;

/// A file that comes.
pub(super) struct Content {
    pub(super) number: u64,
    pub(super) entry: Arc<Entry>,
    pub(super) folder: Arc<Folder>,
    pub(super) promise: Promise,
    /// What it is compared with, if it is.
    pub(super) local: Option<Local>,
    pub(super) to: Goal,
    hashing: Hashing,
    /// How many bytes of it are there.
    at: u64,
}

/// Where its bytes go.
pub(super) enum Goal {
    /// To a file without a name.
    Nameless(Nameless),
    /// To a part.
    Part(Part),
    /// To memory, until it is known whether they differ: a group and what follows the last one, at
    /// most.
    Tail(Vec<u8>),
    /// Nowhere: they are compared only.
    Nothing,
}

impl Goal {
    /// Opens a file for an entry, of which nothing is there.
    pub(super) fn open(
        handle: &Arc<OwnedFd>,
        entry: &Entry,
        parts: Option<&Parts>,
    ) -> Result<Self, Errno> {
        let part = parts.and_then(|parts| parts.begin(handle, entry));
        let to = match part {
            Some(part) => Self::Part(part),
            None => Self::Nameless(Nameless::create(handle, Finish::of(entry).mode())?),
        };
        if let Some(file) = to.file() {
            see_that_it_can_be(file, entry)?;
        }
        Ok(to)
    }

    /// Who is told of groups that are whole.
    fn whole(&self) -> Whole {
        match self {
            Self::Part(part) => part.whole(),
            _ => Arc::new(|_| {}),
        }
    }

    /// The file, if it is one.
    pub(super) fn file(&self) -> Option<&File> {
        match self {
            Self::Nameless(nameless) => Some(&nameless.file),
            Self::Part(part) => Some(&part.file),
            Self::Tail(_) | Self::Nothing => None,
        }
    }
}

/// A size that no file can have here is found out before zeros that a word stands for are hashed for
/// hours. What takes room on the disk comes to its end anyway.
fn see_that_it_can_be(file: &File, entry: &Entry) -> Result<(), Errno> {
    let size = entry.size.unwrap_or(0);
    if entry.stored.is_none_or(|stored| stored >= size) {
        return Ok(());
    }
    rustix::fs::ftruncate(file, size)?;
    rustix::fs::ftruncate(file, 0)
}

impl Content {
    /// A file whose first bytes are there, as many as the digester has taken.
    pub(super) fn new(
        number: u64,
        entry: Arc<Entry>,
        folder: Arc<Folder>,
        to: Goal,
        digester: Digester,
    ) -> Self {
        let at = match &digester {
            Digester::Blake3(fold) => fold.groups() * GROUP_BYTES,
            Digester::Sha256(_) => 0,
        };
        let hashing = Hashing::new(digester, at, entry.size, to.whole());
        Self {
            number,
            entry,
            folder,
            promise: Promise::default(),
            local: None,
            to,
            hashing,
            at,
        }
    }

    /// How many bytes of it are there.
    pub(super) fn size(&self) -> u64 {
        self.at
    }

    /// Whether what came could be of use to the next transfer. That is known once it is hashed.
    pub(super) fn is_of_use(&mut self) -> bool {
        self.catch_up();
        matches!(&self.to, Goal::Part(part) if part.is_of_use())
    }

    /// What came is of no use to anybody.
    pub(super) fn be_useless(&mut self) {
        if let Goal::Part(part) = &mut self.to {
            part.be_useless();
        }
    }

    /// Takes bytes.
    pub(super) fn write(&mut self, bytes: &Bytes) -> Result<(), Errno> {
        self.hashing.update(bytes);
        match &mut self.to {
            Goal::Tail(tail) => tail.extend_from_slice(bytes),
            to => {
                if let Some(file) = to.file() {
                    let written = file.write_all_at(bytes, self.at);
                    written.map_err(|error| errno_of(&error))?;
                }
            }
        }
        self.note(bytes.len() as u64, bytes.len() as u64);
        Ok(())
    }

    /// Takes zeros, which need no room on the disk.
    pub(super) fn hole(&mut self, bytes: u64) -> Result<(), Errno> {
        let end = self.at.checked_add(bytes).ok_or(Errno::FBIG)?;
        self.hashing.update_zeros(bytes);
        match &mut self.to {
            Goal::Tail(tail) => {
                let length = usize::try_from(bytes).map_err(|_| Errno::FBIG)?;
                tail.resize(tail.len() + length, 0);
            }
            to => {
                if let Some(file) = to.file() {
                    rustix::fs::ftruncate(file, end)?;
                }
            }
        }
        self.note(bytes, 0);
        Ok(())
    }

    /// So many bytes more are there, of which so many were written.
    fn note(&mut self, bytes: u64, written: u64) {
        self.at += bytes;
        if let Goal::Part(part) = &mut self.to {
            part.note(written, self.at / GROUP_BYTES);
        }
    }

    /// Waits until all that is there is hashed, and its groups are in the part's journal.
    pub(super) fn catch_up(&mut self) {
        self.hashing.catch_up();
    }

    /// Writes a file that was compared only, and differs: the local one's groups, which are right,
    /// and what came after them.
    pub(super) fn write_anew(
        &mut self,
        handle: &Arc<OwnedFd>,
        kind: DigestKind,
        groups: u64,
        parts: Option<&Parts>,
    ) -> Result<(), Errno> {
        let to = Goal::open(handle, &self.entry, parts)?;
        let came = std::mem::replace(&mut self.to, to);
        let whole = self.to.whole();
        self.hashing = Hashing::new(Digester::new(kind), 0, self.entry.size, whole);
        self.at = 0;
        if let Some(local) = self.local.take() {
            let entry = self.entry.clone();
            let name = last_part(&entry.name);
            local.read_groups(handle, name, groups, |bytes| {
                self.write(&Bytes::copy_from_slice(bytes))
            })?;
            self.local = Some(local);
        }
        match came {
            Goal::Tail(tail) => self.write(&Bytes::from(tail)),
            _ => Ok(()),
        }
    }

    /// The digest of all that came.
    pub(super) fn digest(&mut self) -> [u8; 32] {
        self.hashing.digest()
    }

    /// Gives a file what it is to have beside its bytes; how it stands then.
    pub(super) fn complete(&self) -> Result<Standing, Errno> {
        let file = self.to.file().ok_or(Errno::BADF)?;
        let standing = Standing::of(file)?;
        Finish::of(&self.entry).give_to_file(file, standing.mode)?;
        Ok(standing)
    }
}
