//! Standard output or standard error, written without holding anything else up: what does not go at
//! once, a thread of its own writes. It does not know what the bytes are.

use std::io::{self, IoSlice};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;

use bytes::{Buf, Bytes};
use rustix::event::PollFlags;
use rustix::io::{ReadWriteFlags, pwritev2, write};
use tokio::sync::{mpsc, oneshot};

use crate::cli::descriptor::{waiting, widen};

/// How many pieces wait behind the one that is being written, each of at most 256 KiB. With none the
/// writer would stand still while the next one comes.
const PIECES_MAX: usize = 1;

/// The offset that means: where the descriptor stands (pwritev2(2)).
const HERE: u64 = u64::MAX;

/// One of this program's two outputs.
pub(super) struct Output {
    to: OwnedFd,
    writer: Option<Writer>,
}

impl Output {
    /// Standard output.
    pub(super) fn stdout() -> io::Result<Self> {
        Self::to(io::stdout())
    }

    /// Standard error.
    pub(super) fn stderr() -> io::Result<Self> {
        Self::to(io::stderr())
    }

    fn to(descriptor: impl AsFd) -> io::Result<Self> {
        Ok(Self {
            to: descriptor.as_fd().try_clone_to_owned()?,
            writer: None,
        })
    }

    /// Takes bytes to write, once those before the last piece were written. An error may be that of
    /// an earlier piece.
    pub(super) async fn write(&mut self, mut bytes: Bytes) -> io::Result<()> {
        if self.writer.is_none() {
            write_at_once(&self.to, &mut bytes);
            if bytes.is_empty() {
                return Ok(());
            }
        }
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(Writer::start(self.to.try_clone()?)?),
        };
        match writer.pieces.send(bytes).await {
            Ok(()) => Ok(()),
            // It ends early only by an error.
            Err(_) => self.finish().await,
        }
    }

    /// Waits until all is written.
    pub(super) async fn finish(&mut self) -> io::Result<()> {
        let Some(writer) = self.writer.take() else {
            return Ok(());
        };
        drop(writer.pieces);
        let written = writer.written.await;
        written.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
    }
}

/// Writes what a pipe, a socket or a device takes without waiting, and forgets that. Nothing goes to
/// what cannot say so, such as a terminal. An error is left for the writer to meet.
fn write_at_once(to: &OwnedFd, bytes: &mut Bytes) {
    while !bytes.is_empty() {
        let slices = [IoSlice::new(bytes)];
        match pwritev2(to, &slices, HERE, ReadWriteFlags::NOWAIT) {
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.advance(count),
        }
    }
}

/// The thread that writes.
struct Writer {
    pieces: mpsc::Sender<Bytes>,
    written: oneshot::Receiver<io::Result<()>>,
}

impl Writer {
    fn start(to: OwnedFd) -> io::Result<Self> {
        // Whoever reads a pipe and this end run side by side then.
        widen(&to);
        let (pieces, mut waiting) = mpsc::channel::<Bytes>(PIECES_MAX);
        let (tell, written) = oneshot::channel();
        thread::Builder::new().spawn(move || {
            let mut result = Ok(());
            while let (Ok(()), Some(bytes)) = (&result, waiting.blocking_recv()) {
                result = write_all(&to, &bytes);
            }
            // Nobody may wait for it any more.
            let _ = tell.send(result);
        })?;
        Ok(Self { pieces, written })
    }
}

/// Writes all of it, waiting as long as that takes, whatever mode the descriptor is in.
fn write_all(to: &OwnedFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = waiting(to, PollFlags::OUT, || write(to, bytes))?;
        bytes = &bytes[count..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use rustix::io::ioctl_fionbio;
    use rustix::pipe::pipe;

    use super::*;

    fn output(to: OwnedFd) -> Output {
        Output { to, writer: None }
    }

    #[tokio::test]
    async fn what_goes_at_once_needs_no_thread() {
        let (from, to) = pipe().expect("a pipe");
        let mut output = output(to);
        output.write(Bytes::from_static(b"hi")).await.expect("room");
        assert!(output.writer.is_none());
        drop(output);
        let mut read = Vec::new();
        std::fs::File::from(from)
            .read_to_end(&mut read)
            .expect("it ends");
        assert_eq!(read, b"hi");
    }

    #[tokio::test]
    async fn all_of_it_arrives_in_order_however_slow_the_reader() {
        for is_nonblocking in [false, true] {
            let (from, to) = pipe().expect("a pipe");
            ioctl_fionbio(&to, is_nonblocking).expect("a pipe has modes");
            let reader = thread::spawn(move || {
                let (mut from, mut read) = (std::fs::File::from(from), Vec::new());
                from.read_to_end(&mut read).expect("it ends");
                read
            });
            let mut output = output(to);
            let sent: Vec<u8> = (0..3_000_000_u32).map(|it| (it / 7) as u8).collect();
            for piece in sent.chunks(200_000) {
                let piece = Bytes::copy_from_slice(piece);
                output.write(piece).await.expect("somebody reads");
            }
            output.finish().await.expect("somebody reads");
            drop(output);
            assert!(reader.join().expect("it reads") == sent);
        }
    }

    #[tokio::test]
    async fn a_reader_that_left_is_an_error() {
        let (from, to) = pipe().expect("a pipe");
        drop(from);
        let mut output = output(to);
        let mut written = Ok(());
        for _ in 0..3 {
            written = match written {
                Ok(()) => output.write(Bytes::from_static(b"hi")).await,
                error => error,
            };
        }
        let written = match written {
            Ok(()) => output.finish().await,
            error => error,
        };
        let error = written.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
