//! A file that stands where another one is to come, read so that both can be compared. It does not
//! know the other one.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use landline_frame::landline1::{DigestKind, GROUP_BYTES};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::super::super::fold::{Digester, Fold};
use super::errno::errno_of;
use super::standing::{FileId, Standing};
use crate::stop::Stop;

/// What a file was when it was read.
pub(super) struct Local {
    pub(super) standing: Standing,
    /// How many groups it has, one byte at least not counted.
    pub(super) groups: u64,
    /// What they fold to.
    pub(super) subtrees: Vec<[u8; 32]>,
    pub(super) digest: [u8; 32],
}

impl Local {
    /// Reads the file `name` in `folder`, which stands there so, unless `stop` is said meanwhile. With
    /// SHA-256 it has no groups.
    pub(super) fn read(
        folder: &OwnedFd,
        name: &[u8],
        standing: &Standing,
        kind: DigestKind,
        stop: &Stop,
    ) -> Result<Self, Errno> {
        let file = open(folder, name, standing.id)?;
        let goes_on = || match stop.is_cancelled() {
            true => Err(Errno::CANCELED),
            false => Ok(()),
        };
        let mut digester = Digester::new(kind);
        let most = standing.size.saturating_sub(1) / GROUP_BYTES;
        read_all(&file, 0..most * GROUP_BYTES, |bytes| {
            digester.update(bytes, |_| {});
            goes_on()
        })?;
        let (groups, subtrees) = match &digester {
            Digester::Blake3(fold) => (fold.groups(), fold.subtrees()),
            Digester::Sha256(_) => (0, Vec::new()),
        };
        read_all(&file, most * GROUP_BYTES..standing.size, |bytes| {
            digester.update(bytes, |_| {});
            goes_on()
        })?;
        Ok(Self {
            standing: *standing,
            groups,
            subtrees,
            digest: digester.finish(),
        })
    }

    /// The digest of what follows its groups.
    pub(super) fn digester(&self, kind: DigestKind) -> Digester {
        match Fold::resume(self.groups, &self.subtrees) {
            Some(fold) if kind == DigestKind::Blake3 => Digester::Blake3(Box::new(fold)),
            _ => Digester::new(kind),
        }
    }

    /// Reads its first `groups` once more, in pieces.
    pub(super) fn read_groups(
        &self,
        folder: &OwnedFd,
        name: &[u8],
        groups: u64,
        taken: impl FnMut(&[u8]) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let file = open(folder, name, self.standing.id)?;
        read_all(&file, 0..groups * GROUP_BYTES, taken)
    }
}

fn open(folder: &OwnedFd, name: &[u8], id: FileId) -> Result<File, Errno> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::openat(folder, name, flags, Mode::empty())?);
    if Standing::of(&file)?.id == id {
        Ok(file)
    } else {
        Err(Errno::STALE)
    }
}

fn read_all(
    file: &File,
    range: std::ops::Range<u64>,
    mut taken: impl FnMut(&[u8]) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let mut piece = vec![0; 256 * 1024];
    let mut at = range.start;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        let room = piece.len().min(left);
        match file.read_at(&mut piece[..room], at) {
            // It became shorter.
            Ok(0) => return Err(Errno::STALE),
            Ok(count) => {
                taken(&piece[..count])?;
                at += count as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(errno_of(&error)),
        }
    }
    Ok(())
}
