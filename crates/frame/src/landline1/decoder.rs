//! Frames out of bytes cut anyhow: control payloads whole, body payloads in pieces as they come.
//! It holds one control payload at most, and never more than twice what has arrived of it.

use std::borrow::Cow;

use super::error::FrameError;
use super::header::{Arrival, HEADER_BYTES, Header};
use super::kind::Class;
use crate::pieces::{Fixed, take_front};

/// One part of a frame, in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FramePart<'a> {
    /// A frame begins.
    Header(Header),
    /// The whole payload of a control frame, which ends it.
    Control(Cow<'a, [u8]>),
    /// The next bytes of a body frame, at least one. Where they are cut says nothing.
    Body(&'a [u8]),
    /// The body frame is whole.
    End,
    /// A frame of an unknown kind begins, and its payload is passed over.
    Skipped {
        /// The kind's number.
        kind: u8,
        /// How many bytes are passed over.
        length: u32,
    },
}

/// Reads frames from bytes cut anyhow.
#[derive(Clone, Debug)]
pub struct FrameDecoder {
    header: Fixed<HEADER_BYTES>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Header,
    Control { length: usize, held: Vec<u8> },
    Body { left: u64 },
    Skip { left: u64 },
    Failed(FrameError),
}

impl Default for FrameDecoder {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameDecoder {
    /// A decoder that stands before a frame.
    pub fn new() -> Self {
        Self {
            header: Fixed::new(),
            state: State::Header,
        }
    }

    /// Takes what it can from the front of `input`, which becomes shorter by that. `None`: it needs
    /// more bytes. After an error there are no edges to go by any more: it gives the same error
    /// again.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<FramePart<'a>>, FrameError> {
        if let State::Skip { left } = &mut self.state {
            *left -= take_front(input, *left).len() as u64;
            if *left > 0 {
                return Ok(None);
            }
            self.state = State::Header;
        }
        match &mut self.state {
            State::Header | State::Skip { .. } => self.next_header(input),
            State::Control { length, held } => {
                let Some(payload) = take_whole(held, *length, input) else {
                    return Ok(None);
                };
                self.state = State::Header;
                Ok(Some(FramePart::Control(payload)))
            }
            State::Body { left: 0 } => {
                self.state = State::Header;
                Ok(Some(FramePart::End))
            }
            State::Body { left } => {
                let piece = take_front(input, *left);
                *left -= piece.len() as u64;
                Ok((!piece.is_empty()).then_some(FramePart::Body(piece)))
            }
            State::Failed(error) => Err(*error),
        }
    }

    /// How many bytes the current frame still owes, as far as its header has told; `None` between
    /// two frames. It is `Some(0)` when only the last part has not been taken yet.
    pub fn owed(&self) -> Option<u64> {
        match &self.state {
            State::Header => self.header.owed(),
            State::Control { length, held } => Some((length - held.len()) as u64),
            State::Body { left } => Some(*left),
            State::Skip { left } => (*left > 0).then_some(*left),
            State::Failed(_) => None,
        }
    }

    /// To be asked when the line has ended: an error when it ended inside a frame.
    pub fn finish(&self) -> Result<(), FrameError> {
        match (&self.state, self.owed()) {
            (State::Failed(error), _) => Err(*error),
            (_, Some(owed)) => Err(FrameError::CutShort { owed }),
            (_, None) => Ok(()),
        }
    }

    fn next_header<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<FramePart<'a>>, FrameError> {
        let Some(bytes) = self.header.take(input) else {
            return Ok(None);
        };
        let arrival = Arrival::decode(bytes).inspect_err(|error| {
            self.state = State::Failed(*error);
        })?;
        let left = u64::from(arrival.length());
        let (state, part) = match arrival {
            Arrival::Skip { kind, length } => {
                (State::Skip { left }, FramePart::Skipped { kind, length })
            }
            Arrival::Frame(header) if header.kind().class() == Class::Body => {
                (State::Body { left }, FramePart::Header(header))
            }
            Arrival::Frame(header) => {
                let length = header.length() as usize;
                let held = Vec::new();
                (State::Control { length, held }, FramePart::Header(header))
            }
        };
        self.state = state;
        Ok(Some(part))
    }
}

