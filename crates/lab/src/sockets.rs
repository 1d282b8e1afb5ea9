//! Connected pairs whose every wait ends, and what calls on them return. It does not know what an
//! experiment asks.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use socket2::{Domain, SockRef, Socket, Type};

use crate::experiment::LabError;
use crate::place::Place;

/// The longest that anything waits for what must come. Only a kernel that does otherwise lets it pass.
pub(crate) const WAIT: Duration = Duration::from_secs(5);

/// The numbers of errors that the experiments meet, with their names.
const NAMES: [(Errno, &str); 14] = [
    (Errno::ACCESS, "EACCES"),
    (Errno::ADDRINUSE, "EADDRINUSE"),
    (Errno::AGAIN, "EAGAIN"),
    (Errno::CONNABORTED, "ECONNABORTED"),
    (Errno::CONNREFUSED, "ECONNREFUSED"),
    (Errno::CONNRESET, "ECONNRESET"),
    (Errno::INPROGRESS, "EINPROGRESS"),
    (Errno::INTR, "EINTR"),
    (Errno::INVAL, "EINVAL"),
    (Errno::NOBUFS, "ENOBUFS"),
    (Errno::NOTCONN, "ENOTCONN"),
    (Errno::PERM, "EPERM"),
    (Errno::PIPE, "EPIPE"),
    (Errno::TIMEDOUT, "ETIMEDOUT"),
];

/// A listener on loopback, on any port, whose `accept` does not wait for ever.
pub(crate) fn listen() -> Result<(TcpListener, SocketAddrV4), LabError> {
    listen_at(Ipv4Addr::LOCALHOST)
}

/// The same on another address of the machine or of a namespace.
pub(crate) fn listen_at(address: Ipv4Addr) -> Result<(TcpListener, SocketAddrV4), LabError> {
    let listener = listener(address, 1)?;
    let address = address_of(&listener)?;
    Ok((listener.into(), address))
}

/// A listener on loopback with a backlog of one's own.
pub(crate) fn listen_with(backlog: i32) -> Result<Socket, LabError> {
    listener(Ipv4Addr::LOCALHOST, backlog)
}

fn listener(address: Ipv4Addr, backlog: i32) -> Result<Socket, LabError> {
    let open = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((address, 0)).into())?;
        socket.listen(backlog)?;
        socket.set_read_timeout(Some(WAIT))?;
        Ok(socket)
    };
    open().map_err(LabError::of("listen"))
}

/// Where a socket is bound.
pub(crate) fn address_of(socket: &Socket) -> Result<SocketAddrV4, LabError> {
    let address = socket.local_addr().map_err(LabError::of("getsockname"))?;
    address
        .as_socket_ipv4()
        .ok_or_else(|| LabError::Unexpected("the socket has no IPv4 address".into()))
}

/// Where a stream's own end is.
pub(crate) fn own_address(stream: &TcpStream) -> Result<SocketAddrV4, LabError> {
    let address = SockRef::from(stream).local_addr();
    let address = address.map_err(LabError::of("getsockname"))?;
    address
        .as_socket_ipv4()
        .ok_or_else(|| LabError::Unexpected("the stream has no IPv4 address".into()))
}

/// Connects to `address` and accepts at `listener`: the caller's end and the other one.
pub(crate) fn meet(
    listener: &TcpListener,
    address: SocketAddrV4,
) -> Result<(TcpStream, TcpStream), LabError> {
    let client =
        TcpStream::connect_timeout(&address.into(), WAIT).map_err(LabError::of("connect"))?;
    let own = client.local_addr().map_err(LabError::of("getsockname"))?;
    let server = loop {
        let (server, from) = listener.accept().map_err(LabError::of("accept"))?;
        // A stranger on the same machine may have called first.
        if from == own {
            break server;
        }
    };
    for stream in [&client, &server] {
        bound(stream).map_err(LabError::of("set a time limit"))?;
    }
    Ok((client, server))
}

/// Two ends of one connection on loopback: the one that called and the one that was called.
pub(crate) fn pair() -> Result<(TcpStream, TcpStream), LabError> {
    let (listener, address) = listen()?;
    meet(&listener, address)
}

/// The same in a place: who was called is at its first end, who called at the second.
pub(crate) fn pair_in(place: &Place) -> Result<(TcpStream, TcpStream), LabError> {
    let [called, calling] = &place.ends;
    let (listener, address) = called.net.run(|| listen_at(called.address))?;
    calling.net.run(|| meet(&listener, address))
}

fn bound(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_write_timeout(Some(WAIT))
}

/// Makes `close` hang up with a reset, and without leaving a connection in TIME_WAIT behind.
pub(crate) fn reset_on_close(stream: &TcpStream) -> Result<(), LabError> {
    SockRef::from(stream)
        .set_linger(Some(Duration::ZERO))
        .map_err(LabError::of("set SO_LINGER"))
}

/// Waits until `socket` is ready for one of `wanted`, or has failed, but no longer than `limit`: what
/// it is ready for, nothing if the time is up.
pub(crate) fn ready(
    socket: impl AsFd,
    wanted: PollFlags,
    limit: Duration,
) -> Result<PollFlags, LabError> {
    let end = Instant::now() + limit;
    loop {
        let mut fds = [PollFd::new(&socket, wanted)];
        let left = end.saturating_duration_since(Instant::now());
        let left = Timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        match poll(&mut fds, Some(&left)) {
            Ok(_) => return Ok(fds[0].revents()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(LabError::of("poll")(error.into())),
        }
    }
}

/// The same for what must come: that it does not is an error.
pub(crate) fn await_ready(socket: impl AsFd, wanted: PollFlags) -> Result<(), LabError> {
    if ready(socket, wanted, WAIT)?.is_empty() {
        let what = format!("{wanted:?} did not come within {WAIT:?}");
        return Err(LabError::Unexpected(what));
    }
    Ok(())
}

/// Asks `is_so` again and again until it is, but no longer than `limit`; whether it was.
pub(crate) fn comes(
    limit: Duration,
    mut is_so: impl FnMut() -> Result<bool, LabError>,
) -> Result<bool, LabError> {
    let end = Instant::now() + limit;
    loop {
        if is_so()? {
            return Ok(true);
        }
        if Instant::now() >= end {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

/// How many bytes lie ready to be read (`FIONREAD`).
pub(crate) fn unread(source: impl AsFd) -> Result<u64, LabError> {
    rustix::io::ioctl_fionread(source).map_err(|error| LabError::of("FIONREAD")(error.into()))
}

/// What a call returned, as C has it: a count, or the name of the error.
pub(crate) fn outcome(result: &io::Result<usize>) -> String {
    match result {
        Ok(count) => count.to_string(),
        Err(error) => error_name(error),
    }
}

/// `ECONNRESET` and its kin.
pub(crate) fn error_name(error: &io::Error) -> String {
    let errno = Errno::from_io_error(error);
    let known = NAMES.iter().find(|(known, _)| Some(*known) == errno);
    match (known, errno) {
        (Some((_, name)), _) => (*name).to_string(),
        (None, Some(errno)) => format!("errno {}", errno.raw_os_error()),
        (None, None) => error.to_string(),
    }
}
