//! Joins a stream line to a service's [`Call`].

use std::fs::File;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use landline_line::{BusyPoll, ReadHalf, Stream, WriteHalf};
use landline_service::{BoxFuture, Call, CallReader, CallWriter, Stop};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Makes a call of `stream`. Each read on it feeds `busy_poll`, where there is one.
pub(crate) fn call(stream: Stream, busy_poll: Option<BusyPoll>, stop: Stop) -> Call {
    let reader = Box::new(Reader {
        half: stream.reader,
        busy_poll,
    });
    Call::new(reader, Box::new(Writer(stream.writer)), stream.peer, stop)
}

struct Reader {
    half: ReadHalf,
    busy_poll: Option<BusyPoll>,
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.half).poll_read(cx, buffer);
        if let (Some(busy_poll), Poll::Ready(_)) = (&self.busy_poll, &read) {
            busy_poll.touch();
        }
        read
    }
}

impl CallReader for Reader {
    fn peer_gone(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.half.peer_gone())
    }
}

struct Writer(WriteHalf);

impl AsyncWrite for Writer {
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

impl CallWriter for Writer {
    fn send_file<'a>(
        &'a mut self,
        file: &'a Arc<File>,
        range: Range<u64>,
    ) -> BoxFuture<'a, io::Result<u64>> {
        Box::pin(self.0.send_file(file, range))
    }
}
