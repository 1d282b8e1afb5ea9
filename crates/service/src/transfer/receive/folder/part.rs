//! A file on its way under a name of its own beside the target, so that the next transfer goes on
//! where this one was stopped. It does not know the target.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use super::claims::Claim;
use super::hashing::Whole;
use super::ledger::Ledger;
use super::part_journal::PartJournal;
use super::standing::Standing;
use crate::nameless::rename_to_free;

/// Nobody else reads what is not whole.
const PART_MODE: Mode = Mode::RUSR.union(Mode::WUSR);

/// A part, held by a lock (flock(2)) for as long as it is open.
///
/// Dropped, it stays with its journal if at least one group of it is whole; else both go.
pub(super) struct Part {
    pub(super) file: Arc<File>,
    folder: Arc<OwnedFd>,
    name: Vec<u8>,
    ledger: Arc<Ledger>,
    journal_path: PathBuf,
    /// How many bytes come between two notes that all before is on the disk.
    sync_bytes: u64,
    unsynced_bytes: u64,
    syncing: Option<JoinHandle<()>>,
    fate: Fate,
    /// Last, so that it is given up when the lock is.
    claim: Claim,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It stays if it can be of use.
    Open,
    /// It is of no use.
    Useless,
    /// It has another name by now.
    Placed,
}

impl Part {
    /// A part whose first `groups` the journal knows.
    pub(super) fn new(
        held: Held,
        journal: PartJournal,
        journal_path: PathBuf,
        sync_bytes: u64,
        claim: Claim,
    ) -> Self {
        Self {
            file: Arc::new(held.file),
            folder: held.folder,
            name: held.name,
            ledger: Arc::new(Ledger::new(journal)),
            journal_path,
            sync_bytes,
            unsynced_bytes: 0,
            syncing: None,
            fate: Fate::Open,
            claim,
        }
    }

    /// Whether the next transfer could go on with it.
    pub(super) fn is_of_use(&self) -> bool {
        self.ledger.groups() > 0 && self.fate == Fate::Open
    }

    /// Who is to be told of groups that are hashed.
    pub(super) fn whole(&self) -> Whole {
        let ledger = self.ledger.clone();
        Arc::new(move |value| ledger.note_value(value))
    }

    /// It is removed when it is dropped.
    pub(super) fn be_useless(&mut self) {
        self.fate = Fate::Useless;
    }

    /// Sees that all of it is on the disk, before it is placed.
    pub(super) fn sync(&mut self) -> Result<(), Errno> {
        self.claim.be_whole();
        self.wait_for_sync();
        rustix::fs::fsync(&*self.file)
    }

    /// Gives it its name, unless something has it.
    pub(super) fn place(&mut self, folder: &OwnedFd, name: &[u8]) -> Result<(), Errno> {
        self.see_to_name()?;
        rename_to_free(folder, &self.name, name)?;
        self.fate = Fate::Placed;
        Ok(())
    }

    /// Gives it its name, in place of the file or link that has it.
    pub(super) fn replace(&mut self, folder: &OwnedFd, name: &[u8]) -> Result<(), Errno> {
        self.see_to_name()?;
        rustix::fs::renameat(folder, &self.name[..], folder, name)?;
        self.fate = Fate::Placed;
        Ok(())
    }

    /// Another file under the part's name is not what was verified.
    fn see_to_name(&self) -> Result<(), Errno> {
        let is_right = leads_to(&self.folder, &self.name, &self.file);
        is_right.then_some(()).ok_or(Errno::STALE)
    }

    /// So many bytes more were written, and so many groups in all. Now and then it has the part brought to
    /// the disk: on a thread, since that may take seconds while more comes.
    pub(super) fn note(&mut self, bytes: u64, groups: u64) {
        self.claim.note();
        self.unsynced_bytes += bytes;
        self.ledger.note_written(groups);
        let is_syncing = self.syncing.as_ref().is_some_and(|it| !it.is_finished());
        if self.unsynced_bytes >= self.sync_bytes && !is_syncing && !self.ledger.is_closed() {
            self.wait_for_sync();
            self.start_sync();
        }
    }

