//! Frames that wait for the line to take them, in order. It does not know what they say.

use std::collections::VecDeque;

use bytes::Bytes;

/// How many bytes of streams wait for the line at most, beside the last piece: 512 KiB, two pieces of a
/// command's output, one that the line takes and the next. Whoever has more waits.
pub const OUTGOING_BYTES_MAX: usize = 512 * 1024;

/// The bytes that go out next.
#[derive(Default)]
pub(crate) struct Outgoing {
    frames: VecDeque<Bytes>,
    bytes: usize,
}

impl Outgoing {
    /// Adds a frame, or a part of one: the parts follow each other.
    pub(crate) fn push(&mut self, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        if !bytes.is_empty() {
            self.bytes += bytes.len();
            self.frames.push_back(bytes);
        }
    }

    /// Whether bytes of a stream have to wait. Control frames never do.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= OUTGOING_BYTES_MAX
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// All that waits; it is the taker's to send.
    pub(crate) fn take(&mut self) -> VecDeque<Bytes> {
        self.bytes = 0;
        std::mem::take(&mut self.frames)
    }
}
