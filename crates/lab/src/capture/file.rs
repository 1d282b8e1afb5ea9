//! Packets as pcapng has them (draft-ietf-opsawg-pcapng), for Wireshark and its like.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use pcap_file::DataLink;
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};

use super::Packet;

/// Times are written in units of 10^-9 seconds.
const NANOSECONDS: u8 = 9;

/// Ways that a packet went, as the file has them.
const INBOUND: u32 = 1;
const OUTBOUND: u32 = 2;

/// The bytes of a file with these packets, in the order of their times.
pub(crate) fn as_pcapng(packets: &[Packet]) -> Vec<u8> {
    let mut packets: Vec<&Packet> = packets.iter().collect();
    packets.sort_by_key(|packet| packet.at);
    let mut names: Vec<&str> = Vec::new();
    let mut writer = PcapNgWriter::new(Vec::new()).expect(MEMORY);
    for packet in packets {
        let known = names.iter().position(|name| *name == packet.interface);
        let interface = known.unwrap_or_else(|| {
            names.push(&packet.interface);
            let block = InterfaceDescriptionBlock {
                linktype: DataLink::ETHERNET,
                snaplen: 0,
                options: vec![
                    InterfaceDescriptionOption::IfName(Cow::Borrowed(&packet.interface)),
                    InterfaceDescriptionOption::IfTsResol(NANOSECONDS),
                ],
            };
            writer.write_pcapng_block(block).expect(MEMORY);
            names.len() - 1
        });
        let since = packet.at.duration_since(SystemTime::UNIX_EPOCH);
        let way = if packet.is_outgoing {
            OUTBOUND
        } else {
            INBOUND
        };
        let block = EnhancedPacketBlock {
            interface_id: u32::try_from(interface).unwrap_or_default(),
            timestamp: since.unwrap_or(Duration::ZERO),
            original_len: u32::try_from(packet.bytes.len()).unwrap_or(u32::MAX),
            data: Cow::Borrowed(&packet.bytes),
            options: vec![EnhancedPacketOption::Flags(way)],
        };
        writer.write_pcapng_block(block).expect(MEMORY);
    }
    writer.into_inner()
}

/// Why no write fails.
const MEMORY: &str = "it is written to memory, on an interface that was named before";
