//! What a transfer is asked for. It does not know the line.

use std::fmt;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use landline_frame::landline1::{DigestKind, Name};
use landline_service::{Landing, boot_id};

/// Files and folders to be fetched.
#[derive(Debug)]
pub struct GetRequest {
    /// What to fetch: paths in the far end's share, which may hold `*`, `?` and `[...]`.
    pub paths: Vec<Name>,
    /// Where everything goes.
    pub to: GetTo,
    /// How.
    pub rules: TransferRules,
}

/// Where fetched files go.
pub enum GetTo {
    /// Into this folder, which is there.
    Folder(PathBuf),
    /// One after the other into a stream, as they come.
    Stream(Box<dyn Write + Send>),
}

/// Files and folders to be brought.
#[derive(Debug)]
pub struct PutRequest {
    /// What to bring.
    pub from: PutFrom,
    /// The folder of the far end's share that everything goes to; empty for the share's own.
    pub to: Name,
    /// How.
    pub rules: TransferRules,
}

/// Where brought files come from.
pub enum PutFrom {
    /// These files and folders of this machine.
    Paths(Vec<PathBuf>),
    /// A stream, read to its end, which becomes one file.
    Stream {
        /// What is read.
        file: OwnedFd,
        /// The file's name.
        name: Name,
    },
}

/// How files go, in either direction.
#[derive(Clone, Debug)]
pub struct TransferRules {
    /// What stands where a file is to stand may be replaced.
    pub force: bool,
    /// What is there already is read again and compared, at both ends.
    pub check: bool,
    /// How files are verified.
    pub digest: DigestKind,
    /// Where journals of large files are kept at this end, so that an interrupted transfer can go on.
    /// Without it each begins anew.
    pub journals: Option<PathBuf>,
}

impl TransferRules {
    /// How a folder of this end takes what `peer` sends.
    pub(super) fn landing(self, digest: DigestKind, peer: String) -> Landing {
        Landing {
            force: self.force,
            check: self.check,
            journals: self.journals,
            boot: boot_id(),
            ..Landing::new(digest, peer)
        }
    }
}

impl Default for TransferRules {
    fn default() -> Self {
        Self {
            force: false,
            check: false,
            digest: DigestKind::Blake3,
            journals: None,
        }
    }
}

impl fmt::Debug for GetTo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => out.debug_tuple("Folder").field(folder).finish(),
            Self::Stream(_) => out.write_str("Stream"),
        }
    }
}

impl fmt::Debug for PutFrom {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paths(paths) => out.debug_tuple("Paths").field(paths).finish(),
            Self::Stream { name, .. } => out.debug_tuple("Stream").field(name).finish(),
        }
    }
}
