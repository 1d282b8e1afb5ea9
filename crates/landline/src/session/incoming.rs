//! The bytes of one stream that came and wait for whoever takes them. The far end's credit bounds
//! them. It does not know which stream it is.

use bytes::{Bytes, BytesMut};
use landline_frame::landline1::WINDOW_BYTES_FIRST;

/// The window of a stream that has used up its first one: it carries much, and a far end that runs
/// dry whenever this one is at something else is half as fast, even on loopback. Most commands never
/// come so far, and so do not make either side hold so much.
const WINDOW_BYTES_GROWN: u64 = 4 * WINDOW_BYTES_FIRST;

/// One stream towards us.
#[derive(Default)]
pub(crate) struct Incoming {
    bytes: BytesMut,
    has_ended: bool,
    /// Nobody takes it any more: what comes is dropped, and gives no credit.
    is_dropped: bool,
    /// Credit for what was taken, not yet given back.
    owed: u64,
    /// Credit that was given back, until the window has grown.
    given: u64,
}

impl Incoming {
    /// Bytes came.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        if !self.is_dropped {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// The stream's END came.
    pub(crate) fn end(&mut self) {
        self.has_ended = true;
    }

    /// All that waits, at most `max` bytes. No bytes at all: the stream has ended. `None`: nothing
    /// is here yet.
    pub(crate) fn take(&mut self, max: usize) -> Option<Bytes> {
        if self.bytes.is_empty() {
            return self.has_ended.then(Bytes::new);
        }
        let count = self.bytes.len().min(max);
        self.owed += count as u64;
        if count < self.bytes.len() {
            return Some(self.bytes.split_to(count).freeze());
        }
        // All of it, so that an idle stream holds no buffer.
        Some(std::mem::take(&mut self.bytes).freeze())
    }

    /// Nobody takes it any more.
    pub(crate) fn discard(&mut self) {
        self.is_dropped = true;
        self.bytes = BytesMut::new();
    }

    /// Nobody takes it any more, and what still comes is given credit for: the far end is to finish.
    pub(crate) fn drain(&mut self) {
        self.owed += self.bytes.len() as u64;
        self.bytes.clear();
    }

    /// The credit that is worth a frame now; it is taken to be given. That is a quarter of the
    /// window, so that the far end does not stand still while the CREDIT travels, and few such
    /// frames are needed.
    pub(crate) fn owed(&mut self) -> Option<u64> {
        let is_due = self.owed >= self.window() / 4 && !self.has_ended;
        is_due.then(|| self.give())
    }

    fn give(&mut self) -> u64 {
        let before = self.window();
        self.given = self.given.saturating_add(self.owed);
        std::mem::take(&mut self.owed) + self.window() - before
    }

    fn window(&self) -> u64 {
        match self.given >= WINDOW_BYTES_FIRST {
            true => WINDOW_BYTES_GROWN,
            false => WINDOW_BYTES_FIRST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A quarter of the first window.
    const QUARTER: usize = WINDOW_BYTES_FIRST as usize / 4;

    #[test]
    fn credit_goes_back_in_quarters_of_the_window_for_what_was_taken() {
        let mut stream = Incoming::default();
        stream.put(&vec![1; QUARTER]);
        assert_eq!(stream.owed(), None, "nobody took it");
        let taken = stream.take(QUARTER - 1).map(|it| it.len());
        assert_eq!(taken, Some(QUARTER - 1));
        assert_eq!(stream.owed(), None);
        assert_eq!(stream.take(QUARTER).map(|it| it.len()), Some(1));
        assert_eq!(stream.owed(), Some(QUARTER as u64));
        assert_eq!(stream.owed(), None);
        assert_eq!(stream.take(1), None);
        stream.end();
        assert_eq!(stream.take(1), Some(Bytes::new()));
    }

    #[test]
    fn the_window_grows_once_the_first_was_used_up() {
        let mut stream = Incoming::default();
        let quarter = vec![1; QUARTER];
        let mut given = Vec::new();
        for _ in 0..12 {
            stream.put(&quarter);
            stream.take(QUARTER);
            given.extend(stream.owed());
        }
        let first = QUARTER as u64;
        let grown = WINDOW_BYTES_GROWN - WINDOW_BYTES_FIRST;
        let later = WINDOW_BYTES_GROWN / 4;
        assert_eq!(given, [first, first, first, first + grown, later, later]);
        // All that came was given back, and the window is as large as it is said to be.
        let came = 12 * first;
        assert_eq!(
            WINDOW_BYTES_FIRST + given.iter().sum::<u64>() - came,
            WINDOW_BYTES_GROWN
        );
    }

    #[test]
    fn what_nobody_takes_is_not_held() {
        let mut stream = Incoming::default();
        stream.put(b"waits");
        stream.discard();
        stream.put(b"comes late");
        stream.end();
        assert_eq!(stream.take(100), Some(Bytes::new()));
        assert_eq!(stream.owed(), None);
    }
}
