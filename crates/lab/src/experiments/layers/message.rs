//! One message between two ends, over TCP or UDP, watched where it arrives. It does not know what its
//! bytes mean.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use socket2::{SockRef, Socket};

use crate::capture::{Capture, Filter, Packet};
use crate::datagrams::{self, WAIT};
use crate::experiment::LabError;
use crate::place::Place;
use crate::report::Missing;

/// What is said.
pub(super) const MESSAGE: &[u8] = b"hello";

/// A message that arrived.
pub(super) struct Carried {
    /// The key of where.
    pub(super) place: &'static str,
    pub(super) protocol: &'static str,
    /// The addresses as the sender's socket tells them.
    pub(super) own: SocketAddr,
    pub(super) peer: SocketAddr,
    /// How many bytes the reader read.
    pub(super) read: usize,
    /// The most that TCP puts into one segment here.
    pub(super) segment: Option<u32>,
    /// The packet that carried it, if packets could be seen.
    pub(super) packet: Option<Packet>,
    /// All packets of the exchange.
    pub(super) all: Vec<Packet>,
    /// Why none could be seen.
    pub(super) missing: Option<Missing>,
}

/// Over TCP and over UDP, to the same port number: they do not get in each other's way.
pub(super) fn both(place: &'static str, ends: &Place) -> Result<[Carried; 2], LabError> {
    let there = &ends.ends[0];
    let mut tries = 0..16;
    loop {
        let listener = there
            .net
            .run(|| TcpListener::bind((there.address, 0)).map_err(LabError::of("listen")))?;
        let address = listener.local_addr().map_err(LabError::of("getsockname"))?;
        // On the machine's own loopback the other port of this number may be somebody's.
        match datagrams::bind_to(&there.net, address) {
            Ok(reader) => {
                return Ok([
                    tcp(place, ends, &listener)?,
                    over_udp(place, ends, &reader)?,
                ]);
            }
            Err(error) if tries.next().is_none() => return Err(error),
            Err(_) => {}
        }
    }
}

/// Over UDP alone.
pub(super) fn udp(place: &'static str, ends: &Place) -> Result<Carried, LabError> {
    let there = &ends.ends[0];
    over_udp(
        place,
        ends,
        &datagrams::bind(&there.net, there.address.into())?,
    )
}

fn over_udp(place: &'static str, ends: &Place, reader: &Socket) -> Result<Carried, LabError> {
    let peer = datagrams::address_of(reader)?;
    let capture = watch(ends, peer);
    let here = &ends.ends[1];
    let sender = datagrams::bind(&here.net, here.address.into())?;
    let connected = sender.connect(&peer.into());
    connected.map_err(LabError::of("connect a UDP socket"))?;
    sender.send(MESSAGE).map_err(LabError::of("send"))?;
    let mut buffer = [0; 64];
    let read = (&*reader).read(&mut buffer).map_err(LabError::of("recv"))?;
    seen(
        capture,
        Carried {
            place,
            protocol: "UDP",
            own: datagrams::address_of(&sender)?,
            peer,
            read,
            segment: None,
            packet: None,
            all: Vec::new(),
            missing: None,
        },
    )
}

fn tcp(place: &'static str, ends: &Place, listener: &TcpListener) -> Result<Carried, LabError> {
    let peer = listener.local_addr().map_err(LabError::of("getsockname"))?;
    let capture = watch(ends, peer);
    let here = &ends.ends[1];
    let sender = here
        .net
        .run(|| TcpStream::connect_timeout(&peer, WAIT).map_err(LabError::of("connect")))?;
    let (mut reader, _) = listener.accept().map_err(LabError::of("accept"))?;
    let limited = reader.set_read_timeout(Some(WAIT));
    limited.map_err(LabError::of("limit a wait"))?;
    (&sender).write_all(MESSAGE).map_err(LabError::of("send"))?;
    let mut buffer = [0; 64];
    let read = reader.read(&mut buffer).map_err(LabError::of("recv"))?;
    let segment = SockRef::from(&sender).tcp_mss();
    seen(
        capture,
        Carried {
            place,
            protocol: "TCP",
            own: sender.local_addr().map_err(LabError::of("getsockname"))?,
            peer,
            read,
            segment: segment.ok(),
            packet: None,
            all: Vec::new(),
            missing: None,
        },
    )
}

fn watch(ends: &Place, address: SocketAddr) -> Result<Capture, Missing> {
    let there = &ends.ends[0];
    Capture::start(&there.net, Some(there.interface), Filter::address(address))
}

/// Adds what the capture saw.
fn seen(capture: Result<Capture, Missing>, mut carried: Carried) -> Result<Carried, LabError> {
    let mut capture = match capture {
        Ok(capture) => capture,
        Err(missing) => {
            carried.missing = Some(missing);
            return Ok(carried);
        }
    };
    let is_it = |packet: &Packet| packet.transport.is_some() && packet.payload() == MESSAGE;
    let packets = capture.take(WAIT, |all| all.iter().any(is_it))?;
    carried.packet = packets.iter().find(|packet| is_it(packet)).cloned();
    carried.all = packets;
    Ok(carried)
}
