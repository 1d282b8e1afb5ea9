//! Packets as pcapng has them (draft-ietf-opsawg-pcapng), for Wireshark and its like. It makes bytes,
//! and does not know where packets come from or where the bytes go.

use std::borrow::Cow;
use std::time::Duration;

use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::{DataLink, Endianness};

/// Times are written in units of 10^-9 seconds.
const NANOSECONDS: u8 = 9;

/// Bits of a packet's flags, as the file has them.
const INBOUND: u32 = 1;
const OUTBOUND: u32 = 2;

/// Why no write fails.
const MEMORY: &str = "it is written to memory, on an interface that was named before";

/// What the packets of an interface begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The header of Ethernet, which loopback has, too.
    Ethernet,
    /// The header of IP.
    Ip,
}

/// Which way a packet went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It came.
    In,
    /// It left.
    Out,
}

/// One packet of a file.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Its interface, which was named before.
    pub interface: u32,
    /// When it passed, counted from 1970.
    pub at: Duration,
    /// Which way it went.
    pub way: Way,
    /// What is kept of it.
    pub bytes: &'a [u8],
    /// How many bytes more it had, which are not kept: its readers are told how long it was.
    pub missing_bytes: usize,
    /// What there is to say of it.
    pub comment: Option<&'a str>,
}

/// A file of packets that goes on from packet to packet.
pub struct Packets {
    writer: PcapNgWriter<Vec<u8>>,
    interfaces: u32,
}

impl Packets {
    /// A file without packets, made by `program`, with a `comment` where there is something to say.
    pub fn new(program: &'static str, comment: Option<&'static str>) -> Self {
        let comment = comment.map(|text| SectionHeaderOption::Comment(Cow::Borrowed(text)));
        let program = SectionHeaderOption::UserApplication(Cow::Borrowed(program));
        let header = SectionHeaderBlock {
            endianness: Endianness::Little,
            options: comment.into_iter().chain([program]).collect(),
            ..SectionHeaderBlock::default()
        };
        let writer = PcapNgWriter::with_section_header(Vec::new(), header).expect(MEMORY);
        Self {
            writer,
            interfaces: 0,
        }
    }

    /// Names one more interface. Its number, from 0.
    pub fn interface(&mut self, name: &str, description: Option<&str>, link: Link) -> u32 {
        let description =
            description.map(|it| InterfaceDescriptionOption::IfDescription(Cow::Borrowed(it)));
        let options = [
            Some(InterfaceDescriptionOption::IfName(Cow::Borrowed(name))),
            description,
            Some(InterfaceDescriptionOption::IfTsResol(NANOSECONDS)),
        ];
        let block = InterfaceDescriptionBlock {
            linktype: match link {
                Link::Ethernet => DataLink::ETHERNET,
                Link::Ip => DataLink::RAW,
            },
            snaplen: 0,
            options: options.into_iter().flatten().collect(),
        };
        self.writer.write_pcapng_block(block).expect(MEMORY);
        self.interfaces += 1;
        self.interfaces - 1
    }

    /// Adds one packet that is kept whole, on an interface that was named before; `at` counts from
    /// 1970.
    pub fn packet(&mut self, interface: u32, at: Duration, way: Way, bytes: &[u8]) {
        self.add(&Packet {
            interface,
            at,
            way,
            bytes,
            missing_bytes: 0,
            comment: None,
        });
    }

    /// Adds one packet.
    pub fn add(&mut self, packet: &Packet<'_>) {
        let way = match packet.way {
            Way::In => INBOUND,
            Way::Out => OUTBOUND,
        };
        let comment = packet
            .comment
            .map(|text| EnhancedPacketOption::Comment(Cow::Borrowed(text)));
        let whole_bytes = packet.bytes.len() + packet.missing_bytes;
        let block = EnhancedPacketBlock {
            interface_id: packet.interface,
            timestamp: packet.at,
            original_len: u32::try_from(whole_bytes).unwrap_or(u32::MAX),
            data: Cow::Borrowed(packet.bytes),
            options: comment
                .into_iter()
                .chain([EnhancedPacketOption::Flags(way)])
                .collect(),
        };
        self.writer.write_pcapng_block(block).expect(MEMORY);
    }

    /// The bytes of whole blocks that came since the last call: what is appended to the file.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.writer.get_mut())
    }
}

/// The packets of a file: interface, time and bytes of each.
#[cfg(test)]
pub(crate) fn read(bytes: &[u8]) -> Vec<(u32, Duration, Vec<u8>)> {
    use pcap_file::pcapng::{Block, PcapNgReader};
    let mut reader = PcapNgReader::new(bytes).expect("it begins with a section");
    let mut packets = Vec::new();
    while let Some(block) = reader.next_block() {
        if let Block::EnhancedPacket(packet) = block.expect("a whole block") {
            packets.push((packet.interface_id, packet.timestamp, packet.data.to_vec()));
        }
    }
    packets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_piece_by_piece() {
        let mut packets = Packets::new("a test", Some("of itself"));
        let lo = packets.interface("lo", None, Link::Ethernet);
        let mut file = packets.take();
        let at = Duration::new(1_700_000_000, 7);
        packets.packet(lo, at, Way::In, b"one");
        file.extend(packets.take());
        let other = packets.interface("other", Some("named later"), Link::Ip);
        packets.packet(other, at, Way::Out, b"");
        file.extend(packets.take());
        assert_eq!(read(&file), [(0, at, b"one".to_vec()), (1, at, Vec::new())]);
    }
}
