//! Where messages begin and end in a stream of bytes, whatever its reads and writes. It holds no
//! message, only what tells its edges.

use landline_frame::landline1::{FrameDecoder, FramePart};
use landline_frame::tutorial::{DownloadDecoder, DownloadPart, Endian, HEADER_BYTES_MAX};

use super::moves::Direction;

/// The longest text that a label takes from a message, in bytes.
const LABEL_BYTES_MAX: usize = 80;

/// The largest record of TLS, in bytes: 2^14 and what encryption adds (RFC 8446, 5.2).
const TLS_RECORD_BYTES_MAX: u64 = (1 << 14) + 256;

/// How bytes are taken for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A message ends with a newline.
    Lines,
    /// Four bytes of length, the highest first, and as many bytes as they say.
    U32Be,
    /// The same, the lowest first.
    U32Le,
    /// The tutorial's wire: to the server, one read is one message, which has no other edge; to the
    /// client, the reply to a command, or a file with its header.
    Tutorial,
    /// Frames of landline/1, which none but its two ends can see on a secure line: there, the records
    /// of TLS.
    Landline,
}

/// A message that was seen to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The offset of its first byte in the direction's stream.
    pub start: u64,
    /// The offset behind its last byte.
    pub end: u64,
    /// What it is, in a word or two; what it takes from the bytes is as it came.
    pub label: String,
    /// Whether it began in an earlier read than the one that it ended in.
    pub is_cut: bool,
    /// Whether the read that it began in had bytes of another message before it.
    pub is_stuck: bool,
}

/// What one read held, in messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The messages that ended in it, in order.
    pub messages: Vec<Message>,
    /// How many bytes at its end belong to a message that is not whole yet.
    pub unfinished: u64,
    /// Why no messages can be told apart any more, said once.
    pub lost: Option<String>,
}

/// Follows one direction of one connection.
#[derive(Clone, Debug)]
pub struct Decoder {
    state: State,
    at: u64,
    /// The message that is not whole yet.
    begun: Option<Begun>,
    is_lost: bool,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    start: u64,
    is_stuck: bool,
}

#[derive(Clone, Debug)]
enum State {
    Lines(Vec<u8>),
    Prefixed(Prefix, bool),
    Reads,
    Replies(Reply),
    Undecided(Vec<u8>),
    Frames(FrameDecoder, String),
    Records(Prefix),
}

/// A length that may come in pieces, and the bytes that it announces.
#[derive(Clone, Debug, Default)]
struct Prefix {
    head: Vec<u8>,
    left: Option<u64>,
}

/// The reply to a command, which may be the header of a file.
#[derive(Clone, Debug, Default)]
struct Reply {
    prefix: Prefix,
    /// The reply so far, while it may be a header.
    held: Vec<u8>,
    file: Option<(String, u64)>,
}

impl Decoder {
    /// A decoder that stands before the first byte of `direction`.
    pub fn new(format: Format, direction: Direction) -> Self {
        let state = match (format, direction) {
            (Format::Lines, _) => State::Lines(Vec::new()),
            (Format::U32Be, _) => State::Prefixed(Prefix::default(), true),
            (Format::U32Le, _) => State::Prefixed(Prefix::default(), false),
            (Format::Tutorial, Direction::ToServer) => State::Reads,
            (Format::Tutorial, Direction::ToClient) => State::Replies(Reply::default()),
            (Format::Landline, _) => State::Undecided(Vec::new()),
        };
        Self {
            state,
            at: 0,
            begun: None,
            is_lost: false,
        }
    }

    /// Takes the bytes of one read. What became of a message's edges is told once, when it is whole.
    pub fn handle_bytes(&mut self, bytes: &[u8]) -> Marks {
        let read_start = self.at;
        let (mut marks, mut rest) = (Marks::default(), bytes);
        while !rest.is_empty() && !self.is_lost {
            let before = rest.len();
            let begun = *self.begun.get_or_insert(Begun {
                start: self.at,
                is_stuck: self.at > read_start,
            });
            let ended = self.state.next(&mut rest);
            self.at += (before - rest.len()) as u64;
            match ended {
                Ok(Some(label)) => {
                    self.begun = None;
                    marks.messages.push(Message {
                        start: begun.start,
                        end: self.at,
                        label,
                        is_cut: begun.start < read_start,
                        is_stuck: begun.is_stuck,
                    });
                }
                Ok(None) => {}
                Err(why) => {
                    self.is_lost = true;
                    self.begun = None;
                    marks.lost = Some(why);
                }
            }
        }
        if let Some(begun) = self.begun {
            marks.unfinished = (self.at - begun.start).min(bytes.len() as u64);
        }
        marks
    }
}

impl State {
    /// Takes at least one byte off `input`; the message's label when it ended there.
    fn next(&mut self, input: &mut &[u8]) -> Result<Option<String>, String> {
        match self {
            Self::Lines(held) => Ok(next_line(held, input)),
            Self::Prefixed(prefix, is_big) => {
                let is_big = *is_big;
                let length = |head: &[u8]| Ok(number(head, is_big));
                let whole = prefix.next(4, length, input)?;
                Ok(whole.map(|length| format!("4+{length} bytes")))
            }
            Self::Reads => {
                let label = label(input);
                *input = &[];
                Ok(Some(label))
            }
            Self::Replies(reply) => reply.next(input),
            Self::Undecided(held) => {
                held.push(take(input, 1)[0]);
                // A record of TLS begins with its type, 20 to 23, and the version 3.x.
                *self = match held.as_slice() {
                    [20..=23] => return Ok(None),
                    [20..=23, 3] => Self::Records(Prefix {
                        head: std::mem::take(held),
                        left: None,
                    }),
                    _ => {
                        let mut frames = FrameDecoder::new();
                        let held = std::mem::take(held);
                        next_frame(&mut frames, &mut String::new(), &mut &held[..])?;
                        Self::Frames(frames, String::new())
                    }
                };
                Ok(None)
            }
            Self::Frames(frames, name) => next_frame(frames, name, input),
            Self::Records(prefix) => next_record(prefix, input),
        }
    }
}

