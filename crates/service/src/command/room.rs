//! Room for what is read of a pipe, in pieces that grow while much comes. It does not know who takes
//! them.

use std::io;
use std::os::fd::AsFd;

use bytes::Bytes;
use rustix::buffer::spare_capacity;
use rustix::io::{read, retry_on_intr};

use super::CHUNK_BYTES_MAX;

/// The first piece: enough for most commands. It grows with each read that fills it.
const CHUNK_BYTES_FIRST: usize = 4096;

/// Room for one piece.
pub(super) struct Room {
    room: Vec<u8>,
    bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            room: Vec::new(),
            bytes: CHUNK_BYTES_FIRST,
        }
    }
}

impl Room {
    /// Whether pieces are as large as they may be.
    pub(super) fn is_wide(&self) -> bool {
        self.bytes == CHUNK_BYTES_MAX
    }

    /// What the pipe holds, without waiting: nothing at its end. Handed over as it lies, or as a copy
    /// of its own size where most of the room is empty: whoever queues it would hold all of it.
    pub(super) fn read(&mut self, pipe: impl AsFd) -> io::Result<Bytes> {
        if self.room.capacity() < self.bytes {
            self.room = Vec::with_capacity(self.bytes);
        }
        let count = retry_on_intr(|| read(&pipe, spare_capacity(&mut self.room)))?;
        if count == self.room.capacity() {
            self.bytes = (self.bytes * 4).min(CHUNK_BYTES_MAX);
        }
        if count > self.room.capacity() / 2 {
            return Ok(std::mem::take(&mut self.room).into());
        }
        let piece = Bytes::copy_from_slice(&self.room);
        self.room.clear();
        Ok(piece)
    }
}
