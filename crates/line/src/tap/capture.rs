//! What passed as a capture that Wireshark reads (pcapng): a packet for each read and write of the
//! tap, each side of it an interface of its own. What has no room in one packet is never lost in
//! silence. It makes bytes, and does not know where they go.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::moves::Direction;
use super::packet::{ACK, FIN, Flow, PSH, RST, SYN};
use super::record::{Ends, Event, What};
use super::rules::StopKind;
use crate::pcapng::{Link, Packet, Packets, Way};

/// The line to the client as an interface of the capture.
const CLIENT_SIDE: u32 = 0;

/// The line to the target.
const TARGET_SIDE: u32 = 1;

/// A capture that goes on from event to event. It holds 200 bytes for each open connection.
pub struct Capture {
    packets: Packets,
    start: SystemTime,
    flows: HashMap<u64, Flows>,
}

struct Flows {
    sides: [Flow; 2],
    is_datagram: bool,
}

impl Capture {
    /// A capture of a tap that started at `start`, between `listen` and `target`, as a person calls
    /// them. Its first bytes wait to be taken.
    pub fn new(start: SystemTime, listen: &str, target: &str) -> Self {
        let comment = "reads and writes of landline tap, which made the headers around them";
        let mut packets = Packets::new("landline tap", Some(comment));
        for (name, place) in [("client side", listen), ("target side", target)] {
            packets.interface(name, Some(place), Link::Ip);
        }
        Self {
            packets,
            start,
            flows: HashMap::new(),
        }
    }

    /// The bytes of whole blocks that came since the last call: what is appended to the file.
    pub fn take(&mut self) -> Vec<u8> {
        self.packets.take()
    }

    /// Takes one event.
    pub fn handle_event(&mut self, event: &Event<'_>) {
        let Event {
            at,
            connection,
            what,
        } = *event;
        match what {
            What::Opened(ends) => self.open(at, connection, ends),
            What::Read(direction, bytes) => {
                self.passed(at, connection, direction, Way::In, PSH | ACK, bytes);
            }
            What::Write(direction, bytes) => {
                self.passed(at, connection, direction, Way::Out, PSH | ACK, bytes);
            }
            What::Ended(direction) => {
                self.mark(at, connection, direction, Way::In, FIN | ACK);
                self.mark(at, connection, direction, Way::Out, FIN | ACK);
            }
            What::Broken(direction) => {
                self.mark(at, connection, direction, Way::In, RST | ACK);
                self.mark(at, connection, direction, Way::Out, RST | ACK);
            }
            What::Stopped(direction, StopKind::Cut) => {
                self.mark(at, connection, direction, Way::Out, FIN | ACK);
            }
            What::Stopped(direction, StopKind::Reset) => {
                self.mark(at, connection, direction, Way::Out, RST | ACK);
                self.mark(at, connection, direction.back(), Way::Out, RST | ACK);
            }
            What::Closed => drop(self.flows.remove(&connection)),
            _ => {}
        }
    }

    /// The three packets of a handshake on either side.
    fn open(&mut self, at: Duration, connection: u64, ends: &Ends) {
        let made_up = |host: u8, port: u16| (Ipv4Addr::new(192, 0, 2, host), port).into();
        let number = 1024 + (connection % 60_000) as u16;
        // Lines without IP addresses get those that are kept for examples (RFC 5737).
        let side = |known: Option<(SocketAddr, SocketAddr)>, hosts: [u8; 2]| {
            let (caller, answerer) =
                known.unwrap_or_else(|| (made_up(hosts[0], number), made_up(hosts[1], 1)));
            Flow::new(caller, answerer)
        };
        let sides = [
            side(ends.client_side, [1, 2]),
            side(ends.target_side, [3, 4]),
        ];
        let is_datagram = ends.is_datagram;
        self.flows.insert(connection, Flows { sides, is_datagram });
        let (up, down) = (Direction::ToServer, Direction::ToClient);
        self.mark(at, connection, up, Way::In, SYN);
        self.mark(at, connection, down, Way::Out, SYN | ACK);
        self.mark(at, connection, up, Way::In, ACK);
        self.mark(at, connection, up, Way::Out, SYN);
        self.mark(at, connection, down, Way::In, SYN | ACK);
        self.mark(at, connection, up, Way::Out, ACK);
    }

    /// A packet that only streams have.
    fn mark(&mut self, at: Duration, connection: u64, direction: Direction, way: Way, flags: u8) {
        let flows = self.flows.get(&connection);
        if flows.is_some_and(|flows| !flows.is_datagram) {
            self.passed(at, connection, direction, way, flags, b"");
        }
    }

    /// A packet that came into the tap or went out of it.
    fn passed(
        &mut self,
        at: Duration,
        connection: u64,
        direction: Direction,
        way: Way,
        flags: u8,
        bytes: &[u8],
    ) {
        let Some(flows) = self.flows.get_mut(&connection) else {
            return;
        };
        let interface_id = match (direction, way) {
            (Direction::ToServer, Way::In) | (Direction::ToClient, Way::Out) => CLIENT_SIDE,
            _ => TARGET_SIDE,
        };
        let from_caller = direction == Direction::ToServer;
        let flow = &mut flows.sides[interface_id as usize];
        let made = match flows.is_datagram {
            true => vec![datagram(flow, from_caller, bytes)],
            false => segments(flow, from_caller, flags, bytes),
        };
        let since_epoch = self.start.duration_since(UNIX_EPOCH).unwrap_or_default();
        for made in made {
            self.packets.add(&Packet {
                interface: interface_id,
                at: since_epoch + at,
                way,
                bytes: &made.bytes,
                missing_bytes: made.missing_bytes,
                comment: made.comment.as_deref(),
            });
        }
    }
}

