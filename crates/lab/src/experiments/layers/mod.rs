//! `layers`: one message, captured, and peeled from the link's header to the application's bytes.

mod fields;
mod message;

use std::net::IpAddr;

use crate::capture::{Packet, as_pcapng};
use crate::experiment::{Bench, Experiment, LabError};
use crate::place::Place;
use crate::report::{Cell, Picture, Report, Table};
use fields::Field;
use message::{Carried, MESSAGE};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "layers",
    question: "lab-layers-question",
    predict: "lab-layers-predict",
    explain: "lab-layers-explain",
    next: "lab-layers-next",
    elsewhere: &[],
    run,
};

/// The address that the cable's end gets halfway: one that nobody has sold (locally administered).
const NEW_MAC: &str = "02:00:00:00:00:2a";

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let mut carried = Vec::new();
    match Place::alone() {
        Ok(alone) => carried.extend(message::both("lab-place-loopback", &alone)?),
        Err(_) => carried.extend(message::both("lab-place-loopback", &Place::loopback())?),
    }
    match Place::pair() {
        Ok(pair) => {
            carried.extend(message::both("lab-place-cable", &pair)?);
            let end = &pair.ends[1];
            let renamed = end
                .net
                .ip(&format!("link set {} address {NEW_MAC}\n", end.interface));
            match renamed {
                Ok(()) => carried.push(message::udp("lab-layers-renamed", &pair)?),
                Err(missing) => report.missing.push(missing),
            }
        }
        Err(missing) => report.missing.push(missing),
    }
    let reasons = carried.iter_mut().filter_map(|it| it.missing.take());
    report.missing.extend(reasons.take(1));
    report.facts = facts(&carried);
    show_packets(&carried, &mut report);
    report.tables.push(told_table(&carried));
    if bench.keeps_packets {
        let packets: Vec<Packet> = carried.into_iter().flat_map(|it| it.all).collect();
        report.packets = as_pcapng(&packets);
    }
    Ok(report)
}

fn facts(carried: &[Carried]) -> Vec<(&'static str, String)> {
    let of = |place: &str, protocol: &str| {
        let mut all = carried.iter();
        all.find(|it| it.place == place && it.protocol == protocol)
            .and_then(|it| it.packet.as_ref())
    };
    let told = |value: Option<String>| value.unwrap_or("-".to_string());
    let bytes = |packet: Option<&Packet>| told(packet.map(|it| it.bytes.len().to_string()));
    let size = |protocol, layer: fn(&Packet) -> Option<usize>| {
        told(
            of("lab-place-loopback", protocol)
                .and_then(layer)
                .map(|it| it.to_string()),
        )
    };
    let transport = |packet: &Packet| packet.transport.as_ref().map(|it| it.range.len());
    let mac = |place| told(of(place, "UDP").and_then(fields::source_mac));
    let yes = |is_so| if is_so { "yes" } else { "no" }.to_string();
    let home = "lab-place-loopback";
    vec![
        ("captured", yes(of(home, "TCP").is_some())),
        ("cable", yes(of("lab-place-cable", "TCP").is_some())),
        ("message", MESSAGE.len().to_string()),
        ("tcp", bytes(of(home, "TCP"))),
        ("udp", bytes(of(home, "UDP"))),
        (
            "link",
            size("TCP", |it| it.link.as_ref().map(|it| it.range.len())),
        ),
        (
            "network",
            size("TCP", |it| it.network.as_ref().map(|it| it.range.len())),
        ),
        ("tcp_header", size("TCP", transport)),
        ("udp_header", size("UDP", transport)),
        ("mac_loopback", mac(home)),
        ("mac_cable", mac("lab-place-cable")),
        ("mac_new", mac("lab-layers-renamed")),
        ("port", carried[0].peer.port().to_string()),
    ]
}

/// What the packets show: the sizes of their layers, their addresses, each field of two of them.
fn show_packets(carried: &[Carried], to: &mut Report) {
    let seen: Vec<(&Carried, &Packet)> = carried
        .iter()
        .filter_map(|it| Some((it, it.packet.as_ref()?)))
        .collect();
    if seen.is_empty() {
        return;
    }
    // The last is the one that crossed a cable, if there was one.
    let best = |protocol: &str| seen.iter().rfind(|(it, _)| it.protocol == protocol);
    let titles = [
        ("TCP", "lab-layers-tcp", "lab-layers-tcp-picture"),
        ("UDP", "lab-layers-udp", "lab-layers-udp-picture"),
    ];
    for (protocol, title, picture) in titles {
        if let Some((_, packet)) = best(protocol) {
            let fields = fields::peel(packet);
            to.pictures.push(Picture::Bytes {
                title: picture,
                bytes: packet.bytes.clone(),
                fields: fields.iter().map(Field::named).collect(),
            });
            // What is below UDP is the same as below TCP.
            let is_shown = |field: &&Field| {
                let above = ["lab-layers-transport", "lab-layers-application"];
                protocol == "TCP" || above.contains(&field.layer)
            };
            let shown: Vec<&Field> = fields.iter().filter(is_shown).collect();
            to.tables.push(fields_table(title, &shown));
        }
    }
    let sizes = seen.iter().map(|(it, packet)| sizes_row(it, packet));
    to.tables.insert(
        0,
        Table {
            title: "lab-layers-sizes",
            columns: vec![
                "lab-layers-where",
                "lab-layers-protocol",
                "lab-layers-link",
                "lab-layers-network",
                "lab-layers-transport",
                "lab-layers-application",
                "lab-layers-all",
            ],
            rows: sizes.collect(),
        },
    );
    to.tables.push(Table {
        title: "lab-layers-addresses",
        columns: vec![
            "lab-layers-where",
            "lab-layers-protocol",
            "lab-layers-mac",
            "lab-layers-ip",
            "lab-layers-port",
        ],
        rows: seen
            .iter()
            .map(|(it, packet)| addresses_row(it, packet))
            .collect(),
    });
}

