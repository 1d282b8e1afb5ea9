//! What passes an interface, taken from the kernel as it passes (packet(7)). It sends nothing, and
//! knows no experiment.
//!
//! ```text
//!   Capture::start(&net, interface, filter)    from now on packets are kept, in the kernel's queue
//!   capture.take(wait, enough) -> Vec<Packet>  those that came and pass the filter
//!   as_pcapng(&packets)                        for a file that Wireshark opens
//! ```

mod file;
mod packet;

use std::collections::HashSet;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::time::{Duration, Instant, SystemTime};

use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag, SockProtocol, SockType,
    recvmsg, setsockopt, socket, sockopt,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::experiment::LabError;
use crate::place::Net;
use crate::report::Missing;
pub(crate) use file::as_pcapng;
pub(crate) use packet::{Packet, Transport};

/// The key of the sentence about what capturing needs: CAP_NET_RAW.
const NEEDS: &str = "lab-needs-capture";

/// How much the kernel keeps until it is taken: 4 MiB, as far as it allows so much.
const QUEUE_BYTES: usize = 4 << 20;

/// The largest packet: what IP carries at most, behind a link header.
const PACKET_BYTES_MAX: usize = 65_535 + 64;

/// The kernel's mark of a packet that leaves (`PACKET_OUTGOING`; packet(7)).
const OUTGOING: u8 = 4;

/// How long after a packet the next may come, while the last one is not there yet.
const SLICE_MS: u64 = 50;

/// Which packets are kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Of TCP and UDP: those from or to one of these ports. None named: all ports.
    pub(crate) ports: Vec<u16>,
    /// Those from or to one of these addresses. None named: all addresses.
    pub(crate) addresses: Vec<IpAddr>,
}

impl Filter {
    /// What goes to or comes from `port`.
    pub(crate) fn port(port: u16) -> Self {
        Self {
            ports: vec![port],
            addresses: Vec::new(),
        }
    }

    /// What goes to or comes from `address`, on its port.
    pub(crate) fn address(address: SocketAddr) -> Self {
        Self {
            ports: vec![address.port()],
            addresses: vec![address.ip()],
        }
    }
}

/// A capture that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Capture {
    socket: OwnedFd,
    interface: Option<String>,
    filter: Filter,
    /// Datagrams of which a first fragment passed the filter: the rest of them has no ports.
    datagrams: HashSet<(IpAddr, IpAddr, u32)>,
    /// One moment on both clocks: the kernel stamps packets by the one, calls are timed by the other.
    moment: (SystemTime, Instant),
    dropped: u32,
}

impl Capture {
    /// From now on keeps what passes `interface` of `net`, or each of its interfaces if none is
    /// named.
    pub(crate) fn start(
        net: &Net,
        interface: Option<&str>,
        filter: Filter,
    ) -> Result<Self, Missing> {
        let socket = net.run(|| open().map_err(LabError::of("open a packet socket")));
        let socket = socket.map_err(|error| Missing {
            needs: NEEDS,
            why: error.to_string(),
        })?;
        Ok(Self {
            socket,
            interface: interface.map(str::to_string),
            filter,
            datagrams: HashSet::new(),
            moment: (SystemTime::now(), Instant::now()),
            dropped: 0,
        })
    }

    /// What came since the start or the last call, in order. Waits until `enough` says so of it, at
    /// most for `wait`; then takes what else is there.
    pub(crate) fn take(
        &mut self,
        wait: Duration,
        enough: impl Fn(&[Packet]) -> bool,
    ) -> Result<Vec<Packet>, LabError> {
        let ends = Instant::now() + wait;
        let mut packets = Vec::new();
        loop {
            while let Some(packet) = self.next().map_err(LabError::of("read packets"))? {
                packets.extend(self.passes(&packet).then_some(packet));
            }
            let left = ends.saturating_duration_since(Instant::now());
            if left.is_zero() || enough(&packets) {
                return Ok(packets);
            }
            let left = left.min(Duration::from_millis(SLICE_MS));
            let mut ready = [PollFd::new(&self.socket, PollFlags::IN)];
            let timeout = Timespec::try_from(left).expect("it is short");
            poll(&mut ready, Some(&timeout))
                .map_err(|error| LabError::of("wait for packets")(error.into()))?;
        }
    }