/// A packet, and what is to be said of it.
struct Made {
    bytes: Vec<u8>,
    missing_bytes: usize,
    comment: Option<String>,
}

/// The packet of one datagram. One that is longer than a packet can tell, which none on UDP is, is
/// kept as far as there is room, with its true length beside it.
fn datagram(flow: &mut Flow, from_caller: bool, bytes: &[u8]) -> Made {
    let (kept, missing) = bytes.split_at(bytes.len().min(flow.udp_bytes_max()));
    let comment = (!missing.is_empty()).then(|| {
        let (kept, all) = (kept.len(), bytes.len());
        format!("a datagram of {all} bytes, of which the first {kept} have room in a packet")
    });
    Made {
        bytes: flow.udp(from_caller, kept),
        missing_bytes: missing.len(),
        comment,
    }
}

/// The packets of one read or write of a stream, mostly one. A write that was joined may be a little
/// longer than a packet: the rest of its bytes follow in another, as they would on a wire.
fn segments(flow: &mut Flow, from_caller: bool, flags: u8, bytes: &[u8]) -> Vec<Made> {
    let bytes_max = flow.tcp_bytes_max();
    let (mut made, mut rest) = (Vec::new(), bytes);
    while rest.len() > bytes_max {
        let (front, more) = rest.split_at(bytes_max);
        rest = more;
        let all = bytes.len();
        made.push(Made {
            bytes: flow.tcp(from_caller, flags & !PSH, front),
            missing_bytes: 0,
            comment: Some(format!("of {all} bytes at once; the next packet goes on")),
        });
    }
    made.push(Made {
        bytes: flow.tcp(from_caller, flags, rest),
        missing_bytes: 0,
        comment: None,
    });
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pcapng;

    #[test]
    fn each_read_and_write_is_a_packet_of_its_side() {
        let start = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let mut capture = Capture::new(start, "tcp://127.0.0.1:1", "unix:/tmp/x");
        let mut bytes = capture.take();
        let ends = Ends {
            client_side: Some((
                "127.0.0.1:5".parse().unwrap(),
                "127.0.0.1:1".parse().unwrap(),
            )),
            ..Ends::default()
        };
        for what in [
            What::Opened(&ends),
            What::Read(Direction::ToServer, b"hello"),
            What::Write(Direction::ToServer, b"he"),
            What::Write(Direction::ToServer, b"llo"),
            What::Ended(Direction::ToServer),
            What::Closed,
            What::Read(Direction::ToServer, b"of nobody"),
        ] {
            capture.handle_event(&Event {
                at: Duration::from_micros(7),
                connection: 1,
                what,
            });
            bytes.extend(capture.take());
        }
        let packets = pcapng::read(&bytes);
        assert_eq!(packets.len(), 6 + 3 + 2);
        assert!(
            packets
                .iter()
                .all(|it| it.1 == Duration::new(1_700_000_000, 7_000))
        );
        let with_bytes: Vec<_> = packets
            .iter()
            .filter(|it| it.2.len() > 40)
            .map(|it| (it.0, &it.2[40..]))
            .collect();
        assert_eq!(with_bytes, [(0, &b"hello"[..]), (1, b"he"), (1, b"llo")]);
        assert!(capture.flows.is_empty());
    }

    /// What a capture holds of `what`: each packet's bytes behind headers of `headers` bytes.
    fn kept(is_datagram: bool, headers: usize, what: What<'_>) -> Vec<Vec<u8>> {
        let mut capture = Capture::new(UNIX_EPOCH, "unix:a", "unix:b");
        let ends = Ends {
            is_datagram,
            ..Ends::default()
        };
        let mut bytes = capture.take();
        for what in [What::Opened(&ends), what] {
            capture.handle_event(&Event {
                at: Duration::ZERO,
                connection: 1,
                what,
            });
            bytes.extend(capture.take());
        }
        let packets = pcapng::read(&bytes).into_iter();
        let with_bytes = packets.filter(|it| it.2.len() > headers);
        with_bytes.map(|it| it.2[headers..].to_vec()).collect()
    }

    #[test]
    fn a_joined_write_that_is_longer_than_a_packet_loses_nothing() {
        let bytes: Vec<u8> = (0..65_536_u32).map(|number| number as u8).collect();
        let kept = kept(false, 40, What::Write(Direction::ToClient, &bytes));
        let lengths: Vec<_> = kept.iter().map(Vec::len).collect();
        assert_eq!(lengths, [65_495, 41]);
        assert_eq!(kept.concat(), bytes);
    }

    #[test]
    fn the_longest_datagram_is_kept_whole() {
        let kept = kept(true, 28, What::Read(Direction::ToServer, &[7; 65_507]));
        assert_eq!(kept, [vec![7; 65_507]]);
    }
}
