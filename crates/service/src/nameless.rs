//! A file that has no name until it is whole: then it gets one in a single step. It does not know
//! what is in it.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

/// How often another hidden name is tried when one is taken already.
const NAMES_MAX: usize = 100;

/// A file on its way. Dropped, it leaves nothing; where the file system has files without names
/// (O_TMPFILE, open(2)), not even a kill does.
#[derive(Debug)]
pub struct Nameless {
    /// The file, to be written and read.
    pub file: File,
    hidden: Option<Hidden>,
}

/// The name that a file has meanwhile. It goes with its owner.
#[derive(Debug)]
struct Hidden {
    folder: Arc<OwnedFd>,
    name: String,
    /// Whether the file has another name by now, and this one is gone.
    is_gone: bool,
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if !self.is_gone {
            // Nothing can be done about a failure here.
            let _ = rustix::fs::unlinkat(&*self.folder, &self.name, AtFlags::empty());
        }
    }
}

impl Nameless {
    /// Opens a file that is to stand in `folder`, with the bits `mode` as far as the umask lets.
    ///
    /// # Errors
    /// No file can be made there.
    pub fn create(folder: &Arc<OwnedFd>, mode: u32) -> Result<Self, Errno> {
        let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
        let open = || rustix::fs::openat(folder, ".", flags, Mode::from_raw_mode(mode)).ok();
        match can_be_named().then(open).flatten() {
            Some(file) => Ok(Self {
                file: File::from(file),
                hidden: None,
            }),
            // Any failure: the other way is tried, and tells its own.
            None => Self::create_hidden(folder, mode),
        }
    }

    /// Opens one under a hidden name, for file systems without nameless ones.
    ///
    /// # Errors
    /// As for [`create`](Self::create).
    pub fn create_hidden(folder: &Arc<OwnedFd>, mode: u32) -> Result<Self, Errno> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(mode);
        let open = |name: &str| rustix::fs::openat(folder, name, flags, mode);
        let (file, hidden) = with_hidden_name(folder, open)?;
        Ok(Self {
            file: File::from(file),
            hidden: Some(hidden),
        })
    }

    /// Gives the file its name, unless something has it.
    ///
    /// # Errors
    /// [`Errno::EXIST`], or it can have no name there.
    pub fn place(&mut self, folder: &OwnedFd, name: &[u8]) -> Result<(), Errno> {
        let Some(hidden) = &mut self.hidden else {
            return link(&self.file, folder, name);
        };
        rename_to_free(folder, hidden.name.as_bytes(), name)?;
        hidden.is_gone = true;
        Ok(())
    }

    /// Gives the file its name, in place of the file or link that has it.
    ///
    /// # Errors
    /// It can have no name there.
    pub fn replace(&mut self, folder: &Arc<OwnedFd>, name: &[u8]) -> Result<(), Errno> {
        // linkat(2) never replaces; rename(2) does, but wants a name to begin with.
        if self.hidden.is_none() {
            let file = &self.file;
            let linked = with_hidden_name(folder, |hidden| link(file, folder, hidden.as_bytes()))?;
            self.hidden = Some(linked.1);
        }
        let hidden = self.hidden.as_mut().expect("it has one by now");
        rustix::fs::renameat(folder, &hidden.name, folder, name)?;
        hidden.is_gone = true;
        Ok(())
    }
}

/// Whether a file without a name can be given one by everybody: through /proc, since AT_EMPTY_PATH may
/// want a privilege (linkat(2)).
fn can_be_named() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| Path::new("/proc/self/fd").is_dir())
}

/// Gives a file of `folder` another name, unless something has it.
pub(crate) fn rename_to_free(folder: &OwnedFd, from: &[u8], to: &[u8]) -> Result<(), Errno> {
    match rustix::fs::renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE) {
        // NFS and some others have no such rename, but links.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => link_to_free(folder, from, to),
        done => done,
    }
}

fn link_to_free(folder: &OwnedFd, from: &[u8], to: &[u8]) -> Result<(), Errno> {
    rustix::fs::linkat(folder, from, folder, to, AtFlags::empty())?;
    rustix::fs::unlinkat(folder, from, AtFlags::empty())
}

fn link(file: impl AsFd, folder: &OwnedFd, name: &[u8]) -> Result<(), Errno> {
    let file = file.as_fd();
    match rustix::fs::linkat(file, "", folder, name, AtFlags::EMPTY_PATH) {
        // Before Linux 6.10 only with a privilege (linkat(2)). The way through /proc is open to all,
        // and a seventh slower for a small file.
        Err(Errno::NOENT) => {}
        done => return done,
    }
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let here = rustix::fs::CWD;
    rustix::fs::linkat(here, path, folder, name, AtFlags::SYMLINK_FOLLOW)
}

/// Takes the first free hidden name for which `attempt` succeeds.
fn with_hidden_name<T>(
    folder: &Arc<OwnedFd>,
    attempt: impl Fn(&str) -> Result<T, Errno>,
) -> Result<(T, Hidden), Errno> {
    for _ in 0..NAMES_MAX {
        let name = hidden_name();
        match attempt(&name) {
            Err(Errno::EXIST) => {}
            Ok(done) => {
                let folder = folder.clone();
                let is_gone = false;
                let hidden = Hidden {
                    folder,
                    name,
                    is_gone,
                };
                return Ok((done, hidden));
            }
            Err(error) => return Err(error),
        }
    }
    Err(Errno::EXIST)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_is_nameless_a_hidden_name_does() {
        let place = tempfile::tempdir().expect("a place");
        let list = || {
            std::fs::read_dir(place.path())
                .expect("it is there")
                .count()
        };
        let folder = File::open(place.path()).expect("it is there");
        let folder = Arc::new(OwnedFd::from(folder));
        let create = || Nameless::create_hidden(&folder, 0o600).expect("it can be made");
        let mut file = create();
        assert_eq!(list(), 1);
        file.place(&folder, b"a").expect("it is free");
        assert_eq!(create().place(&folder, b"a"), Err(Errno::EXIST));
        create().replace(&folder, b"a").expect("it may be replaced");
        drop(file);
        drop(create());
        assert_eq!(list(), 1);
        assert!(place.path().join("a").exists());
    }

    #[test]
    fn links_do_where_no_rename_keeps_what_is_there() {
        let place = tempfile::tempdir().expect("a place");
        let folder = File::open(place.path()).expect("it is there");
        let folder = OwnedFd::from(folder);
        for name in ["a", "b"] {
            std::fs::write(place.path().join(name), name).expect("it is written");
        }
        assert_eq!(link_to_free(&folder, b"a", b"b"), Err(Errno::EXIST));
        link_to_free(&folder, b"a", b"c").expect("it is free");
        let read = |name| std::fs::read(place.path().join(name)).ok();
        assert_eq!(
            [read("a"), read("b"), read("c")],
            [None, Some(b"b".to_vec()), Some(b"a".to_vec())]
        );
    }
}