    fn start_sync(&mut self) {
        self.unsynced_bytes = 0;
        let (file, ledger) = (self.file.clone(), self.ledger.clone());
        let work = move || {
            // A failure here only means that less counts after another boot.
            let _ = bring_to_disk(&file, &ledger);
        };
        let started = thread::Builder::new()
            .name("part sync".to_string())
            .spawn(work);
        self.syncing = started.ok();
    }

    fn wait_for_sync(&mut self) {
        if let Some(syncing) = self.syncing.take() {
            let _ = syncing.join();
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // The thread holds the file, and with it the lock.
        self.wait_for_sync();
        if self.is_of_use() {
            if let Ok(standing) = Standing::of(&self.file) {
                self.ledger.close(|journal| journal.rest(standing.changed));
            }
            return;
        }
        if self.fate != Fate::Placed {
            remove(&self.folder, &self.name, &self.file);
        }
        let _ = std::fs::remove_file(&self.journal_path);
    }
}

fn bring_to_disk(file: &File, ledger: &Ledger) -> io::Result<()> {
    let groups = ledger.groups();
    rustix::fs::fdatasync(file)?;
    let journal_file = ledger.change(|journal| {
        journal.note_on_disk(groups)?;
        journal.file()
    })?;
    Ok(rustix::fs::fdatasync(&journal_file)?)
}

/// The file of a part, open and locked.
pub(super) struct Held {
    pub(super) file: File,
    folder: Arc<OwnedFd>,
    name: Vec<u8>,
    pub(super) standing: Standing,
}

impl Held {
    /// Opens the part `name` and locks it. It is made if that is wanted, and `None` if there is none.
    ///
    /// # Errors
    /// Another transfer holds it, or it is no file of ours alone.
    pub(super) fn open(
        folder: &Arc<OwnedFd>,
        name: &[u8],
        make: bool,
    ) -> Result<Option<Self>, Errno> {
        let mut flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        flags.set(OFlags::CREATE, make);
        let open = || rustix::fs::openat(folder, name, flags, PART_MODE);
        let opened = match open() {
            Err(Errno::ACCESS) => make_writable(folder, name).and_then(|()| open()),
            opened => opened,
        };
        let file = match opened {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error),
        };
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        let standing = Standing::of(&file)?;
        let is_ours = standing.is_file()
            && standing.links == 1
            && standing.owner == rustix::process::geteuid().as_raw();
        // Whoever held the lock before may have placed or removed it.
        if !is_ours || !leads_to(folder, name, &file) {
            return Err(Errno::BUSY);
        }
        Ok(Some(Self {
            file,
            folder: folder.clone(),
            name: name.to_vec(),
            standing,
        }))
    }

    /// Removes the part.
    pub(super) fn remove(self) {
        remove(&self.folder, &self.name, &self.file);
    }
}

/// Gives a part its first bits again: one that was about to be placed has those of its target.
fn make_writable(folder: &OwnedFd, name: &[u8]) -> Result<(), Errno> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let part = rustix::fs::openat(folder, name, flags, Mode::empty())?;
    if !Standing::of(&part)?.is_file() {
        return Err(Errno::ACCESS);
    }
    // By this very file, whatever the name leads to by now: fchmod(2) wants more than its path.
    let path = format!("/proc/self/fd/{}", part.as_raw_fd());
    rustix::fs::chmod(path, PART_MODE)
}

fn remove(folder: &OwnedFd, name: &[u8], file: &File) {
    if leads_to(folder, name, file) {
        // Nothing can be done about a failure here.
        let _ = rustix::fs::unlinkat(folder, name, AtFlags::empty());
    }
}

/// Whether `name` in `folder` is this very file.
fn leads_to(folder: &OwnedFd, name: &[u8], file: &File) -> bool {
    let there = Standing::at(folder, name).ok().flatten();
    let here = Standing::of(file).ok();
    there
        .zip(here)
        .is_some_and(|(there, here)| there.id == here.id)
}
