//! stdin of a command, from the peer to its pipe. It does not know who sends it, or what the command
//! is.

use std::io;
use std::os::fd::OwnedFd;

use bytes::{Buf, Bytes};
use rustix::io::{Errno, ioctl_fionbio, retry_on_intr, write};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::task::yield_now;

use super::CHUNK_BYTES_MAX;
use super::wire::CommandInput;
use crate::process::watch;

/// The pipe of stdin.
pub(super) enum Inflow {
    /// Never found full: the reactor need not know it.
    Fresh(OwnedFd),
    /// Found full before.
    Watched(AsyncFd<OwnedFd>),
}

impl Inflow {
    pub(super) fn new(pipe: OwnedFd) -> io::Result<Self> {
        ioctl_fionbio(&pipe, true)?;
        Ok(Self::Fresh(pipe))
    }

    /// Passes on what the peer sends until its end, or until the program takes no more. Then the
    /// pipe is closed. An error is the line's.
    pub(super) async fn flow(mut self, mut from: Box<dyn CommandInput>) -> io::Result<()> {
        let mut turn_bytes = 0;
        loop {
            let bytes = from.next().await?;
            turn_bytes += bytes.len();
            if bytes.is_empty() || self.write(bytes).await.is_err() {
                return Ok(());
            }
            if turn_bytes >= CHUNK_BYTES_MAX {
                turn_bytes = 0;
                // Others on this thread get their turn.
                yield_now().await;
            }
        }
    }

    /// Writes all of it. Fails when nobody holds the other end any more (EPIPE).
    async fn write(&mut self, mut bytes: Bytes) -> io::Result<()> {
        if let Self::Fresh(pipe) = self {
            match retry_on_intr(|| write(&*pipe, &bytes)) {
                Ok(count) => bytes.advance(count),
                Err(Errno::WOULDBLOCK) => {}
                Err(error) => return Err(error.into()),
            }
            if bytes.is_empty() {
                return Ok(());
            }
            *self = Self::Watched(watch(pipe.try_clone()?, Interest::WRITABLE)?);
        }
        let Self::Watched(pipe) = self else {
            unreachable!("it is watched now");
        };
        while !bytes.is_empty() {
            let written = pipe
                .async_io(Interest::WRITABLE, |pipe| {
                    Ok(retry_on_intr(|| write(pipe, &bytes))?)
                })
                .await?;
            bytes.advance(written);
        }
        Ok(())
    }
}
