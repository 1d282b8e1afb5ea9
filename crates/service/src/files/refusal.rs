//! Why a file is not given out, or not whole, each with the key of its sentence. It says nothing to
//! the peer: this wire has no words for it.

use std::io;

use landline_frame::tutorial::RequestError;
use rustix::io::Errno;

use crate::files::source::BadName;

/// What ends a call after a notice.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The read is no file name.
    Request(RequestError),
    /// The name is none that is looked for.
    Name(BadName),
    Missing,
    Denied,
    /// A symlink on the way leads out of the root.
    Outside,
    /// A folder, a FIFO, a socket or a device.
    NotAFile,
    NameTooLong,
    /// Any other failure of the file system.
    Unreadable(io::Error),
    /// It changed each time that it was hashed.
    Changing,
    /// It became shorter while it was sent.
    Shrank {
        sent: u64,
        announced: u64,
    },
}

impl Refusal {
    /// What a failed open(2) means.
    pub(super) fn of_open(error: io::Error) -> Self {
        match (
            error.kind(),
            error.raw_os_error().map(Errno::from_raw_os_error),
        ) {
            // What cap-std itself refuses has no number from the system.
            (io::ErrorKind::PermissionDenied, None) => Self::Outside,
            (io::ErrorKind::PermissionDenied, _) => Self::Denied,
            (io::ErrorKind::NotFound | io::ErrorKind::NotADirectory, _) => Self::Missing,
            (_, Some(Errno::NAMETOOLONG)) => Self::NameTooLong,
            // A socket file, or a device that is not there (open(2)).
            (_, Some(Errno::NXIO | Errno::NODEV)) => Self::NotAFile,
            _ => Self::Unreadable(error),
        }
    }

    /// The key of its sentence in the catalogue.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Request(RequestError::FillsRead) => "files-name-fills-read",
            Self::Request(RequestError::NotUtf8) => "files-name-not-utf8",
            Self::Request(RequestError::Http) => "files-http",
            Self::Request(RequestError::Nul) => "files-name-nul",
            Self::Name(BadName::Absolute) => "files-name-absolute",
            Self::Name(BadName::Upwards) => "files-name-upwards",
            Self::Name(BadName::EmptyPart) => "files-name-empty-part",
            Self::Missing => "files-missing",
            Self::Denied => "files-denied",
            Self::Outside => "files-outside",
            Self::NotAFile => "files-not-a-file",
            Self::NameTooLong => "files-name-too-long",
            Self::Unreadable(_) => "files-unreadable",
            Self::Changing => "files-changing",
            Self::Shrank { .. } => "files-shrank",
        }
    }

    /// What its sentence names besides `name` and `bytes`, which every one may.
    pub(super) fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unreadable(error) => vec![("error", error.to_string())],
            Self::Shrank { sent, announced } => vec![
                ("sent", sent.to_string()),
                ("announced", announced.to_string()),
            ],
            _ => Vec::new(),
        }
    }
}