fn sizes_row(carried: &Carried, packet: &Packet) -> Vec<Cell> {
    let link = packet.link.as_ref().map(|it| it.range.len());
    let network = packet.network.as_ref().map(|it| it.range.len());
    let transport = packet.transport.as_ref().map(|it| it.range.len());
    let count = |size: Option<usize>| size.map_or(Cell::Empty, |it| Cell::Count(it as u64));
    vec![
        Cell::Word(carried.place),
        Cell::Text(carried.protocol.to_string()),
        count(link),
        count(network),
        count(transport),
        count(Some(packet.payload().len())),
        count(Some(packet.bytes.len())),
    ]
}

fn addresses_row(carried: &Carried, packet: &Packet) -> Vec<Cell> {
    let way = |ends: Option<(String, String)>| {
        let ends = ends.map(|(from, to)| Cell::Text(format!("{from} > {to}")));
        ends.unwrap_or(Cell::Empty)
    };
    let link = packet.link.as_ref();
    let network = packet.network.as_ref();
    vec![
        Cell::Word(carried.place),
        Cell::Text(carried.protocol.to_string()),
        way(link.map(|it| (fields::mac(it.source), fields::mac(it.target)))),
        way(network.map(|it| (it.source.to_string(), it.target.to_string()))),
        way(packet
            .ports()
            .map(|(from, to)| (from.to_string(), to.to_string()))),
    ]
}

/// The fields by name; the picture has their bytes.
fn fields_table(title: &'static str, fields: &[&Field]) -> Table {
    let row = |field: &&Field| {
        vec![
            Cell::Word(field.layer),
            Cell::Text(field.name.to_string()),
            Cell::Text(field.value.clone()),
            Cell::Word(field.meaning),
        ]
    };
    Table {
        title,
        columns: vec![
            "lab-layers-layer",
            "lab-layers-field",
            "lab-layers-value",
            "lab-layers-meaning",
        ],
        rows: fields.iter().map(row).collect(),
    }
}

/// What the sockets themselves tell, without any capture.
fn told_table(carried: &[Carried]) -> Table {
    let rows = carried.iter().map(|it| {
        vec![
            Cell::Word(it.place),
            Cell::Text(it.protocol.to_string()),
            Cell::Text(it.own.to_string()),
            Cell::Text(it.peer.to_string()),
            Cell::Count(it.read as u64),
            it.segment
                .map_or(Cell::Empty, |size| Cell::Count(size.into())),
        ]
    });
    Table {
        title: "lab-layers-told",
        columns: vec![
            "lab-layers-where",
            "lab-layers-protocol",
            "lab-layers-own",
            "lab-layers-peer",
            "lab-layers-read",
            "lab-layers-segment",
        ],
        rows: rows.collect(),
    }
}

/// The IPv4 address of a packet's header, for a checksum.
fn v4(address: IpAddr) -> Option<[u8; 4]> {
    match address {
        IpAddr::V4(address) => Some(address.octets()),
        IpAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::alike::{alike, counts, fact, keeps_packets, needs};
    use super::*;
    use crate::rights::{captures, makes_namespaces, missing};

    /// Sizes and names of fields; addresses of cards and ports are new each time.
    fn kind(report: &Report) -> String {
        let names = report
            .tables
            .iter()
            .filter(|table| table.columns.len() == 4);
        let names = names.flat_map(|table| table.rows.iter().map(|row| format!("{:?}", row[1])));
        let names: Vec<String> = names.collect();
        let sizes = match captures() {
            true => format!("{:?}", report.tables[0]),
            false => String::new(),
        };
        format!("{sizes} {names:?} {:?}", needs(report))
    }

    #[test]
    fn a_message_of_five_bytes_is_peeled_layer_by_layer() {
        let report = alike(&EXPERIMENT, kind);
        let told = report.tables.last().expect("it is always there");
        assert_eq!(told.title, "lab-layers-told");
        assert!(told.rows.iter().all(|row| row[4] == Cell::Count(5)));
        assert_eq!(needs(&report), missing());
        let has_both = makes_namespaces() && captures();
        let yes = |is_so| if is_so { "yes" } else { "no" };
        assert_eq!(fact(&report, "captured"), yes(captures()));
        assert_eq!(fact(&report, "cable"), yes(has_both));
        if has_both {
            // Ethernet 14, IPv4 20, TCP 20 with 12 of options (its clock), UDP 8.
            assert_eq!(counts(&report, 0, 2), [14; 5]);
            assert_eq!(counts(&report, 0, 3), [20; 5]);
            assert_eq!(counts(&report, 0, 4), [32, 8, 32, 8, 8]);
            assert_eq!(counts(&report, 0, 5), [5; 5]);
            assert_eq!(fact(&report, "mac_loopback"), "00:00:00:00:00:00");
            assert_ne!(fact(&report, "mac_cable"), "00:00:00:00:00:00");
            assert_eq!(fact(&report, "mac_new"), NEW_MAC);
        }
        // Each byte has a name, none has two.
        for picture in &report.pictures {
            let Picture::Bytes { bytes, fields, .. } = picture else {
                continue;
            };
            let named = fields.iter().flat_map(|(range, _)| range.clone());
            assert!(named.eq(0..bytes.len()), "{fields:?}");
        }
        assert_eq!(keeps_packets(&EXPERIMENT), captures());
    }
}
