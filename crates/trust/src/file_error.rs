//! What can be wrong with a file of ours: which file, where in it, what to do. It does not know what
//! the files are for.

use std::io;
use std::path::{Path, PathBuf};

use crate::private_file::FILE_BYTES_MAX;

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Who asked, or who wrote the file: a name, a mode, a line will not do.
    Caller,
    /// The other end.
    Peer,
    /// This machine: its disk, its limits.
    Ours,
}

/// Why a file of ours cannot be used. What it held is still there.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{} cannot be read: {error}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// It cannot be written; what was there before is there still.
    #[error("{} cannot be written: {error}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// Something else than a file stands there.
    #[error("{} is no file", .path.display())]
    NotAFile {
        /// What stands there.
        path: PathBuf,
    },
    /// Its mode lets others read or change it.
    #[error("{} has mode {mode:04o}, which lets others at it: `chmod {} {}`", .path.display(), private(*.refused), .path.display())]
    TooOpen {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The bits that it must not have.
        refused: u32,
    },
    /// It belongs to another user, who could change it.
    #[error("{} belongs to user {owner}", .path.display())]
    Foreign {
        /// The file or folder.
        path: PathBuf,
        /// The user's number.
        owner: u32,
    },
    /// It is longer than [`FILE_BYTES_MAX`].
    #[error("{} is longer than {FILE_BYTES_MAX} bytes", .path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// What stands in it makes no sense.
    #[error("{}, line {line}: {what}", .path.display())]
    Bad {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// Another program holds its lock for longer than anybody should.
    #[error("{} is being changed by another program, which does not finish", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
}

impl FileError {
    /// It cannot be read, and why.
    pub(crate) fn read(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        Self::Read { path, error }
    }

    /// It cannot be written, and why.
    pub(crate) fn write(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        Self::Write { path, error }
    }

    /// A line makes no sense, and why.
    pub(crate) fn bad(path: &Path, line: usize, what: impl Into<String>) -> Self {
        let (path, what) = (path.to_owned(), what.into());
        Self::Bad { path, line, what }
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Read { .. } | Self::Write { .. } | Self::Busy { .. } => Fault::Ours,
            Self::NotAFile { .. }
            | Self::TooOpen { .. }
            | Self::Foreign { .. }
            | Self::TooLong { .. }
            | Self::Bad { .. } => Fault::Caller,
        }
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Read { .. } => "trust-file-read",
            Self::Write { .. } => "trust-file-write",
            Self::NotAFile { .. } => "trust-file-not-a-file",
            Self::TooOpen { .. } => "trust-file-too-open",
            Self::Foreign { .. } => "trust-file-foreign",
            Self::TooLong { .. } => "trust-file-too-long",
            Self::Bad { .. } => "trust-file-bad",
            Self::Busy { .. } => "trust-file-busy",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let mut values = vec![("path", self.path().display().to_string())];
        match self {
            Self::Read { error, .. } | Self::Write { error, .. } => {
                values.push(("error", error.to_string()));
            }
            Self::TooOpen { mode, refused, .. } => {
                values.push(("mode", format!("{mode:04o}")));
                values.push(("change", private(*refused).to_owned()));
            }
            Self::Foreign { owner, .. } => values.push(("owner", owner.to_string())),
            Self::TooLong { .. } => values.push(("max", FILE_BYTES_MAX.to_string())),
            Self::Bad { line, what, .. } => {
                values.push(("line", line.to_string()));
                values.push(("what", what.clone()));
            }
            Self::NotAFile { .. } | Self::Busy { .. } => {}
        }
        values
    }

    /// The file or folder that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Read { path, .. }
            | Self::Write { path, .. }
            | Self::NotAFile { path }
            | Self::TooOpen { path, .. }
            | Self::Foreign { path, .. }
            | Self::TooLong { path }
            | Self::Bad { path, .. }
            | Self::Busy { path } => path,
        }
    }
}

/// What chmod is told to take those bits away.
fn private(refused: u32) -> &'static str {
    if refused & 0o044 == 0 { "go-w" } else { "go=" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_which_file_where_and_what_to_do() {
        let error = FileError::bad(Path::new("/a/grants.toml"), 3, "unknown field `nmae`");
        assert_eq!(
            error.to_string(),
            "/a/grants.toml, line 3: unknown field `nmae`"
        );
        let path = PathBuf::from("/a/key.pem");
        let error = FileError::TooOpen {
            path,
            mode: 0o644,
            refused: 0o077,
        };
        let sentence = "/a/key.pem has mode 0644, which lets others at it: `chmod go= /a/key.pem`";
        assert_eq!(error.to_string(), sentence);
    }
}
