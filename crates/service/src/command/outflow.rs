//! One output stream of a command, from its pipe to the peer. It does not know who reads it, or
//! what the command is.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use bytes::Bytes;
use rustix::buffer::spare_capacity;
use rustix::io::{ioctl_fionbio, ioctl_fionread, read, retry_on_intr};
use rustix::pipe::fcntl_setpipe_size;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::SetOnce;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};

use super::CHUNK_BYTES_MAX;
use super::wire::{CommandOutput, OutputStream};
use crate::process::{HOLDERS_WAIT_MAX, watch};

/// The first piece: enough for most commands. It grows with each read that fills it.
const CHUNK_BYTES_FIRST: usize = 4096;

/// The pipe of one stream, and room for what is read of it: at most one piece is held.
pub(super) struct Outflow {
    pipe: AsyncFd<OwnedFd>,
    room: Vec<u8>,
    room_bytes: usize,
    /// How much of what was said before the program's end is still in the pipe.
    owed: Option<u64>,
}

impl Outflow {
    pub(super) fn new(pipe: OwnedFd) -> io::Result<Self> {
        ioctl_fionbio(&pipe, true)?;
        Ok(Self {
            pipe: watch(pipe, Interest::READABLE)?,
            room: Vec::new(),
            room_bytes: CHUNK_BYTES_FIRST,
            owed: None,
        })
    }

    /// Sends all of it, and its end. The pipe is read only once the peer has taken what came
    /// before. After the program's `end` others that hold the pipe have [`HOLDERS_WAIT_MAX`]; what
    /// the program itself said is sent however long that takes.
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
        while self.wait(end).await? {
            self.make_room();
            let room = &mut self.room;
            let taken = self
                .pipe
                .try_io(Interest::READABLE, |pipe| read_into(room, pipe));
            match taken {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                taken => return Ok(self.piece(taken?)),
            }
        }
        self.take_owed()
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
        self.make_room();
        match read_into(&mut self.room, &self.pipe) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Bytes::new()),
            taken => Ok(self.piece(taken?)),
        }
    }

    fn make_room(&mut self) {
        if self.room.capacity() < self.room_bytes {
            self.room = Vec::with_capacity(self.room_bytes);
        }
    }

    /// The `count` bytes that were read. Handed over as they lie, or as a copy of their own size
    /// where most of the room is empty: whoever queues them would hold all of it.
    fn piece(&mut self, count: usize) -> Bytes {
        if let Some(owed) = &mut self.owed {
            *owed = owed.saturating_sub(count as u64);
        }
        if count == self.room.capacity() {
            self.grow();
        }
        if count > self.room.capacity() / 2 {
            return std::mem::take(&mut self.room).into();
        }
        let piece = Bytes::copy_from_slice(&self.room);
        self.room.clear();
        piece
    }

    /// Makes the next piece larger.
    fn grow(&mut self) {
        if self.room_bytes == CHUNK_BYTES_MAX {
            return;
        }
        self.room_bytes = (self.room_bytes * 4).min(CHUNK_BYTES_MAX);
        if self.room_bytes == CHUNK_BYTES_MAX {
            // The command and this end run side by side then. A user over its share of pipe memory
            // may be refused (pipe(7)): slower, no worse.
            let _ = fcntl_setpipe_size(&self.pipe, CHUNK_BYTES_MAX);
        }
    }
}

/// Reads into the empty room, without waiting.
fn read_into(room: &mut Vec<u8>, pipe: impl AsFd) -> io::Result<usize> {
    Ok(retry_on_intr(|| read(&pipe, spare_capacity(room)))?)
}