    /// How many packets the kernel had no room for.
    pub(crate) fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The next packet of the interface, if one waits.
    fn next(&mut self) -> io::Result<Option<Packet>> {
        let mut bytes = vec![0; PACKET_BYTES_MAX];
        loop {
            let mut control = nix::cmsg_space!(nix::sys::time::TimeSpec, u32);
            let mut room = [IoSliceMut::new(&mut bytes)];
            let fd = self.socket.as_raw_fd();
            let flags = MsgFlags::MSG_DONTWAIT;
            let got = match recvmsg::<LinkAddr>(fd, &mut room, Some(&mut control), flags) {
                Ok(got) => got,
                Err(nix::errno::Errno::EAGAIN) => return Ok(None),
                Err(nix::errno::Errno::EINTR | nix::errno::Errno::ENETDOWN) => continue,
                Err(error) => return Err(error.into()),
            };
            let mut at = SystemTime::now();
            for message in got.cmsgs()? {
                match message {
                    ControlMessageOwned::ScmTimestampns(stamp) => {
                        at = SystemTime::UNIX_EPOCH + Duration::from(stamp);
                    }
                    ControlMessageOwned::RxqOvfl(count) => self.dropped = count,
                    _ => {}
                }
            }
            let Some(address) = got.address else { continue };
            let is_outgoing = address.pkttype() == OUTGOING;
            let count = got.bytes;
            let Some(interface) = self.interface_of(address.ifindex(), is_outgoing) else {
                continue;
            };
            let instant = self.instant(at);
            let bytes = bytes[..count].to_vec();
            return Ok(Some(Packet::new(
                at,
                instant,
                interface,
                is_outgoing,
                bytes,
            )));
        }
    }

    /// The name of the interface, if its packets are wanted. On loopback each packet is seen twice,
    /// as it leaves and as it comes: once is enough.
    fn interface_of(&self, index: usize, is_outgoing: bool) -> Option<String> {
        let index = u32::try_from(index).ok()?;
        let name = rustix::net::netdevice::index_to_name(self.socket.as_fd(), index).ok()?;
        let is_wanted = self.interface.as_ref().is_none_or(|wanted| *wanted == name);
        let is_echo = name == "lo" && is_outgoing;
        (is_wanted && !is_echo).then_some(name)
    }

    fn instant(&self, at: SystemTime) -> Instant {
        let (system, instant) = self.moment;
        match at.duration_since(system) {
            Ok(later) => instant + later,
            Err(earlier) => instant.checked_sub(earlier.duration()).unwrap_or(instant),
        }
    }

    fn passes(&mut self, packet: &Packet) -> bool {
        let Some(network) = &packet.network else {
            return self.filter.ports.is_empty() && self.filter.addresses.is_empty();
        };
        let (source, target) = (network.source, network.target);
        let named = &self.filter.addresses;
        let is_known = named.is_empty() || named.contains(&source) || named.contains(&target);
        let ports = &self.filter.ports;
        if ports.is_empty() || !is_known {
            return is_known;
        }
        let datagram = (source, target, network.identification);
        let Some((from, to)) = packet.ports() else {
            return network.is_fragment() && self.datagrams.contains(&datagram);
        };
        let passes = ports.contains(&from) || ports.contains(&to);
        if passes && network.is_fragment() {
            self.datagrams.insert(datagram);
        }
        passes
    }
}

fn open() -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = socket(
        AddressFamily::Packet,
        SockType::Raw,
        flags,
        SockProtocol::EthAll,
    )?;
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    setsockopt(&socket, sockopt::RxqOvfl, &1)?;
    // Where it may not, the kernel's own limit holds.
    if setsockopt(&socket, sockopt::RcvBufForce, &QUEUE_BYTES).is_err() {
        setsockopt(&socket, sockopt::RcvBuf, &QUEUE_BYTES)?;
    }
    Ok(socket)
}

#[cfg(test)]
mod tests;
