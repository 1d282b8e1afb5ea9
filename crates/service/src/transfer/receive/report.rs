//! What a receiving transfer tells while it goes and when it is over. It does not know who listens.

use landline_frame::landline1::{Failure, Name};

use super::super::line::TransferEnd;

/// What happens, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiveEvent<'a> {
    /// The sender has a file.
    Found {
        /// Its name.
        name: &'a Name,
        /// How many bytes it has, if it is known.
        size: Option<u64>,
    },
    /// A folder is there.
    Folder {
        /// Its name.
        name: &'a Name,
    },
    /// The bytes of a file come now.
    Started {
        /// The entry, by its number.
        entry: u64,
        /// Its name.
        name: &'a Name,
        /// How many bytes it has, if it is known.
        size: Option<u64>,
        /// How many bytes of it need not come.
        resumed_from: u64,
    },
    /// Bytes of that file came, or zeros that stand for them.
    Received {
        /// How many.
        bytes: u64,
    },
    /// A file stands where it should.
    Placed {
        /// Its name.
        name: &'a Name,
        /// How many bytes it has.
        size: u64,
        /// Its digest.
        digest: [u8; 32],
    },
    /// A file stood there already, and is the same.
    Same {
        /// Its name.
        name: &'a Name,
    },
    /// A file or a folder is not taken: something else stands there, or there is no room.
    Refused {
        /// Its name.
        name: &'a Name,
        /// Why.
        failure: &'a Failure,
    },
    /// The sender passes it over.
    Passed {
        /// Which of the paths that were asked for it belongs to, from 0.
        ask: u32,
        /// Its name.
        name: &'a Name,
        /// Why.
        failure: &'a Failure,
    },
    /// A file that was wanted could not be sent, or not be taken.
    Failed {
        /// Its name.
        name: &'a Name,
        /// Why.
        failure: &'a Failure,
    },
}

/// What came of a transfer that went to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiveReport {
    /// How many files stand where they should.
    pub placed: u64,
    /// How many folders are there.
    pub folders: u64,
    /// How many files stood there already.
    pub same: u64,
    /// How many entries were not taken.
    pub refused: u64,
    /// How many entries the sender passed over.
    pub passed: u64,
    /// How many files were wanted, and failed.
    pub failed: u64,
    /// How many bytes of files came; zeros that only were told of do not count.
    pub bytes: u64,
    /// How many bytes need not come, because they were there from a transfer before.
    pub bytes_kept: u64,
}

/// Why a receiving transfer cannot go on. What was placed stays, and what came of the file that was
/// being sent too, where it can be of use to the next transfer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferFault {
    /// The line has ended, or nobody wants the transfer any more.
    #[error(transparent)]
    End(#[from] TransferEnd),
    /// The sender brings what nobody asked for.
    #[error("the sender brings {0:?}, which nobody asked for")]
    NotAsked(Name),
    /// The sender says what the protocol does not allow.
    #[error("the sender breaks the protocol: {0}")]
    Protocol(String),
}
