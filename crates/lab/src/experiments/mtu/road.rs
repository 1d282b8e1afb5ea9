//! Between two ends of a place: what becomes of a datagram of a given size. It does not know why one
//! asks.

use socket2::Socket;

use super::addresses;
use crate::capture::{Capture, Filter, Packet};
use crate::datagrams::{self, WAIT, outcome};
use crate::experiment::LabError;
use crate::place::{CABLE_MTU, End, Place};
use crate::report::Missing;

/// More than any datagram can have.
const BEYOND: usize = 70_000;

/// A reader and a sender, and what passes before the reader.
pub(super) struct Road {
    reader: Socket,
    sender: Socket,
    capture: Option<Capture>,
    is_v6: bool,
    mtu: Option<usize>,
    /// Why nothing is captured.
    pub(super) missing: Option<Missing>,
    /// What was.
    pub(super) captured: Vec<Packet>,
}

/// One datagram's fate.
pub(super) struct Trial {
    pub(super) payload: usize,
    /// What `send` returned.
    pub(super) sent: String,
    /// How many IP packets it became, if they could be seen.
    pub(super) packets: Option<usize>,
    /// The largest of them, with IP's header.
    pub(super) largest_packet: Option<usize>,
    /// How many bytes the reader read, if it was sent.
    pub(super) arrived: Option<usize>,
}

/// The largest payloads.
pub(super) struct Limits {
    /// What the interface carries in one piece, as the kernel says.
    pub(super) mtu: Option<usize>,
    /// That leaves in one packet, if packets could be seen.
    pub(super) whole: Option<usize>,
    /// That is sent where fragments are forbidden.
    pub(super) unfragmented: usize,
    /// That is sent at all.
    pub(super) largest: usize,
}

impl Road {
    pub(super) fn new(place: &Place, is_v6: bool) -> Result<Self, LabError> {
        let [there, here] = &place.ends;
        let nets = [&there.net, &here.net];
        let (reader, sender) = datagrams::connected(nets, addresses(place, is_v6))?;
        let address = datagrams::address_of(&reader)?;
        let filter = Filter::address(address);
        let capture = Capture::start(&there.net, Some(there.interface), filter);
        let (capture, missing) = match capture {
            Ok(capture) => (Some(capture), None),
            Err(missing) => (None, Some(missing)),
        };
        Ok(Self {
            reader,
            sender,
            capture,
            is_v6,
            mtu: mtu(here),
            missing,
            captured: Vec::new(),
        })
    }

    /// Sends a datagram, reads it, and counts its packets.
    pub(super) fn try_payload(&mut self, payload: usize) -> Result<Trial, LabError> {
        let sent = self.sender.send(&vec![b'x'; payload]);
        let mut trial = Trial {
            payload,
            sent: outcome(&sent),
            packets: None,
            largest_packet: None,
            arrived: None,
        };
        if sent.is_err() {
            return Ok(trial);
        }
        let mut buffer = vec![0; BEYOND];
        let arrived = rustix::io::retry_on_intr(|| {
            rustix::net::recv(
                &self.reader,
                &mut buffer[..],
                rustix::net::RecvFlags::empty(),
            )
        });
        let (arrived, _) = arrived.map_err(|error| LabError::of("recv")(error.into()))?;
        trial.arrived = Some(arrived);
        if let Some(capture) = &mut self.capture {
            let is_last = |packet: &Packet| {
                let network = packet.network.as_ref();
                network.is_some_and(|it| !it.more_fragments)
            };
            let packets = capture.take(WAIT, |all| all.iter().any(is_last))?;
            if capture.dropped() > 0 {
                let sentence = "the kernel had no room for a captured packet";
                return Err(LabError::Unexpected(sentence.into()));
            }
            let sizes = packets
                .iter()
                .filter_map(|it| Some(it.network.as_ref()?.total_bytes));
            trial.packets = Some(packets.len());
            trial.largest_packet = sizes.max();
            self.captured.extend(packets);
        }
        Ok(trial)
    }

    /// Finds the largest payloads by halving what is left.
    pub(super) fn limits(&mut self) -> Result<Limits, LabError> {
        let largest = largest(BEYOND, |payload| {
            Ok(self.try_payload(payload)?.arrived.is_some())
        })?;
        let whole = match self.capture {
            Some(_) => Some(self::largest(largest + 1, |payload| {
                Ok(self.try_payload(payload)?.packets == Some(1))
            })?),
            None => None,
        };
        self.forbid_fragments()?;
        let unfragmented = self::largest(BEYOND, |payload| {
            Ok(self.try_payload(payload)?.arrived.is_some())
        })?;
        Ok(Limits {
            mtu: self.mtu,
            whole,
            unfragmented,
            largest,
        })
    }

    fn forbid_fragments(&self) -> Result<(), LabError> {
        use rustix::net::sockopt;
        let set = match self.is_v6 {
            true => sockopt::set_ipv6_mtu_discover(&self.sender, sockopt::Ipv6PathMtuDiscovery::DO),
            false => sockopt::set_ip_mtu_discover(&self.sender, sockopt::Ipv4PathMtuDiscovery::DO),
        };
        set.map_err(|error| LabError::of("set IP_MTU_DISCOVER")(error.into()))
    }
}

/// The MTU of the interface that leads to the other end.
fn mtu(end: &End) -> Option<usize> {
    if end.interface != "lo" {
        return Some(CABLE_MTU);
    }
    // The folder may show another namespace: a loopback is the same in each.
    let text = std::fs::read_to_string("/sys/class/net/lo/mtu").ok()?;
    text.trim().parse().ok()
}

/// The largest number below `end` for which `holds`; it holds up to there, and for 0.
fn largest(
    end: usize,
    mut holds: impl FnMut(usize) -> Result<bool, LabError>,
) -> Result<usize, LabError> {
    let (mut good, mut bad) = (0, end);
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        if holds(middle)? {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Ok(good)
}
