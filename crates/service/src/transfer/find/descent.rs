//! The way down through one folder: each folder opened from the handle of the one above it, no link
//! followed. It does not know how the first one was named.

use std::ffi::CString;
use std::os::fd::OwnedFd;

use landline_frame::landline1::{Code, EntryKind, Failure, NAME_BYTES_MAX, Name};
use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;

use crate::transfer::find::asked::push;
use crate::transfer::find::facts::Facts;
use crate::transfer::find::folder::{Batch, Folder};
use crate::transfer::find::source::{Source, unreadable};
use crate::transfer::find::walk::Found;

/// How many folders within each other are walked. Each holds a handle and 16 KiB of names: 4 MiB at
/// worst.
pub(super) const DEPTH_MAX: usize = 256;

/// Links are told of, never followed.
const OPEN_FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Folders that are being walked, each in the one before it.
#[derive(Debug, Default)]
pub(super) struct Descent {
    levels: Vec<Level>,
    /// What the innermost folder is called as an entry; nothing where names begin in it.
    path: Vec<u8>,
    batch: Batch,
}

#[derive(Debug)]
struct Level {
    folder: Folder,
    /// How much of the path is the folder above.
    above: usize,
    /// How many names in it are too long to be told.
    too_long: u64,
}

/// What is done with what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It is sent: folders are gone into, and what is no file is passed over.
    Send,
    /// It is told of as it is.
    Tell,
}

impl Descent {
    /// Begins with an open folder, whose entry is called `name`, or has none.
    pub(super) fn start(&mut self, folder: OwnedFd, name: &[u8]) {
        self.path.clear();
        self.go_into(folder, name);
    }

    /// What comes next, until the first folder is through.
    pub(super) fn next(&mut self, ask: u32, purpose: Purpose) -> Option<Found> {
        loop {
            let level = self.levels.last_mut()?;
            match level.folder.next(&mut self.batch) {
                Some(Ok(name)) => {
                    if let Some(found) = self.look(name, ask, purpose) {
                        return Some(found);
                    }
                }
                Some(Err(error)) => {
                    let failure = unreadable(&error.into());
                    return Some(self.incomplete(ask, failure));
                }
                None => {
                    if let Some(found) = self.leave(ask) {
                        return Some(found);
                    }
                }
            }
        }
    }

    fn look(&mut self, name: CString, ask: u32, purpose: Purpose) -> Option<Found> {
        let level = self.levels.last_mut().expect("the name is of a folder");
        let Some(entry_name) = join(&self.path, name.as_bytes()) else {
            level.too_long += 1;
            return None;
        };
        let handle = level.folder.handle();
        let facts = match rustix::fs::statat(&**handle, &*name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Facts::from(&found),
            // It is gone already: that is as good as never there.
            Err(Errno::NOENT) => return None,
            Err(error) => {
                let failure = unreadable(&error.into());
                return Some(Found::failed(entry_name, ask, failure));
            }
        };
        let mut found = Found::of(facts.entry(entry_name, ask));
        if purpose == Purpose::Tell {
            return Some(found);
        }
        match facts.kind() {
            EntryKind::File => {
                found.source = Some(Source::within(handle.clone(), name, &facts));
            }
            EntryKind::Folder => match self.open(&name) {
                Ok(folder) => self.go_into(folder, name.as_bytes()),
                Err(failure) => found.entry.passed_over = Some(failure),
            },
            EntryKind::Link | EntryKind::Other => found.entry.passed_over = facts.not_sent(),
        }
        Some(found)
    }

    fn open(&self, name: &CString) -> Result<OwnedFd, Failure> {
        if self.levels.len() >= DEPTH_MAX {
            let message = format!("it lies more than {DEPTH_MAX} folders deep");
            return Err(Failure::new(Code::Unreadable, message));
        }
        let level = self.levels.last().expect("the name is of a folder");
        let opened = rustix::fs::openat(
            &**level.folder.handle(),
            &**name,
            OPEN_FOLDER,
            Mode::empty(),
        );
        opened.map_err(|error| match error {
            Errno::LOOP | Errno::NOTDIR | Errno::NOENT => {
                Failure::new(Code::SourceChanged, "it is no folder any more")
            }
            error => unreadable(&error.into()),
        })
    }

    fn go_into(&mut self, folder: OwnedFd, name: &[u8]) {
        let above = self.path.len();
        if !name.is_empty() {
            push(&mut self.path, name);
        }
        self.levels.push(Level {
            folder: Folder::new(folder),
            above,
            too_long: 0,
        });
    }

    /// Goes up, and tells of what could not be told in the folder.
    fn leave(&mut self, ask: u32) -> Option<Found> {
        let level = self.levels.last_mut()?;
        let too_long = std::mem::take(&mut level.too_long);
        if too_long > 0 {
            let message =
                format!("{too_long} of the names in it have more than {NAME_BYTES_MAX} bytes");
            return Some(self.incomplete(ask, Failure::new(Code::Unreadable, message)));
        }
        self.path.truncate(level.above);
        self.levels.pop();
        None
    }

    /// Not all that is in the innermost folder was told of: it is told of once more, with why.
    fn incomplete(&self, ask: u32, failure: Failure) -> Found {
        let name = Name::new(self.path.as_slice()).filter(Name::is_plain);
        let name = name.unwrap_or_else(|| Name::new("path").expect("it is short"));
        Found::failed(name, ask, failure)
    }
}

/// The name of what is in a folder, unless it is too long.
fn join(folder: &[u8], name: &[u8]) -> Option<Name> {
    let mut joined = Vec::with_capacity(folder.len() + 1 + name.len());
    joined.extend_from_slice(folder);
    push(&mut joined, name);
    Name::new(joined)
}

#[cfg(test)]
impl Descent {
    /// What is held of names.
    pub(super) fn held_bytes(&self) -> usize {
        let names = self.levels.iter().map(|level| level.folder.held_bytes());
        names.sum()
    }
}