impl Prefix {
    /// Takes what it can; gives the length once it and all that it announces have come.
    fn next(
        &mut self,
        head_bytes: usize,
        length: impl Fn(&[u8]) -> Result<u64, String>,
        input: &mut &[u8],
    ) -> Result<Option<u64>, String> {
        if self.left.is_none() {
            let lacking = head_bytes - self.head.len();
            self.head.extend_from_slice(take(input, lacking as u64));
            if self.head.len() < head_bytes {
                return Ok(None);
            }
            self.left = Some(length(&self.head)?);
        }
        let left = self.left.unwrap_or_default();
        let left = left - take(input, left).len() as u64;
        self.left = Some(left);
        if left > 0 {
            return Ok(None);
        }
        self.left = None;
        let whole = length(&self.head)?;
        self.head.clear();
        Ok(Some(whole))
    }
}

impl Reply {
    fn next(&mut self, input: &mut &[u8]) -> Result<Option<String>, String> {
        if let Some((name, left)) = &mut self.file {
            *left -= take(input, *left).len() as u64;
            return Ok((*left == 0)
                .then(|| std::mem::take(name))
                .inspect(|_| self.file = None));
        }
        let before = *input;
        let whole = self.prefix.next(4, reply_length, input)?;
        let taken = &before[..before.len() - input.len()];
        if self.held.len() <= HEADER_BYTES_MAX as usize + 4 {
            self.held.extend_from_slice(taken);
        }
        let Some(length) = whole else {
            return Ok(None);
        };
        let held = std::mem::take(&mut self.held);
        match file(&held) {
            Some((name, 0)) => Ok(Some(name)),
            Some(file) => {
                self.file = Some(file);
                Ok(None)
            }
            None => Ok(Some(format!("reply 4+{length} bytes"))),
        }
    }
}

fn reply_length(head: &[u8]) -> Result<u64, String> {
    let length = number(head, cfg!(target_endian = "big"));
    match i32::try_from(length) {
        Ok(_) => Ok(length),
        Err(_) => Err(format!("a reply of {} bytes", length as i32)),
    }
}

/// The file that `held` is the header of, with its length before it, and how many bytes it has.
fn file(held: &[u8]) -> Option<(String, u64)> {
    let (mut decoder, mut input) = (DownloadDecoder::new(Endian::NATIVE), held);
    match decoder.next(&mut input) {
        Ok(Some(DownloadPart::Header(header))) if input.is_empty() => {
            let bytes = header.file_data_len;
            Some((format!("file {}, {bytes} bytes", header.name), bytes))
        }
        _ => None,
    }
}

fn next_line(held: &mut Vec<u8>, input: &mut &[u8]) -> Option<String> {
    let end = input.iter().position(|byte| *byte == b'\n');
    let line = take(input, end.map_or(u64::MAX, |end| end as u64 + 1));
    let room = LABEL_BYTES_MAX.saturating_sub(held.len());
    held.extend_from_slice(&line[..line.len().min(room)]);
    end.map(|_| label(&std::mem::take(held)))
}

fn next_frame(
    frames: &mut FrameDecoder,
    name: &mut String,
    input: &mut &[u8],
) -> Result<Option<String>, String> {
    loop {
        match frames.next(input).map_err(|error| error.to_string())? {
            Some(FramePart::Header(header)) => {
                *name = format!("{} 8+{}", header.kind().name(), header.length());
            }
            Some(FramePart::Body(_)) => {}
            Some(FramePart::Control(_) | FramePart::End) => return Ok(Some(std::mem::take(name))),
            Some(FramePart::Skipped { kind, length }) => {
                *name = format!("{kind:#04x} 8+{length}");
            }
            None if frames.owed().is_none() && !name.is_empty() => {
                return Ok(Some(std::mem::take(name)));
            }
            None => return Ok(None),
        }
    }
}

fn next_record(prefix: &mut Prefix, input: &mut &[u8]) -> Result<Option<String>, String> {
    let kind = prefix.head.first().or(input.first()).copied();
    let length = |head: &[u8]| match number(&head[3..], true) {
        length if length <= TLS_RECORD_BYTES_MAX && head[1] == 3 => Ok(length),
        length => Err(format!("a TLS record of {length} bytes")),
    };
    let whole = prefix.next(5, length, input)?;
    let name = match kind {
        Some(20) => "change cipher spec",
        Some(21) => "alert",
        Some(22) => "handshake",
        _ => "application data",
    };
    Ok(whole.map(|length| format!("TLS {name} 5+{length}")))
}

fn number(bytes: &[u8], is_big: bool) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    match is_big {
        true => bytes.iter().fold(0, add),
        false => bytes.iter().rev().fold(0, add),
    }
}

fn label(bytes: &[u8]) -> String {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let shown = &line[..line.len().min(LABEL_BYTES_MAX)];
    String::from_utf8_lossy(shown).into_owned()
}

fn take<'a>(input: &mut &'a [u8], most: u64) -> &'a [u8] {
    let count = usize::try_from(most).map_or(input.len(), |most| most.min(input.len()));
    let (front, rest) = input.split_at(count);
    *input = rest;
    front
}

#[cfg(test)]
mod tests;
