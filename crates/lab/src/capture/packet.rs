//! One packet, and its layers as far as they are known: Ethernet, IP, TCP or UDP.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;
use std::time::{Instant, SystemTime};

use etherparse::{
    Ipv4Slice, Ipv6ExtensionSlice, Ipv6Slice, LinkSlice, NetSlice, SlicedPacket, TcpSlice,
    TransportSlice, UdpHeaderSlice,
};

/// A packet as it passed an interface.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    /// When, by the kernel's stamp.
    pub(crate) at: SystemTime,
    /// The same moment on the clock by which calls are timed.
    pub(crate) instant: Instant,
    /// By which interface.
    pub(crate) interface: String,
    /// Whether it left there, and did not come.
    pub(crate) is_outgoing: bool,
    /// All of it, from the link's header on.
    pub(crate) bytes: Vec<u8>,
    pub(crate) link: Option<Link>,
    pub(crate) network: Option<Network>,
    pub(crate) transport: Option<Transport>,
    /// Where in `bytes` the application's bytes are, or those of a fragment.
    pub(crate) payload: Range<usize>,
}

/// The link's header: Ethernet's, which loopback has, too, all zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) range: Range<usize>,
    pub(crate) source: [u8; 6],
    pub(crate) target: [u8; 6],
    pub(crate) ether_type: u16,
}

/// The header of IPv4 or IPv6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) range: Range<usize>,
    pub(crate) source: IpAddr,
    pub(crate) target: IpAddr,
    /// What follows: 6 for TCP, 17 for UDP.
    pub(crate) protocol: u8,
    /// Through how many more routers it may go.
    pub(crate) hops: u8,
    /// The size of the whole IP packet.
    pub(crate) total_bytes: usize,
    /// By which fragments of one datagram are known.
    pub(crate) identification: u32,
    /// Of a fragment: where its bytes belong in the datagram.
    pub(crate) offset_bytes: usize,
    /// Whether more fragments of the datagram follow.
    pub(crate) more_fragments: bool,
}

/// The header of UDP or TCP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transport {
    pub(crate) range: Range<usize>,
    pub(crate) source_port: u16,
    pub(crate) target_port: u16,
    /// Of TCP alone.
    pub(crate) tcp: Option<Tcp>,
}

/// What TCP's header has beyond ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tcp {
    pub(crate) flags: Flags,
    pub(crate) sequence: u32,
    pub(crate) acknowledgment: u32,
    pub(crate) window: u16,
}

/// The flags of TCP that say what a segment is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    pub(crate) syn: bool,
    pub(crate) fin: bool,
    pub(crate) rst: bool,
    pub(crate) psh: bool,
    pub(crate) ack: bool,
}

impl fmt::Display for Flags {
    /// `SYN ACK`
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [
            (self.syn, "SYN"),
            (self.fin, "FIN"),
            (self.rst, "RST"),
            (self.psh, "PSH"),
            (self.ack, "ACK"),
        ];
        let set = flags.iter().filter(|(is_set, _)| *is_set);
        to.write_str(&set.map(|(_, name)| *name).collect::<Vec<_>>().join(" "))
    }
}

impl Network {
    /// Whether it carries a part of a datagram only.
    pub(crate) fn is_fragment(&self) -> bool {
        self.more_fragments || self.offset_bytes > 0
    }
}

impl Packet {
    pub(super) fn new(
        at: SystemTime,
        instant: Instant,
        interface: String,
        is_outgoing: bool,
        bytes: Vec<u8>,
    ) -> Self {
        let mut packet = Self {
            at,
            instant,
            interface,
            is_outgoing,
            payload: bytes.len()..bytes.len(),
            bytes,
            link: None,
            network: None,
            transport: None,
        };
        packet.peel();
        packet
    }

    /// The ports it comes from and goes to.
    pub(crate) fn ports(&self) -> Option<(u16, u16)> {
        let transport = self.transport.as_ref()?;
        Some((transport.source_port, transport.target_port))
    }

    /// TCP's flags; none of a packet that is not TCP.
    pub(crate) fn flags(&self) -> Flags {
        let tcp = self.transport.as_ref().and_then(|it| it.tcp.as_ref());
        tcp.map_or_else(Flags::default, |tcp| tcp.flags)
    }

