//! Which folders a transfer has made: were it killed, the next one knows them from others that stand
//! there, and they get what they are to have. It does not know what that is.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use landline_frame::landline1::Name;
use rustix::fs::FlockOperation;

use super::finish::Finish;
use super::parts::open_journals;
use super::standing::Standing;

/// How many folders are noted: 4 MiB of a file, and 9 MiB of memory in the next transfer. Others that
/// were made stay as they are if this one is killed.
const NOTED_MAX: usize = 131_072;

/// How many folders are looked at again in the end, which were there while another transfer held the
/// notes: 1 MiB and their names.
const DOUBTFUL_MAX: usize = 4096;

/// A hash of a folder's name, and one of all else that tells it from others.
type Note = [[u8; 16]; 2];

/// The folders that were made, in a file beside the journals until the transfer ends.
pub(super) struct Made {
    path: PathBuf,
    /// The file, and its lock: another transfer of the same to the same folder notes nothing. It comes
    /// with the first folder.
    file: Option<File>,
    /// What a transfer before made, and did not come to its end.
    before: HashMap<[u8; 16], [u8; 16]>,
    noted: usize,
    /// Folders that were there before the notes could be read: the transfer before may not have noticed
    /// yet that its line has ended.
    doubtful: Vec<(Name, Finish)>,
}

impl Made {
    /// Of what comes from `peer` to `root`; `None` if that has no path.
    pub(super) fn open(journals: &Path, peer: &str, root: &OwnedFd) -> Option<Self> {
        let root = std::fs::read_link(format!("/proc/self/fd/{}", root.as_raw_fd())).ok()?;
        let mut key = blake3::Hasher::new();
        key.update(b"folders\0");
        key.update(peer.as_bytes());
        key.update(&[0]);
        key.update(root.as_os_str().as_bytes());
        let key = key.finalize().to_hex();
        Some(Self {
            path: journals.join(format!("{}.folders.journal", &key[..32])),
            file: None,
            before: HashMap::new(),
            noted: 0,
            doubtful: Vec::new(),
        })
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
        if file.write_all(note(name, standing).as_flattened()).is_ok() {
            self.noted += 1;
        } else {
            self.noted = NOTED_MAX;
        }
    }

    /// Whether a transfer before made this folder, nobody has given it other bits since, and that
    /// transfer did not come to its end. It is this transfer's from now on.
    pub(super) fn take_over(&mut self, name: &Name, standing: &Standing, finish: Finish) -> bool {
        if self.has_notes() {
            return self.is_noted(name, standing);
        }
        if self.path.exists() && self.doubtful.len() < DOUBTFUL_MAX {
            self.doubtful.push((name.clone(), finish));
        }
        false
    }

    /// Whether a transfer before made this folder.
    pub(super) fn is_noted(&mut self, name: &Name, standing: &Standing) -> bool {
        if self.before.is_empty() {
            return false;
        }
        let [name, mark] = note(name, standing);
        self.before.remove(&name) == Some(mark)
    }

    /// Folders of which it was not known who made them, once that can be known.
    pub(super) fn doubtful(&mut self) -> Vec<(Name, Finish)> {
        let doubtful = std::mem::take(&mut self.doubtful);
        match !doubtful.is_empty() && self.has_notes() {
            true => doubtful,
            false => Vec::new(),
        }
    }

    /// Whether the notes of a transfer before are at hand.
    fn has_notes(&mut self) -> bool {
        self.file.is_some() || self.path.exists() && self.take(false).is_some()
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
            let rest = self.before.drain().flat_map(|(name, mark)| [name, mark]);
            let rest: Vec<u8> = rest.flatten().collect();
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
        let size = size_of::<Note>();
        let whole = usize::try_from(about.len()).ok()? / size;
        let mut bytes = vec![0; whole.min(NOTED_MAX) * size];
        file.read_exact(&mut bytes).ok()?;
        // The last may be torn.
        file.set_len(bytes.len() as u64).ok()?;
        self.noted = bytes.len() / size;
        let hashes: &[[u8; 16]] = bytes.as_chunks().0;
        let notes = hashes.chunks_exact(2).map(|note| (note[0], note[1]));
        self.before.extend(notes);
        self.file = Some(file);
        Some(())
    }
}

fn note(name: &Name, standing: &Standing) -> Note {
    let mut hash = blake3::Hasher::new();
    hash.update(&standing.id.inode.to_le_bytes());
    hash.update(&standing.mode.to_le_bytes());
    if let Some(born) = standing.born {
        hash.update(&born.s.to_le_bytes());
        hash.update(&born.ns.to_le_bytes());
    }
    [blake3::hash(name.as_bytes()), hash.finalize()].map(short)
}

fn short(hash: blake3::Hash) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&hash.as_bytes()[..16]);
    short
}
