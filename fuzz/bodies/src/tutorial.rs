//! The tutorial's wire: any bytes are the replies and downloads that a reader with all of them at hand
//! would find, however they arrive; headers and messages are taken whole or refused.

use landline_frame::tutorial::{
    Download, DownloadDecoder, DownloadPart, Endian, HEADER_BYTES_MAX, HeaderError, LENGTH_BYTES,
    LengthError, ReplyDecoder, ReplyPart, command_line, decode_length, file_name, is_safe_name,
    last_part,
};

use crate::cuts::{Feed, however_cut};
use crate::vectors::{bytes, text, tutorial};

/// A part of a reply or of a download, its bytes joined.
#[derive(Debug, PartialEq)]
enum Part {
    Length(u32),
    Header(Download),
    Bytes(Vec<u8>),
    End,
}

/// What came, the error that ended it, and what is owed at the line's end.
type Line<E> = (Vec<Part>, Option<E>, Option<u64>);

/// Panics where replies, downloads, headers or messages are others than stand in `data`.
pub fn check(data: &[u8]) {
    for endian in [Endian::Little, Endian::Big] {
        assert_eq!(
            however_cut(data, |feed| replies(feed, endian)),
            walk_replies(data, endian)
        );
        assert_eq!(
            however_cut(data, |feed| downloads(feed, endian)),
            walk_downloads(data, endian)
        );
    }
    header(data);
    messages(data);
}

/// Replies and downloads of the vectors with a few bytes of a file, and headers alone.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for row in tutorial("replies").iter().chain(&tutorial("downloads")) {
        for order in ["little", "big"] {
            seeds.push([&bytes(row, order)[..], b"hello"].concat());
        }
    }
    let headers = ["headers_taken", "headers_refused"].map(tutorial);
    for row in headers.iter().flatten() {
        seeds.push(match row.get("json") {
            Some(_) => text(row, "json").into_bytes(),
            None => bytes(row, "hex"),
        });
    }
    seeds.extend([&b"ls -l"[..], b"GET / HTTP/1.1\r\n\r\n", b"../a\\b/c.txt"].map(<[u8]>::to_vec));
    seeds
}

fn replies(mut feed: Feed<'_>, endian: Endian) -> Line<LengthError> {
    let mut decoder = ReplyDecoder::new(endian);
    let (mut parts, mut failed) = (Vec::new(), None);
    while let Some(part) = feed.next(|input| decoder.next(input)) {
        match part {
            Ok(ReplyPart::Length(length)) => parts.push(Part::Length(length)),
            Ok(ReplyPart::Bytes(piece)) => join(&mut parts, piece),
            Ok(ReplyPart::End) => parts.push(Part::End),
            Err(error) => {
                assert_eq!(decoder.next(&mut &[0; 4][..]), Err(error), "an error stays");
                failed = Some(error);
                break;
            }
        }
    }
    (parts, failed, decoder.owed())
}

fn downloads(mut feed: Feed<'_>, endian: Endian) -> Line<HeaderError> {
    let mut decoder = DownloadDecoder::new(endian);
    let (mut parts, mut failed) = (Vec::new(), None);
    while let Some(part) = feed.next(|input| decoder.next(input)) {
        match part {
            Ok(DownloadPart::Header(header)) => parts.push(Part::Header(header)),
            Ok(DownloadPart::Bytes(piece)) => join(&mut parts, piece),
            Ok(DownloadPart::End) => parts.push(Part::End),
            Err(error) => {
                let again = decoder.next(&mut &[0; 4][..]);
                assert_eq!(again, Err(error.clone()), "an error stays");
                failed = Some(error);
                break;
            }
        }
    }
    (parts, failed, decoder.owed())
}

fn join(parts: &mut Vec<Part>, piece: &[u8]) {
    assert!(!piece.is_empty(), "a piece has a byte at least");
    match parts.last_mut() {
        Some(Part::Bytes(held)) => held.extend_from_slice(piece),
        _ => parts.push(Part::Bytes(piece.to_vec())),
    }
}

fn walk_replies(mut data: &[u8], endian: Endian) -> Line<LengthError> {
    let mut parts = Vec::new();
    while let Some((length, after)) = data.split_first_chunk() {
        let length = match decode_length(*length, endian) {
            Ok(length) => length,
            Err(error) => return (parts, Some(error), None),
        };
        parts.push(Part::Length(length));
        data = after;
        if let Some(owed) = take_bytes(&mut parts, &mut data, u64::from(length)) {
            return (parts, None, Some(owed));
        }
    }
    (parts, None, owed_of_length(data))
}

fn walk_downloads(mut data: &[u8], endian: Endian) -> Line<HeaderError> {
    let mut parts = Vec::new();
    while let Some((length, after)) = data.split_first_chunk() {
        let length = match decode_length(*length, endian) {
            Ok(0) => return (parts, Some(HeaderError::Empty), None),
            Ok(length) if length > HEADER_BYTES_MAX => {
                return (parts, Some(HeaderError::TooLong { length }), None);
            }
            Ok(length) => length as usize,
            Err(error) => return (parts, Some(error.into()), None),
        };
        let Some((json, after)) = after.split_at_checked(length) else {
            return (parts, None, Some((length - after.len()) as u64));
        };
        let header = match Download::from_json(json) {
            Ok(header) => header,
            Err(error) => return (parts, Some(error), None),
        };
        let length = header.file_data_len;
        parts.push(Part::Header(header));
        data = after;
        if let Some(owed) = take_bytes(&mut parts, &mut data, length) {
            return (parts, None, Some(owed));
        }
    }
    (parts, None, owed_of_length(data))
}

/// Takes `length` bytes off `data`, with the end; gives how many are owed where they are too few.
fn take_bytes(parts: &mut Vec<Part>, data: &mut &[u8], length: u64) -> Option<u64> {
    let count = usize::try_from(length).map_or(data.len(), |length| length.min(data.len()));
    let (bytes, after) = data.split_at(count);
    *data = after;
    if count > 0 {
        parts.push(Part::Bytes(bytes.to_vec()));
    }
    if count as u64 == length {
        parts.push(Part::End);
        return None;
    }
    Some(length - count as u64)
}

fn owed_of_length(data: &[u8]) -> Option<u64> {
    (!data.is_empty()).then_some((LENGTH_BYTES - data.len()) as u64)
}

/// A header that is read is written, and read again, as the same.
fn header(data: &[u8]) {
    let Ok(read) = Download::from_json(data) else {
        return;
    };
    let wire = read.encode(Endian::Big);
    let json = &wire[LENGTH_BYTES..];
    // Escapes make a long name longer: what is not taken any more is no other header.
    if json.len() <= HEADER_BYTES_MAX as usize {
        assert_eq!(Download::from_json(json).as_ref(), Ok(&read));
    }
    if let Some(last) = last_part(&read.name) {
        assert!(!last.contains(['/', '\\']) && !matches!(last, "" | "." | ".."));
    }
    assert!(!is_safe_name(&read.name) || last_part(&read.name) == Some(&read.name));
}

/// A message is the read itself, or refused; a read that may be cut always is.
fn messages(data: &[u8]) {
    for parse in [command_line, file_name] {
        if let Ok(text) = parse(data, data.len() + 1) {
            assert!(text.as_bytes() == data && !text.contains('\0'));
        }
        assert!(parse(data, data.len()).is_err(), "it fills the read");
    }
}
