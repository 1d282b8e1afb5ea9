//! IP packets that a capture shows: headers with the real addresses and numbers that run on, around
//! bytes that passed. None of them was ever on a wire.

use std::net::{IpAddr, SocketAddr};

/// The most that the length in a header of IP tells: of IPv4 with that header, of IPv6 without it.
const LENGTH_MAX: usize = 65_535;

const IPV4_HEADER_BYTES: usize = 20;
const TCP_HEADER_BYTES: usize = 20;
const UDP_HEADER_BYTES: usize = 8;

const PROTOCOL_TCP: u8 = 6;
const PROTOCOL_UDP: u8 = 17;

/// Bits of a TCP header (RFC 9293, 3.1).
pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const PSH: u8 = 0x08;
pub(super) const ACK: u8 = 0x10;

/// One line between who called and who answered, as a capture follows it.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    caller: End,
    answerer: End,
}

#[derive(Clone, Debug)]
struct End {
    address: SocketAddr,
    /// The number of the next byte that it sends.
    next: u32,
}

impl Flow {
    /// A line before its first packet. Both ends get addresses of one family.
    pub(super) fn new(caller: SocketAddr, answerer: SocketAddr) -> Self {
        let (mut caller, mut answerer) = (plain(caller), plain(answerer));
        if caller.is_ipv4() != answerer.is_ipv4() {
            (caller, answerer) = (as_v6(caller), as_v6(answerer));
        }
        let end = |address| End { address, next: 0 };
        Self {
            caller: end(caller),
            answerer: end(answerer),
        }
    }

    /// The most bytes that one packet of TCP holds: 65,495 over IPv4, 65,515 over IPv6.
    pub(super) fn tcp_bytes_max(&self) -> usize {
        self.body_bytes_max() - TCP_HEADER_BYTES
    }

    /// The most bytes that one packet of UDP holds, which are all that a socket of UDP sends: 65,507
    /// over IPv4, 65,527 over IPv6. Datagrams of other lines may be longer.
    pub(super) fn udp_bytes_max(&self) -> usize {
        self.body_bytes_max() - UDP_HEADER_BYTES
    }

    fn body_bytes_max(&self) -> usize {
        match self.caller.address.is_ipv4() {
            true => LENGTH_MAX - IPV4_HEADER_BYTES,
            false => LENGTH_MAX,
        }
    }

    /// A packet of TCP with `flags`, from the caller or to it. It has room for `payload`.
    pub(super) fn tcp(&mut self, from_caller: bool, flags: u8, payload: &[u8]) -> Vec<u8> {
        let (from, to) = self.ends(from_caller);
        let acknowledged = if flags & ACK == 0 { 0 } else { to.next };
        let mut segment = Vec::with_capacity(TCP_HEADER_BYTES + payload.len());
        segment.extend(from.address.port().to_be_bytes());
        segment.extend(to.address.port().to_be_bytes());
        segment.extend(from.next.to_be_bytes());
        segment.extend(acknowledged.to_be_bytes());
        // Five words of header; a window that is never in the way; the checksum comes last.
        segment.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        segment.extend(payload);
        let marks = u32::from(flags & (SYN | FIN) != 0);
        from.next = from.next.wrapping_add(payload.len() as u32 + marks);
        let (from, to) = (from.address, to.address);
        packet(from.ip(), to.ip(), PROTOCOL_TCP, 16, segment)
    }

    /// A packet of UDP, from the caller or to it. It has room for `payload`.
    pub(super) fn udp(&mut self, from_caller: bool, payload: &[u8]) -> Vec<u8> {
        let (from, to) = self.ends(from_caller);
        let mut datagram = Vec::with_capacity(UDP_HEADER_BYTES + payload.len());
        datagram.extend(from.address.port().to_be_bytes());
        datagram.extend(to.address.port().to_be_bytes());
        datagram.extend(((UDP_HEADER_BYTES + payload.len()) as u16).to_be_bytes());
        datagram.extend([0, 0]);
        datagram.extend(payload);
        let (from, to) = (from.address, to.address);
        packet(from.ip(), to.ip(), PROTOCOL_UDP, 6, datagram)
    }

    fn ends(&mut self, from_caller: bool) -> (&mut End, &mut End) {
        match from_caller {
            true => (&mut self.caller, &mut self.answerer),
            false => (&mut self.answerer, &mut self.caller),
        }
    }
}

/// What goes over IPv4 to a socket of IPv6 is shown as what it is.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn as_v6(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) => SocketAddr::new(ip.to_ipv6_mapped().into(), address.port()),
        IpAddr::V6(_) => address,
    }
}

