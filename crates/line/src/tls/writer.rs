//! The outgoing half of a secure line, and how what is encrypted reaches a socket.
//! It does not know what the incoming half does, but that both share the keys.

use std::io::{self, ErrorKind, IoSlice, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustls::Connection;
use tokio::io::AsyncWrite;

use super::line::Shared;
use crate::stream::WriteHalf;

/// The most that is encrypted before the socket took it, in bytes: also the most that one write
/// takes. The more there is of it, the less often the peer goes to sleep in between: a sender needs a tenth
/// less of the processor with 256 KiB than with 64, and a tenth less again with this.
pub const SEND_BYTES_MAX: usize = 1024 * 1024;

/// What goes out on a secure line. A write takes bytes once all that was written before is with the
/// socket; what it took itself may still wait here until the next write or `flush`. `shutdown` tells
/// the peer that this is the end (close_notify, RFC 8446 6.1), then closes the socket's direction.
///
/// Give it a header and its payload in one vectored write: they share a record.
#[derive(Debug)]
pub struct SecureWriter {
    half: WriteHalf,
    shared: Arc<Shared>,
    has_closed: bool,
}

impl SecureWriter {
    pub(super) fn new(half: WriteHalf, shared: Arc<Shared>) -> Self {
        Self {
            half,
            shared,
            has_closed: false,
        }
    }

    /// Encrypts with new keys from here on, and asks the peer to do so too (RFC 8446 4.6.3). TLS
    /// does that by itself when a key has done its share; a test does not send so much.
    #[cfg(test)]
    pub(super) fn refresh_keys(&self) -> Result<(), rustls::Error> {
        self.shared.lock().refresh_traffic_keys()
    }
}

impl AsyncWrite for SecureWriter {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.has_closed {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        let mut connection = this.shared.lock();
        ready!(push(&mut connection, &mut this.half, cx))?;
        let count = connection.writer().write_vectored(bytes)?;
        if let Poll::Ready(Err(error)) = push(&mut connection, &mut this.half, cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(count))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(push(&mut this.shared.lock(), &mut this.half, cx))?;
        Pin::new(&mut this.half).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let mut connection = this.shared.lock();
        if !this.has_closed {
            connection.send_close_notify();
            this.has_closed = true;
        }
        ready!(push(&mut connection, &mut this.half, cx))?;
        Pin::new(&mut this.half).poll_shutdown(cx)
    }
}

/// Gives the socket all that is encrypted.
pub(super) fn push(
    connection: &mut Connection,
    half: &mut WriteHalf,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    while connection.wants_write() {
        match connection.write_tls(&mut Socket { half, cx }) {
            Ok(0) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
    Poll::Ready(Ok(()))
}

/// The socket as rustls wants it: a writer that says so when it would block.
struct Socket<'a, 'b> {
    half: &'a mut WriteHalf,
    cx: &'a mut Context<'b>,
}

impl Write for Socket<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        match Pin::new(&mut *self.half).poll_write_vectored(self.cx, bytes) {
            Poll::Ready(written) => written,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
