//! The two streams of a call as a reader and a writer of bytes, for either side of a link. They do
//! not know which service is called.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use landline_frame::landline1::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::ended::LineEnded;
use super::link::{Link, Side, State};

/// The most that one write takes, in bytes.
const WRITE_BYTES_MAX: usize = 64 * 1024;

/// The bytes that come on one stream of one call.
pub(crate) struct StreamReader<S> {
    link: Arc<Link<S>>,
    call: u64,
    stream: Stream,
}

/// The bytes that go out on one stream of one call.
pub(crate) struct StreamWriter<S> {
    link: Arc<Link<S>>,
    call: u64,
    stream: Stream,
    has_ended: bool,
}

impl<S: Side> StreamReader<S> {
    pub(crate) fn new(link: Arc<Link<S>>, call: u64, stream: Stream) -> Self {
        Self { link, call, stream }
    }

    /// The next bytes, at most `max`; none at the end.
    pub(crate) async fn take(&mut self, max: usize) -> Result<Bytes, LineEnded> {
        self.link.take(self.call, self.stream, max).await
    }

    /// Resolves once nothing more comes of the stream: its END is here, or the line has ended. Not all of it
    /// need have been taken.
    pub(crate) async fn all_came(&self) {
        let (call, stream) = (self.call, self.stream);
        let all_came = |state: &mut State<S>| {
            let is_over = state.check(call).is_err();
            (is_over || state.traffic.incoming(stream).has_ended()).then_some(())
        };
        self.link.until(all_came).await;
    }
}

impl<S: Side> StreamWriter<S> {
    pub(crate) fn new(link: Arc<Link<S>>, call: u64, stream: Stream) -> Self {
        Self {
            link,
            call,
            stream,
            has_ended: false,
        }
    }

    /// Sends bytes whole, as credit and the line allow.
    pub(crate) async fn send(&mut self, bytes: Bytes) -> Result<(), LineEnded> {
        self.link.send(self.call, self.stream, bytes).await
    }

    /// Sends the stream's END, once.
    pub(crate) fn end(&mut self) -> Result<(), LineEnded> {
        match std::mem::replace(&mut self.has_ended, true) {
            true => Ok(()),
            false => self.link.send_end(self.call, self.stream),
        }
    }
}

impl<S: Side> AsyncRead for StreamReader<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (call, stream, max) = (self.call, self.stream, buffer.remaining());
        if max == 0 {
            return Poll::Ready(Ok(()));
        }
        let taken = self
            .link
            .poll_until(cx, |state: &mut State<S>| state.take(call, stream, max));
        taken.map(|taken| {
            buffer.put_slice(&taken?);
            Ok(())
        })
    }
}

impl<S: Side> AsyncWrite for StreamWriter<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let (call, stream) = (self.call, self.stream);
        let piece = &bytes[..bytes.len().min(WRITE_BYTES_MAX)];
        if piece.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let sent = self.link.poll_until(cx, |state: &mut State<S>| {
            state.send_copy(call, stream, piece)
        });
        sent.map_err(io::Error::from)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The pump sends whatever waits.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.get_mut().end().map_err(io::Error::from))
    }
}
