//! Where a fetched file is to stand, and how it gets its name, in place of what stands there. It does
//! not know what is in it.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use landline_service::Nameless;
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::error::FetchError;

/// As the umask has it, as any program's files (open(2)).
const MODE: u32 = 0o666;

/// Where a file is to stand.
pub(super) struct Target {
    folder: PathBuf,
    name: String,
    /// Both together.
    pub(super) path: PathBuf,
}

impl Target {
    /// The file `name`, one plain part, in `folder`.
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            path: folder.join(name),
        }
    }

    /// Sees that a file can stand here, and opens one that does not yet.
    pub(super) fn prepare(self) -> Result<(Self, Placing), FetchError> {
        let folder = File::open(&self.folder).and_then(|folder| {
            let is_folder = folder.metadata()?.is_dir();
            let error = io::Error::from(io::ErrorKind::NotADirectory);
            is_folder.then_some(folder).ok_or(error)
        });
        let folder = folder.map_err(|error| FetchError::Folder {
            path: self.folder.clone(),
            error,
        })?;
        match rustix::fs::statat(&folder, &self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) if FileType::from_raw_mode(found.st_mode) == FileType::Directory => {
                return Err(FetchError::TargetIsFolder { path: self.path });
            }
            Ok(_) | Err(Errno::NOENT) => {}
            Err(error) => return Err(unplaced(&self.path, error)),
        }
        let folder = Folder::new(folder, self.path.clone());
        let placing = Placing::create(folder, &self.name, Nameless::create)?;
        Ok((self, placing))
    }
}

fn unplaced(path: &Path, error: impl Into<io::Error>) -> FetchError {
    FetchError::Place {
        path: path.to_owned(),
        error: error.into(),
    }
}

/// The folder of a file, by its handle: renaming the folder midway does no harm.
pub(super) struct Folder {
    handle: Arc<OwnedFd>,
    /// The file's path, for errors.
    path: PathBuf,
    /// What stood there before, until [`Folder::sync`].
    replaced: Option<OwnedFd>,
}

impl Folder {
    pub(super) fn new(handle: File, path: PathBuf) -> Self {
        Self {
            handle: Arc::new(handle.into()),
            path,
            replaced: None,
        }
    }

    /// Sees that the names in the folder are on the disk (fsync(2)), where the file system can, and
    /// lets what was replaced go. Either may take long.
    pub(super) fn sync(self) -> Result<(), FetchError> {
        drop(self.replaced);
        match rustix::fs::fsync(&*self.handle) {
            Ok(()) | Err(Errno::INVAL | Errno::ROFS) => Ok(()),
            Err(error) => Err(unplaced(&self.path, error)),
        }
    }
}

/// A file on its way. Dropped, it leaves nothing.
pub(super) struct Placing {
    nameless: Nameless,
    folder: Folder,
    name: String,
}

impl Placing {
    /// Opens, by `create`, a file that is to be called `name` in `folder`.
    pub(super) fn create(
        folder: Folder,
        name: &str,
        create: impl FnOnce(&Arc<OwnedFd>, u32) -> Result<Nameless, Errno>,
    ) -> Result<Self, FetchError> {
        match create(&folder.handle, MODE) {
            Ok(nameless) => Ok(Self {
                nameless,
                folder,
                name: name.to_owned(),
            }),
            Err(error) => Err(unplaced(&folder.path, error)),
        }
    }

    /// The file, to be written from its start.
    pub(super) fn file(&self) -> io::Result<File> {
        self.nameless.file.try_clone()
    }

    /// Gives the file its name. What stood there is replaced.
    pub(super) fn place(mut self) -> Result<Folder, FetchError> {
        match self.try_place() {
            Ok(()) => Ok(self.folder),
            Err(error) => Err(unplaced(&self.folder.path, error)),
        }
    }

    fn try_place(&mut self) -> Result<(), Errno> {
        let (folder, name) = (&self.folder.handle, self.name.as_bytes());
        match self.nameless.place(folder, name) {
            Err(Errno::EXIST) => {}
            done => return done,
        }
        let replaced = hold(folder, name);
        self.nameless.replace(folder, name)?;
        self.folder.replaced = replaced;
        Ok(())
    }
}

/// Keeps what is to be replaced until somebody may wait for its end: freeing the pages of a large
/// file takes 100 ms a GiB and more, which rename(2) would do on the spot.
fn hold(folder: &OwnedFd, name: &[u8]) -> Option<OwnedFd> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(folder, name, flags, Mode::empty()).ok()
}
