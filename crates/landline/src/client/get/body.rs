//! Takes a body in pieces to its file and its hash, each on a thread of its own: MD5 is the slowest
//! by far, so nothing else may keep it waiting. It does not know where the pieces come from.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::mpsc as threads;
use std::thread;

use md5::{Digest, Md5};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// The size of a piece. Larger ones fall out of the cache between the threads, smaller ones wake
/// them more often.
pub(super) const BUFFER_BYTES: usize = 512 * 1024;

/// How many pieces are on their way at once, at most: 4 MiB. They are made when they are needed,
/// and used again.
pub(super) const BUFFERS_MAX: usize = 8;

/// A buffer, and which of its bytes belong to the body.
pub(super) struct Piece {
    pub(super) buffer: Vec<u8>,
    pub(super) range: Range<usize>,
}

impl Piece {
    /// One with room for [`BUFFER_BYTES`].
    pub(super) fn new() -> Self {
        Self::of(vec![0; BUFFER_BYTES])
    }

    /// One without room, to stand in for another.
    pub(super) fn empty() -> Self {
        Self::of(Vec::new())
    }

    pub(super) fn is_full(&self) -> bool {
        self.range.end == self.buffer.len()
    }

    fn of(buffer: Vec<u8>) -> Self {
        let range = 0..0;
        Self { buffer, range }
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer[self.range.clone()]
    }
}

/// A body on its way. Dropped midway, its threads end by themselves.
pub(super) struct Body {
    pieces: mpsc::Sender<Piece>,
    spent: mpsc::Receiver<Vec<u8>>,
    made: usize,
    written: JoinHandle<io::Result<[u8; 16]>>,
}

impl Body {
    /// Starts to write `bytes` bytes to `file`. When their MD5 is `md5` they are on the disk
    /// (fsync(2)) before [`Body::finish`] ends.
    pub(super) fn start(file: File, bytes: u64, md5: [u8; 16]) -> Self {
        let (pieces, pieces_out) = mpsc::channel(BUFFERS_MAX);
        let (spent_in, spent) = mpsc::channel(BUFFERS_MAX);
        let written = tokio::task::spawn_blocking(move || {
            let found = if bytes <= BUFFER_BYTES as u64 {
                write_small(&file, pieces_out)?
            } else {
                write_large(&file, pieces_out, spent_in)?
            };
            if found == md5 {
                file.sync_all()?;
            }
            Ok(found)
        });
        Self {
            pieces,
            spent,
            made: 1,
            written,
        }
    }

    /// Gives a full piece away for an empty one. `None`: the file cannot be written;
    /// [`Body::finish`] says why.
    pub(super) async fn exchange(&mut self, piece: Piece) -> Option<Piece> {
        self.pieces.send(piece).await.ok()?;
        if let Ok(buffer) = self.spent.try_recv() {
            return Some(Piece::of(buffer));
        }
        if self.made < BUFFERS_MAX {
            self.made += 1;
            return Some(Piece::new());
        }
        self.spent.recv().await.map(Piece::of)
    }

    /// Gives the last piece away.
    pub(super) async fn last(&mut self, piece: Piece) {
        // A failure is told by `finish`.
        let _ = self.pieces.send(piece).await;
    }

    /// Waits until all is written, and gives the MD5 of it.
    pub(super) async fn finish(self) -> io::Result<[u8; 16]> {
        drop(self.pieces);
        self.written.await?
    }
}

/// One or two pieces: not worth a thread.
fn write_small(mut file: &File, mut pieces: mpsc::Receiver<Piece>) -> io::Result<[u8; 16]> {
    let mut hash = Md5::new();
    while let Some(piece) = pieces.blocking_recv() {
        file.write_all(piece.bytes())?;
        hash.update(piece.bytes());
    }
    Ok(hash.finalize().into())
}

fn write_large(
    mut file: &File,
    mut pieces: mpsc::Receiver<Piece>,
    spent: mpsc::Sender<Vec<u8>>,
) -> io::Result<[u8; 16]> {
    // There are never more pieces than this: neither queue makes its sender wait.
    let (written, to_hash) = threads::sync_channel::<Piece>(BUFFERS_MAX);
    thread::scope(|scope| {
        let hashing = thread::Builder::new().spawn_scoped(scope, move || {
            let mut hash = Md5::new();
            for piece in to_hash {
                hash.update(piece.bytes());
                // Nobody takes it when the body is given up.
                let _ = spent.try_send(piece.buffer);
            }
            hash.finalize().into()
        })?;
        while let Some(piece) = pieces.blocking_recv() {
            file.write_all(piece.bytes())?;
            let _ = written.send(piece);
        }
        drop(written);
        Ok(hashing.join().expect("hashing does not panic"))
    })
}
