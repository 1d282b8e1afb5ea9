//! Which way files go: what holds of a get is to hold of a put.

use std::path::{Path, PathBuf};

use super::Sharing;

/// Which way files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the office to the caller.
    Get,
    /// From the caller to the office.
    Put,
}

impl Way {
    /// Both.
    pub(crate) const BOTH: [Self; 2] = [Self::Get, Self::Put];

    /// What is typed for it.
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
        }
    }

    /// Where `path` is sent from.
    pub(crate) fn from(self, stand: &Sharing, path: impl AsRef<Path>) -> PathBuf {
        match self {
            Self::Get => stand.there(path),
            Self::Put => stand.here(path),
        }
    }

    /// Where `path` comes to stand.
    pub(crate) fn to(self, stand: &Sharing, path: impl AsRef<Path>) -> PathBuf {
        match self {
            Self::Get => stand.here(path),
            Self::Put => stand.there(path),
        }
    }

    /// The home of whoever receives.
    pub(crate) fn receiver(self) -> &'static str {
        match self {
            Self::Get => "caller",
            Self::Put => "server",
        }
    }
}
