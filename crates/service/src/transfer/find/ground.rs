//! Where named paths begin: beneath a share's folder, or anywhere on this machine. Here alone links
//! are followed. It does not know what is in a folder.

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use landline_frame::landline1::{Code, Failure};
use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;

use crate::transfer::find::asked::shown;
use crate::transfer::find::facts::Facts;
use crate::transfer::find::source::Source;

/// Where a path that somebody named begins.
#[derive(Clone, Debug)]
pub(super) enum Ground {
    /// Beneath this folder, whatever links there are on the way (openat2(2) with RESOLVE_BENEATH).
    Beneath(Arc<Dir>),
    /// Wherever a path of this machine leads.
    Machine,
}

impl Ground {
    /// What is at the end of a path. If that is a link, what it leads to.
    pub(super) fn look(&self, path: &[u8]) -> Result<Facts, Failure> {
        let found = match self {
            Self::Beneath(root) => root.metadata(place(path)).map(|it| Facts::from(&it)),
            Self::Machine => {
                let found = rustix::fs::statat(CWD, path, AtFlags::empty());
                found.map(|it| Facts::from(&it)).map_err(io::Error::from)
            }
        };
        found.map_err(|error| why_not(path, &error))
    }

    /// What is at the end of a path, be it a link.
    pub(super) fn look_at_link(&self, path: &[u8]) -> Result<Facts, Failure> {
        let found = match self {
            Self::Beneath(root) => {
                let found = root.symlink_metadata(place(path));
                found.map(|it| Facts::from(&it))
            }
            Self::Machine => {
                let found = rustix::fs::statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW);
                found.map(|it| Facts::from(&it)).map_err(io::Error::from)
            }
        };
        found.map_err(|error| why_not(path, &error))
    }

    /// Opens the folder at the end of a path.
    pub(super) fn folder(&self, path: &[u8]) -> Result<OwnedFd, Failure> {
        let opened = match self {
            Self::Beneath(root) => {
                // `open_dir` of cap-std gives a handle that cannot be read (O_PATH).
                let mut options = OpenOptions::new();
                options.read(true);
                options.custom_flags(OFlags::DIRECTORY.bits().cast_signed());
                let opened = root.open_with(place(path), &options);
                opened.map(|it| OwnedFd::from(it.into_std()))
            }
            Self::Machine => {
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
                let opened = rustix::fs::openat(CWD, path, flags, Mode::empty());
                opened.map_err(io::Error::from)
            }
        };
        opened.map_err(|error| why_not(path, &error))
    }

    /// The file at the end of a path, to be opened later.
    pub(super) fn source(&self, path: &[u8], facts: &Facts) -> Source {
        let path = Path::new(OsStr::from_bytes(path)).to_owned();
        match self {
            Self::Beneath(root) => Source::beneath(root.clone(), path, facts),
            Self::Machine => Source::local(path, facts),
        }
    }
}

/// A path beneath a folder; nothing means the folder.
fn place(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(if path.is_empty() { b"." } else { path }))
}

/// Why there is nothing to be had under a path.
fn why_not(path: &[u8], error: &io::Error) -> Failure {
    let number = error.raw_os_error().map(Errno::from_raw_os_error);
    let (code, what) = match (error.kind(), number) {
        // What cap-std itself refuses has no number from the system.
        (io::ErrorKind::PermissionDenied, None) | (_, Some(Errno::XDEV)) => {
            (Code::PathRefused, "it leads out of the share".to_owned())
        }
        (io::ErrorKind::NotFound | io::ErrorKind::NotADirectory, _) => (
            Code::PathMissing,
            "there is no such file or folder".to_owned(),
        ),
        (_, Some(Errno::NAMETOOLONG)) => (Code::PathRefused, "it is too long".to_owned()),
        (_, Some(Errno::LOOP)) => (Code::PathRefused, "its links lead in a circle".to_owned()),
        _ => (Code::Unreadable, format!("it cannot be read: {error}")),
    };
    Failure::new(code, format!("{}: {what}", shown(path)))
}
