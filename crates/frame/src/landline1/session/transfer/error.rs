//! What a frame of a files call can do wrong at the point where it comes.

use super::super::super::control::{ENTRIES_OPEN_MAX, HOLE_BYTES_MIN};
use super::super::super::kind::Kind;

/// Why a frame of a files call may not come, or may not be sent, at this point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// It is the other side that says such things, or nobody in such a call.
    #[error("{} is not for this side to say in this call", .kind.name())]
    WrongSide {
        /// The frame's kind.
        kind: Kind,
    },
    /// One more entry than may be open.
    #[error("more than {ENTRIES_OPEN_MAX} entries are open")]
    TooManyOpen,
    /// An entry belongs to a path that was not asked for.
    #[error("an entry belongs to path {ask}, and {asked} were asked for")]
    NoSuchAsk {
        /// The path's number.
        ask: u32,
        /// How many there are.
        asked: u32,
    },
    /// HAVE of an entry that has been answered.
    #[error("entry {entry} has been answered already")]
    AnsweredAlready {
        /// The entry.
        entry: u64,
    },
    /// HAVE of an entry that has not been announced.
    #[error("entry {entry} is answered before it is announced")]
    NotAnnounced {
        /// The entry.
        entry: u64,
    },
    /// HAVE of several entries that says what may be said of one only.
    #[error("entries {first} to {through} are answered by what may be said of one only")]
    NotOne {
        /// The first that is not answered.
        first: u64,
        /// The last that HAVE names.
        through: u64,
    },
    /// HAVE with groups of what cannot be resumed.
    #[error("entry {entry} is no file of a known size that is verified by BLAKE3")]
    NotResumable {
        /// The entry.
        entry: u64,
    },
    /// HAVE with groups that leave nothing to be sent.
    #[error("entry {entry} has {size} bytes, and {groups} groups leave none of them")]
    NothingLeft {
        /// The entry.
        entry: u64,
        /// Its size.
        size: u64,
        /// How many groups the receiver has.
        groups: u64,
    },
    /// Content, or an end of it, while no file is wanted that has not ended.
    #[error("{} comes while no file is due", .kind.name())]
    NothingDue {
        /// The frame's kind.
        kind: Kind,
    },
    /// Another entry than the one that is due.
    #[error("entry {entry} is named while entry {due} is due")]
    NotDue {
        /// The entry that the frame names.
        entry: u64,
        /// The one that is due.
        due: u64,
    },
    /// The groups that stay are told of a file that is sent whole, or of which something was sent or
    /// told before.
    #[error("it is told too late, or in vain, which groups of entry {entry} stay")]
    BeginsLate {
        /// The entry.
        entry: u64,
    },
    /// More groups stay than the receiver has.
    #[error("{groups} groups of entry {entry} stay, and the receiver has {held}")]
    BeginsBeyond {
        /// The entry.
        entry: u64,
        /// How many groups stay.
        groups: u64,
        /// How many the receiver has.
        held: u64,
    },
    /// More content than the file's size.
    #[error("{bytes} bytes exceed the size of entry {entry}, of which {left} are to come")]
    BeyondSize {
        /// The entry.
        entry: u64,
        /// How many bytes come.
        bytes: u64,
        /// How many were to come.
        left: u64,
    },
    /// A hole that is too short, and not the end of its file.
    #[error("a hole of {bytes} bytes is shorter than {HOLE_BYTES_MIN} inside of entry {entry}")]
    HoleTooShort {
        /// The entry.
        entry: u64,
        /// How many bytes the hole has.
        bytes: u64,
    },
    /// A digest before all content has come.
    #[error("entry {entry} ends with a digest, and {left} bytes of it have not come")]
    Incomplete {
        /// The entry.
        entry: u64,
        /// How many bytes have not come.
        left: u64,
    },
    /// The receiver ends what it did not want, or has ended before.
    #[error("the receiver has not wanted entry {entry}, or has ended it already")]
    NotWanted {
        /// The entry.
        entry: u64,
    },
    /// The receiver confirms a file that the sender has not ended.
    #[error("entry {entry} is confirmed before it has been sent")]
    ConfirmedEarly {
        /// The entry.
        entry: u64,
    },
    /// The sender's stream ends while entries are open.
    #[error("the stream ends while {open} entries are open")]
    NotSettled {
        /// How many.
        open: u64,
    },
    /// The receiver's stream ends before the sender's, or before it has ended every wanted file.
    #[error("the stream ends before every file has been ended by its receiver")]
    NotConfirmed,
}
