//! The far end of a stream: one message is one send, and one read is its reply, since the
//! tutorial's wire has no other edge to go by.

use std::io::{self, ErrorKind};
use std::time::Duration;

use landline::line::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::conversation::{FarEnd, Received};
use super::shown::Shown;
use crate::cli::ending::Ending;

/// A program at the other end of a stream.
pub(super) struct Speaker {
    line: Stream,
    read: Vec<u8>,
    wait: Duration,
}

impl Speaker {
    /// Reads at most `recv` bytes at a time, and waits at most so long until the far end takes a
    /// message.
    pub(super) fn new(line: Stream, recv: usize, wait: Duration) -> Self {
        Self {
            line,
            read: vec![0; recv],
            wait,
        }
    }
}

impl FarEnd for Speaker {
    const SPEAKS_UNASKED: bool = false;

    /// A peer that takes nothing for as long as a reply may take, while its buffers and ours are
    /// full, would wait for us as we for it.
    async fn send(&mut self, text: &[u8]) -> Result<(), Ending> {
        let mut rest = text;
        while !rest.is_empty() {
            let sent = timeout(self.wait, self.line.writer.write(rest)).await;
            let Ok(sent) = sent else {
                return Err(Ending::failed("send-stuck"));
            };
            let count = sent.map_err(|error| broken(&error))?;
            rest = &rest[count..];
        }
        Ok(())
    }

    async fn receive(&mut self, screen: &mut Shown) -> Result<Received, Ending> {
        let count = match self.line.reader.read(&mut self.read).await {
            Ok(0) => return Ok(Received::HungUp),
            read => read.map_err(|error| broken(&error))?,
        };
        screen
            .show(&self.read[..count], count)
            .map_err(Ending::output)?;
        Ok(Received::Reply)
    }
}

fn broken(error: &io::Error) -> Ending {
    match error.kind() {
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => Ending::failed("hung-up"),
        _ => Ending::failed("line-broke").with("error", error),
    }
}
