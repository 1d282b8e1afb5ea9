//! What a transfer needs of its line. It blocks: a transfer has a thread of its own, since it waits for
//! disks, and hashes.

use std::collections::VecDeque;

use bytes::Bytes;
use landline_frame::landline1::TransferFrame;

/// Why a transfer cannot go on: the line has ended, or nobody wants it any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransferEnd(pub String);

/// What comes of the other end, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// A word.
    Frame(TransferFrame),
    /// Bytes of the file that is being sent, at least one.
    Bytes(Bytes),
    /// The other end's stream has ended: it sends no entry and no byte any more.
    Ended,
}

/// One end of a files call.
pub trait TransferLine {
    /// Whether one more entry may be announced: fewer than
    /// [`ENTRIES_OPEN_MAX`](landline_frame::landline1::ENTRIES_OPEN_MAX) are open.
    fn may_announce(&self) -> bool;

    /// Says a word. It may wait in a buffer until [`flush`](Self::flush) or [`next`](Self::next).
    ///
    /// # Errors
    /// The line has ended, or the word breaks the protocol.
    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferEnd>;

    /// Sends bytes of the file that is due, as fast as the other end takes them. They may wait in a
    /// buffer, too.
    ///
    /// # Errors
    /// The line has ended.
    fn send(&mut self, bytes: Bytes) -> Result<(), TransferEnd>;

    /// Lets go out what waits.
    ///
    /// # Errors
    /// The line has ended.
    fn flush(&mut self) -> Result<(), TransferEnd>;

    /// All that has come and was not taken yet. Where nothing has, it waits if `wait` is set, having
    /// flushed; else it gives nothing.
    ///
    /// # Errors
    /// The line has ended, and all that came of it was taken.
    fn next(&mut self, wait: bool) -> Result<VecDeque<Arrived>, TransferEnd>;

    /// Ends this side's stream: no entry and no byte follows.
    ///
    /// # Errors
    /// The line has ended.
    fn end(&mut self) -> Result<(), TransferEnd>;
}
