//! `print`: shows what arrives, and answers nothing.

use std::fmt::Display;
use std::io;
use std::pin::pin;
use std::sync::Arc;

use crate::call::{BoxFuture, Call, Settings, Stop, StreamService};
use crate::post::{Batch, DatagramService, Message, Post, note_cut};

/// How many datagrams are taken in one go.
const BATCH_DATAGRAMS: usize = 64;

/// One read of a stream, or one datagram.
#[derive(Clone, Copy)]
pub struct Arrival<'a> {
    /// Who sent it, as a person would name it. `None`: a datagram without an address.
    pub peer: Option<&'a (dyn Display + Sync)>,
    /// What arrived, at most the `--recv` size.
    pub bytes: &'a [u8],
    /// The whole size of a datagram that was cut.
    pub cut_from: Option<usize>,
}

/// Where arrivals are shown. An error ends the service: nobody can see it any more.
pub trait Sink: Send + Sync {
    /// Shows one arrival.
    fn show(&self, arrival: &Arrival<'_>) -> io::Result<()>;

    /// Shows that a stream's peer has left.
    fn ended(&self, peer: &str) -> io::Result<()>;
}

/// Shows what arrives. A datagram that was cut is told of as a notice, too.
#[derive(Clone)]
pub struct Print {
    /// Where it is shown.
    pub sink: Arc<dyn Sink>,
    /// The read size and the journal.
    pub settings: Settings,
}

impl Print {
    fn show<Member: Display + Sync>(&self, message: Message<'_, Member>) -> io::Result<()> {
        if let Some(size) = message.cut_from {
            note_cut(&self.settings, message.sender, size);
        }
        self.sink.show(&Arrival {
            peer: message.sender.map(|sender| sender as &(dyn Display + Sync)),
            bytes: message.bytes,
            cut_from: message.cut_from,
        })
    }
}

impl StreamService for Print {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let mut buffer = vec![0; self.settings.recv];
            while let Some(count) = call.receive(&mut buffer).await? {
                self.sink.show(&Arrival {
                    peer: Some(&call.peer),
                    bytes: &buffer[..count],
                    cut_from: None,
                })?;
            }
            self.sink.ended(&call.peer)
        })
    }
}

impl DatagramService for Print {
    async fn serve<P: Post>(&self, mut post: P, stop: Stop, once: bool) -> io::Result<()> {
        let datagrams = if once { 1 } else { BATCH_DATAGRAMS };
        let mut batch = post.batch(datagrams, self.settings.recv);
        let mut stopped = pin!(stop.cancelled());
        loop {
            tokio::select! {
                biased;
                () = &mut stopped => return Ok(()),
                drained = post.drain(&mut batch) => drained?,
            }
            for index in 0..batch.len() {
                self.show(batch.message(index))?;
            }
            if once {
                return Ok(());
            }
        }
    }
}
