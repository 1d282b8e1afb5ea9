//! What comes of a files call and waits for the thread that takes it, in order: words and bytes. Credit
//! bounds the bytes, the session the words. It does not know what they are for.

use std::collections::VecDeque;

use bytes::BytesMut;
use landline_frame::landline1::{HOLE_BYTES_MIN, TransferFrame};
use landline_service::Arrived;

use super::incoming::append;
use super::window::Window;

/// The first window of a file's bytes: 1 MiB. A receiver's thread takes them in large pieces, and the
/// other end is not to wait for it.
pub(crate) const FILE_WINDOW_BYTES_FIRST: u64 = 1024 * 1024;

/// The most that the window grows to: 4 MiB. So much a side holds of files that its disk does not take.
pub(crate) const FILE_WINDOW_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Bytes are handed on in pieces of at most so many: 256 KiB. One write of that size costs the system
/// little, and the piece still lies in the processor's cache.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// So many bytes are much: they fill a piece.
const MUCH_BYTES: usize = PIECE_BYTES_MAX;

/// So many words are, too.
const MUCH_ITEMS: usize = 64;

/// What waits for a transfer's thread.
pub(crate) struct Arrivals {
    items: VecDeque<Arrived>,
    /// The bytes that came last; they are not among the items yet.
    open: BytesMut,
    /// How many bytes wait, in both.
    bytes: usize,
    /// What the holes among the items cost of the credit.
    cost: u64,
    window: Window,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            open: BytesMut::new(),
            bytes: 0,
            cost: 0,
            window: Window::new(FILE_WINDOW_BYTES_FIRST, FILE_WINDOW_BYTES_MAX),
        }
    }
}

impl Arrivals {
    pub(crate) fn put_bytes(&mut self, mut bytes: &[u8]) {
        self.bytes += bytes.len();
        while !bytes.is_empty() {
            let (piece, rest) = bytes.split_at(bytes.len().min(PIECE_BYTES_MAX - self.open.len()));
            if self.open.capacity() == 0 && self.bytes > PIECE_BYTES_MAX {
                // Much is coming: room for a whole piece at once, in place of doubling up to it.
                self.open.reserve(PIECE_BYTES_MAX);
            }
            append(&mut self.open, piece);
            if self.open.len() == PIECE_BYTES_MAX {
                self.close_piece();
            }
            bytes = rest;
        }
    }

    pub(crate) fn put_word(&mut self, frame: TransferFrame) {
        if let TransferFrame::Hole { .. } = frame {
            self.cost += HOLE_BYTES_MIN;
        }
        self.put(Arrived::Frame(frame));
    }

    pub(crate) fn end(&mut self) {
        self.put(Arrived::Ended);
    }

    fn put(&mut self, item: Arrived) {
        self.close_piece();
        self.items.push_back(item);
    }

    fn close_piece(&mut self) {
        if !self.open.is_empty() {
            let piece = std::mem::take(&mut self.open);
            self.items.push_back(Arrived::Bytes(piece.freeze()));
        }
    }

    /// Whether anything waits at all.
    pub(crate) fn waits(&self) -> bool {
        self.bytes > 0 || !self.items.is_empty()
    }

    /// Whether so much waits that it is to be taken before more is read.
    pub(crate) fn is_much(&self) -> bool {
        self.bytes >= MUCH_BYTES || self.items.len() >= MUCH_ITEMS
    }

    /// All that waits. Its bytes give credit.
    pub(crate) fn take(&mut self) -> VecDeque<Arrived> {
        self.close_piece();
        self.window.taken(self.bytes as u64 + self.cost);
        self.bytes = 0;
        self.cost = 0;
        std::mem::take(&mut self.items)
    }

    /// Whether credit is worth a frame now.
    pub(crate) fn owes(&self) -> bool {
        self.window.owes()
    }

    /// The credit that is worth a frame now; it is taken to be given.
    pub(crate) fn owed(&mut self) -> Option<u64> {
        self.window.owed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole() -> TransferFrame {
        TransferFrame::Hole { bytes: 1 << 20 }
    }

    #[test]
    fn bytes_come_in_large_pieces_and_words_stay_between_them() {
        let mut arrivals = Arrivals::default();
        arrivals.put_bytes(&[1; 3]);
        arrivals.put_bytes(&[2; PIECE_BYTES_MAX]);
        arrivals.put_word(hole());
        arrivals.put_bytes(&[3; 2]);
        arrivals.end();
        let size = |item: Arrived| match item {
            Arrived::Bytes(bytes) => bytes.len(),
            Arrived::Frame(_) | Arrived::Ended => 0,
        };
        let sizes: Vec<_> = arrivals.take().into_iter().map(size).collect();
        assert_eq!(sizes, [PIECE_BYTES_MAX, 3, 0, 2, 0]);
        assert!(!arrivals.waits());
    }

    #[test]
    fn a_piece_is_much_and_so_are_many_words() {
        let mut arrivals = Arrivals::default();
        arrivals.put_bytes(&[1; MUCH_BYTES - 1]);
        assert!(!arrivals.is_much());
        arrivals.put_bytes(&[1]);
        assert!(arrivals.is_much());
        arrivals.take();
        assert!(!arrivals.waits());
        for _ in 0..MUCH_ITEMS {
            assert!(!arrivals.is_much());
            arrivals.put_word(hole());
        }
        assert!(arrivals.is_much());
    }

    #[test]
    fn what_is_taken_gives_credit() {
        let mut arrivals = Arrivals::default();
        arrivals.put_bytes(&vec![0; FILE_WINDOW_BYTES_FIRST as usize / 4]);
        assert_eq!(arrivals.owed(), None);
        arrivals.take();
        let quarter = FILE_WINDOW_BYTES_FIRST / 4;
        assert_eq!(arrivals.owed(), Some(quarter + FILE_WINDOW_BYTES_FIRST));
    }
}
