//! A conversation on a stream: one line of input is one send, then one read is its reply, since
//! the tutorial's wire has no other edge to go by.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use landline::line::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use super::shown::Shown;
use super::until;
use crate::cli::arguments::CallArguments;
use crate::cli::ending::Ending;
use crate::cli::input::{Input, Line};
use crate::cli::ui::Ui;

/// One call, from the first line to the hang-up.
pub(super) struct Conversation {
    line: Stream,
    read: Vec<u8>,
    wait: Duration,
    ui: Arc<Ui>,
    /// Messages whose reply has not been read yet.
    owed: usize,
}

impl Conversation {
    pub(super) fn new(line: Stream, arguments: &CallArguments, ui: Arc<Ui>) -> Self {
        let read = vec![0; arguments.recv as usize];
        Self {
            line,
            read,
            wait: arguments.wait,
            ui,
            owed: 0,
        }
    }

    /// Talks until the input ends.
    pub(super) async fn run(mut self, mut input: Input, duplex: bool) -> Result<ExitCode, Ending> {
        let mut shown = Shown::new(input.printer.take().filter(|_| duplex));
        if duplex {
            return self.run_duplex(input, shown).await;
        }
        loop {
            match input.next().await? {
                Line::Text(text) if text.is_empty() => {}
                Line::Text(text) => {
                    self.send(&text).await?;
                    self.owed += 1;
                    self.take_reply(&mut shown).await?;
                }
                Line::Interrupted => return Err(Ending::interrupted()),
                Line::End => break,
            }
        }
        while self.owed > 0 && self.take_reply(&mut shown).await? {}
        Ok(ExitCode::SUCCESS)
    }

    /// Sends one message. A peer that takes nothing for as long as a reply may take, while its
    /// buffers and ours are full, would wait for us as we for it.
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

    /// One read within the wait; past it, a note. Whether a reply came.
    async fn take_reply(&mut self, shown: &mut Shown) -> Result<bool, Ending> {
        match timeout(self.wait, self.line.reader.read(&mut self.read)).await {
            Err(_late) => {
                let wait = humantime::format_duration(self.wait).to_string();
                self.ui.note("reply-late", &[("wait", wait)]);
                Ok(false)
            }
            Ok(Ok(0)) => Err(Ending::failed("hung-up")),
            Ok(Ok(count)) => {
                self.owed -= 1;
                shown.show(&self.read[..count]).map_err(Ending::output)?;
                Ok(true)
            }
            Ok(Err(error)) => Err(broken(&error)),
        }
    }

    /// Sends lines and shows reads as each comes. After the last line, what still comes within the
    /// wait is shown.
    async fn run_duplex(mut self, mut input: Input, mut shown: Shown) -> Result<ExitCode, Ending> {
        let mut ending_at = None;
        loop {
            tokio::select! {
                line = input.next(), if ending_at.is_none() => match line? {
                    Line::Text(text) if text.is_empty() => {}
                    Line::Text(text) => self.send(&text).await?,
                    Line::Interrupted => return Err(Ending::interrupted()),
                    Line::End => ending_at = Some(Instant::now() + self.wait),
                },
                read = self.line.reader.read(&mut self.read) => match read {
                    Ok(0) if ending_at.is_some() => return Ok(ExitCode::SUCCESS),
                    Ok(0) => return Err(Ending::failed("hung-up")),
                    Ok(count) => shown.show(&self.read[..count]).map_err(Ending::output)?,
                    Err(error) => return Err(broken(&error)),
                },
                () = until(ending_at) => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}

fn broken(error: &std::io::Error) -> Ending {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::ConnectionReset => {
            Ending::failed("hung-up")
        }
        _ => Ending::failed("line-broke").with("error", error),
    }
}
