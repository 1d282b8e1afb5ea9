//! What a sender is told to do, and what it tells of as it goes. It does not know who watches.

use landline_frame::landline1::{DigestKind, Entry, Failure, Name};

/// How files are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// How they are verified.
    pub digest: DigestKind,
    /// What the receiver has of a file is read again and compared.
    pub check: bool,
    /// The receiver says of each file that it stands where it should, and then that it has said all.
    /// So it is in a `put`.
    pub is_placed: bool,
}

/// What happens to the entries, one by one.
#[derive(Clone, Copy, Debug)]
pub enum SendEvent<'a> {
    /// It was announced.
    Found(&'a Entry),
    /// It was announced as passed over.
    Passed {
        /// What is passed over.
        entry: &'a Entry,
        /// Why.
        failure: &'a Failure,
    },
    /// Its bytes follow.
    Started {
        /// Which file.
        name: &'a Name,
        /// How many bytes it has, if that is known.
        size: Option<u64>,
        /// How many of them the receiver has already.
        begins_at: u64,
    },
    /// So many more bytes of the file that was started have gone, holes among them.
    Sent {
        /// How many.
        bytes: u64,
    },
    /// All of its bytes have gone.
    Ended {
        /// Which file.
        name: &'a Name,
        /// How many bytes it has.
        size: u64,
        /// Its digest.
        digest: &'a [u8; 32],
    },
    /// The receiver has the same.
    Skipped {
        /// Which file.
        name: &'a Name,
    },
    /// The receiver does not take it.
    Refused {
        /// Which file or folder.
        name: &'a Name,
        /// Why.
        failure: &'a Failure,
    },
    /// It was not sent whole, or not placed.
    Failed {
        /// Which file, if that is still known.
        name: Option<&'a Name>,
        /// Why, as this side or the receiver says.
        failure: &'a Failure,
    },
    /// It stands where it should.
    Placed {
        /// Which file.
        name: &'a Name,
        /// How many bytes it has.
        size: u64,
        /// The digest of it.
        digest: &'a [u8; 32],
    },
}

/// What was sent, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SendReport {
    /// Everything that was announced.
    pub entries: u64,
    /// What was passed over.
    pub passed_over: u64,
    /// Files that the receiver had.
    pub skipped: u64,
    /// What the receiver did not take.
    pub refused: u64,
    /// Files that have gone whole.
    pub sent: u64,
    /// Bytes of files that have gone, holes among them; not those that the receiver had.
    pub sent_bytes: u64,
    /// Files that were begun and not sent or not placed.
    pub failed: u64,
    /// Files that stand where they should, as the receiver says.
    pub placed: u64,
}
