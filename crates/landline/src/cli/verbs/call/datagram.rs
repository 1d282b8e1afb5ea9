//! The far end of a datagram line: one message is one datagram, and so is a reply.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use landline::line::{Address, BATCH_DATAGRAMS_MAX, Batch, Datagrams};
use tokio::time::timeout;

use super::conversation::{FarEnd, Received};
use super::shown::Shown;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::plain;

/// A program at the other end of a datagram line.
pub(super) struct Correspondent {
    socket: Datagrams,
    /// What was received together, and how much of it has been shown.
    batch: Batch,
    shown: usize,
    wait: Duration,
    ui: Arc<Ui>,
}

impl Correspondent {
    /// Takes at most `recv` bytes of each datagram, and waits at most so long until the far end's
    /// queue takes one.
    pub(super) fn new(socket: Datagrams, recv: usize, wait: Duration, ui: Arc<Ui>) -> Self {
        let batch = socket.batch(BATCH_DATAGRAMS_MAX, recv);
        Self {
            socket,
            batch,
            shown: 0,
            wait,
            ui,
        }
    }
}

impl FarEnd for Correspondent {
    const SPEAKS_UNASKED: bool = true;

    async fn send(&mut self, text: &[u8]) -> Result<(), Ending> {
        match timeout(self.wait, self.socket.send(text)).await {
            Err(_stuck) => Err(Ending::failed("send-stuck")),
            Ok(sent) => sent.map_err(|error| send_failed(self.socket.address(), &error, text)),
        }
    }

    async fn receive(&mut self, screen: &mut Shown) -> Result<Received, Ending> {
        if self.shown == self.batch.len() {
            // A receive that fails or is dropped has emptied the batch.
            self.shown = 0;
            if let Err(error) = self.socket.receive(&mut self.batch).await {
                return Ok(Received::Nobody(plain::unreachable(
                    self.socket.address(),
                    &error,
                )));
            }
        }
        let bytes = self.batch.bytes(self.shown);
        let cut_from = self.batch.cut_from(self.shown);
        if let Some(whole) = cut_from {
            let values = [
                ("whole", whole.to_string()),
                ("kept", bytes.len().to_string()),
            ];
            self.ui.note("reply-truncated", &values);
        }
        self.shown += 1;
        let size = cut_from.unwrap_or(bytes.len());
        screen.show(bytes, size).map_err(Ending::output)?;
        Ok(Received::Reply)
    }
}

fn send_failed(address: &Address, error: &io::Error, text: &[u8]) -> Ending {
    if error.raw_os_error() == Some(rustix::io::Errno::MSGSIZE.raw_os_error()) {
        return Ending::failed("datagram-too-long").with("bytes", text.len());
    }
    plain::unreachable(address, error)
}