/// The payload once all of it is there: out of `input` itself when nothing of it came before.
fn take_whole<'a>(
    held: &mut Vec<u8>,
    length: usize,
    input: &mut &'a [u8],
) -> Option<Cow<'a, [u8]>> {
    let piece = take_front(input, (length - held.len()) as u64);
    if piece.len() == length {
        return Some(Cow::Borrowed(piece));
    }
    held.extend_from_slice(piece);
    (held.len() == length).then(|| Cow::Owned(std::mem::take(held)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landline1::Kind;

    fn parts(decoder: &mut FrameDecoder, mut input: &[u8]) -> Vec<String> {
        let mut parts = Vec::new();
        while let Some(part) = decoder.next(&mut input).unwrap() {
            parts.push(match part {
                FramePart::Header(header) => header.kind().name().to_string(),
                FramePart::Control(bytes) => format!("control {}", String::from_utf8_lossy(&bytes)),
                FramePart::Body(bytes) => format!("body {}", bytes.escape_ascii()),
                FramePart::End => "end".to_string(),
                FramePart::Skipped { kind, length } => format!("skipped {kind:#04x} {length}"),
            });
        }
        parts
    }

    fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
        let length = payload.len() as u32;
        [&[kind, 0, 0, 0], &length.to_be_bytes()[..], payload].concat()
    }

    #[test]
    fn frames_follow_each_other() {
        let ping = frame(Kind::Ping.number(), b"{}");
        let empty = frame(Kind::Data.number(), b"");
        let unknown = frame(0x3f, b"whatever");
        let data = frame(Kind::Data.number(), b"abc");
        let mut decoder = FrameDecoder::new();
        let bytes = [ping, empty, unknown, data].concat();
        let expected = [
            "PING",
            "control {}",
            "DATA",
            "end",
            "skipped 0x3f 8",
            "DATA",
            "body abc",
            "end",
        ];
        assert_eq!(parts(&mut decoder, &bytes), expected);
        assert_eq!(decoder.finish(), Ok(()));
    }

    #[test]
    fn a_payload_in_pieces_owes_the_rest() {
        let mut decoder = FrameDecoder::new();
        let bytes = frame(Kind::Call.number(), b"{\"a\": 1}");
        assert_eq!(parts(&mut decoder, &bytes[..3]), [""; 0]);
        assert_eq!(decoder.finish(), Err(FrameError::CutShort { owed: 5 }));
        assert_eq!(parts(&mut decoder, &bytes[3..10]), ["CALL"]);
        assert_eq!(decoder.owed(), Some(6));
        assert_eq!(parts(&mut decoder, &bytes[10..]), ["control {\"a\": 1}"]);
        assert_eq!(decoder.owed(), None);
    }

    #[test]
    fn nothing_is_set_aside_for_a_claim() {
        let mut decoder = FrameDecoder::new();
        let claim = [Kind::Call.number(), 0, 0, 0, 0, 1, 0, 0];
        parts(&mut decoder, &claim);
        parts(&mut decoder, b"12345");
        let State::Control { held, .. } = &decoder.state else {
            panic!("it waits for the payload");
        };
        assert!(held.capacity() < 64, "{}", held.capacity());
    }

    #[test]
    fn an_error_stays() {
        let mut decoder = FrameDecoder::new();
        let error = FrameError::KindUnknown { kind: 0xff };
        let mut input = &[0xff, 0, 0, 0, 0, 0, 0, 0][..];
        assert_eq!(decoder.next(&mut input), Err(error));
        assert_eq!(decoder.next(&mut &frame(3, b"{}")[..]), Err(error));
        assert_eq!(decoder.finish(), Err(error));
    }
}
