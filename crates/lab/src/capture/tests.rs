//! Captures of what this test itself sends, and the file made of them.

use std::net::{TcpListener, TcpStream, UdpSocket};

use pcap_file::pcapng::{Block, PcapNgReader};

use super::*;
use crate::place::Place;
use crate::rights::{captures, makes_namespaces};

const WAIT: Duration = Duration::from_secs(5);

fn udp(net: &Net, address: IpAddr) -> UdpSocket {
    let bound = net.run(|| UdpSocket::bind((address, 0)).map_err(LabError::of("bind")));
    bound.expect("it binds")
}

#[test]
fn a_handshake_is_seen_on_loopback_each_packet_once() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback works");
    let address = listener.local_addr().expect("it has one");
    let net = Net::own();
    let mut capture = match Capture::start(&net, Some("lo"), Filter::address(address)) {
        Ok(capture) => capture,
        Err(missing) => return assert!(!captures(), "{missing:?}"),
    };
    let before = Instant::now();
    let stream = TcpStream::connect(address).expect("it listens");
    let after = Instant::now();
    let packets = capture.take(WAIT, |all| all.len() >= 3).expect("it reads");
    let labels: Vec<String> = packets.iter().map(Packet::label).collect();
    assert_eq!(labels, ["SYN", "SYN ACK", "ACK"]);
    let slack = Duration::from_millis(20);
    for packet in &packets {
        assert!(packet.instant + slack >= before && packet.instant <= after + slack);
        assert_eq!(packet.link.as_ref().map(|link| link.source), Some([0; 6]));
    }
    drop(stream);
}

#[test]
fn both_ends_of_a_cable_see_what_crosses_it_and_fragments_belong_together() {
    if !captures() {
        return;
    }
    let Ok(place) = Place::pair() else {
        return assert!(!makes_namespaces());
    };
    let [one, other] = &place.ends;
    let (sender, reader) = (
        udp(&one.net, one.address.into()),
        udp(&other.net, other.address.into()),
    );
    let address = reader.local_addr().expect("it has one");
    let mut captures = [one, other].map(|end| {
        Capture::start(&end.net, Some(end.interface), Filter::address(address)).expect("it is root")
    });
    sender.send_to(&[7; 3000], address).expect("it is sent");
    let [left, came] = &mut captures;
    for (capture, is_outgoing) in [(left, true), (came, false)] {
        let packets = capture.take(WAIT, |all| all.len() >= 3).expect("it reads");
        let labels: Vec<String> = packets.iter().map(Packet::label).collect();
        let expected = ["fragment 0+1480", "fragment 1480+1480", "fragment 2960+48"];
        assert_eq!(labels, expected);
        assert!(
            packets
                .iter()
                .all(|packet| packet.is_outgoing == is_outgoing)
        );
        assert_eq!(packets[0].payload(), [7; 1472]);
        assert_eq!(capture.dropped(), 0);
    }
}

#[test]
fn a_file_has_the_packets_with_their_times_and_interfaces() {
    if !captures() {
        return;
    }
    let Ok(place) = Place::alone() else {
        return assert!(!makes_namespaces());
    };
    let end = &place.ends[0];
    let socket = udp(&end.net, end.address.into());
    let address = socket.local_addr().expect("it has one");
    let mut capture = Capture::start(&end.net, None, Filter::port(address.port())).expect("root");
    for text in ["one", "two"] {
        socket
            .send_to(text.as_bytes(), address)
            .expect("it is sent");
    }
    let packets = capture.take(WAIT, |all| all.len() >= 2).expect("it reads");
    assert_eq!(packets.len(), 2);
    let file = as_pcapng(&packets);
    let mut reader = PcapNgReader::new(&file[..]).expect("it is one");
    let mut read = Vec::new();
    while let Some(block) = reader.next_block() {
        if let Block::EnhancedPacket(block) = block.expect("it is whole") {
            read.push((block.timestamp, block.data.into_owned()));
        }
    }
    let expected = packets.iter().map(|packet| {
        let since = packet.at.duration_since(SystemTime::UNIX_EPOCH);
        (since.expect("it is later"), packet.bytes.clone())
    });
    assert_eq!(read, expected.collect::<Vec<_>>());
    assert_eq!(reader.interfaces().len(), 1);
}
