//! One output stream of a command, from its pipe to the peer. It does not know who reads it, or
//! what the command is.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use bytes::Bytes;
use rustix::io::{ioctl_fionbio, ioctl_fionread};
use rustix::pipe::fcntl_setpipe_size;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::SetOnce;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};

use super::CHUNK_BYTES_MAX;
use super::ahead::Ahead;
use super::room::Room;
use super::wire::{CommandOutput, OutputStream};
use crate::process::{HOLDERS_WAIT_MAX, watch};

/// The pipe of one stream, and what was read of it: one piece at most, four where much comes.
pub(super) struct Outflow {
    pipe: AsyncFd<Arc<OwnedFd>>,
    room: Room,
    /// Who reads the pipe, once much comes.
    ahead: Option<Ahead>,
    /// How much of what was said before the program's end is still in the pipe.
    owed: Option<u64>,
}

impl Outflow {
    pub(super) fn new(pipe: OwnedFd) -> io::Result<Self> {
        ioctl_fionbio(&pipe, true)?;
        Ok(Self {
            pipe: watch(Arc::new(pipe), Interest::READABLE)?,
            room: Room::default(),
            ahead: None,
            owed: None,
        })
    }

    /// Sends all of it, and its end. The pipe is read only once the peer has taken what came
    /// before, but for three pieces where much comes. After the program's `end` others that hold the
    /// pipe have [`HOLDERS_WAIT_MAX`]; what the program itself said is sent however long that takes.
    pub(super) async fn flow(
        mut self,
        to: &mut dyn CommandOutput,
        stream: OutputStream,
        end: &SetOnce<Instant>,
    ) -> io::Result<()> {
        let mut turn_bytes = 0;
        loop {
            let bytes = self.take(end).await?;
            let is_end = bytes.is_empty();
            turn_bytes += bytes.len();
            to.send(stream, bytes).await?;
            if is_end {
                return Ok(());
            }
            if turn_bytes >= CHUNK_BYTES_MAX {
                turn_bytes = 0;
                // Others on this thread get their turn.
                yield_now().await;
            }
        }
    }

    /// What the pipe holds, once it holds something. Nothing at its end, or when nobody is waited
    /// for any longer.
    async fn take(&mut self, end: &SetOnce<Instant>) -> io::Result<Bytes> {
        if let Some(piece) = self.take_ahead(end).await {
            return piece;
        }
        while self.wait(end).await? {
            let room = &mut self.room;
            let taken = self.pipe.try_io(Interest::READABLE, |pipe| room.read(pipe));
            match taken {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                taken => return Ok(self.note(taken?)),
            }
        }
        self.take_owed()
    }

    /// The next piece of the thread that reads the pipe. It does so until the program's end: what is
    /// left then has to be counted.
    async fn take_ahead(&mut self, end: &SetOnce<Instant>) -> Option<io::Result<Bytes>> {
        let ahead = self.ahead.as_mut()?;
        if !ahead.is_stopped() {
            tokio::select! {
                biased;
                _ = end.wait() => ahead.stop(),
                piece = ahead.next() => return piece,
            }
        }
        let piece = ahead.next().await;
        if piece.is_none() {
            self.ahead = None;
        }
        piece
    }

    /// Waits for bytes or the pipe's end. Returns false once the wait for others is over.
    async fn wait(&mut self, end: &SetOnce<Instant>) -> io::Result<bool> {
        let ended_at = match end.get() {
            Some(ended_at) => *ended_at,
            None => tokio::select! {
                biased;
                ready = self.pipe.readable() => return ready.map(|_| true),
                ended_at = end.wait() => *ended_at,
            },
        };
        if self.owed.is_none() {
            self.owed = Some(ioctl_fionread(&self.pipe)?);
        }
        let give_up_at = ended_at + HOLDERS_WAIT_MAX;
        if Instant::now() >= give_up_at {
            return Ok(false);
        }
        let ready = timeout_at(give_up_at, self.pipe.readable()).await;
        ready.map_or(Ok(false), |ready| ready.map(|_| true))
    }

    /// What is left of what the program itself said, piece by piece.
    fn take_owed(&mut self) -> io::Result<Bytes> {
        if self.owed == Some(0) {
            return Ok(Bytes::new());
        }
        match self.room.read(&self.pipe) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Bytes::new()),
            taken => Ok(self.note(taken?)),
        }
    }

    /// Counts a piece. Where much comes from now on, the pipe is made wide, and read ahead.
    fn note(&mut self, piece: Bytes) -> Bytes {
        match &mut self.owed {
            Some(owed) => *owed = owed.saturating_sub(piece.len() as u64),
            None if self.room.is_wide() => self.widen(),
            None => {}
        }
        piece
    }

    fn widen(&mut self) {
        // The command and this end run side by side then. A user over its share of pipe memory
        // may be refused (pipe(7)): slower, no worse. So is no thread.
        let _ = fcntl_setpipe_size(&self.pipe, CHUNK_BYTES_MAX);
        let room = std::mem::take(&mut self.room);
        self.ahead = Ahead::start(self.pipe.get_ref().clone(), room).ok();
    }
}
