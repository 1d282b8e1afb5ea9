//! The journal of a part: of which source it is, and which of its groups were verified, each with its
//! chaining value. It does not know the bytes.
//!
//! ```text
//!   header, 128 bytes   magic 16 | source 32 | device 8 | inode 8 | made 16 | boot 32 | zero 8 | check 8
//!   records, 40 bytes   value 32 | kind 1 | check 7       kind 1: a group has this chaining value
//!                                                         kind 2: so many groups are on the disk
//!                                                         kind 3: another boot goes on
//!                                                         kind 4: the transfer ends, and its part was
//!                                                                 changed last at this time
//! ```
//!
//! What the kernel was given is there as long as it runs: under the boot of the last words every
//! group counts, under another those that were on the disk.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use landline_frame::landline1::Mtime;

use super::super::super::fold::Fold;
use super::standing::{FileId, Standing};

const MAGIC: &[u8; 16] = b"landline part 1\n";
const HEADER_BYTES: usize = 128;
const RECORD_BYTES: usize = 40;
/// Records are read in pieces of this size: 100 GiB have 4 MiB of them.
const READ_BYTES: usize = 256 * 1024;

/// What a journal must be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// A hash of the peer, the name and the state of the source.
    pub(super) source: [u8; 32],
    /// The part.
    pub(super) part: FileId,
    /// A hash of what the kernel says of its boot, and of the mount.
    pub(super) boot: [u8; 32],
}

/// An open journal.
#[derive(Debug)]
pub(super) struct PartJournal {
    file: File,
    /// What the records' checks hang on: a record of a journal before is none of this one.
    key: [u8; 32],
    subject: Subject,
    /// How many records it has.
    records: u64,
    /// How many groups of the part count under this boot.
    groups: u64,
    /// Whether the last words are of this boot.
    is_of_boot: bool,
    /// When its part was changed last, if its transfer came to say so.
    rested: Option<Mtime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Group([u8; 32]),
    OnDisk(u64),
    Boot([u8; 32]),
    Rests(Mtime),
}

impl PartJournal {
    /// Begins one. What is there is gone.
    pub(super) fn create(path: &Path, subject: Subject) -> io::Result<Self> {
        let file = options().create(true).truncate(true).open(path)?;
        let header = encode_header(&subject);
        file.write_all_at(&header, 0)?;
        Ok(Self::of(file, &header, subject))
    }

    /// Opens the one that is there, if it is of the subject. It is not changed.
    pub(super) fn open(path: &Path, subject: Subject) -> Option<Self> {
        let mut file = options().open(path).ok()?;
        let mut header = [0; HEADER_BYTES];
        file.read_exact(&mut header).ok()?;
        let boot = check_header(&header, &subject)?;
        let mut journal = Self::of(file, &header, subject);
        journal.survey(boot).ok()?;
        Some(journal)
    }

    /// One without records.
    fn of(file: File, header: &[u8; HEADER_BYTES], subject: Subject) -> Self {
        Self {
            file,
            key: blake3::hash(header).into(),
            subject,
            records: 0,
            groups: 0,
            is_of_boot: true,
            rested: None,
        }
    }

    /// How many groups of the part count.
    pub(super) fn groups(&self) -> u64 {
        self.groups
    }

    /// The hash of the part's first `groups`, and how many they are: all that count, if it has fewer.
    pub(super) fn fold(&self, groups: u64) -> io::Result<Fold> {
        let mut fold = Fold::new();
        for record in self.read()?.take_all(self.records) {
            if fold.groups() == groups {
                break;
            }
            if let Record::Group(value) = record {
                fold.push(value);
            }
        }
        Ok(fold)
    }

    /// Tells each chaining value in turn, until one is not wanted.
    pub(super) fn each_group(&self, mut wanted: impl FnMut([u8; 32]) -> bool) -> io::Result<()> {
        let records = self.read()?.take_all(self.records);
        let values = records.filter_map(|record| match record {
            Record::Group(value) => Some(value),
            _ => None,
        });
        for value in values {
            if !wanted(value) {
                break;
            }
        }
        Ok(())
    }

    /// Goes on after the first `groups`: forgets what was said of others, before they are written
    /// anew.
    pub(super) fn go_on(&mut self, groups: u64) -> io::Result<()> {
        let mut kept = 0;
        let mut seen = 0;
        for record in self.read()?.take_all(self.records) {
            match record {
                Record::Group(_) if seen < groups => seen += 1,
                Record::OnDisk(_) | Record::Boot(_) => {}
                Record::Group(_) | Record::Rests(_) => break,
            }
            kept += 1;
        }
        self.file.set_len(offset(kept))?;
        self.records = kept;
        self.groups = groups;
        self.rested = None;
        if !self.is_of_boot {
            self.append(&[Record::OnDisk(groups), Record::Boot(self.subject.boot)])?;
            self.is_of_boot = true;
        }
        rustix::fs::fdatasync(&self.file).map_err(io::Error::from)
    }

    /// Notes groups that were written.
    pub(super) fn note_groups(&mut self, values: &[[u8; 32]]) -> io::Result<()> {
        let records: Vec<Record> = values.iter().copied().map(Record::Group).collect();
        self.append(&records)?;
        self.groups += values.len() as u64;
        Ok(())
    }

    /// Notes that so many groups are on the disk, and has the note there, too.
    pub(super) fn note_on_disk(&mut self, groups: u64) -> io::Result<()> {
        self.append(&[Record::OnDisk(groups)])
    }

    /// When something was noted last.
    pub(super) fn modified(&self) -> Option<Mtime> {
        Standing::of(&self.file).ok().map(|it| it.modified)
    }

