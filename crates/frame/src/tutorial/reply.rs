//! The reply to a command: a length, then that many bytes. It holds four bytes at most, whatever a
//! length claims, and does not know what the bytes are.

use super::length::{Endian, LENGTH_BYTES, LengthError, decode_length};
use crate::pieces::{Fixed, take_front};

/// One part of a reply, in the order of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyPart<'a> {
    /// How many bytes the reply has.
    Length(u32),
    /// The next of them, at least one. Where they are cut says nothing.
    Bytes(&'a [u8]),
    /// The reply is whole. What follows belongs to the next one.
    End,
}

/// Reads replies, one after the other, from bytes cut anyhow.
#[derive(Clone, Debug)]
pub struct ReplyDecoder {
    endian: Endian,
    length: Fixed<LENGTH_BYTES>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Length,
    Body { left: u32 },
    Failed(LengthError),
}

impl ReplyDecoder {
    /// A decoder that stands before a reply.
    pub fn new(endian: Endian) -> Self {
        Self {
            endian,
            length: Fixed::new(),
            state: State::Length,
        }
    }

    /// Takes what it can from the front of `input`, which becomes shorter by that. `None`: it needs
    /// more bytes. After an error there are no edges to go by any more: it gives the same error
    /// again.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<ReplyPart<'a>>, LengthError> {
        match &mut self.state {
            State::Length => self.next_length(input),
            State::Body { left: 0 } => {
                self.state = State::Length;
                Ok(Some(ReplyPart::End))
            }
            State::Body { left } => {
                let piece = take_front(input, u64::from(*left));
                *left -= piece.len() as u32;
                Ok((!piece.is_empty()).then_some(ReplyPart::Bytes(piece)))
            }
            State::Failed(error) => Err(*error),
        }
    }

    /// How many bytes the current reply still owes; `None` between two replies.
    ///
    /// While the length itself is arriving it is what that lacks. It is `Some(0)` when only
    /// [`ReplyPart::End`] has not been taken yet.
    pub fn owed(&self) -> Option<u64> {
        match self.state {
            State::Length => self.length.owed(),
            State::Body { left } => Some(u64::from(left)),
            State::Failed(_) => None,
        }
    }

    fn next_length<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<ReplyPart<'a>>, LengthError> {
        let Some(bytes) = self.length.take(input) else {
            return Ok(None);
        };
        let length = decode_length(bytes, self.endian).inspect_err(|error| {
            self.state = State::Failed(*error);
        })?;
        self.state = State::Body { left: length };
        Ok(Some(ReplyPart::Length(length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_replies_in_one_read() {
        let mut decoder = ReplyDecoder::new(Endian::Big);
        let mut input = &b"\0\0\0\x02hi\0\0\0\0\0"[..];
        let mut next = || decoder.next(&mut input).unwrap();
        assert_eq!(next(), Some(ReplyPart::Length(2)));
        assert_eq!(next(), Some(ReplyPart::Bytes(b"hi")));
        assert_eq!(next(), Some(ReplyPart::End));
        assert_eq!(next(), Some(ReplyPart::Length(0)));
        assert_eq!(next(), Some(ReplyPart::End));
        assert_eq!(next(), None);
        assert_eq!(decoder.owed(), Some(3), "one byte of the next length");
    }

    #[test]
    fn what_is_owed_at_each_step() {
        let mut decoder = ReplyDecoder::new(Endian::Little);
        assert_eq!(decoder.owed(), None);
        for (bytes, owed) in [(&b"\x03\0"[..], 2), (b"\0\0", 3), (b"a", 2), (b"bc", 0)] {
            let mut input = bytes;
            decoder.next(&mut input).unwrap();
            assert_eq!(decoder.owed(), Some(owed));
        }
        assert_eq!(decoder.next(&mut &b""[..]), Ok(Some(ReplyPart::End)));
        assert_eq!(decoder.owed(), None);
    }

    #[test]
    fn an_error_stays() {
        let mut decoder = ReplyDecoder::new(Endian::Big);
        let error = LengthError::Negative { value: -1 };
        assert_eq!(decoder.next(&mut &[0xff; 4][..]), Err(error));
        assert_eq!(decoder.next(&mut &b"\0\0\0\0"[..]), Err(error));
    }
}
