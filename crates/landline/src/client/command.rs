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
    standing: Standing,
}

/// What the next command meets on the line.
#[derive(Clone, Copy)]
enum Standing {
    Free,
    /// A reply that was not taken whole, or a line that has ended.
    Spent,
    /// Bytes that belong to no reply.
    Unasked,
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
    /// An earlier reply on this line was not taken whole: where the next one would begin cannot be told.
    #[error("an earlier reply on this line was not taken whole")]
    LineSpent,
}

impl Commander {
    /// Uses `stream`, whose far end writes lengths in the byte order `endian`.
    pub fn new(stream: Stream, endian: Endian) -> Self {
        Self {
            stream,
            endian,
            buffer: vec![0; READ_BYTES],
            standing: Standing::Free,
        }
    }

    /// Whether another command can be run on this line: after an error, or where the future of
    /// [`Commander::run`] was dropped before its end, it may stand anywhere in a reply.
    pub fn is_usable(&self) -> bool {
        matches!(self.standing, Standing::Free)
    }

    /// Sends `command` in one write and hands the reply to `output` piece by piece, as it comes.
    /// Dropped before its end it leaves the line of no more use, and the command running until the line
    /// is dropped, too.
    ///
    /// # Errors
    /// Each says what the line has come to; it is of no more use then.
    ///
    /// # Panics
    /// With an empty command, which would leave both ends waiting.
    pub async fn run(
        &mut self,
        command: &[u8],
        mut output: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), CommandError> {
        assert!(!command.is_empty(), "a command has at least one byte");
        match std::mem::replace(&mut self.standing, Standing::Spent) {
            Standing::Free => {}
            Standing::Spent => return Err(CommandError::LineSpent),
            Standing::Unasked => {
                self.standing = Standing::Unasked;
                return Err(CommandError::Unasked);
            }
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
                        self.standing = match rest.is_empty() {
                            true => Standing::Free,
                            false => Standing::Unasked,
                        };
                        return Ok(());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use landline_line::Listener;

    use super::*;

    /// A line to a program that sends `replies`, and to that program.
    async fn line(replies: &[u8]) -> (Commander, Stream) {
        let any = "127.0.0.1:0".parse().expect("an address");
        let listener = Listener::tcp(any, 1).expect("a port is free");
        let address = listener.address().expect("it listens");
        let stream = landline_line::dial(&address).await.expect("it listens");
        let mut far = listener.accept().await.expect("somebody calls");
        let sent = far.writer.write_all(replies).await;
        sent.expect("its peer is there");
        (Commander::new(stream, Endian::Little), far)
    }

    fn reply(text: &str) -> Vec<u8> {
        let length = i32::try_from(text.len()).expect("it is short");
        [&length.to_le_bytes()[..], text.as_bytes()].concat()
    }

    #[tokio::test]
    async fn nobody_gets_the_reply_to_another_command() {
        let (mut commander, _far) = line(&[]).await;
        let mut cx = Context::from_waker(Waker::noop());
        let run = commander.run(b"first", |_| Ok(()));
        assert!(pin!(run).poll(&mut cx).is_pending());
        let second = commander.run(b"second", |_| Ok(())).await;
        assert!(matches!(second, Err(CommandError::LineSpent)));
        assert!(!commander.is_usable());
    }

    #[tokio::test]
    async fn a_reply_that_was_not_taken_whole_is_the_last() {
        let (mut commander, _far) = line(&[reply("one"), reply("two")].concat()[..]).await;
        let full = |_: &[u8]| Err(io::ErrorKind::StorageFull.into());
        let failed = commander.run(b"first", full).await;
        assert!(matches!(failed, Err(CommandError::Output(_))));
        let second = commander.run(b"second", |_| Ok(())).await;
        assert!(matches!(second, Err(CommandError::LineSpent)));
    }
}
