//! One file of a home: read, and changed under its lock. What it holds is a [`Document`]; this file
//! does not know which.

use std::fs::Metadata;
use std::io::Write;
use std::marker::PhantomData;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::document::{Document, parse, render};
use crate::file_error::FileError;
use crate::lock::{LOCK_WAIT_MAX, Lock};
use crate::private_file::{open, read_text, replace};

/// How old a change must be for its time to tell it from the next one. Clocks of file systems tick up
/// to every 2 s (FAT), mostly every few ms.
const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// The file that holds a document of kind `D`. A file that is not there holds an empty one.
#[derive(Clone, Debug)]
pub struct TrustFile<D> {
    path: PathBuf,
    kind: PhantomData<fn() -> D>,
}

impl<D: Document> TrustFile<D> {
    /// The file at `path`. Nothing is opened yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let (path, kind) = (path.into(), PhantomData);
        Self { path, kind }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds now.
    ///
    /// # Errors
    /// When it cannot be read, others could have changed it, or what it holds is no such document.
    pub fn read(&self) -> Result<D, FileError> {
        self.load().map(|loaded| loaded.document)
    }

    /// Lets `act` change what it holds, while no other program does, and writes it: whole, to the
    /// disk, in one step. If `act` fails or changes nothing, nothing is written. It blocks for as long
    /// as another holds the lock, at most [`LOCK_WAIT_MAX`]: keep it off an event loop.
    ///
    /// # Errors
    /// Those of `act`, those of [`TrustFile::read`], and when the file cannot be written. What was
    /// there before is there still.
    pub fn change<R, E: From<FileError>>(
        &self,
        act: impl FnOnce(&mut D) -> Result<R, E>,
    ) -> Result<R, E> {
        let _lock = Lock::take(&self.path, LOCK_WAIT_MAX)?;
        let Loaded {
            text, mut document, ..
        } = self.load()?;
        let before = self.parse(&text)?;
        let result = act(&mut document)?;
        if document != before {
            self.write(&text, &document)?;
        }
        Ok(result)
    }

    /// What it holds, its text and what tells this state from another.
    pub(crate) fn load(&self) -> Result<Loaded<D>, FileError> {
        let Some((file, metadata)) = open(&self.path, D::MODE_REFUSED)? else {
            return Ok(Loaded::default());
        };
        let text = read_text(&self.path, file)?;
        let document = self.parse(&text)?;
        Ok(Loaded {
            document,
            text,
            mark: Mark::of(&metadata),
        })
    }

    fn parse(&self, text: &str) -> Result<D, FileError> {
        parse(text).map_err(|flaw| FileError::bad(&self.path, flaw.line, flaw.what))
    }

    fn write(&self, old: &str, document: &D) -> Result<(), FileError> {
        let text = render(old, document)
            .map_err(|flaw| FileError::bad(&self.path, flaw.line, flaw.what))?;
        replace(&self.path, |file| file.write_all(text.as_bytes()))
            .map_err(|error| FileError::write(&self.path, error))
    }
}

/// One state of a file.
#[derive(Default)]
pub(crate) struct Loaded<D> {
    pub(crate) document: D,
    pub(crate) text: String,
    pub(crate) mark: Option<Mark>,
}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    place: (u64, u64),
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    mode: u32,
    owner: u32,
}

impl Mark {
    /// The mark of a file whose last change is old enough that the next one will have another;
    /// `None` for one that must be read to know.
    pub(crate) fn of(metadata: &Metadata) -> Option<Self> {
        let changed =
            SystemTime::UNIX_EPOCH + Duration::from_secs(metadata.ctime().try_into().ok()?);
        let age = SystemTime::now().duration_since(changed).ok()?;
        (age > SETTLED_AFTER).then(|| Self::now(metadata))
    }

    /// The mark of a file as it is.
    pub(crate) fn now(metadata: &Metadata) -> Self {
        Self {
            place: (metadata.dev(), metadata.ino()),
            bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            mode: metadata.mode(),
            owner: metadata.uid(),
        }
    }
}
