//! One file to be sent: opened as what was announced, read in order, and looked at again at its end.
//! It does not know who gets the bytes, nor what they hash to.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _};
use landline_frame::landline1::{Code, Failure};
use rustix::fs::{Advice, Mode, OFlags, SeekFrom};
use rustix::io::Errno;

use crate::transfer::find::facts::{Facts, Identity};

/// The smallest hole that is worth a word of its own: less is read as zeros.
pub(in crate::transfer) const HOLE_WORTH_BYTES: u64 = 64 * 1024;

/// The most zeros that are told of at once: some 10 ms of hashing, after which the line is looked at.
pub(in crate::transfer) const HOLE_AT_ONCE_BYTES: u64 = 64 * 1024 * 1024;

/// How files are opened. A FIFO without a writer or a device that came in a file's place does not
/// hold it up, and no link is followed where none was named.
const OPEN: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY);

/// A file as it was found, not open yet.
#[derive(Debug)]
pub struct Source {
    place: Place,
    state: Option<State>,
}

/// Where a file is.
#[derive(Debug)]
enum Place {
    /// In a folder that was walked: no link is followed.
    In { folder: Arc<OwnedFd>, name: CString },
    /// Named by a path beneath a share's folder, which may lead over links beneath it.
    Beneath { root: Arc<Dir>, path: PathBuf },
    /// Named by a path of this machine.
    Local(PathBuf),
    /// Open already: bytes that come from somewhere.
    Stream(OwnedFd),
}

/// What a file was when it was found.
#[derive(Clone, Copy, Debug)]
struct State {
    identity: Identity,
    is_sparse: bool,
}

/// A file that is open.
#[derive(Debug)]
pub struct Reading {
    file: File,
    /// What it has to be still. A stream is what it is.
    identity: Option<Identity>,
    at: u64,
    /// Where the data around `at` ends; without holes, never.
    data_until: u64,
}

/// What comes next of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// So many bytes were read, at least one.
    Bytes(usize),
    /// So many bytes are zero and take no space.
    Hole(u64),
    /// Nothing: it has ended.
    End,
}

impl Source {
    pub(super) fn within(folder: Arc<OwnedFd>, name: CString, facts: &Facts) -> Self {
        Self::new(Place::In { folder, name }, facts)
    }

    pub(super) fn beneath(root: Arc<Dir>, path: PathBuf, facts: &Facts) -> Self {
        Self::new(Place::Beneath { root, path }, facts)
    }

    pub(super) fn local(path: PathBuf, facts: &Facts) -> Self {
        Self::new(Place::Local(path), facts)
    }

    /// Bytes until they end, such as standard input.
    pub fn stream(file: impl Into<OwnedFd>) -> Self {
        Self {
            place: Place::Stream(file.into()),
            state: None,
        }
    }

    fn new(place: Place, facts: &Facts) -> Self {
        let state = State {
            identity: facts.identity,
            is_sparse: facts.is_sparse(),
        };
        Self {
            place,
            state: Some(state),
        }
    }

    /// The folder whose handle it holds, if it holds one.
    pub(in crate::transfer) fn folder(&self) -> Option<&Arc<OwnedFd>> {
        match &self.place {
            Place::In { folder, .. } => Some(folder),
            _ => None,
        }
    }

    /// Opens it, if it is still what was found.
    ///
    /// # Errors
    /// It is something else by now (`source-changed`), or may not be read (`unreadable`).
    pub fn open(self) -> Result<Reading, Failure> {
        let file = self.place.open().map_err(|error| failed_open(&error))?;
        let Some(State {
            identity,
            is_sparse,
        }) = self.state
        else {
            return Ok(Reading {
                file,
                identity: None,
                at: 0,
                data_until: u64::MAX,
            });
        };
        let reading = Reading {
            file,
            identity: Some(identity),
            at: 0,
            data_until: if is_sparse { 0 } else { u64::MAX },
        };
        reading.check()?;
        // A change within the clock's tick would not show at the end, nor to whoever resumes.
        if let Some(left) = identity.settles_in(SystemTime::now()) {
            std::thread::sleep(left);
        }
        Ok(reading)
    }
}

impl Place {
    fn open(self) -> io::Result<File> {
        match self {
            Self::In { folder, name } => {
                let flags = OPEN | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let file = rustix::fs::openat(&*folder, &*name, flags, Mode::empty())?;
                Ok(File::from(file))
            }
            Self::Beneath { root, path } => {
                let mut options = OpenOptions::new();
                options.read(true).custom_flags(OPEN.bits().cast_signed());
                Ok(root.open_with(path, &options)?.into_std())
            }
            Self::Local(path) => {
                let mut options = File::options();
                options.read(true).custom_flags(OPEN.bits().cast_signed());
                options.open(path)
            }
            Self::Stream(file) => Ok(File::from(file)),
        }
    }
}

