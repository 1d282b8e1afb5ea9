//! Datagrams over UDP, IPv4 and IPv6 (udp(7)).

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};

use crate::address::{Address, HostPort};
use crate::datagram::{Datagrams, Kind, options};

/// What is asked for as a socket's receive buffer, in bytes: 4 MiB. A burst of first datagrams that
/// finds the kernel's default full is lost. The kernel counts about 0.8 KiB for a small datagram,
/// and gives at most `net.core.rmem_max` to who may not exceed it.
pub const UDP_RECEIVE_BUFFER_BYTES: usize = 4 << 20;

impl Datagrams {
    /// Takes datagrams at `address`.
    pub fn udp(address: SocketAddr) -> io::Result<Self> {
        let socket = socket(address)?;
        socket.bind(&address.into())?;
        let at = socket.local_addr()?.as_socket().unwrap_or(address);
        Self::new(socket, family(address), named(at), None)
    }

    /// Leads to the first of `addresses` that this machine has a way to, and takes datagrams from
    /// there alone. The kernel may hand them over joined (`UDP_GRO`), and they are parted again.
    pub(crate) fn dial_udp(addresses: &[SocketAddr]) -> io::Result<Self> {
        let mut failure = io::ErrorKind::AddrNotAvailable.into();
        for &address in addresses {
            match dial_one(address) {
                Err(error) => failure = error,
                dialed => return dialed,
            }
        }
        Err(failure)
    }
}

fn dial_one(address: SocketAddr) -> io::Result<Datagrams> {
    let socket = socket(address)?;
    socket.bind(&wildcard(address).into())?;
    socket.connect(&address.into())?;
    let kind = joined(&socket).unwrap_or(family(address));
    Ok(Datagrams::new(socket, kind, named(address), None)?.dialed())
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    options::ask_for_receive_buffer(&socket, UDP_RECEIVE_BUFFER_BYTES)?;
    Ok(socket)
}

#[cfg(target_os = "linux")]
fn joined(socket: &Socket) -> Option<Kind> {
    options::take_joined_runs(socket).then_some(Kind::Coalesced)
}

#[cfg(not(target_os = "linux"))]
fn joined(_: &Socket) -> Option<Kind> {
    None
}

fn family(address: SocketAddr) -> Kind {
    if address.is_ipv4() {
        Kind::V4
    } else {
        Kind::V6
    }
}

fn wildcard(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

fn named(address: SocketAddr) -> Address {
    Address::Udp(HostPort {
        host: address.ip().to_string(),
        port: address.port(),
    })
}
