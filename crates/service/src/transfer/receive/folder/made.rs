//! Which folders a transfer has made: were it killed, the next one knows them from others that stand
//! there, and they get what they are to have. It does not know what that is.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use landline_frame::landline1::Name;
use rustix::fs::FlockOperation;

use super::parts::open_journals;
use super::standing::Standing;

/// How many folders are noted: 2 MiB of a file, and 5 MiB of memory in the next transfer. Others that
/// were made stay as they are if this one is killed.
const NOTED_MAX: usize = 131_072;

/// A hash of all that tells a folder from others.
type Mark = [u8; 16];

/// The folders that were made, in a file beside the journals until the transfer ends.
pub(super) struct Made {
    path: PathBuf,
    /// The file, and its lock: another transfer of the same to the same folder notes nothing. It comes
    /// with the first folder.
    file: Option<File>,
    /// What a transfer before made, and did not come to its end.
    before: HashSet<Mark>,
    noted: usize,
}

impl Made {
    /// Of what comes from `peer` to `root`; `None` if nothing can be noted.
    pub(super) fn open(journals: &Path, peer: &str, root: &OwnedFd) -> Option<Self> {
        let root = std::fs::read_link(format!("/proc/self/fd/{}", root.as_raw_fd())).ok()?;
        let mut key = blake3::Hasher::new();
        key.update(b"folders\0");
        key.update(peer.as_bytes());
        key.update(&[0]);
        key.update(root.as_os_str().as_bytes());
        let key = key.finalize().to_hex();
        let mut made = Self {
            path: journals.join(format!("{}.folders.journal", &key[..32])),
            file: None,
            before: HashSet::new(),
            noted: 0,
        };
        if made.path.exists() {
            made.take(false)?;
        }
        Some(made)
    }

    /// Notes a folder that was made right now.
    pub(super) fn note(&mut self, name: &Name, standing: &Standing) {
        if self.noted >= NOTED_MAX || self.file.is_none() && self.take(true).is_none() {
            return;
        }
        let Some(mut file) = self.file.as_ref() else {
            return;
        };
        // Without the note it is not known again: nothing worse comes of it.
        if file.write_all(&mark(name, standing)).is_ok() {
            self.noted += 1;
        } else {
            self.noted = NOTED_MAX;
        }
    }

    /// Whether a transfer before made this folder, nobody has given it other bits since, and that
    /// transfer did not come to its end. It is this transfer's from now on.
    pub(super) fn take_over(&mut self, name: &Name, standing: &Standing) -> bool {
        !self.before.is_empty() && self.before.remove(&mark(name, standing))
    }

    /// Every folder of this transfer has what it is to have. Those of others are still to be known.
    pub(super) fn forget(&mut self) {
        let Some(mut file) = self.file.take() else {
            return;
        };
        // A note that stays says what is no more so of its folder: it is little harm.
        let _ = if self.before.is_empty() {
            std::fs::remove_file(&self.path)
        } else {
            let rest: Vec<u8> = self.before.drain().flatten().collect();
            file.set_len(0).and_then(|()| file.write_all(&rest))
        };
    }

    /// Takes the file, and what stands in it.
    fn take(&mut self, make: bool) -> Option<()> {
        if make {
            open_journals(self.path.parent()?).ok()?;
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(make).mode(0o600);
        let mut file = options.open(&self.path).ok()?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
        // Whoever held the lock before may have removed it.
        let about = file.metadata().ok().filter(|about| about.nlink() == 1)?;
        let size = size_of::<Mark>();
        let whole = usize::try_from(about.len()).ok()? / size;
        let mut bytes = vec![0; whole.min(NOTED_MAX) * size];
        file.read_exact(&mut bytes).ok()?;
        // The last may be torn.
        file.set_len(bytes.len() as u64).ok()?;
        self.noted = bytes.len() / size;
        let marks = bytes.as_chunks().0;
        self.before.extend(marks);
        self.file = Some(file);
        Some(())
    }
}

fn mark(name: &Name, standing: &Standing) -> Mark {
    let mut hash = blake3::Hasher::new();
    hash.update(&(name.as_bytes().len() as u64).to_le_bytes());
    hash.update(name.as_bytes());
    hash.update(&standing.id.inode.to_le_bytes());
    hash.update(&standing.mode.to_le_bytes());
    if let Some(born) = standing.born {
        hash.update(&born.s.to_le_bytes());
        hash.update(&born.ns.to_le_bytes());
    }
    let mut mark = Mark::default();
    hash.finalize_xof().fill(&mut mark);
    mark
}
