//! Why a file was not fetched: whose fault it is, and the key of its sentence.

use std::io;
use std::path::PathBuf;

use landline_frame::tutorial::HeaderError;

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Who asked: the name or the folder will not do.
    Caller,
    /// The other end.
    Peer,
    /// This machine: its disk, its limits.
    Ours,
    /// What joins the two.
    Line,
}

/// Why a file was not fetched. Nothing of it was left behind.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The name is empty, holds a NUL, or its last part is empty, `.` or `..`.
    #[error("the name does not end in a file's name")]
    Name,
    /// The folder to put files in cannot be opened.
    #[error("the folder {} cannot be opened: {error}", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A folder stands where the file would go.
    #[error("{} is a folder", .path.display())]
    TargetIsFolder {
        /// Where the file would go.
        path: PathBuf,
    },
    /// An earlier reply did not end where it should have, or was not read to its end.
    #[error("where the next reply begins on this line cannot be told")]
    LineSpent,
    /// The line failed.
    #[error("the line failed: {0}")]
    Line(#[source] io::Error),
    /// The peer hung up before the reply began: all that it can say when it has no such file.
    #[error("the other end hung up without an answer")]
    NoReply,
    /// The peer hung up within the header.
    #[error("the other end hung up within the file's header")]
    HeaderCut,
    /// The header makes no sense.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The peer hung up within the file.
    #[error("the other end hung up within the file: {missing} bytes are missing")]
    Short {
        /// How many bytes had not arrived.
        missing: u64,
    },
    /// The file is not what the header says.
    #[error("the file's MD5 is {}, and its header says {}", hex(.found), hex(.announced))]
    Mismatch {
        /// The header's.
        announced: [u8; 16],
        /// The one of the bytes that arrived.
        found: [u8; 16],
    },
    /// The bytes could not be written.
    #[error("the file cannot be written: {0}")]
    Write(#[source] io::Error),
    /// The file could not be made, or could not be given its name.
    #[error("{} cannot be written: {error}", .path.display())]
    Place {
        /// Where the file would go.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
}

impl FetchError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Name | Self::Folder { .. } | Self::TargetIsFolder { .. } | Self::LineSpent => {
                Fault::Caller
            }
            Self::NoReply
            | Self::HeaderCut
            | Self::Header(_)
            | Self::Short { .. }
            | Self::Mismatch { .. } => Fault::Peer,
            Self::Write(_) | Self::Place { .. } => Fault::Ours,
            Self::Line(_) => Fault::Line,
        }
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Name => "get-name",
            Self::Folder { .. } => "get-folder",
            Self::TargetIsFolder { .. } => "get-target-is-folder",
            Self::LineSpent => "get-line-spent",
            Self::Line(_) => "get-line-failed",
            Self::NoReply => "get-no-reply",
            Self::HeaderCut => "get-header-cut",
            Self::Header(error) => error.key(),
            Self::Short { .. } => "get-short",
            Self::Mismatch { .. } => "get-md5-mismatch",
            Self::Write(_) => "get-write-failed",
            Self::Place { .. } => "get-place-failed",
        }
    }

    /// The values that its sentence names, besides `name`: what was asked for, which each may.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Folder { path, error } | Self::Place { path, error } => vec![
                ("path", path.display().to_string()),
                ("error", error.to_string()),
            ],
            Self::TargetIsFolder { path } => vec![("path", path.display().to_string())],
            Self::Line(error) | Self::Write(error) => vec![("error", error.to_string())],
            Self::Header(error) => error.values(),
            Self::Short { missing } => vec![("missing", missing.to_string())],
            Self::Mismatch { announced, found } => {
                vec![("announced", hex(announced)), ("found", hex(found))]
            }
            Self::Name | Self::LineSpent | Self::NoReply | Self::HeaderCut => Vec::new(),
        }
    }
}

fn hex(md5: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*md5))
}
