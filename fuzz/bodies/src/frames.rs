//! Frames of landline/1: any bytes are the frames that a reader with all of them at hand would find, and
//! then at most one error, however they arrive.

use landline_frame::landline1::{
    Arrival, Class, FrameDecoder, FrameError, FramePart, HEADER_BYTES, Header,
};

use crate::cuts::{Feed, however_cut};
use crate::vectors::{bytes, landline1};

/// A part of a frame, its payload joined.
#[derive(Debug, PartialEq)]
enum Part {
    Header(Header),
    Payload(Vec<u8>),
    End,
    Skipped { kind: u8, length: u32 },
}

/// The parts that came, and what the decoder says at the line's end.
type Line = (Vec<Part>, Result<(), FrameError>);

/// Panics where the decoder gives other frames than stand in `data`.
pub fn check(data: &[u8]) {
    assert_eq!(however_cut(data, decode), walk(data));
}

/// Lines of the vectors, each frame alone, and headers that are refused.
pub fn seeds() -> Vec<Vec<u8>> {
    let tables = [
        "frames",
        "headers_taken",
        "headers_skipped",
        "headers_refused",
        "controls",
    ];
    let alone = tables.into_iter().flat_map(landline1);
    let mut seeds: Vec<_> = alone.map(|row| bytes(&row, "hex")).collect();
    for session in landline1("sessions") {
        let steps = session["steps"].as_array().into_iter().flatten();
        seeds.push(steps.flat_map(|step| bytes(step, "hex")).collect());
    }
    seeds
}

fn decode(mut feed: Feed<'_>) -> Line {
    let mut decoder = FrameDecoder::new();
    let mut parts = Vec::new();
    while let Some(part) = feed.next(|input| decoder.next(input)) {
        match part {
            Ok(FramePart::Header(header)) => parts.push(Part::Header(header)),
            Ok(FramePart::Control(payload)) => {
                join(&mut parts, &payload);
                parts.push(Part::End);
            }
            Ok(FramePart::Body(piece)) => {
                assert!(!piece.is_empty(), "a piece has a byte at least");
                join(&mut parts, piece);
            }
            Ok(FramePart::End) => parts.push(Part::End),
            Ok(FramePart::Skipped { kind, length }) => parts.push(Part::Skipped { kind, length }),
            Err(error) => {
                let again = decoder.next(&mut &b"\x03\0\0\0\0\0\0\0"[..]);
                assert_eq!(again, Err(error), "an error stays");
                break;
            }
        }
    }
    (parts, decoder.finish())
}

fn join(parts: &mut Vec<Part>, piece: &[u8]) {
    match parts.last_mut() {
        Some(Part::Payload(held)) => held.extend_from_slice(piece),
        _ if piece.is_empty() => {}
        _ => parts.push(Part::Payload(piece.to_vec())),
    }
}

/// What `data` says, with all of it at hand.
fn walk(mut data: &[u8]) -> Line {
    let mut parts = Vec::new();
    while let Some((header, after)) = data.split_first_chunk() {
        let arrival = match Arrival::decode(*header) {
            Ok(arrival) => arrival,
            Err(error) => return (parts, Err(error)),
        };
        assert!(arrival.length() <= Class::of(header[0]).bytes_max());
        let length = arrival.length() as usize;
        let payload = &after[..length.min(after.len())];
        data = &after[payload.len()..];
        let is_whole = payload.len() == length;
        match arrival {
            Arrival::Skip { kind, length } => parts.push(Part::Skipped { kind, length }),
            Arrival::Frame(frame) => {
                assert_eq!(frame.encode(), *header, "a header has one form");
                parts.push(Part::Header(frame));
                // A control payload comes whole or not at all.
                if is_whole || frame.kind().class() == Class::Body {
                    join(&mut parts, payload);
                }
                if is_whole {
                    parts.push(Part::End);
                }
            }
        }
        if !is_whole {
            let owed = (length - payload.len()) as u64;
            return (parts, Err(FrameError::CutShort { owed }));
        }
    }
    let owed = (HEADER_BYTES - data.len()) as u64;
    let is_between = data.is_empty();
    let end = is_between
        .then_some(())
        .ok_or(FrameError::CutShort { owed });
    (parts, end)
}
