//! A stream line once it stands, whatever its family: two halves and the names of both ends.
//! It does not know how it came to be; `tcp`, `unix` and `memory` make it.

use std::fs::File;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::ops::Range;
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustix::net::RecvFlags;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream, tcp, unix};

use crate::send_file::{copy_file, send_file};

/// A line that carries bytes.
#[derive(Debug)]
pub struct Stream {
    /// What comes in.
    pub reader: ReadHalf,
    /// What goes out. Dropping it ends the outgoing direction.
    pub writer: WriteHalf,
    /// Both ends of a tcp line, ours first.
    pub ends: Option<(SocketAddr, SocketAddr)>,
    /// The peer as a person would name it.
    pub peer: String,
}

/// The incoming half of a line.
#[derive(Debug)]
pub enum ReadHalf {
    /// Of a tcp line.
    Tcp(tcp::OwnedReadHalf),
    /// Of a unix line.
    Unix(unix::OwnedReadHalf),
    /// Of a line in memory.
    Memory(tokio::io::ReadHalf<DuplexStream>),
}

/// The outgoing half of a line.
#[derive(Debug)]
pub enum WriteHalf {
    /// Of a tcp line.
    Tcp(tcp::OwnedWriteHalf),
    /// Of a unix line.
    Unix(unix::OwnedWriteHalf),
    /// Of a line in memory.
    Memory(tokio::io::WriteHalf<DuplexStream>),
}

impl Stream {
    pub(crate) fn of_tcp(stream: TcpStream) -> io::Result<Self> {
        // Replies leave whole and at once; Nagle would hold the second of two writes back until the
        // first is acknowledged (RFC 896, RFC 1122 4.2.3.4).
        stream.set_nodelay(true)?;
        let ends = (stream.local_addr()?, stream.peer_addr()?);
        let (reader, writer) = stream.into_split();
        Ok(Self {
            reader: ReadHalf::Tcp(reader),
            writer: WriteHalf::Tcp(writer),
            ends: Some(ends),
            peer: SocketAddr::new(ends.1.ip().to_canonical(), ends.1.port()).to_string(),
        })
    }

    pub(crate) fn of_unix(stream: UnixStream) -> Self {
        let credentials = stream.peer_cred().ok().and_then(|peer| peer.pid());
        let peer = credentials.map_or_else(|| "unix".into(), |pid| format!("process {pid}"));
        let (reader, writer) = stream.into_split();
        let (reader, writer) = (ReadHalf::Unix(reader), WriteHalf::Unix(writer));
        Self {
            reader,
            writer,
            ends: None,
            peer,
        }
    }

    pub(crate) fn of_memory(stream: DuplexStream) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        let (reader, writer) = (ReadHalf::Memory(reader), WriteHalf::Memory(writer));
        Self {
            reader,
            writer,
            ends: None,
            peer: "memory".into(),
        }
    }
}

/// Closes a line the rude way, so that its peer learns that it broke: a reset on tcp (RST; what was
/// written and has not left yet is lost). A unix line and one in memory have no such thing, and are
/// closed.
pub(crate) fn reset(reader: ReadHalf, writer: WriteHalf) {
    if let (ReadHalf::Tcp(_), WriteHalf::Tcp(half)) = (&reader, writer) {
        // A socket that is gone already needs no reset.
        let _ = half.as_ref().set_zero_linger();
        // Dropped it would send its end (FIN) first, which the peer would take for a good one.
        half.forget();
    }
}

impl ReadHalf {
    /// Resolves once the peer has closed its outgoing side or reset the line, and takes no byte.
    /// A line in memory cannot tell without reading: there it never resolves.
    pub async fn peer_gone(&self) {
        // A hang-up sets read-closed on the readiness for good (EPOLLRDHUP, EPOLLHUP; epoll(7)),
        // and of all interests this one wakes on it without waking on readable bytes.
        let ready = match self {
            Self::Tcp(half) => half.ready(Interest::PRIORITY).await,
            Self::Unix(half) => half.ready(Interest::PRIORITY).await,
            Self::Memory(_) => std::future::pending().await,
        };
        // The reactor itself fails only as the runtime shuts down: gone either way.
        drop(ready);
    }
}

impl ReadHalf {
    /// One recv(2) without asking the reactor, which hears of nothing. `WouldBlock` when nothing
    /// waits, and always on a line in memory.
    pub(crate) fn receive_now(&self, buffer: &mut ReadBuf<'_>) -> io::Result<()> {
        let socket = match self {
            Self::Tcp(half) => half.as_ref().as_fd(),
            Self::Unix(half) => half.as_ref().as_fd(),
            Self::Memory(_) => return Err(io::ErrorKind::WouldBlock.into()),
        };
        let free = buffer.initialize_unfilled();
        let (count, _) = rustix::net::recv(socket, free, RecvFlags::DONTWAIT)?;
        buffer.advance(count);
        Ok(())
    }
}

impl WriteHalf {
    /// Sends `range` of `file`, by sendfile(2) where the line has it, and returns how many bytes
    /// went out: fewer than asked only when the file ends early.
    pub async fn send_file(&mut self, file: &Arc<File>, range: Range<u64>) -> io::Result<u64> {
        match self {
            Self::Tcp(half) => send_file(AsRef::<TcpStream>::as_ref(half), file, range).await,
            Self::Unix(half) => send_file(AsRef::<UnixStream>::as_ref(half), file, range).await,
            Self::Memory(half) => copy_file(half, file, range).await,
        }
    }
}

impl AsyncRead for ReadHalf {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_read(cx, buffer),
            Self::Unix(half) => Pin::new(half).poll_read(cx, buffer),
            Self::Memory(half) => Pin::new(half).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for WriteHalf {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_write(cx, bytes),
            Self::Unix(half) => Pin::new(half).poll_write(cx, bytes),
            Self::Memory(half) => Pin::new(half).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_write_vectored(cx, bytes),
            Self::Unix(half) => Pin::new(half).poll_write_vectored(cx, bytes),
            Self::Memory(half) => Pin::new(half).poll_write_vectored(cx, bytes),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(half) => half.is_write_vectored(),
            Self::Unix(half) => half.is_write_vectored(),
            Self::Memory(half) => half.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_flush(cx),
            Self::Unix(half) => Pin::new(half).poll_flush(cx),
            Self::Memory(half) => Pin::new(half).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_shutdown(cx),
            Self::Unix(half) => Pin::new(half).poll_shutdown(cx),
            Self::Memory(half) => Pin::new(half).poll_shutdown(cx),
        }
    }
}
