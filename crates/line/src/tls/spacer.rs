//! Where rustls's copy of a record's text comes to lie: not where copying is slow. It changes no byte,
//! and knows nothing of what they say.
//!
//! rustls decrypts a record where it received it and copies the text into memory of its own. x86's
//! string copy, which the C library takes for more than 2 KiB, does 4 GB/s and not 100 when the target
//! lies 1 to 31 bytes behind the source in their pages (the low 12 bits of their addresses). Both
//! places are the allocator's choice and stay what they are for a whole transfer, so bad luck costs
//! half of a receiver's speed. Memory that is held meanwhile makes the choice another.

use std::hint::black_box;
use std::io::{self, Read};

/// What the spacing is for, in bytes: shorter copies are not made so.
const COPY_BYTES: usize = 2048;

/// Where pages repeat, in bytes.
const PAGE_BYTES: usize = 4096;

/// How far behind its source a copy must not begin, in bytes.
const NEAR_BYTES: usize = 32;

/// The length of rustls's buffer once a whole record is in it, in bytes (RFC 8446 5.2 and 5.1: a
/// record and its header, 2^14 + 2048 + 5 with TLS 1.2). Were it another, a receiver would be slower,
/// no worse.
const BUFFER_BYTES: usize = 16 * 1024 + 2048 + 5;

/// A record's header, in bytes: its text is decrypted right behind it.
const HEADER_BYTES: usize = 5;

/// One piece that is held, in bytes: the longest text of a record, so that it takes the very place
/// which that would.
const PIECE_BYTES: usize = 16 * 1024;

/// The most pieces that are held, only while rustls decrypts: 48 KiB.
const PIECES_MAX: usize = 3;

/// Tells where both lie, and moves the copy when that is bad.
#[derive(Debug, Default)]
pub(super) struct Spacer {
    pieces: usize,
    /// Where the source ended when it was last read into: an address, for comparison only.
    source_end: usize,
}

impl Spacer {
    /// Runs `decrypt` with the memory held that puts its copy where that is fast.
    pub(super) fn around<T>(&self, decrypt: impl FnOnce() -> T) -> T {
        let mut held: [Vec<u8>; PIECES_MAX] = Default::default();
        for piece in &mut held[..self.pieces] {
            *piece = black_box(Vec::with_capacity(PIECE_BYTES));
        }
        let result = decrypt();
        drop(held);
        result
    }

    /// `bytes` as what rustls reads from.
    pub(super) fn watch<'a, 'b>(&'a mut self, bytes: &'a mut &'b [u8]) -> Watched<'a, 'b> {
        Watched {
            bytes,
            spacer: self,
        }
    }

    /// Looks where `text` lies, the copy.
    pub(super) fn notice_text(&mut self, text: &[u8]) {
        let source = self.source_end.wrapping_sub(BUFFER_BYTES - HEADER_BYTES);
        let behind = text.as_ptr().addr().wrapping_sub(source) % PAGE_BYTES;
        if text.len() > COPY_BYTES && (1..NEAR_BYTES).contains(&behind) {
            self.pieces = (self.pieces + 1) % (PIECES_MAX + 1);
        }
    }
}

/// Bytes to read, and who looks where they go.
pub(super) struct Watched<'a, 'b> {
    bytes: &'a mut &'b [u8],
    spacer: &'a mut Spacer,
}

impl Read for Watched<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.spacer.source_end = buffer.as_ptr_range().end.addr();
        self.bytes.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spacer after a text that lies so far behind where it was decrypted.
    fn after(behind: usize, length: usize) -> Spacer {
        let text = vec![0; length];
        let source = text.as_ptr().addr() - behind;
        let mut spacer = Spacer {
            pieces: 0,
            source_end: source - HEADER_BYTES + BUFFER_BYTES,
        };
        spacer.notice_text(&text);
        spacer
    }

    #[test]
    fn only_a_bad_place_makes_the_next_another() {
        for bad in [1, 11, 31, PAGE_BYTES + 11, 8 * PAGE_BYTES + 27] {
            assert_eq!(after(bad, 16 * 1024).pieces, 1, "{bad}");
        }
        for good in [0, 32, 1000, PAGE_BYTES - 5, PAGE_BYTES] {
            assert_eq!(after(good, 16 * 1024).pieces, 0, "{good}");
        }
        assert_eq!(after(11, 100).pieces, 0, "so few are not copied so");
    }

    #[test]
    fn it_sees_where_rustls_reads_to() {
        let mut spacer = Spacer::default();
        let (mut bytes, mut buffer) = (&b"abc"[..], [0; 8]);
        let read = spacer.watch(&mut bytes).read(&mut buffer);
        assert_eq!(read.expect("bytes can be read"), 3);
        assert!(bytes.is_empty());
        assert_eq!(spacer.source_end, buffer.as_ptr_range().end.addr());
    }
}