    /// The application's bytes in it, or those of a fragment.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.bytes[self.payload.clone()]
    }

    /// What it is in a few words, the same in every language: `SYN ACK`, `PSH ACK 25`, `UDP 5`,
    /// `fragment 1480+1480`.
    pub(crate) fn label(&self) -> String {
        let count = self.payload.len();
        match (&self.network, &self.transport) {
            (Some(network), _) if network.is_fragment() => {
                format!("fragment {}+{}", network.offset_bytes, self.ip_payload())
            }
            (_, Some(Transport { tcp: Some(tcp), .. })) if count == 0 => tcp.flags.to_string(),
            (_, Some(Transport { tcp: Some(tcp), .. })) => format!("{} {count}", tcp.flags),
            (_, Some(_)) => format!("UDP {count}"),
            (Some(network), None) => format!("IP {}", network.protocol),
            _ => format!("{} bytes", self.bytes.len()),
        }
    }

    /// How many bytes IP carries in it.
    pub(crate) fn ip_payload(&self) -> usize {
        let network = self.network.as_ref();
        network.map_or(0, |it| it.total_bytes.saturating_sub(it.range.len()))
    }

    fn peel(&mut self) {
        let Ok(sliced) = SlicedPacket::from_ethernet(&self.bytes) else {
            return;
        };
        let whole = &self.bytes[..];
        if let Some(LinkSlice::Ethernet2(slice)) = &sliced.link {
            self.link = Some(Link {
                range: range(whole, &slice.slice()[..14]),
                source: slice.source(),
                target: slice.destination(),
                ether_type: slice.ether_type().0,
            });
        }
        let (network, inner) = match &sliced.net {
            Some(NetSlice::Ipv4(slice)) => (v4(whole, slice), slice.payload().payload),
            Some(NetSlice::Ipv6(slice)) => (v6(whole, slice), slice.payload().payload),
            _ => return,
        };
        let is_first_of_udp = network.protocol == UDP && network.offset_bytes == 0;
        self.network = Some(network);
        let (transport, payload) = match &sliced.transport {
            Some(TransportSlice::Tcp(slice)) => (tcp(whole, slice), slice.payload()),
            Some(TransportSlice::Udp(slice)) => (udp(whole, slice.header_slice()), slice.payload()),
            // The first fragment of a datagram has its header, too.
            _ => match UdpHeaderSlice::from_slice(inner) {
                Ok(slice) if is_first_of_udp => {
                    (udp(whole, slice.slice()), &inner[slice.slice().len()..])
                }
                _ => {
                    self.payload = range(whole, inner);
                    return;
                }
            },
        };
        self.transport = Some(transport);
        self.payload = range(whole, payload);
    }
}

/// UDP, as IP's header names what follows.
const UDP: u8 = 17;

/// Where in `whole` its `part` is.
fn range(whole: &[u8], part: &[u8]) -> Range<usize> {
    let from = part.as_ptr().addr() - whole.as_ptr().addr();
    from..from + part.len()
}

fn v4(whole: &[u8], slice: &Ipv4Slice<'_>) -> Network {
    let header = slice.header();
    Network {
        range: range(whole, header.slice()),
        source: header.source_addr().into(),
        target: header.destination_addr().into(),
        protocol: header.protocol().0,
        hops: header.ttl(),
        total_bytes: header.total_len().into(),
        identification: header.identification().into(),
        offset_bytes: usize::from(header.fragments_offset().value()) * 8,
        more_fragments: header.more_fragments(),
    }
}

fn v6(whole: &[u8], slice: &Ipv6Slice<'_>) -> Network {
    let header = slice.header();
    let mut network = Network {
        range: range(whole, header.slice()),
        source: header.source_addr().into(),
        target: header.destination_addr().into(),
        protocol: slice.payload().ip_number.0,
        hops: header.hop_limit(),
        total_bytes: header.slice().len() + usize::from(header.payload_length()),
        identification: 0,
        offset_bytes: 0,
        more_fragments: false,
    };
    for extension in slice.extensions().clone() {
        if let Ipv6ExtensionSlice::Fragment(fragment) = extension {
            network.range.end += fragment.slice().len();
            network.identification = fragment.identification();
            network.offset_bytes = usize::from(fragment.fragment_offset().value()) * 8;
            network.more_fragments = fragment.more_fragments();
        }
    }
    network
}

fn tcp(whole: &[u8], slice: &TcpSlice<'_>) -> Transport {
    let flags = Flags {
        syn: slice.syn(),
        fin: slice.fin(),
        rst: slice.rst(),
        psh: slice.psh(),
        ack: slice.ack(),
    };
    Transport {
        range: range(whole, slice.header_slice()),
        source_port: slice.source_port(),
        target_port: slice.destination_port(),
        tcp: Some(Tcp {
            flags,
            sequence: slice.sequence_number(),
            acknowledgment: slice.acknowledgment_number(),
            window: slice.window_size(),
        }),
    }
}

fn udp(whole: &[u8], header: &[u8]) -> Transport {
    let port = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    Transport {
        range: range(whole, header),
        source_port: port(0),
        target_port: port(2),
        tcp: None,
    }
}