impl Reading {
    /// All of a small file, of `size` bytes. It takes one read, since a file that has grown shows in
    /// the room that is left, or in what [`check`](Self::check) finds.
    ///
    /// # Errors
    /// It cannot be read, or has changed.
    pub(in crate::transfer) fn whole(mut self, size: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::with_capacity(size + 1);
        loop {
            let room = rustix::buffer::spare_capacity(&mut bytes);
            match rustix::io::pread(&self.file, room, self.at) {
                Err(Errno::INTR) => continue,
                Err(error) => return Err(unreadable(&error.into())),
                Ok(0) => break,
                Ok(count) => self.at += count as u64,
            }
            if bytes.len() >= size {
                break;
            }
        }
        if bytes.len() != size {
            return Err(changed("its length changed"));
        }
        self.check()?;
        Ok(bytes)
    }

    /// Goes on at `at`.
    pub fn seek(&mut self, at: u64) {
        self.at = at;
        if self.data_until != u64::MAX {
            self.data_until = at;
        }
    }

    /// The next bytes, into `buffer`, or a hole.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<Piece, Failure> {
        let Some(identity) = self.identity else {
            return self.read_stream(buffer);
        };
        let left = identity.size.saturating_sub(self.at);
        if left == 0 {
            return Ok(Piece::End);
        }
        if self.at >= self.data_until
            && let Some(hole) = self.find_data(identity.size)
        {
            self.at += hole;
            return Ok(Piece::Hole(hole));
        }
        let count = left.min(self.data_until.saturating_sub(self.at));
        let count = usize::try_from(count).map_or(buffer.len(), |count| count.min(buffer.len()));
        self.read_dense(&mut buffer[..count])
    }

    /// The next bytes of a file that has as many, holes among them.
    ///
    /// # Errors
    /// It cannot be read, or ends before.
    pub(in crate::transfer) fn read_dense(&mut self, buffer: &mut [u8]) -> Result<Piece, Failure> {
        loop {
            return match rustix::io::pread(&self.file, &mut *buffer, self.at) {
                Err(Errno::INTR) => continue,
                Err(error) => Err(unreadable(&error.into())),
                Ok(0) => Err(changed("it became shorter")),
                Ok(count) => {
                    self.at += count as u64;
                    Ok(Piece::Bytes(count))
                }
            };
        }
    }

    /// Whether it is still what was found. To be asked at its end: what was read before is then one
    /// state of the file.
    ///
    /// # Errors
    /// It has changed.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(identity) = self.identity else {
            return Ok(());
        };
        let found = rustix::fs::fstat(&self.file).map_err(|error| unreadable(&error.into()))?;
        let now = Facts::from(&found).identity;
        if now == identity {
            return Ok(());
        }
        Err(changed(
            if (now.device, now.inode) != (identity.device, identity.inode) {
                "another file stands in its place"
            } else if now.size > identity.size {
                "it became longer"
            } else if now.size < identity.size {
                "it became shorter"
            } else {
                "it was written to, renamed or touched"
            },
        ))
    }

    /// Asks the system to read ahead.
    pub(in crate::transfer) fn read_ahead(&self) {
        // Only advice: nothing is lost where it is not taken.
        let _ = rustix::fs::fadvise(&self.file, 0, None, Advice::Sequential);
    }

    /// The stream, to wait until bytes come; a file has them always.
    pub(in crate::transfer) fn awaited(&self) -> Option<&File> {
        self.identity.is_none().then_some(&self.file)
    }

    fn read_stream(&mut self, buffer: &mut [u8]) -> Result<Piece, Failure> {
        loop {
            return match rustix::io::read(&self.file, &mut *buffer) {
                Err(Errno::INTR) => continue,
                Err(error) => Err(unreadable(&error.into())),
                Ok(0) => Ok(Piece::End),
                Ok(count) => Ok(Piece::Bytes(count)),
            };
        }
    }

    /// Finds out how long the hole at `at` is, if it is one worth telling, and where the data after it
    /// ends. Where the file system cannot tell, all is data.
    fn find_data(&mut self, size: u64) -> Option<u64> {
        let data = match rustix::fs::seek(&self.file, SeekFrom::Data(self.at)) {
            Ok(data) => data.min(size),
            Err(Errno::NXIO) => size,
            Err(_) => {
                self.data_until = u64::MAX;
                return None;
            }
        };
        let hole = data - self.at;
        if hole >= HOLE_WORTH_BYTES {
            self.data_until = self.at + hole.min(HOLE_AT_ONCE_BYTES);
            return Some(self.data_until - self.at);
        }
        let until = rustix::fs::seek(&self.file, SeekFrom::Hole(data));
        self.data_until = until.unwrap_or(size).max(self.at + 1);
        None
    }
}

/// Why a file that was found before cannot be opened.
fn failed_open(error: &io::Error) -> Failure {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::NOENT) => changed("it is there no more"),
        // What cap-std itself refuses has no number: a link leads out by now.
        None | Some(Errno::LOOP | Errno::NOTDIR | Errno::NXIO | Errno::NODEV) => {
            changed("something else stands in its place")
        }
        Some(_) => unreadable(error),
    }
}

fn changed(what: &str) -> Failure {
    Failure::new(Code::SourceChanged, what)
}

pub(super) fn unreadable(error: &io::Error) -> Failure {
    Failure::new(Code::Unreadable, format!("it cannot be read: {error}"))
}
