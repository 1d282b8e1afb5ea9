//! The moment in which a file that is whole gets its name. It does not know how its bytes came.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use landline_frame::landline1::{DigestKind, Entry, Failure};
use rustix::fs::FileType;
use rustix::io::Errno;

use super::came::Came;
use super::errno::{clash, exists, not_replaced, unwritable};
use super::local::Local;
use super::part::Part;
use super::standing::{FileId, Standing};
use super::tree::{Folder, Tree, last_part};
use crate::nameless::Nameless;
use crate::stop::Stop;

/// A file that has not got its name yet.
pub(super) trait Unnamed {
    /// Gives it a name that is free.
    fn place(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno>;
    /// Gives it a name that a file or link has.
    fn replace(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno>;
}

impl Unnamed for Nameless {
    fn place(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno> {
        self.place(folder, name)
    }

    fn replace(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno> {
        self.replace(folder, name)
    }
}

impl Unnamed for Part {
    fn place(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno> {
        self.place(folder, name)
    }

    fn replace(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno> {
        self.replace(folder, name)
    }
}

/// What a file has come to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// It has its name.
    Placed,
    /// The same stands there: it came before in this transfer, or meanwhile by another one, such as one
    /// whose peer has died.
    Same,
}

/// Gives names, and keeps what has one.
pub(super) struct Namer {
    force: bool,
    is_blind: bool,
    digest: DigestKind,
    /// Ends the transfer.
    stop: Stop,
    /// What is never replaced.
    pub(super) came: Came,
}

impl Namer {
    /// With `force` a file or a link is replaced, unless it came in this transfer. Whoever is blind
    /// replaces nothing, and hears nothing of what is there.
    pub(super) fn new(force: bool, is_blind: bool, digest: DigestKind, stop: Stop) -> Self {
        Self {
            force,
            is_blind,
            digest,
            stop,
            came: Came::new(is_blind),
        }
    }

    /// Why what stands at the entry's name stays there, if it does.
    pub(super) fn keeps(&self, entry: &Entry, standing: &Standing) -> Option<Failure> {
        let name = &entry.name;
        let why = match standing.kind {
            _ if self.came.holds(name, standing) => return Some(clash(name)),
            // Nothing of what that is.
            _ if self.is_blind => return Some(not_replaced("something")),
            FileType::RegularFile | FileType::Symlink if self.force => return None,
            FileType::RegularFile => "stands there already",
            FileType::Symlink => "stands there already, and is a symbolic link",
            FileType::Directory => return Some(not_replaced("a folder")),
            FileType::Fifo => return Some(not_replaced("a pipe")),
            FileType::Socket => return Some(not_replaced("a socket")),
            _ => return Some(not_replaced("a device")),
        };
        Some(exists(name, why))
    }

    /// Gives a file of this digest its name in `folder`.
    pub(super) fn give(
        &mut self,
        tree: &mut Tree,
        folder: &Arc<Folder>,
        entry: &Entry,
        (id, digest): (FileId, [u8; 32]),
        file: &mut dyn Unnamed,
    ) -> Result<Given, Failure> {
        let failed = |error| unwritable(&entry.name, error, false);
        let handle = tree.handle(folder).map_err(failed)?;
        let part = last_part(&entry.name);
        match file.place(&handle, part) {
            Err(Errno::EXIST) => match Standing::at(&handle, part).map_err(failed)? {
                Some(standing) => match self.keeps(entry, &standing) {
                    Some(_) if self.is_same(entry, &handle, &standing, digest) => {
                        self.came.note_found(entry, &standing);
                        return Ok(Given::Same);
                    }
                    Some(failure) => return Err(failure),
                    None => file.replace(&handle, part).map_err(failed)?,
                },
                // It is gone again.
                None => file.place(&handle, part).map_err(failed)?,
            },
            done => done.map_err(failed)?,
        }
        self.came.note_placed(id, entry);
        folder.note_change();
        Ok(Given::Placed)
    }

    /// Whether what stands there looks as if the same had come before, by this transfer or another one.
    pub(super) fn may_be_same(&self, entry: &Entry, standing: &Standing) -> bool {
        let may_see = !self.is_blind || self.came.holds(&entry.name, standing);
        may_see && standing.is_like(entry)
    }

    /// Whether what stands there is what was to be placed, to the last bit.
    fn is_same(
        &self,
        entry: &Entry,
        handle: &OwnedFd,
        standing: &Standing,
        digest: [u8; 32],
    ) -> bool {
        if !self.may_be_same(entry, standing) {
            return false;
        }
        let read = Local::read(
            handle,
            last_part(&entry.name),
            standing,
            self.digest,
            &self.stop,
        );
        read.is_ok_and(|local| local.digest == digest)
    }
}
