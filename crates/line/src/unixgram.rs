//! Datagrams through a socket file (unix(7)).

use std::io;
use std::path::Path;

use socket2::{Domain, SockAddr, Socket, Type};

use crate::address::Address;
use crate::datagram::{Datagrams, Kind, options};
use crate::socket_file::SocketFile;

/// What is asked for as a socket's send buffer, in bytes: 4 MiB. A unix datagram counts against its
/// sender until it is read, so that peers who do not read use up what all share. The kernel gives
/// at most `net.core.wmem_max` to who may not exceed it.
pub const UNIXGRAM_SEND_BUFFER_BYTES: usize = 4 << 20;

impl Datagrams {
    /// Makes the socket file at `path` (mode 0600) and takes datagrams there. `AddrInUse`: a live
    /// server is there. `AlreadyExists`: a file that is no socket is there.
    pub fn unixgram(path: &Path) -> io::Result<Self> {
        let socket = socket()?;
        let file = SocketFile::bind(&socket, path, Type::DGRAM)?;
        Self::new(
            socket,
            Kind::Unixgram,
            Address::Unixgram(path.into()),
            Some(file),
        )
    }

    /// Leads to the socket at `path`, under a name that can be answered where the system gives one
    /// (Linux: an abstract one).
    pub(crate) fn dial_unixgram(path: &Path) -> io::Result<Self> {
        let socket = socket()?;
        take_a_name(&socket)?;
        socket.connect(&SockAddr::unix(path)?)?;
        let address = Address::Unixgram(path.into());
        Ok(Self::new(socket, Kind::Unixgram, address, None)?.dialed())
    }
}

fn socket() -> io::Result<Socket> {
    let socket = Socket::new(Domain::UNIX, Type::DGRAM, None)?;
    options::ask_for_send_buffer(&socket, UNIXGRAM_SEND_BUFFER_BYTES)?;
    Ok(socket)
}

/// Binding to no name makes the kernel choose a free abstract one (unix(7), "Autobind feature").
#[cfg(target_os = "linux")]
fn take_a_name(socket: &Socket) -> io::Result<()> {
    Ok(rustix::net::bind(
        socket,
        &rustix::net::SocketAddrUnix::new_unnamed(),
    )?)
}

#[cfg(not(target_os = "linux"))]
fn take_a_name(_: &Socket) -> io::Result<()> {
    Ok(())
}
