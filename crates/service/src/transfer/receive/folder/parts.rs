//! Which files have parts, how a part is found again, and how much of it counts. It does not know how
//! one is written.

use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use landline_frame::landline1::{Entry, GROUP_BYTES, Name};
use rustix::io::Errno;

use super::super::super::fold::Fold;
use super::claims::Claims;
use super::errno::errno_of;
use super::part::{Held, Part};
use super::part_check::right_groups;
use super::part_journal::{PartJournal, Subject};
use super::standing::Standing;
use super::tree::last_part;
use crate::stop::Stop;

/// Files from here on have a part: smaller ones are sent again as fast as one is looked up.
pub const RESUME_BYTES_MIN: u64 = 4 * 1024 * 1024;

/// How many bytes come before the part is brought to the disk, so that they count after a power cut.
pub const PART_SYNC_BYTES: u64 = 64 * 1024 * 1024;

/// How long a journal is kept that nobody goes on with: 30 days. Its part may be long gone, and nothing in
/// a journal tells where that was.
const JOURNAL_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The longest name that Linux file systems take.
const PART_BYTES_MAX: usize = 255;

/// The parts of one peer.
pub(super) struct Parts {
    /// Where the journals are.
    pub(super) journals: PathBuf,
    /// Whose files they are.
    pub(super) peer: String,
    /// What the kernel calls its boot, if that is known.
    pub(super) boot: Option<String>,
    /// [`PART_SYNC_BYTES`], but in tests.
    pub(super) sync_bytes: u64,
    /// Who else holds parts.
    pub(super) claims: Claims,
    /// Ends this transfer.
    pub(super) stop: Stop,
}

/// How much of a file is there.
pub(super) struct Offer {
    pub(super) groups: u64,
    pub(super) subtrees: Vec<[u8; 32]>,
    /// How many bytes they take on the disk.
    pub(super) stored: u64,
}

/// Where a part and its journal are, and what they must be of.
struct Spot {
    part: Vec<u8>,
    journal: PathBuf,
    source: [u8; 32],
}

impl Parts {
    /// Whether such a file has a part: it is large, its size is known, and so is its source.
    pub(super) fn fits(entry: &Entry) -> bool {
        entry.source.is_some() && entry.size.is_some_and(|size| size >= RESUME_BYTES_MIN)
    }

    /// Has another transfer of the same let go of the part, if nothing comes of it any more; whether there
    /// was one.
    pub(super) fn free(&self, folder: &Arc<OwnedFd>, entry: &Entry) -> bool {
        let spot = self.spot(folder, entry);
        spot.is_ok_and(|spot| self.claims.free(&spot.journal, &self.stop))
    }

    /// How much of the file is there and counts. With `check`, and if something may have written to it
    /// since, it is read again.
    pub(super) fn offer(&self, folder: &Arc<OwnedFd>, entry: &Entry, check: bool) -> Option<Offer> {
        let spot = self.spot(folder, entry).ok()?;
        self.claims.free(&spot.journal, &self.stop);
        let (held, journal) = self.find(&spot, folder)?;
        let usable = usable(&journal, &held.standing, entry)?;
        let right = right_groups(&held.file, &held.standing, &journal, check, &self.stop).ok()?;
        let groups = usable.min(right);
        let fold = journal.fold(groups).ok()?;
        (groups > 0).then(|| Offer {
            groups,
            subtrees: fold.subtrees(),
            stored: held.standing.stored.min(groups * GROUP_BYTES),
        })
    }

    /// Opens the part after its first `groups`, at least one, which were offered.
    pub(super) fn go_on(
        &self,
        folder: &Arc<OwnedFd>,
        entry: &Entry,
        groups: u64,
    ) -> Result<(Part, Fold), Errno> {
        let spot = self.spot(folder, entry)?;
        let found = self.find(&spot, folder);
        let found = found.filter(|(held, journal)| {
            usable(journal, &held.standing, entry).is_some_and(|usable| usable >= groups)
        });
        let (held, mut journal) = found.ok_or(Errno::BUSY)?;
        let fold = journal.fold(groups).map_err(|error| errno_of(&error))?;
        journal.go_on(groups).map_err(|error| errno_of(&error))?;
        // What stood behind may be of another time: holes must be empty.
        rustix::fs::ftruncate(&held.file, groups * GROUP_BYTES)?;
        Ok((self.part(held, journal, spot), fold))
    }

    /// Opens an empty part, unless another transfer has it or no journal can be kept: then there is
    /// none, and the file comes without.
    pub(super) fn begin(&self, folder: &Arc<OwnedFd>, entry: &Entry) -> Option<Part> {
        let spot = self.spot(folder, entry).ok()?;
        open_journals(&self.journals).ok()?;
        let held = Held::open(folder, &spot.part, true).ok().flatten()?;
        rustix::fs::ftruncate(&held.file, 0).ok()?;
        let subject = self.subject(&spot, &held.standing);
        match PartJournal::create(&spot.journal, subject) {
            Ok(journal) => Some(self.part(held, journal, spot)),
            Err(_) => {
                held.remove();
                let _ = std::fs::remove_file(&spot.journal);
                None
            }
        }
    }

    fn part(&self, held: Held, journal: PartJournal, spot: Spot) -> Part {
        let claim = self.claims.claim(spot.journal.clone(), &self.stop);
        Part::new(held, journal, spot.journal, self.sync_bytes, claim)
    }

