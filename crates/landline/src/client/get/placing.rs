//! A file that has no name until it is whole: then it gets one in a single step. It does not know
//! what is in it.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::error::FetchError;

/// How often another hidden name is tried when one is taken already.
const NAMES_MAX: usize = 100;

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
        let placing = Placing::create(folder, &self.name, has_nameless_files())?;
        Ok((self, placing))
    }
}

fn unplaced(path: &Path, error: impl Into<io::Error>) -> FetchError {
    FetchError::Place {
        path: path.to_owned(),
        error: error.into(),
    }
}

/// Whether a file without a name can be given one: through /proc, since AT_EMPTY_PATH wants a
/// privilege (linkat(2)).
fn has_nameless_files() -> bool {
    cfg!(target_os = "linux") && Path::new("/proc/self/fd").is_dir()
}

/// The folder of a file, by its handle: renaming the folder midway does no harm.
pub(super) struct Folder {
    handle: Arc<File>,
    /// The file's path, for errors.
    path: PathBuf,
    /// What stood there before, until [`Folder::sync`].
    replaced: Option<OwnedFd>,
}

impl Folder {
    pub(super) fn new(handle: File, path: PathBuf) -> Self {
        Self {
            handle: Arc::new(handle),
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

/// A file on its way. Dropped, it leaves nothing; where the file system has files without names
/// (O_TMPFILE, open(2)), not even a kill does.
pub(super) struct Placing {
    file: File,
    folder: Folder,
    name: String,
    hidden: Hidden,
}

/// The name that a file has meanwhile, if any. It goes with its owner.
struct Hidden {
    folder: Arc<File>,
    name: Option<String>,
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // Nothing can be done about a failure here.
            let _ = rustix::fs::unlinkat(&*self.folder, name, AtFlags::empty());
        }
    }
}

impl Placing {
    /// Opens a file that is to be called `name` in `folder`: without a name until then where
    /// `nameless` is wanted and possible, else under a hidden one.
    pub(super) fn create(folder: Folder, name: &str, nameless: bool) -> Result<Self, FetchError> {
        let mut hidden = Hidden {
            folder: folder.handle.clone(),
            name: None,
        };
        let file = match open_nameless(&folder.handle, nameless) {
            Some(file) => file,
            None => hidden
                .take_name(|name| open_hidden(&folder.handle, name))
                .map_err(|error| unplaced(&folder.path, error))?,
        };
        Ok(Self {
            file,
            folder,
            name: name.to_owned(),
            hidden,
        })
    }

    /// The file, to be written from its start.
    pub(super) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Gives the file its name. What stood there is replaced.
    pub(super) fn place(mut self) -> Result<Folder, FetchError> {
        match self.try_place() {
            Ok(()) => Ok(self.folder),
            Err(error) => Err(unplaced(&self.folder.path, error)),
        }
    }

    fn try_place(&mut self) -> Result<(), Errno> {
        let folder = &*self.folder.handle;
        if self.hidden.name.is_none() {
            match link(&self.file, folder, &self.name) {
                // linkat(2) never replaces; rename(2) does, but wants a name to begin with.
                Err(Errno::EXIST) => {
                    let file = &self.file;
                    self.hidden.take_name(|name| link(file, folder, name))?;
                }
                linked => return linked,
            }
        }
        let hidden = self.hidden.name.as_ref().expect("it has a name by now");
        let replaced = hold(folder, &self.name);
        rustix::fs::renameat(folder, hidden, folder, &self.name)?;
        self.hidden.name = None;
        self.folder.replaced = replaced;
        Ok(())
    }
}

impl Hidden {
    /// Takes the first free name for which `attempt` succeeds.
    fn take_name<T>(&mut self, attempt: impl Fn(&str) -> Result<T, Errno>) -> Result<T, Errno> {
        for _ in 0..NAMES_MAX {
            let name = hidden_name();
            match attempt(&name) {
                Err(Errno::EXIST) => {}
                Ok(done) => {
                    self.name = Some(name);
                    return Ok(done);
                }
                Err(error) => return Err(error),
            }
        }
        Err(Errno::EXIST)
    }
}

/// Another one each time, here and in other processes, as far as one can tell before trying.
fn hidden_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = now.map_or(0, |now| now.subsec_nanos());
    format!(
        ".landline-{}-{count}-{nanoseconds}.part",
        std::process::id()
    )
}

/// As the umask has it, as any program's files (open(2)).
const MODE: u32 = 0o666;

fn open_hidden(folder: &File, name: &str) -> Result<File, Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    rustix::fs::openat(folder, name, flags, Mode::from_raw_mode(MODE)).map(File::from)
}

#[cfg(target_os = "linux")]
fn open_nameless(folder: &File, wanted: bool) -> Option<File> {
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    // Any failure: the other way is tried, and tells its own.
    let open = || rustix::fs::openat(folder, ".", flags, Mode::from_raw_mode(MODE)).ok();
    wanted.then(open).flatten().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn open_nameless(_: &File, _: bool) -> Option<File> {
    None
}

/// Keeps what is to be replaced until somebody may wait for its end: freeing the pages of a large
/// file takes 100 ms a GiB and more, which rename(2) would do on the spot.
#[cfg(target_os = "linux")]
fn hold(folder: &File, name: &str) -> Option<OwnedFd> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(folder, name, flags, Mode::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn hold(_: &File, _: &str) -> Option<OwnedFd> {
    None
}

fn link(file: &File, folder: &File, name: &str) -> Result<(), Errno> {
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let here = rustix::fs::CWD;
    rustix::fs::linkat(here, path, folder, name, AtFlags::SYMLINK_FOLLOW)
}
