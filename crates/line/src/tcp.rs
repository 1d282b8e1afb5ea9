//! Streams over TCP, IPv4 and IPv6 (tcp(7)).

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};

use crate::stream::Stream;

/// Listens at `address` with room for `backlog` finished handshakes that nobody accepted yet
/// (listen(2); Linux keeps one more, and at most `net.core.somaxconn`).
pub(crate) fn listen(address: SocketAddr, backlog: u32) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // Else a port whose last clients are in TIME_WAIT could not be listened at for a minute.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
    TcpListener::from_std(socket.into())
}

/// Calls each of `addresses` in turn until one answers; the error is the last one's.
pub(crate) async fn dial(addresses: &[SocketAddr]) -> io::Result<Stream> {
    Stream::of_tcp(TcpStream::connect(addresses).await?)
}
