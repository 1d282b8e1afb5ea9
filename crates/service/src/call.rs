//! A call on a stream: a reader, a writer, and the word that the server is stopping.
//! It does not know which line carries it; `landline` joins the two.

use std::fs::File;
use std::future::Future;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::journal::{Journal, Silent};
use crate::stop::Stop;

/// A future on the heap, as object-safe traits hand it out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How long a line that was hung up waits for its peer to leave.
pub const LINGER_MAX: Duration = Duration::from_secs(1);

/// What a stream service needs of the incoming half of a line.
pub trait CallReader: AsyncRead + Send + Unpin {
    /// Resolves once the peer has closed or reset its side, without taking a byte of what it sent
    /// before. A FIN counts as gone.
    fn peer_gone(&self) -> BoxFuture<'_, ()>;
}

/// What a stream service needs of the outgoing half of a line.
pub trait CallWriter: AsyncWrite + Send + Unpin {
    /// Sends the bytes of `range` in `file` and returns how many went out: fewer than asked only
    /// when the file ends early. Lines that can, use sendfile(2).
    fn send_file<'a>(
        &'a mut self,
        file: &'a Arc<File>,
        range: Range<u64>,
    ) -> BoxFuture<'a, io::Result<u64>>;
}

/// One client of a stream service.
pub struct Call {
    /// What the peer sends.
    pub reader: Box<dyn CallReader>,
    /// What the peer gets.
    pub writer: Box<dyn CallWriter>,
    /// The peer as a person would name it, for notices.
    pub peer: String,
    parameters: Option<String>,
    stop: Stop,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    was_stopped: Arc<AtomicBool>,
    /// Who `stopped` wakes.
    woken: Option<Waker>,
}

impl Call {
    /// Joins the two halves of a line to a call.
    pub fn new(
        reader: Box<dyn CallReader>,
        writer: Box<dyn CallWriter>,
        peer: String,
        stop: Stop,
    ) -> Self {
        let stopped = Box::pin(stop.cancelled_owned());
        Self {
            reader,
            writer,
            peer,
            parameters: None,
            stop,
            stopped,
            was_stopped: Arc::default(),
            woken: None,
        }
    }

    /// Set once the service was told that nothing more comes, and that was because the server is stopping.
    pub fn was_stopped(&self) -> Arc<AtomicBool> {
        self.was_stopped.clone()
    }

    /// The same call with what the caller asks of the service beside the bytes: one JSON value.
    pub fn with_parameters(mut self, parameters: Option<String>) -> Self {
        self.parameters = parameters;
        self
    }

    /// What the caller asks of the service beside the bytes: one JSON value as text, whatever it is.
    /// A plain line has none.
    pub fn parameters(&self) -> Option<&str> {
        self.parameters.as_deref()
    }

    /// A call and its peer's end, joined in memory (64 KiB each way), for tests.
    pub fn pair() -> (Self, DuplexStream) {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let (reader, writer) = tokio::io::split(near);
        let reader = Box::new(MemoryReader(reader));
        let writer = Box::new(MemoryWriter(writer));
        (Self::new(reader, writer, "memory".into(), Stop::new()), far)
    }

    /// The word that the server is stopping.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// One read: whatever the kernel has, at most `buffer.len()` bytes. `None` when the peer has
    /// left, or when the server is stopping and nothing waits: the call is idle here. On a secure line the
    /// caller is told of the latter, as of a call that failed and may be tried again.
    pub async fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        std::future::poll_fn(|cx| self.poll_receive(cx, buffer)).await
    }

    fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<Option<usize>>> {
        let mut read = ReadBuf::new(buffer);
        if let Poll::Ready(result) = Pin::new(&mut self.reader).poll_read(cx, &mut read) {
            let count = read.filled().len();
            return Poll::Ready(result.map(|()| (count > 0).then_some(count)));
        }
        ready!(self.poll_stopped(cx));
        self.was_stopped.store(true, Ordering::Relaxed);
        Poll::Ready(Ok(None))
    }

    /// A call comes by here after each message, so whoever `stopped` wakes already is not told to
    /// it again: that takes locks which all calls share.
    fn poll_stopped(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.stop.is_cancelled() {
            return Poll::Ready(());
        }
        if matches!(&self.woken, Some(woken) if woken.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        self.woken = Some(cx.waker().clone());
        self.stopped.as_mut().poll(cx)
    }

    /// Sends `bytes` whole.
    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes).await
    }

    /// Ends the call so that the peer gets all that was sent. What the peer still sends is taken
    /// and dropped until it leaves too, for at most [`LINGER_MAX`]: a socket that is closed over
    /// unread bytes is reset, and a reset destroys what the peer has not read yet (RFC 1122
    /// 4.2.2.13).
    pub async fn hang_up(mut self) -> io::Result<()> {
        self.writer.shutdown().await?;
        // On the heap: it would lie in every call that may hang up some day, for all its time.
        let mut dropped = vec![0; 4096];
        let drained = async { while let Ok(Some(_)) = self.receive(&mut dropped).await {} };
        // Either way the line is closed now.
        let _ = tokio::time::timeout(LINGER_MAX, drained).await;
        Ok(())
    }
}

/// What every service on the tutorial's wire is told.
#[derive(Clone)]
pub struct Settings {
    /// The most that one read takes, in bytes (`--recv`), at least 1. Default 1,024, as in the tutorial. The
    /// memory of an idle call is this plus about 1 KiB.
    pub recv: usize,
    /// Where notices go.
    pub journal: Arc<dyn Journal>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            recv: 1024,
            journal: Arc::new(Silent),
        }
    }
}

/// A service that answers calls, each on its own stream.
pub trait StreamService: Send + Sync + 'static {
    /// Answers one call until the peer leaves or the server stops. An error is the line's: the peer
    /// reset it, or it could not be written.
    fn serve<'a>(&'a self, call: Call) -> BoxFuture<'a, io::Result<()>>;
}

struct MemoryReader(tokio::io::ReadHalf<DuplexStream>);

impl AsyncRead for MemoryReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl CallReader for MemoryReader {
    /// A pair in memory cannot tell without reading: its peer counts as staying.
    fn peer_gone(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}

struct MemoryWriter(tokio::io::WriteHalf<DuplexStream>);

impl AsyncWrite for MemoryWriter {
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

impl CallWriter for MemoryWriter {
    fn send_file<'a>(
        &'a mut self,
        file: &'a Arc<File>,
        range: Range<u64>,
    ) -> BoxFuture<'a, io::Result<u64>> {
        Box::pin(copy_file(file, range, &mut self.0))
    }
}

/// The way without sendfile(2): positioned reads of 256 KiB, written in turn. For lines that have
/// no better one.
///
/// # Errors
/// The file cannot be read, or the line not written.
pub async fn copy_file(
    file: &File,
    range: Range<u64>,
    writer: &mut (impl AsyncWrite + Unpin),
) -> io::Result<u64> {
    use std::os::unix::fs::FileExt;
    const CHUNK_BYTES: usize = 256 * 1024;
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut at = range.start;
    while at < range.end {
        let wanted = CHUNK_BYTES.min(usize::try_from(range.end - at).unwrap_or(CHUNK_BYTES));
        let count = file.read_at(&mut buffer[..wanted], at)?;
        if count == 0 {
            break;
        }
        writer.write_all(&buffer[..count]).await?;
        at += count as u64;
    }
    Ok(at - range.start)
}
