//! The bytes of one stream that came and wait for whoever takes them. The far end's credit bounds
//! them. It does not know which stream it is.

use bytes::{Bytes, BytesMut};
use landline_frame::landline1::WINDOW_BYTES_FIRST;

use super::window::Window;

/// The most that a stream's window grows to: 2 MiB. A side holds at most so much of a stream that
/// nobody takes.
pub const WINDOW_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// One stream towards us.
pub(crate) struct Incoming {
    bytes: BytesMut,
    has_ended: bool,
    /// Nobody takes it any more: what comes is dropped, and gives no credit.
    is_dropped: bool,
    window: Window,
}

impl Default for Incoming {
    fn default() -> Self {
        Self {
            bytes: BytesMut::new(),
            has_ended: false,
            is_dropped: false,
            window: Window::new(WINDOW_BYTES_FIRST, WINDOW_BYTES_MAX),
        }
    }
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
        self.window.taken(count as u64);
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
        self.window.taken(self.bytes.len() as u64);
        self.bytes.clear();
    }

    /// The credit that is worth a frame now; it is taken to be given.
    pub(crate) fn owed(&mut self) -> Option<u64> {
        if self.has_ended {
            return None;
        }
        self.window.owed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `stream` gets, and somebody takes, so many bytes.
    fn pass(stream: &mut Incoming, count: u64) {
        let count = usize::try_from(count).expect("it is small");
        stream.put(&vec![1; count]);
        assert_eq!(stream.take(count).map(|it| it.len()), Some(count));
    }

    #[test]
    fn credit_goes_back_in_quarters_of_a_window_that_doubles() {
        let mut stream = Incoming::default();
        let mut window = WINDOW_BYTES_FIRST;
        stream.put(&[1]);
        assert_eq!(stream.owed(), None, "nobody took it");
        stream.take(1);
        pass(&mut stream, window / 4 - 2);
        assert_eq!(stream.owed(), None);
        pass(&mut stream, 1);
        assert_eq!(stream.owed(), Some(window / 4 + window));
        while window < WINDOW_BYTES_MAX / 2 {
            window *= 2;
            pass(&mut stream, window / 4);
            assert_eq!(stream.owed(), Some(window / 4 + window));
        }
        for _ in 0..3 {
            assert_eq!(stream.owed(), None);
            pass(&mut stream, WINDOW_BYTES_MAX / 4);
            assert_eq!(stream.owed(), Some(WINDOW_BYTES_MAX / 4));
        }
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