/// `body`, whose checksum stands at `place`, behind a header of IP.
fn packet(from: IpAddr, to: IpAddr, protocol: u8, place: usize, mut body: Vec<u8>) -> Vec<u8> {
    let (mut head, pseudo) = match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let ends = [from.octets(), to.octets()].concat();
            let length = ((IPV4_HEADER_BYTES + body.len()) as u16).to_be_bytes();
            let mut head = vec![
                0x45, 0, length[0], length[1], 0, 0, 0x40, 0, 64, protocol, 0, 0,
            ];
            head.extend(&ends);
            let sum = checksum(&[&head]).to_be_bytes();
            head[10..12].copy_from_slice(&sum);
            (head, ends)
        }
        (from, to) => {
            let octets = |ip| match ip {
                IpAddr::V4(ip) => std::net::Ipv4Addr::to_ipv6_mapped(&ip).octets(),
                IpAddr::V6(ip) => ip.octets(),
            };
            let ends = [octets(from), octets(to)].concat();
            let length = (body.len() as u16).to_be_bytes();
            let mut head = vec![0x60, 0, 0, 0, length[0], length[1], protocol, 64];
            head.extend(&ends);
            (head, ends)
        }
    };
    let length = (body.len() as u16).to_be_bytes();
    let sum = checksum(&[&pseudo, &[0, protocol], &length, &body]);
    // A sum of 0 means none in UDP (RFC 768), and 0xffff is the same number.
    let sum = if sum == 0 { 0xffff } else { sum };
    body[place..place + 2].copy_from_slice(&sum.to_be_bytes());
    head.extend(body);
    head
}

/// The checksum of the internet (RFC 1071). All parts but the last have an even length.
fn checksum(parts: &[&[u8]]) -> u16 {
    let mut sum = 0_u64;
    for part in parts {
        for pair in part.chunks(2) {
            let low = pair.get(1).copied().unwrap_or(0);
            sum += u64::from(u16::from_be_bytes([pair[0], low]));
        }
    }
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(caller: &str, answerer: &str) -> Flow {
        Flow::new(caller.parse().unwrap(), answerer.parse().unwrap())
    }

    #[test]
    fn a_header_is_that_of_the_textbook() {
        // The example of RFC 1071's companion texts: the sum of a header with its own sum is 0.
        let packet = flow("127.0.0.1:40000", "127.0.0.1:80").tcp(true, SYN, b"");
        assert_eq!(checksum(&[&packet[..20]]), 0);
        assert_eq!(packet.len(), 40);
        let pseudo = [&packet[12..20], &[0, PROTOCOL_TCP, 0, 20]].concat();
        assert_eq!(checksum(&[&pseudo, &packet[20..]]), 0);
    }

    #[test]
    fn numbers_run_on_in_both_directions() {
        let mut flow = flow("[::1]:40000", "[::1]:80");
        let numbers = |packet: Vec<u8>| {
            let at = |from: usize| u32::from_be_bytes(packet[from..from + 4].try_into().unwrap());
            (at(44), at(48))
        };
        assert_eq!(numbers(flow.tcp(true, SYN, b"")), (0, 0));
        assert_eq!(numbers(flow.tcp(false, SYN | ACK, b"")), (0, 1));
        assert_eq!(numbers(flow.tcp(true, PSH | ACK, b"hello")), (1, 1));
        assert_eq!(numbers(flow.tcp(false, PSH | ACK, b"hi")), (1, 6));
        assert_eq!(numbers(flow.tcp(true, FIN | ACK, b"")), (6, 3));
        assert_eq!(numbers(flow.tcp(false, ACK, b"")), (3, 7));
    }

    #[test]
    fn ends_of_two_families_meet_in_one() {
        let mut mixed = flow("[::ffff:127.0.0.1]:1", "127.0.0.1:2");
        assert_eq!(mixed.udp(true, b"x")[0] >> 4, 4);
        let mut mixed = flow("[::1]:1", "127.0.0.1:2");
        assert_eq!(mixed.udp(true, b"x")[0] >> 4, 6);
    }

    #[test]
    fn a_packet_holds_what_its_lengths_can_tell() {
        let check = |mut flow: Flow, tcp: usize, udp: usize| {
            assert_eq!((flow.tcp_bytes_max(), flow.udp_bytes_max()), (tcp, udp));
            let headers = flow.udp(true, b"").len();
            assert_eq!(flow.udp(true, &vec![7; udp]).len(), headers + udp);
            flow.tcp(true, PSH | ACK, &vec![7; tcp])
        };
        let packet = check(flow("127.0.0.1:1", "127.0.0.1:2"), 65_495, 65_507);
        assert_eq!((packet.len(), &packet[2..4]), (65_535, &[255, 255][..]));
        let packet = check(flow("[::1]:1", "[::1]:2"), 65_515, 65_527);
        assert_eq!((packet.len(), &packet[4..6]), (65_575, &[255, 255][..]));
    }
}