    /// Its part, which was changed last then, rests from now on: whatever is written to it later is
    /// not of the journal.
    pub(super) fn rest(&mut self, changed: Mtime) -> io::Result<()> {
        self.append(&[Record::Rests(changed)])
    }

    /// When its part was changed last, if its transfer came to say so.
    pub(super) fn rested(&self) -> Option<Mtime> {
        self.rested
    }

    /// The journal's file, to be brought to the disk.
    pub(super) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    fn append(&mut self, records: &[Record]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(records.len() * RECORD_BYTES);
        for (number, record) in (self.records..).zip(records) {
            bytes.extend_from_slice(&encode_record(&self.key, number, record));
        }
        self.file.write_all_at(&bytes, offset(self.records))?;
        self.records += records.len() as u64;
        Ok(())
    }

    /// Counts what is good, up to the first record that is not.
    fn survey(&mut self, mut boot: [u8; 32]) -> io::Result<()> {
        let (mut groups, mut on_disk, mut records) = (0, 0, 0);
        let mut rested = None;
        for record in self.read()? {
            rested = None;
            match record {
                Record::Group(_) => groups += 1,
                Record::OnDisk(count) if count <= groups => on_disk = count.max(on_disk),
                Record::Boot(next) if groups == on_disk => boot = next,
                Record::Rests(changed) => rested = Some(changed),
                Record::OnDisk(_) | Record::Boot(_) => break,
            }
            records += 1;
        }
        self.rested = rested;
        self.records = records;
        self.is_of_boot = boot == self.subject.boot;
        self.groups = if self.is_of_boot { groups } else { on_disk };
        Ok(())
    }

    fn read(&self) -> io::Result<Records> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(offset(0)))?;
        Ok(Records {
            file: BufReader::with_capacity(READ_BYTES, file),
            key: self.key,
            next: 0,
        })
    }
}

/// The records of a journal, up to the first that is torn, zero, or of a journal before.
struct Records {
    file: BufReader<File>,
    key: [u8; 32],
    next: u64,
}

impl Records {
    fn take_all(self, records: u64) -> impl Iterator<Item = Record> {
        self.take(usize::try_from(records).unwrap_or(usize::MAX))
    }
}

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let mut bytes = [0; RECORD_BYTES];
        self.file.read_exact(&mut bytes).ok()?;
        let value: [u8; 32] = bytes[..32].try_into().expect("32 bytes");
        let record = match bytes[32] {
            1 => Record::Group(value),
            2 => Record::OnDisk(u64::from_le_bytes(value[..8].try_into().expect("8 bytes"))),
            3 => Record::Boot(value),
            4 => Record::Rests(Mtime {
                s: i64::from_le_bytes(value[..8].try_into().expect("8 bytes")),
                ns: u32::from_le_bytes(value[8..12].try_into().expect("4 bytes")),
            }),
            _ => return None,
        };
        let number = self.next;
        self.next += 1;
        (encode_record(&self.key, number, &record) == bytes).then_some(record)
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

fn offset(records: u64) -> u64 {
    HEADER_BYTES as u64 + records * RECORD_BYTES as u64
}

fn encode_header(subject: &Subject) -> [u8; HEADER_BYTES] {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_nanos();
    let mut header = [0; HEADER_BYTES];
    header[..16].copy_from_slice(MAGIC);
    header[16..48].copy_from_slice(&subject.source);
    header[48..56].copy_from_slice(&subject.part.device.to_le_bytes());
    header[56..64].copy_from_slice(&subject.part.inode.to_le_bytes());
    header[64..80].copy_from_slice(&now.to_le_bytes());
    header[80..112].copy_from_slice(&subject.boot);
    let check = blake3::hash(&header[..120]);
    header[120..].copy_from_slice(&check.as_bytes()[..8]);
    header
}

/// Under which boot it was begun, if it is of the subject.
fn check_header(header: &[u8; HEADER_BYTES], subject: &Subject) -> Option<[u8; 32]> {
    let boot: [u8; 32] = header[80..112].try_into().expect("32 bytes");
    // The system may number its devices otherwise when it starts again.
    let is_same_device =
        header[48..56] == subject.part.device.to_le_bytes() || boot != subject.boot;
    let is_of_subject = header[..16] == MAGIC[..]
        && header[120..] == blake3::hash(&header[..120]).as_bytes()[..8]
        && header[16..48] == subject.source
        && header[56..64] == subject.part.inode.to_le_bytes()
        && is_same_device;
    is_of_subject.then_some(boot)
}

fn encode_record(key: &[u8; 32], number: u64, record: &Record) -> [u8; RECORD_BYTES] {
    let mut bytes = [0; RECORD_BYTES];
    bytes[32] = match record {
        Record::Group(value) => {
            bytes[..32].copy_from_slice(value);
            1
        }
        Record::OnDisk(groups) => {
            bytes[..8].copy_from_slice(&groups.to_le_bytes());
            2
        }
        Record::Boot(boot) => {
            bytes[..32].copy_from_slice(boot);
            3
        }
        Record::Rests(changed) => {
            bytes[..8].copy_from_slice(&changed.s.to_le_bytes());
            bytes[8..12].copy_from_slice(&changed.ns.to_le_bytes());
            4
        }
    };
    // Where the check will be stands the number meanwhile: a record elsewhere is another one.
    bytes[33..].copy_from_slice(&number.to_le_bytes()[..7]);
    let check = blake3::keyed_hash(key, &bytes);
    bytes[33..].copy_from_slice(&check.as_bytes()[..7]);
    bytes
}
