//! The reply to a file's name: a length, a JSON header, then the file's bytes. It holds at most one
//! header, and only as much of it as has arrived; it never checks the MD5.

use super::download::Download;
use super::header::check_length;
use super::header_error::HeaderError;
use super::length::{Endian, LENGTH_BYTES, decode_length};
use crate::pieces::{Fixed, take_front};

/// One part of a download, in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownloadPart<'a> {
    /// What the file is said to be.
    Header(Download),
    /// The next of its bytes, at least one. Where they are cut says nothing.
    Bytes(&'a [u8]),
    /// The file is whole. What follows belongs to the next one.
    End,
}

/// Reads downloads, one after the other, from bytes cut anyhow.
#[derive(Clone, Debug)]
pub struct DownloadDecoder {
    endian: Endian,
    length: Fixed<LENGTH_BYTES>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Length,
    Header { length: usize, held: Vec<u8> },
    Body { left: u64 },
    Failed(HeaderError),
}

impl DownloadDecoder {
    /// A decoder that stands before a download.
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
    pub fn next<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<DownloadPart<'a>>, HeaderError> {
        self.step(input).inspect_err(|error| {
            self.state = State::Failed(error.clone());
        })
    }

    /// How many bytes the current download still owes; `None` between two downloads.
    ///
    /// While the length or the header is arriving it is what that lacks, since the file's length is
    /// not known yet. It is `Some(0)` when only [`DownloadPart::End`] has not been taken yet.
    pub fn owed(&self) -> Option<u64> {
        match &self.state {
            State::Length => self.length.owed(),
            State::Header { length, held } => Some((length - held.len()) as u64),
            State::Body { left } => Some(*left),
            State::Failed(_) => None,
        }
    }

    fn step<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<DownloadPart<'a>>, HeaderError> {
        if let State::Length = self.state {
            let Some(length) = self.next_length(input)? else {
                return Ok(None);
            };
            let held = Vec::new();
            self.state = State::Header { length, held };
        }
        match &mut self.state {
            State::Header { length, held } => {
                held.extend_from_slice(take_front(input, (*length - held.len()) as u64));
                if held.len() < *length {
                    return Ok(None);
                }
                let download = Download::from_json(held)?;
                let left = download.file_data_len;
                self.state = State::Body { left };
                Ok(Some(DownloadPart::Header(download)))
            }
            State::Body { left: 0 } => {
                self.state = State::Length;
                Ok(Some(DownloadPart::End))
            }
            State::Body { left } => {
                let piece = take_front(input, *left);
                *left -= piece.len() as u64;
                Ok((!piece.is_empty()).then_some(DownloadPart::Bytes(piece)))
            }
            State::Failed(error) => Err(error.clone()),
            State::Length => Ok(None),
        }
    }

    fn next_length(&mut self, input: &mut &[u8]) -> Result<Option<usize>, HeaderError> {
        let Some(bytes) = self.length.take(input) else {
            return Ok(None);
        };
        let length = decode_length(bytes, self.endian)?;
        check_length(length)?;
        Ok(Some(length as usize))
    }
}
