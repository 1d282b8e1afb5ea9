//! Packets of an experiment as a file for Wireshark and its like.

use std::time::{Duration, SystemTime};

use landline_line::pcapng::{Link, Packets, Way};

use super::Packet;

/// The bytes of a file with these packets, in the order of their times.
pub(crate) fn as_pcapng(packets: &[Packet]) -> Vec<u8> {
    let mut packets: Vec<&Packet> = packets.iter().collect();
    packets.sort_by_key(|packet| packet.at);
    let mut names: Vec<&str> = Vec::new();
    let mut file = Packets::new("landline lab", None);
    for packet in packets {
        let known = names.iter().position(|name| *name == packet.interface);
        let interface = match known {
            Some(number) => u32::try_from(number).unwrap_or_default(),
            None => {
                names.push(&packet.interface);
                file.interface(&packet.interface, None, Link::Ethernet)
            }
        };
        let since = packet.at.duration_since(SystemTime::UNIX_EPOCH);
        let way = if packet.is_outgoing {
            Way::Out
        } else {
            Way::In
        };
        file.packet(
            interface,
            since.unwrap_or(Duration::ZERO),
            way,
            &packet.bytes,
        );
    }
    file.take()
}
