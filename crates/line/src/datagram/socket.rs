//! The runtime's socket of either family under one name: its file descriptor and its readiness.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use tokio::io::{Interest, Ready};
use tokio::net::{UdpSocket, UnixDatagram};

/// An ICMP error that waits makes a socket ready, though there is nothing to read.
#[cfg(target_os = "linux")]
const READ: Interest = Interest::READABLE.add(Interest::ERROR);
#[cfg(not(target_os = "linux"))]
const READ: Interest = Interest::READABLE;

#[derive(Debug)]
pub(super) enum Socket {
    Udp(UdpSocket),
    Unix(UnixDatagram),
}

/// What a read knows of the queue behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Queue {
    /// It was seen empty.
    Emptied,
    /// More may wait.
    Unknown,
}

impl Socket {
    /// Takes over a non-blocking socket.
    pub(super) fn new(socket: socket2::Socket, is_unix: bool) -> io::Result<Self> {
        Ok(match is_unix {
            true => Self::Unix(UnixDatagram::from_std(socket.into())?),
            false => Self::Udp(UdpSocket::from_std(socket.into())?),
        })
    }

    pub(super) fn local_address(&self) -> Option<std::net::SocketAddr> {
        match self {
            Self::Udp(socket) => socket.local_addr().ok(),
            Self::Unix(_) => None,
        }
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Udp(socket) => socket.as_fd(),
            Self::Unix(socket) => socket.as_fd(),
        }
    }

    /// Waits until there is something to read, then calls `read` once. `WouldBlock`: there was
    /// nothing after all.
    ///
    /// Where the read saw the queue empty, the next wait begins at once, without one more read that
    /// only fails. No datagram is missed by that, though the kernel tells of each only once
    /// (edges; epoll(7)): one that comes after the read makes an edge of its own, and what is
    /// forgotten here is no more than what was known before the read.
    pub(super) async fn read(
        &self,
        read: impl FnOnce(BorrowedFd<'_>) -> io::Result<Queue>,
    ) -> io::Result<()> {
        let mut outcome = Err(io::ErrorKind::WouldBlock.into());
        let attempt = || {
            outcome = read(self.fd());
            match &outcome {
                Ok(Queue::Emptied) => Err(io::ErrorKind::WouldBlock.into()),
                Err(error) if is_would_block(error) => Err(io::ErrorKind::WouldBlock.into()),
                _ => Ok(()),
            }
        };
        // The attempt forgets the readiness when it says `WouldBlock`; what else it says is told by
        // the outcome.
        let _ = match self {
            Self::Udp(socket) => {
                let interest = which(socket.ready(READ).await?);
                socket.try_io(interest, attempt)
            }
            Self::Unix(socket) => {
                let interest = which(socket.ready(READ).await?);
                socket.try_io(interest, attempt)
            }
        };
        outcome.map(drop)
    }

    /// Calls `write` each time there may be room, until it says something else than `WouldBlock`.
    pub(super) async fn write(&self, write: impl FnMut() -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.async_io(Interest::WRITABLE, write).await,
            Self::Unix(socket) => socket.async_io(Interest::WRITABLE, write).await,
        }
    }
}

/// An attempt is made for one interest at a time.
fn which(ready: Ready) -> Interest {
    #[cfg(target_os = "linux")]
    if !ready.is_readable() && ready.is_error() {
        return Interest::ERROR;
    }
    Interest::READABLE
}

pub(super) fn is_would_block(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}