    /// The file is there by other ways: its part, if it has one, is of no use any more.
    pub(super) fn forget(&self, folder: &Arc<OwnedFd>, entry: &Entry) {
        let Ok(spot) = self.spot(folder, entry) else {
            return;
        };
        if let Some((held, _)) = self.find(&spot, folder) {
            held.remove();
            let _ = std::fs::remove_file(&spot.journal);
        }
    }

    /// The part and its journal, if both are there, of this source, and nobody holds them.
    fn find(&self, spot: &Spot, folder: &Arc<OwnedFd>) -> Option<(Held, PartJournal)> {
        let Some(held) = Held::open(folder, &spot.part, false).ok()? else {
            // A journal whose part is gone.
            let _ = std::fs::remove_file(&spot.journal);
            return None;
        };
        let subject = self.subject(spot, &held.standing);
        let journal = PartJournal::open(&spot.journal, subject)?;
        Some((held, journal))
    }

    fn spot(&self, folder: &Arc<OwnedFd>, entry: &Entry) -> Result<Spot, Errno> {
        let part = part_name(&self.peer, &entry.name);
        let path = format!("/proc/self/fd/{}", folder.as_raw_fd());
        let mut path = std::fs::read_link(path).map_err(|error| errno_of(&error))?;
        path.push(std::ffi::OsStr::from_bytes(&part));
        let key = blake3::hash(path.as_os_str().as_bytes()).to_hex();
        Ok(Spot {
            part,
            journal: self.journals.join(format!("{}.journal", &key[..32])),
            source: source_hash(&self.peer, entry),
        })
    }

    /// Under which boot, and through which mount: what a disk did not keep when it was pulled out is
    /// gone without a boot.
    fn subject(&self, spot: &Spot, standing: &Standing) -> Subject {
        let mut boot = blake3::Hasher::new();
        match &self.boot {
            Some(id) => boot.update(id.as_bytes()),
            None => {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                boot.update(&now.unwrap_or_default().as_nanos().to_le_bytes())
            }
        };
        boot.update(&standing.mount.unwrap_or(0).to_le_bytes());
        Subject {
            source: spot.source,
            part: standing.id,
            boot: boot.finalize().into(),
        }
    }
}

/// Makes the folder of journals if there is none, and removes those that are of no use any more.
pub(super) fn open_journals(journals: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(journals)?;
    sweep(journals, SystemTime::now());
    Ok(())
}

/// Removes journals that nobody has gone on with for long.
fn sweep(journals: &Path, now: SystemTime) {
    let Ok(entries) = std::fs::read_dir(journals) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let written = entry.metadata().and_then(|about| about.modified()).ok();
        let age = written.and_then(|written| now.duration_since(written).ok());
        if path.extension().is_some_and(|it| it == "journal") && age > Some(JOURNAL_KEPT) {
            // Another transfer may have done so.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// What the kernel calls the time since it was started, another one each time.
pub fn boot_id() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_string())
}

/// `.NAME.XXXXXXXX.part`: hidden, beside the target, found again by the same peer's same name.
fn part_name(peer: &str, name: &Name) -> Vec<u8> {
    let mut hash = blake3::Hasher::new();
    hash.update(peer.as_bytes());
    hash.update(&[0]);
    hash.update(name.as_bytes());
    let hash = hash.finalize().to_hex();
    let ending = format!(".{}.part", &hash[..8]);
    let part = cut(last_part(name), PART_BYTES_MAX - 1 - ending.len());
    [b".", part, ending.as_bytes()].concat()
}

/// The first bytes of a name, and if it is text, no half of a letter: some file systems take text
/// only.
fn cut(part: &[u8], bytes_max: usize) -> &[u8] {
    if part.len() <= bytes_max {
        return part;
    }
    let Ok(text) = std::str::from_utf8(part) else {
        return &part[..bytes_max];
    };
    let mut ends = (0..=bytes_max).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    &part[..end.unwrap_or(0)]
}

/// The peer, the name and the state of the source: if any of it is another, so may the bytes be.
fn source_hash(peer: &str, entry: &Entry) -> [u8; 32] {
    let mut hash = blake3::Hasher::new();
    let source = entry.source.as_deref().unwrap_or_default();
    for field in [peer.as_bytes(), entry.name.as_bytes(), source.as_bytes()] {
        hash.update(&(field.len() as u64).to_le_bytes());
        hash.update(field);
    }
    hash.update(&entry.size.unwrap_or(0).to_le_bytes());
    hash.update(&entry.mtime.s.to_le_bytes());
    hash.update(&entry.mtime.ns.to_le_bytes());
    hash.finalize().into()
}

/// How many groups count, so that at least a byte follows. A part shorter than its journal says has
/// been in other hands.
fn usable(journal: &PartJournal, standing: &Standing, entry: &Entry) -> Option<u64> {
    let groups = journal.groups();
    let is_whole = standing.size >= groups.checked_mul(GROUP_BYTES)?;
    let most = entry.size?.checked_sub(1)? / GROUP_BYTES;
    is_whole.then(|| groups.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journals_that_nobody_goes_on_with_are_swept() {
        let place = tempfile::tempdir().expect("a folder");
        let (journal, other) = (place.path().join("a.journal"), place.path().join("a.txt"));
        for path in [&journal, &other] {
            std::fs::write(path, "").expect("it is writable");
        }
        let now = SystemTime::now();
        sweep(place.path(), now + JOURNAL_KEPT / 2);
        assert!(journal.exists(), "it is young");
        sweep(place.path(), now + 2 * JOURNAL_KEPT);
        assert!(!journal.exists() && other.exists());
    }
}
