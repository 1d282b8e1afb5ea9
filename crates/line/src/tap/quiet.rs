//! One direction of a connection that nobody watches and nothing moves: large reads, straight into
//! the other socket. What does not fit there is all that a connection holds.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pump::Outcome;
use super::stopping::Stopping;
use crate::stream::{ReadHalf, WriteHalf};

/// The most that one read takes, and so the most that a direction holds, in bytes: 256 KiB, of which
/// a loopback carries four times as much a second as of 8 KiB.
pub const QUIET_BYTES_MAX: usize = 256 * 1024;

thread_local! {
    /// One for all connections: only what the receiver does not take at once is kept apart.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; QUIET_BYTES_MAX]);
}

/// One direction.
pub(super) struct QuietPump<'a> {
    pub(super) reader: &'a mut ReadHalf,
    pub(super) writer: &'a mut WriteHalf,
    pub(super) stopping: Stopping,
    pub(super) sender_reset: &'a AtomicBool,
    pub(super) receiver_reset: &'a AtomicBool,
}

/// What is left of a read.
#[derive(Default)]
struct Rest {
    bytes: Vec<u8>,
    front: usize,
    has_ended: bool,
}

impl QuietPump<'_> {
    /// Passes on what comes until the direction is over.
    pub(super) async fn run(mut self) -> Outcome {
        let mut rest = Rest::default();
        let passed = poll_fn(|cx| self.poll(cx, &mut rest)).await;
        passed.unwrap_or_else(|_| {
            self.receiver_reset.store(true, Ordering::Relaxed);
            Outcome::ReceiverGone
        })
    }

    /// An error is the receiver's.
    fn poll(&mut self, cx: &mut Context<'_>, rest: &mut Rest) -> Poll<io::Result<Outcome>> {
        loop {
            while rest.front < rest.bytes.len() {
                let left = &rest.bytes[rest.front..];
                rest.front += ready!(Pin::new(&mut *self.writer).poll_write(cx, left))?;
            }
            rest.bytes = Vec::new();
            rest.front = 0;
            if rest.has_ended {
                // A receiver that is gone has no need of the end.
                let _ = ready!(Pin::new(&mut *self.writer).poll_shutdown(cx));
                return Poll::Ready(Ok(Outcome::Ended));
            }
            match self.poll_read(cx, rest)? {
                Poll::Ready(Some(outcome)) => return Poll::Ready(Ok(outcome)),
                Poll::Ready(None) => {}
                Poll::Pending if self.stopping.poll(cx) => {
                    return Poll::Ready(Ok(Outcome::Stopped));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Reads once, and writes what the receiver takes at once.
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        rest: &mut Rest,
    ) -> Poll<io::Result<Option<Outcome>>> {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            if ready!(Pin::new(&mut *self.reader).poll_read(cx, &mut buffer)).is_err() {
                return Poll::Ready(Ok(Some(Outcome::Broken)));
            }
            let bytes = buffer.filled();
            if bytes.is_empty() {
                rest.has_ended = true;
                let was_reset = self.sender_reset.load(Ordering::Relaxed);
                return Poll::Ready(Ok(was_reset.then_some(Outcome::Broken)));
            }
            let written = match Pin::new(&mut *self.writer).poll_write(cx, bytes)? {
                Poll::Ready(written) => written,
                Poll::Pending => 0,
            };
            rest.bytes.extend_from_slice(&bytes[written..]);
            Poll::Ready(Ok(None))
        })
    }
}
