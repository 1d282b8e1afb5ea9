//! What a file or a folder has when it is done: its permission bits, its time, and its place on the
//! disk. It does not know its name.

use std::os::fd::{AsFd, OwnedFd};

use landline_frame::landline1::{Entry, Mtime};
use rustix::fs::{Mode, Timespec, Timestamps, UTIME_OMIT};
use rustix::io::Errno;

/// What a file or folder becomes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finish {
    mode: u32,
    modified: Mtime,
}

impl Finish {
    /// What the entry says. Bits beyond the permissions are never given.
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            mode: entry.mode & 0o777,
            modified: entry.mtime,
        }
    }

    /// The bits that a file is to have.
    pub(super) fn mode(&self) -> u32 {
        self.mode
    }

    /// Gives them to a folder that was made here.
    pub(super) fn give_to_folder(&self, folder: &OwnedFd) -> Result<(), Errno> {
        self.give_mode(folder)?;
        self.give_time(folder)
    }

    /// Gives them to a file that was made here and has the bits `mode` now.
    pub(super) fn give_to_file(&self, file: impl AsFd, mode: u32) -> Result<(), Errno> {
        if mode != self.mode {
            self.give_mode(&file)?;
        }
        self.give_time(&file)
    }

    fn give_mode(&self, file: impl AsFd) -> Result<(), Errno> {
        tolerate(rustix::fs::fchmod(file, Mode::from_raw_mode(self.mode)))
    }

    fn give_time(&self, file: impl AsFd) -> Result<(), Errno> {
        let times = Timestamps {
            last_access: Timespec {
                tv_sec: 0,
                tv_nsec: UTIME_OMIT,
            },
            last_modification: Timespec {
                tv_sec: self.modified.s,
                tv_nsec: self.modified.ns.into(),
            },
        };
        tolerate(rustix::fs::futimens(file, &times))
    }
}

/// What is ours can be refused by a file system only that has no such thing, as FAT has no bits.
fn tolerate(done: Result<(), Errno>) -> Result<(), Errno> {
    match done {
        Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
        done => done,
    }
}

/// Sees that a folder's names are on the disk, where the file system can and the handle may.
pub(super) fn sync(folder: &OwnedFd) -> Result<(), Errno> {
    match rustix::fs::fsync(folder) {
        Err(Errno::INVAL | Errno::ROFS | Errno::BADF | Errno::OPNOTSUPP) => Ok(()),
        done => done,
    }
}
