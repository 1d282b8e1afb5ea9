//! Joins a stream line to a service's [`Call`].

use std::fs::File;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use landline_line::{BusyPoll, PolledReadHalf, ReadHalf, Stream, WriteHalf};
use landline_service::{BoxFuture, Call, CallReader, CallWriter, Stop};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Makes a call of `stream`, which polls before it sleeps where there is a `busy_poll`.
pub(crate) fn call(stream: Stream, busy_poll: Option<BusyPoll>, stop: Stop) -> Call {
    let reader: Box<dyn CallReader> = match busy_poll {
        Some(busy_poll) => Box::new(Half(PolledReadHalf::new(stream.reader, busy_poll))),
        None => Box::new(Half(stream.reader)),
    };
    Call::new(reader, Box::new(Half(stream.writer)), stream.peer, stop)
}

/// One half of a line, as a service knows it.
struct Half<T>(T);

impl CallReader for Half<ReadHalf> {
    fn peer_gone(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.peer_gone())
    }
}

impl CallReader for Half<PolledReadHalf> {
    fn peer_gone(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.peer_gone())
    }
}

impl CallWriter for Half<WriteHalf> {
    fn send_file<'a>(
        &'a mut self,
        file: &'a Arc<File>,
        range: Range<u64>,
    ) -> BoxFuture<'a, io::Result<u64>> {
        Box::pin(self.0.send_file(file, range))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Half<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Half<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
