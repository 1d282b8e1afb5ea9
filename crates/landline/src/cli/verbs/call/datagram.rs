//! A conversation in datagrams: from a pipe one message and one reply at a time, on a terminal or
//! with `--duplex` each as it comes.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use landline::line::{Address, BATCH_DATAGRAMS_MAX, Batch, Datagrams};
use tokio::time::{Instant, timeout};

use super::shown::Shown;
use super::until;
use crate::cli::arguments::CallArguments;
use crate::cli::ending::Ending;
use crate::cli::input::{Input, Line};
use crate::cli::ui::Ui;
use crate::cli::verbs::plain;

/// One call over datagrams.
pub(super) struct Correspondence {
    socket: Datagrams,
    /// What was received together, and how much of it has been shown.
    batch: Batch,
    shown: usize,
    wait: Duration,
    ui: Arc<Ui>,
    /// Messages whose reply has not come yet.
    owed: usize,
}

impl Correspondence {
    pub(super) fn new(socket: Datagrams, arguments: &CallArguments, ui: Arc<Ui>) -> Self {
        let batch = socket.batch(BATCH_DATAGRAMS_MAX, arguments.recv as usize);
        Self {
            socket,
            batch,
            shown: 0,
            wait: arguments.wait,
            ui,
            owed: 0,
        }
    }

    /// Sends lines until the input ends.
    pub(super) async fn run(mut self, mut input: Input, duplex: bool) -> Result<ExitCode, Ending> {
        let duplex = duplex || input.typed;
        let mut screen = Shown::new(input.printer.take().filter(|_| duplex));
        if duplex {
            return self.run_duplex(input, screen).await;
        }
        loop {
            match input.next().await? {
                Line::Text(text) if text.is_empty() => {}
                Line::Text(text) => {
                    self.send(&text).await?;
                    self.owed += 1;
                    self.take_reply(&mut screen).await?;
                }
                Line::Interrupted => return Err(Ending::interrupted()),
                Line::End => break,
            }
        }
        while self.owed > 0 && self.take_reply(&mut screen).await? {}
        Ok(ExitCode::SUCCESS)
    }

    async fn send(&self, text: &[u8]) -> Result<(), Ending> {
        match timeout(self.wait, self.socket.send(text)).await {
            Err(_stuck) => Err(Ending::failed("send-stuck")),
            Ok(sent) => sent.map_err(|error| send_failed(self.socket.address(), &error, text)),
        }
    }

    /// Shows one datagram within the wait; past it, a note. Whether one came.
    async fn take_reply(&mut self, screen: &mut Shown) -> Result<bool, Ending> {
        if self.shown == self.batch.len() {
            let Ok(received) = timeout(self.wait, self.socket.receive(&mut self.batch)).await
            else {
                let wait = humantime::format_duration(self.wait).to_string();
                self.ui.note("reply-late", &[("wait", wait)]);
                return Ok(false);
            };
            received.map_err(|error| plain::unreachable(self.socket.address(), &error))?;
            self.shown = 0;
        }
        self.show_next(screen)?;
        self.owed -= 1;
        Ok(true)
    }

    fn show_next(&mut self, screen: &mut Shown) -> Result<(), Ending> {
        let bytes = self.batch.bytes(self.shown);
        if let Some(whole) = self.batch.cut_from(self.shown) {
            let values = [
                ("whole", whole.to_string()),
                ("kept", bytes.len().to_string()),
            ];
            self.ui.note("reply-truncated", &values);
        }
        self.shown += 1;
        screen.show(bytes).map_err(Ending::output)
    }

    /// Sends lines and shows datagrams as each comes. After the last line, what still comes within
    /// the wait is shown.
    async fn run_duplex(mut self, mut input: Input, mut screen: Shown) -> Result<ExitCode, Ending> {
        let mut ending_at = None;
        loop {
            tokio::select! {
                line = input.next(), if ending_at.is_none() => match line? {
                    Line::Text(text) if text.is_empty() => {}
                    Line::Text(text) => self.send(&text).await?,
                    Line::Interrupted => return Err(Ending::interrupted()),
                    Line::End => ending_at = Some(Instant::now() + self.wait),
                },
                received = self.socket.receive(&mut self.batch) => match received {
                    Ok(()) => {
                        self.shown = 0;
                        while self.shown < self.batch.len() {
                            self.show_next(&mut screen)?;
                        }
                    }
                    // Somebody may start listening there while we talk.
                    Err(error) => plain::unreachable(self.socket.address(), &error).note(&self.ui),
                },
                () = until(ending_at) => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}

fn send_failed(address: &Address, error: &std::io::Error, text: &[u8]) -> Ending {
    if error.raw_os_error() == Some(rustix::io::Errno::MSGSIZE.raw_os_error()) {
        return Ending::failed("datagram-too-long").with("bytes", text.len());
    }
    plain::unreachable(address, error)
}
