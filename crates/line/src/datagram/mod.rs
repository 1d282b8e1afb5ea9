//! A datagram socket, whatever its family: batches in, runs out. It does not know what is said.
//!
//! One datagram costs a trip through the network stack, not a system call: so what waits is taken
//! in one go, and what leaves for one peer leaves as one run, which the kernel carries as a whole
//! as far as it can (`UDP_SEGMENT`, `UDP_GRO`; udp(7)).

mod batch;
#[cfg(target_os = "linux")]
mod coalesced;
#[cfg(target_os = "linux")]
mod many;
mod one;
pub(crate) mod options;
mod peer;
mod run;
mod socket;

use std::io;
use std::os::fd::BorrowedFd;

use rustix::io::Errno;

use crate::address::Address;
use crate::socket_file::SocketFile;
pub use batch::{BATCH_BYTES_MAX, BATCH_DATAGRAMS_MAX, Batch};
pub use peer::Peer;
pub use run::{RUN_BYTES_MAX, RUN_DATAGRAMS_MAX, Unsent};
use socket::{Queue, Socket, is_would_block};

/// A socket that carries datagrams, until it is dropped; then its socket file is gone, too.
///
/// Each method takes it shared, so that one task may receive while another sends.
#[derive(Debug)]
pub struct Datagrams {
    socket: Socket,
    kind: Kind,
    /// Whether the kernel cuts a run into datagrams itself (`UDP_SEGMENT`; Linux 4.18).
    segments: bool,
    address: Address,
    dialed: bool,
    _file: Option<SocketFile>,
}

/// How datagrams are taken off a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UDP over IPv4.
    V4,
    /// UDP over IPv6, and over IPv4 where the socket takes both.
    V6,
    /// UDP that the kernel may hand over in joined runs (`UDP_GRO`).
    #[cfg(target_os = "linux")]
    Coalesced,
    /// A unix socket.
    Unixgram,
}

impl Datagrams {
    pub(crate) fn new(
        socket: socket2::Socket,
        kind: Kind,
        address: Address,
        file: Option<SocketFile>,
    ) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let segments = kind != Kind::Unixgram && options::kernel_cuts_runs(&socket);
        Ok(Self {
            socket: Socket::new(socket, kind == Kind::Unixgram)?,
            kind,
            segments,
            address,
            dialed: false,
            _file: file,
        })
    }

    pub(crate) fn dialed(self) -> Self {
        Self {
            dialed: true,
            ..self
        }
    }

    /// Where a bound socket stands, with the port that the system chose; where a dialed one leads.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// This end of the socket, where it has an IP address.
    pub(crate) fn local_address(&self) -> Option<std::net::SocketAddr> {
        self.socket.local_address()
    }

    /// Room for `datagrams` of at most `recv` bytes each, within [`BATCH_DATAGRAMS_MAX`] and
    /// [`BATCH_BYTES_MAX`]. A longer datagram is cut, and its whole size is kept.
    pub fn batch(&self, datagrams: usize, recv: usize) -> Batch {
        match self.kind {
            #[cfg(target_os = "linux")]
            Kind::Coalesced => Batch::coalesced(recv),
            _ => Batch::new(datagrams, recv),
        }
    }

    /// Waits for a datagram, then takes all that wait, up to the batch's size. What an ICMP error
    /// says about one peer is skipped: an error here is the socket's own. A dropped future has
    /// taken nothing.
    pub async fn drain(&self, batch: &mut Batch) -> io::Result<()> {
        loop {
            match self.receive(batch).await {
                Err(error) if is_about_a_peer(&error) => {}
                done => return done,
            }
        }
    }

    /// As [`Datagrams::drain`], but an error about the peer is handed over: on a dialed socket it
    /// says that nobody is there. The socket stays whole.
    pub async fn receive(&self, batch: &mut Batch) -> io::Result<()> {
        // A socket that never runs dry would never let the runtime look at signals and timers.
        if batch.is_full() {
            tokio::task::yield_now().await;
        }
        batch.clear();
        loop {
            match self.socket.read(|fd| self.read(fd, batch)).await {
                Err(error) if is_would_block(&error) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    fn read(&self, socket: BorrowedFd<'_>, batch: &mut Batch) -> io::Result<Queue> {
        match self.kind {
            #[cfg(target_os = "linux")]
            Kind::Coalesced => coalesced::read(socket, batch),
            // A connected socket may have an ICMP error waiting, which ends a batch early.
            #[cfg(target_os = "linux")]
            Kind::V4 | Kind::V6 if !self.dialed => many::read(socket, self.kind, batch),
            _ => one::read(socket, batch),
        }
    }

    /// Sends `bytes` to `peer`, cut into datagrams of `sizes` (which add up to the length of
    /// `bytes`), in order. Waits where the socket's own buffer is full; where a unixgram peer's
    /// queue is, it stops with `WouldBlock`.
    pub async fn send_run(&self, peer: &Peer, bytes: &[u8], sizes: &[usize]) -> Result<(), Unsent> {
        let mut rest = run::Rest::new(bytes, sizes);
        let mut send = || rest.send(self.socket.fd(), peer, self.segments);
        let sent = match send() {
            Err(error) if is_would_block(&error) && self.kind != Kind::Unixgram => {
                self.socket.write(send).await
            }
            sent => sent,
        };
        sent.map_err(|error| rest.unsent(error))
    }

    /// As [`Datagrams::send`], but where the queue is full it says `WouldBlock`.
    pub(crate) fn send_now(&self, bytes: &[u8]) -> io::Result<()> {
        match run::send_to_target(self.socket.fd(), bytes) {
            // It was waiting and is about an earlier datagram: this one was not even tried.
            Err(error) if is_about_a_peer(&error) => run::send_to_target(self.socket.fd(), bytes),
            sent => sent,
        }
    }

    /// Sends one datagram to where a dialed socket leads, and waits while its queue is full.
    pub async fn send(&self, bytes: &[u8]) -> io::Result<()> {
        match self.send_now(bytes) {
            Err(error) if is_would_block(&error) => {
                self.socket.write(|| self.send_now(bytes)).await
            }
            sent => sent,
        }
    }
}

/// Whether an error on a datagram socket is news of one peer (icmp(7), udp(7)), and no failure of
/// the socket.
fn is_about_a_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{
        ConnectionRefused, ConnectionReset, HostUnreachable, NetworkDown, NetworkUnreachable,
        PermissionDenied,
    };
    let kinds = [
        ConnectionRefused,
        ConnectionReset,
        HostUnreachable,
        NetworkDown,
        NetworkUnreachable,
        PermissionDenied,
    ];
    let errnos = [
        Errno::MSGSIZE,
        Errno::PROTO,
        Errno::NOPROTOOPT,
        Errno::HOSTDOWN,
        Errno::NOTSUP,
    ];
    kinds.contains(&error.kind())
        || errnos
            .map(|errno| Some(errno.raw_os_error()))
            .contains(&error.raw_os_error())
}

#[cfg(test)]
mod tests;
