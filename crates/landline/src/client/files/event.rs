//! What a transfer tells while it runs, and at its end. It does not know who is told.

use landline_frame::landline1::{DigestKind, EntryKind, Failure, Name};

/// One step of a transfer. Names are as the sending end has them; a peer's are to be escaped before
/// they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferEvent {
    /// There is a file or a folder: so much is to be done, as far as is known by now.
    Found {
        /// Where it is to stand, from the folder that everything goes to.
        name: Name,
        /// What it is.
        kind: EntryKind,
        /// Its size, if it has one that is known.
        size: Option<u64>,
    },
    /// A file's bytes begin to go.
    Started {
        /// The file.
        name: Name,
        /// Its size, if it is known.
        size: Option<u64>,
        /// How many of its bytes the receiver had already.
        resumed_from: u64,
    },
    /// So many more bytes of the file have gone, or come.
    Moved {
        /// How many.
        bytes: u64,
    },
    /// A file stands where it should, and has been verified.
    Placed {
        /// The file.
        name: Name,
        /// Its size.
        size: u64,
        /// Its digest.
        digest: [u8; 32],
    },
    /// A file was there already, the same.
    Same {
        /// The file.
        name: Name,
    },
    /// A link, a device or the like was passed over; nothing is wrong with the transfer.
    PassedOver {
        /// What was passed over.
        name: Name,
        /// Why.
        failure: Failure,
    },
    /// A file or folder is not there in the end: it could not be read or placed, or something else
    /// stands there and was kept.
    Failed {
        /// Which.
        name: Name,
        /// Why.
        failure: Failure,
    },
}

/// What a transfer came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferReport {
    /// How many files were moved, and stand where they should.
    pub files: u64,
    /// How many were there already, the same.
    pub same: u64,
    /// How many files and folders are not there in the end.
    pub failed: u64,
    /// How many links and the like were passed over.
    pub passed_over: u64,
    /// How many bytes of files were moved; of holes, of which the line carries a word only, too.
    pub bytes: u64,
    /// The digest of the file that was placed last.
    pub digest: Option<[u8; 32]>,
    /// Which digest that is.
    pub digest_kind: DigestKind,
}

impl TransferReport {
    /// Nothing was moved yet.
    pub fn new(digest_kind: DigestKind) -> Self {
        Self {
            files: 0,
            same: 0,
            failed: 0,
            passed_over: 0,
            bytes: 0,
            digest: None,
            digest_kind,
        }
    }
}
