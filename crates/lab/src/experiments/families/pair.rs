//! Two joined sockets of each family, whose every wait ends.

use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

use crate::datagrams::{self, WAIT};
use crate::experiment::LabError;
use crate::place::Net;

/// A family of sockets, as an address of landline names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Family {
    pub(super) name: &'static str,
    /// The name of the fact that tells what came of messages that nobody read.
    pub(super) fact: &'static str,
    pub(super) is_stream: bool,
    pub(super) is_ip: bool,
}

pub(super) const FAMILIES: [Family; 4] = [
    Family {
        name: "tcp",
        fact: "tcp_taken",
        is_stream: true,
        is_ip: true,
    },
    Family {
        name: "unix",
        fact: "unix_taken",
        is_stream: true,
        is_ip: false,
    },
    Family {
        name: "unixgram",
        fact: "unixgram_taken",
        is_stream: false,
        is_ip: false,
    },
    Family {
        name: "udp",
        fact: "udp_lost",
        is_stream: false,
        is_ip: true,
    },
];

impl Family {
    /// Two sockets of it, each connected to the other.
    pub(super) fn pair(&self) -> Result<[Socket; 2], LabError> {
        let sockets = match (self.is_ip, self.is_stream) {
            (true, true) => tcp(),
            (true, false) => udp(),
            (false, true) => unix(Type::STREAM),
            (false, false) => unix(Type::DGRAM),
        }?;
        for socket in &sockets {
            let limited = socket.set_read_timeout(Some(WAIT));
            let limited = limited.and_then(|()| socket.set_write_timeout(Some(WAIT)));
            limited.map_err(LabError::of("limit a wait"))?;
        }
        Ok(sockets)
    }
}

fn tcp() -> Result<[Socket; 2], LabError> {
    let open = || {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        listener.listen(1)?;
        listener.set_read_timeout(Some(WAIT))?;
        let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        client.connect(&listener.local_addr()?)?;
        let (server, _) = listener.accept()?;
        for socket in [&client, &server] {
            socket.set_tcp_nodelay(true)?;
        }
        Ok([client, server])
    };
    open().map_err(LabError::of("connect over TCP"))
}

fn udp() -> Result<[Socket; 2], LabError> {
    let net = Net::own();
    let address = Ipv4Addr::LOCALHOST.into();
    let (server, client) = datagrams::connected([&net, &net], [address, address])?;
    let back = server.connect(&datagrams::address_of(&client)?.into());
    back.map_err(LabError::of("connect a UDP socket"))?;
    Ok([client, server])
}

fn unix(kind: Type) -> Result<[Socket; 2], LabError> {
    let pair = Socket::pair(Domain::UNIX, kind, None);
    pair.map(|(client, server)| [client, server])
        .map_err(LabError::of("socketpair"))
}
