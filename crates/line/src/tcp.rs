//! Streams over TCP, IPv4 and IPv6 (tcp(7)).

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};

use crate::stream::{ReadHalf, Stream};

/// How long a line is silent before the kernel asks whether its peer is still there, and between
/// two such questions.
pub const KEEPALIVE: Duration = Duration::from_secs(15);

/// How long a peer may leave bytes or questions unanswered before its line counts as broken.
pub const UNANSWERED_MAX: Duration = Duration::from_secs(30);

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

/// Has the kernel break a tcp line whose network is dead (`TimedOut`): about [`UNANSWERED_MAX`]
/// after its last sign of life when bytes are under way, and at most [`KEEPALIVE`] later when it is
/// idle (tcp(7), TCP_USER_TIMEOUT, TCP_KEEPIDLE). Other lines have no network.
pub(crate) fn notice_dead_network(line: &Stream) -> io::Result<()> {
    let ReadHalf::Tcp(half) = &line.reader else {
        return Ok(());
    };
    let socket = SockRef::from(half.as_ref());
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE)
        .with_interval(KEEPALIVE);
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(UNANSWERED_MAX))?;
    Ok(())
}
