//! The bytes of one stream that came and wait for whoever takes them. The far end's credit bounds
//! them. It does not know which stream it is.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use landline_frame::landline1::WINDOW_BYTES_FIRST;

use super::window::Window;

/// The most that a stream's window grows to: 2 MiB. A side holds at most so much of a stream that
/// nobody takes, and the room of its last piece, 256 KiB.
pub const WINDOW_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// The first piece of a stream, in bytes. Each that is filled makes the next twice as long.
const PIECE_BYTES_FIRST: usize = 4 * 1024;

/// The longest piece, in bytes: what one write of it takes. At most one is not full.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// How much is copied at once, in bytes. x86's string copy, which the C library takes for more, may
/// do 4 GB/s and not 100, depending on where both ends lie (`line`'s `tls/spacer.rs`).
const COPY_BYTES: usize = 2 * 1024;

/// One stream towards us.
pub(crate) struct Incoming {
    /// What waits, none of it empty. Pieces, because one buffer that grows would be copied each
    /// time, and would live as long as the last of its parts.
    pieces: VecDeque<BytesMut>,
    /// How long the next piece is.
    piece_bytes: usize,
    has_ended: bool,
    /// Nobody takes it any more: what comes is dropped, and gives no credit.
    is_dropped: bool,
    window: Window,
}

impl Default for Incoming {
    fn default() -> Self {
        Self {
            pieces: VecDeque::new(),
            piece_bytes: PIECE_BYTES_FIRST,
            has_ended: false,
            is_dropped: false,
            window: Window::new(WINDOW_BYTES_FIRST, WINDOW_BYTES_MAX),
        }
    }
}

impl Incoming {
    /// Bytes came.
    pub(crate) fn put(&mut self, mut bytes: &[u8]) {
        if self.is_dropped {
            return;
        }
        while !bytes.is_empty() {
            let room = self.pieces.back().map_or(0, |it| it.capacity() - it.len());
            let (now, later) = bytes.split_at(bytes.len().min(room));
            if let Some(last) = self.pieces.back_mut() {
                append(last, now);
            }
            bytes = later;
            if !bytes.is_empty() {
                self.grow(bytes.len());
            }
        }
    }

    /// Room for more, where so many bytes are at hand.
    fn grow(&mut self, at_hand: usize) {
        if !self.pieces.is_empty() || at_hand > self.piece_bytes {
            self.piece_bytes = (2 * self.piece_bytes).min(PIECE_BYTES_MAX);
        }
        let piece = BytesMut::with_capacity(self.piece_bytes);
        self.pieces.push_back(piece);
    }

    /// The stream's END came.
    pub(crate) fn end(&mut self) {
        self.has_ended = true;
    }

    /// Whether the stream's END is here.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The next that waits, at most `max` bytes; more may wait behind it. No bytes at all: the
    /// stream has ended. `None`: nothing is here yet.
    pub(crate) fn take(&mut self, max: usize) -> Option<Bytes> {
        let Some(first) = self.pieces.front_mut() else {
            return self.has_ended.then(Bytes::new);
        };
        let count = first.len().min(max);
        self.window.taken(count as u64);
        if count < first.len() {
            return Some(first.split_to(count).freeze());
        }
        // All of it, so that an idle stream holds no buffer.
        self.pieces.pop_front().map(BytesMut::freeze)
    }

    /// Nobody takes it any more.
    pub(crate) fn discard(&mut self) {
        self.is_dropped = true;
        self.pieces = VecDeque::new();
    }

    /// Nobody takes it any more, and what still comes is given credit for: the far end is to finish.
    pub(crate) fn drain(&mut self) {
        while let Some(piece) = self.pieces.pop_front() {
            self.window.taken(piece.len() as u64);
        }
    }

    /// Whether credit is worth a frame now.
    pub(crate) fn owes(&self) -> bool {
        !self.has_ended && self.window.owes()
    }

    /// The credit that is worth a frame now; it is taken to be given.
    pub(crate) fn owed(&mut self) -> Option<u64> {
        if self.has_ended {
            return None;
        }
        self.window.owed()
    }
}

/// Lengthens a piece that has room for it.
pub(super) fn append(piece: &mut BytesMut, bytes: &[u8]) {
    bytes
        .chunks(COPY_BYTES)
        .for_each(|it| piece.extend_from_slice(it));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `stream` gets, and somebody takes, so many bytes.
    fn pass(stream: &mut Incoming, count: u64) {
        let count = usize::try_from(count).expect("it is small");
        stream.put(&vec![1; count]);
        let pieces = std::iter::from_fn(|| stream.take(count));
        assert_eq!(pieces.map(|it| it.len()).sum::<usize>(), count);
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
    fn bytes_come_out_as_they_went_in_piece_by_piece() {
        let sent: Vec<u8> = (0..700_000_u32).map(|it| (it / 7) as u8).collect();
        for (put, max) in [
            (1_000, 300),
            (16_384, 262_144),
            (16_376, 65_536),
            (700_000, 1),
        ] {
            let (mut stream, mut taken) = (Incoming::default(), Vec::new());
            for (turn, bytes) in sent.chunks(put).enumerate() {
                stream.put(bytes);
                // Now and then several wait.
                while turn % 3 == 0
                    && let Some(bytes) = stream.take(max)
                {
                    assert!(!bytes.is_empty() && bytes.len() <= max);
                    taken.extend_from_slice(&bytes);
                }
            }
            stream.end();
            while let Some(bytes) = stream.take(max)
                && !bytes.is_empty()
            {
                taken.extend_from_slice(&bytes);
            }
            assert!(taken == sent, "{put} {max}");
            assert_eq!(stream.window.owed(), Some(700_000 + WINDOW_BYTES_FIRST));
        }
    }

    #[test]
    fn what_waits_takes_hardly_more_room_than_it_has_bytes() {
        let mut stream = Incoming::default();
        stream.put(b"a word");
        assert_eq!(stream.pieces[0].capacity(), PIECE_BYTES_FIRST);
        for _ in 0..128 {
            stream.put(&[1; 16 * 1024]);
        }
        let room: usize = stream.pieces.iter().map(|it| it.capacity()).sum();
        assert!(room < 128 * 16 * 1024 + 2 * PIECE_BYTES_MAX);
        while stream.take(PIECE_BYTES_MAX).is_some() {}
        assert!(stream.pieces.is_empty(), "an idle stream holds none");
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
