//! UDP sockets at the ends of a place, whose every wait ends. It does not know what an experiment asks.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::experiment::LabError;
use crate::place::Net;

/// The longest that anything waits for what must come. Only a kernel that does otherwise lets it pass.
pub(crate) const WAIT: Duration = Duration::from_secs(5);

/// A UDP socket in `net` on `address`, on any port.
pub(crate) fn bind(net: &Net, address: IpAddr) -> Result<Socket, LabError> {
    bind_to(net, (address, 0).into())
}

/// A UDP socket in `net` on this address and port.
pub(crate) fn bind_to(net: &Net, address: SocketAddr) -> Result<Socket, LabError> {
    net.run(|| {
        let open = || {
            let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
            socket.bind(&address.into())?;
            socket.set_read_timeout(Some(WAIT))?;
            socket.set_write_timeout(Some(WAIT))?;
            Ok(socket)
        };
        open().map_err(LabError::of("bind a UDP socket"))
    })
}

/// A socket at each end, the second one connected to the first: reader and sender.
pub(crate) fn connected(
    nets: [&Net; 2],
    addresses: [IpAddr; 2],
) -> Result<(Socket, Socket), LabError> {
    let reader = bind(nets[0], addresses[0])?;
    let sender = bind(nets[1], addresses[1])?;
    let connected = sender.connect(&address_of(&reader)?.into());
    connected.map_err(LabError::of("connect a UDP socket"))?;
    Ok((reader, sender))
}

/// Where a socket is bound.
pub(crate) fn address_of(socket: &Socket) -> Result<SocketAddr, LabError> {
    let address = socket.local_addr().map_err(LabError::of("getsockname"))?;
    let address = address.as_socket();
    address.ok_or_else(|| LabError::Unexpected("the socket has no IP address".into()))
}

/// The sizes of all datagrams that wait; none is waited for.
pub(crate) fn drain(socket: &Socket) -> Result<Vec<usize>, LabError> {
    let mut buffer = vec![0; 65_535];
    let mut sizes = Vec::new();
    loop {
        match rustix::net::recv(socket, &mut buffer[..], rustix::net::RecvFlags::DONTWAIT) {
            Ok((count, _)) => sizes.push(count),
            Err(rustix::io::Errno::AGAIN) => return Ok(sizes),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(LabError::of("recv")(error.into())),
        }
    }
}

/// What a call returned: a count, or the name of the kernel's error.
pub(crate) fn outcome(done: &io::Result<usize>) -> String {
    use rustix::io::Errno;
    let names = [
        (Errno::AGAIN, "EAGAIN"),
        (Errno::MSGSIZE, "EMSGSIZE"),
        (Errno::NOBUFS, "ENOBUFS"),
        (Errno::CONNREFUSED, "ECONNREFUSED"),
    ];
    match done {
        Ok(count) => count.to_string(),
        Err(error) => {
            let number = error.raw_os_error();
            let known = names
                .iter()
                .find(|(it, _)| Some(it.raw_os_error()) == number);
            known.map_or_else(|| error.to_string(), |(_, name)| (*name).to_string())
        }
    }
}
