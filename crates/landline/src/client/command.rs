//! Runs commands over one line of the tutorial's wire: each command is one write, each reply a
//! length and that many bytes.

use std::io;

use landline_frame::tutorial::{Endian, LengthError, ReplyDecoder, ReplyPart};
use landline_line::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What one read of a reply takes at most, in bytes.
const READ_BYTES: usize = 256 * 1024;

/// One line to a program that runs commands, kept for command after command.
pub struct Commander {
    stream: Stream,
    endian: Endian,
    buffer: Vec<u8>,
    unasked: bool,
}

/// Why a reply did not come whole. After any of these the line is of no more use.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The line failed.
    #[error("the line failed: {0}")]
    Line(#[source] io::Error),
    /// What was received could not be handed on.
    #[error("the reply could not be written: {0}")]
    Output(#[source] io::Error),
    /// The peer hung up before the reply began.
    #[error("the other end hung up without a reply")]
    NoReply,
    /// The peer hung up within the reply; so many of its bytes were still to come, where its length
    /// had arrived.
    #[error("the other end hung up within the reply: {0:?} bytes of it are missing")]
    Short(Option<u64>),
    /// The reply's length makes no sense.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Bytes came behind the last reply that no command had asked for: where the next reply would
    /// begin cannot be told.
    #[error("the other end sent more than the reply that it announced")]
    Unasked,
}

impl Commander {
    /// Uses `stream`, whose far end writes lengths in the byte order `endian`.
    pub fn new(stream: Stream, endian: Endian) -> Self {
        Self {
            stream,
            endian,
            buffer: vec![0; READ_BYTES],
            unasked: false,
        }
    }

    /// Sends `command` in one write and hands the reply to `output` piece by piece, as it comes.
    /// An empty command is an error of the caller: it would leave both ends waiting.
    pub async fn run(
        &mut self,
        command: &[u8],
        mut output: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), CommandError> {
        assert!(!command.is_empty(), "a command has at least one byte");
        if self.unasked {
            return Err(CommandError::Unasked);
        }
        self.stream
            .writer
            .write_all(command)
            .await
            .map_err(CommandError::Line)?;
        let mut decoder = ReplyDecoder::new(self.endian);
        let mut begun = false;
        loop {
            let read = self.stream.reader.read(&mut self.buffer).await;
            let count = read.map_err(CommandError::Line)?;
            if count == 0 {
                return Err(if begun {
                    CommandError::Short(decoder.owed())
                } else {
                    CommandError::NoReply
                });
            }
            begun = true;
            let mut rest = &self.buffer[..count];
            while let Some(part) = decoder.next(&mut rest)? {
                match part {
                    ReplyPart::Length(_) => {}
                    ReplyPart::Bytes(bytes) => output(bytes).map_err(CommandError::Output)?,
                    ReplyPart::End => {
                        self.unasked = !rest.is_empty();
                        return Ok(());
                    }
                }
            }
        }
    }
}
