//! The bytes of one stream that came and wait for whoever takes them. The far end's credit bounds
//! them. It does not know which stream it is.

use bytes::{Bytes, BytesMut};
use landline_frame::landline1::WINDOW_BYTES_FIRST;

/// How much is taken before credit for it goes back: a quarter of the window, so that the far end
/// does not stand still while the CREDIT travels, and few such frames are needed.
const CREDIT_BYTES_MIN: u64 = WINDOW_BYTES_FIRST / 4;

/// One stream towards us.
#[derive(Default)]
pub(crate) struct Incoming {
    bytes: BytesMut,
    has_ended: bool,
    /// Nobody takes it any more: what comes is dropped, and gives no credit.
    is_dropped: bool,
    /// Credit for what was taken, not yet given back.
    owed: u64,
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

    /// The credit that is worth a frame now; it is taken to be given.
    pub(crate) fn owed(&mut self) -> Option<u64> {
        let is_due = self.owed >= CREDIT_BYTES_MIN && !self.has_ended;
        is_due.then(|| std::mem::take(&mut self.owed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_goes_back_in_quarters_of_the_window_for_what_was_taken() {
        let mut stream = Incoming::default();
        let quarter = usize::try_from(CREDIT_BYTES_MIN).expect("it is small");
        stream.put(&vec![1; quarter]);
        assert_eq!(stream.owed(), None, "nobody took it");
        assert_eq!(
            stream.take(quarter - 1).map(|it| it.len()),
            Some(quarter - 1)
        );
        assert_eq!(stream.owed(), None);
        assert_eq!(stream.take(quarter).map(|it| it.len()), Some(1));
        assert_eq!(stream.owed(), Some(CREDIT_BYTES_MIN));
        assert_eq!(stream.owed(), None);
        assert_eq!(stream.take(1), None);
        stream.end();
        assert_eq!(stream.take(1), Some(Bytes::new()));
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
