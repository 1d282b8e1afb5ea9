//! Why a transfer did not come to its end. It does not know which way it went.

use std::io;
use std::path::PathBuf;

use landline_frame::landline1::Name;

use crate::client::call_error::CallError;

/// Why a transfer did not come to its end. What was placed stands; what can go on later, can.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The call was refused, or the line ended.
    #[error(transparent)]
    Call(#[from] CallError),
    /// This end cannot begin: the folder is not there, or cannot be used.
    #[error("{path}: {error}", path = .path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The other end sends what nobody asked for.
    #[error("the other end sent {name:?}, which nobody asked for")]
    Unasked {
        /// Its name.
        name: Name,
    },
    /// The stream that everything goes to takes no more: its reader left, or its disk is full.
    #[error("{0}")]
    Stream(io::Error),
    /// What the other end sends breaks the protocol.
    #[error("{0}")]
    Protocol(String),
    /// The system gives no thread for it, or what it was to tell has panicked there.
    #[error("{0}")]
    Thread(io::Error),
}
