//! Buffers that come back from the line and are filled again: memory newly taken from the system is
//! slow. It does not know what is in them.

use std::collections::VecDeque;

use bytes::Bytes;

/// How many bytes of a file are read, hashed and handed on at once: they stay in the core's cache.
pub(super) const PIECE_BYTES: usize = 256 * 1024;

/// How many buffers are watched until the line lets go of them: 8 MiB. What the line holds beyond
/// that is freed, not filled again.
const LENT_MAX: usize = 32;

/// Buffers of [`PIECE_BYTES`].
#[derive(Debug, Default)]
pub(super) struct Pool {
    idle: Vec<Vec<u8>>,
    /// Whole buffers that the line has a part of, the oldest first.
    lent: VecDeque<Bytes>,
}

impl Pool {
    /// A buffer. What is in it has been sent already, or never was anything.
    pub(super) fn take(&mut self) -> Vec<u8> {
        if let Some(buffer) = self.idle.pop() {
            return buffer;
        }
        match self.lent.pop_front() {
            Some(buffer) if buffer.is_unique() => Vec::from(buffer),
            Some(buffer) => {
                if self.lent.len() < LENT_MAX {
                    self.lent.push_front(buffer);
                }
                vec![0; PIECE_BYTES]
            }
            None => vec![0; PIECE_BYTES],
        }
    }

    /// The front of a buffer, for the line.
    pub(super) fn lend(&mut self, buffer: Vec<u8>, count: usize) -> Bytes {
        let buffer = Bytes::from(buffer);
        let piece = buffer.slice(..count);
        self.lent.push_back(buffer);
        piece
    }

    /// Takes back a buffer that was not lent.
    pub(super) fn put_back(&mut self, buffer: Vec<u8>) {
        self.idle.push(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_once_the_line_lets_go_of_it() {
        let mut pool = Pool::default();
        let first = pool.take();
        let place = first.as_ptr();
        let piece = pool.lend(first, 10);
        assert_eq!(piece.len(), 10);
        let second = pool.take();
        assert_ne!(second.as_ptr(), place);
        drop(piece);
        let third = pool.take();
        assert_eq!((third.as_ptr(), third.len()), (place, PIECE_BYTES));
        pool.put_back(second);
        assert_eq!(pool.take().len(), PIECE_BYTES);
    }

    #[test]
    fn what_the_line_holds_for_long_is_not_watched_for_ever() {
        let mut pool = Pool::default();
        let held: Vec<Bytes> = (0..100)
            .map(|_| {
                let buffer = pool.take();
                pool.lend(buffer, 1)
            })
            .collect();
        assert!(pool.lent.len() <= LENT_MAX + 1);
        drop(held);
    }
}
