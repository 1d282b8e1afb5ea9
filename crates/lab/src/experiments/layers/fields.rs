//! The fields of a packet's headers, one after the other, each with what it is for. It knows the
//! layouts of Ethernet, IPv4 (RFC 791), TCP (RFC 9293) and UDP (RFC 768).

use std::net::Ipv4Addr;
use std::ops::Range;

use super::v4;
use crate::capture::{Packet, Transport};

/// One field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The key of its layer.
    pub(super) layer: &'static str,
    /// Its name, as the standard has it.
    pub(super) name: &'static str,
    /// Where in the packet.
    pub(super) range: Range<usize>,
    /// What stands there.
    pub(super) value: String,
    /// The key of what it is for.
    pub(super) meaning: &'static str,
}

impl Field {
    /// For a picture: where, and what.
    pub(super) fn named(&self) -> (Range<usize>, String) {
        (self.range.clone(), format!("{} {}", self.name, self.value))
    }
}

/// All fields of a packet, from the first byte to the last.
pub(super) fn peel(packet: &Packet) -> Vec<Field> {
    let mut peeling = Peeling {
        bytes: &packet.bytes,
        at: 0,
        layer: "lab-layers-link",
        fields: Vec::new(),
    };
    if packet.link.is_some() {
        peeling.link();
    }
    if packet.network.is_some() {
        peeling.network();
    }
    if let Some(transport) = &packet.transport {
        let checksum = match checksum_holds(packet, transport) {
            true => "lab-layers-checksum",
            false => "lab-layers-checksum-left",
        };
        match transport.tcp {
            Some(_) => peeling.tcp(transport.range.end, checksum),
            None => peeling.udp(checksum),
        }
    }
    peeling.application(packet.payload.end);
    peeling.fields
}

/// An address of a card as it is written: `02:00:00:00:00:2a`.
pub(super) fn mac(address: [u8; 6]) -> String {
    address.map(|byte| format!("{byte:02x}")).join(":")
}

/// From which card a packet came.
pub(super) fn source_mac(packet: &Packet) -> Option<String> {
    packet.link.as_ref().map(|link| mac(link.source))
}

/// Goes through the bytes, field by field.
struct Peeling<'a> {
    bytes: &'a [u8],
    at: usize,
    layer: &'static str,
    fields: Vec<Field>,
}

impl Peeling<'_> {
    fn field(
        &mut self,
        size: usize,
        name: &'static str,
        meaning: &'static str,
        value: impl FnOnce(&[u8]) -> String,
    ) {
        let range = self.at..(self.at + size).min(self.bytes.len());
        self.at = range.end;
        let value = value(&self.bytes[range.clone()]);
        self.fields.push(Field {
            layer: self.layer,
            name,
            range,
            value,
            meaning,
        });
    }

    fn link(&mut self) {
        self.layer = "lab-layers-link";
        self.field(6, "target MAC", "lab-layers-mac-target", dashed);
        self.field(6, "source MAC", "lab-layers-mac-source", dashed);
        self.field(2, "type", "lab-layers-type", |it| match number(it) {
            0x0800 => "IPv4".to_string(),
            other => format!("{other:#06x}"),
        });
    }

    fn network(&mut self) {
        self.layer = "lab-layers-network";
        self.field(1, "version, IHL", "lab-layers-version", |it| {
            format!("{}, {} bytes", it[0] >> 4, (it[0] & 15) * 4)
        });
        self.field(1, "DSCP, ECN", "lab-layers-dscp", decimal);
        self.field(2, "total length", "lab-layers-total", decimal);
        self.field(2, "identification", "lab-layers-identification", decimal);
        self.field(2, "flags, offset", "lab-layers-fragment", |it| {
            let word = number(it);
            let flag = match (word & 0x4000 != 0, word & 0x2000 != 0) {
                (true, _) => "DF, ",
                (_, true) => "MF, ",
                _ => "",
            };
            format!("{flag}{}", (word & 0x1fff) * 8)
        });
        self.field(1, "TTL", "lab-layers-ttl", decimal);
        self.field(1, "protocol", "lab-layers-follows", |it| match it[0] {
            6 => "6 TCP".to_string(),
            17 => "17 UDP".to_string(),
            other => other.to_string(),
        });
        self.field(2, "header checksum", "lab-layers-ip-checksum", hexadecimal);
        self.field(4, "source IP", "lab-layers-ip-source", dotted);
        self.field(4, "target IP", "lab-layers-ip-target", dotted);
    }

    fn tcp(&mut self, end: usize, checksum: &'static str) {
        self.ports();
        self.field(4, "sequence", "lab-layers-sequence", decimal);
        self.field(4, "acknowledgment", "lab-layers-acknowledgment", decimal);
        self.field(1, "data offset", "lab-layers-offset", |it| {
            format!("{} bytes", (it[0] >> 4) * 4)
        });
        self.field(1, "flags", "lab-layers-flags", |it| {
            let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
            let set = names.iter().enumerate();
            let set = set.filter(|(bit, _)| it[0] >> bit & 1 == 1);
            set.map(|(_, name)| *name).collect::<Vec<_>>().join(" ")
        });
        self.field(2, "window", "lab-layers-window", decimal);
        self.field(2, "checksum", checksum, hexadecimal);
        self.field(2, "urgent pointer", "lab-layers-urgent", decimal);
        if self.at < end {
            let size = end - self.at;
            self.field(size, "options", "lab-layers-options", |it| {
                format!("{} bytes", it.len())
            });
        }
    }

    fn udp(&mut self, checksum: &'static str) {
        self.ports();
        self.field(2, "length", "lab-layers-length", decimal);
        self.field(2, "checksum", checksum, hexadecimal);
    }

    fn ports(&mut self) {
        self.layer = "lab-layers-transport";
        self.field(2, "source port", "lab-layers-port-source", decimal);
        self.field(2, "target port", "lab-layers-port-target", decimal);
    }

    fn application(&mut self, end: usize) {
        self.layer = "lab-layers-application";
        if self.at < end {
            let size = end - self.at;
            self.field(size, "data", "lab-layers-data", |it| {
                String::from_utf8_lossy(it).into_owned()
            });
        }
    }
}

/// Whether the checksum of TCP or UDP was filled in: over the addresses, the header and the data.
fn checksum_holds(packet: &Packet, transport: &Transport) -> bool {
    let Some(network) = &packet.network else {
        return false;
    };
    let (Some(source), Some(target)) = (v4(network.source), v4(network.target)) else {
        return false;
    };
    let segment = &packet.bytes[transport.range.start..packet.payload.end];
    let size = u16::try_from(segment.len()).unwrap_or_default();
    let pseudo = [
        &source[..],
        &target[..],
        &[0, network.protocol],
        &size.to_be_bytes()[..],
    ];
    let words = pseudo.concat().into_iter().chain(segment.iter().copied());
    let words: Vec<u8> = words.collect();
    let mut sum: u32 = words
        .chunks(2)
        .map(|word| number(word) << (8 * (2 - word.len())))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum == 0xffff
}

/// A number in the order of the network: the first byte counts most.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn decimal(bytes: &[u8]) -> String {
    number(bytes).to_string()
}

fn hexadecimal(bytes: &[u8]) -> String {
    format!("{:#06x}", number(bytes))
}

fn dotted(bytes: &[u8]) -> String {
    Ipv4Addr::from(number(bytes)).to_string()
}

fn dashed(bytes: &[u8]) -> String {
    bytes.try_into().map(mac).unwrap_or_default()
}
