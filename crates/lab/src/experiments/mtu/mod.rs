//! `mtu`: from which size on a datagram is cut into fragments, which size cannot be sent at all, and
//! why datagrams are really lost. It does not know how a size is tried.

mod loss;
mod road;

use std::net::IpAddr;

use crate::capture::as_pcapng;
use crate::experiment::{Bench, Experiment, LabError};
use crate::place::Place;
use crate::report::{Cell, Missing, Picture, Report, Series, Table};
use road::{Limits, Road, Trial};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "mtu",
    question: "lab-mtu-question",
    predict: "lab-mtu-predict",
    explain: "lab-mtu-explain",
    next: "lab-mtu-next",
    elsewhere: &["lab-mtu-origin"],
    run,
};

/// The payloads that are tried. On IPv4 over Ethernet 1472 bytes are 1500 with the headers of IP (20)
/// and UDP (8), and 65,507 are the 65,535 that IP can name.
const PAYLOADS: [usize; 11] = [
    0, 1, 512, 1024, 1400, 1472, 1473, 2953, 8192, 65_507, 65_508,
];

/// Those of them that tell something of a loopback.
const PAYLOADS_LOOPBACK: [usize; 5] = [0, 512, 1473, 65_507, 65_508];

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let places = places(&mut report.missing);
    let mut sizes = Vec::new();
    let mut limits = Vec::new();
    let mut lines = Vec::new();
    let mut packets = Vec::new();
    for (word, place) in &places {
        let mut road = Road::new(place, false)?;
        let missing = road.missing.take();
        let is_new = |it: &Missing| !report.missing.contains(it);
        let missing: Vec<Missing> = missing.into_iter().filter(is_new).collect();
        report.missing.extend(missing);
        let is_cable = *word == "lab-place-cable";
        // Beside a cable it is enough to see that a loopback cuts nothing.
        let is_full = is_cable || places.len() == 1;
        let payloads = if is_full {
            &PAYLOADS[..]
        } else {
            &PAYLOADS_LOOPBACK
        };
        let trials = payloads.iter().map(|payload| road.try_payload(*payload));
        let trials: Vec<Trial> = trials.collect::<Result<_, _>>()?;
        let points = trials.iter().filter_map(|trial| {
            let count = trial.packets?;
            Some((trial.payload as f64, count as f64))
        });
        lines.push(Series {
            name: place.ends[0].interface.to_string(),
            points: points.collect(),
        });
        sizes.extend(trials.iter().map(|trial| size_row(word, trial)));
        let found = road.limits()?;
        report.facts.extend(facts(&found, &trials, is_cable));
        limits.push(limits_row(word, "IPv4", &found));
        packets.append(&mut road.captured);
        if let Some(found) = limits_v6(place)? {
            limits.push(limits_row(word, "IPv6", &found));
        }
    }
    let has_cable = places.len() > 1;
    let answer = if has_cable { "yes" } else { "no" };
    report.facts.push(("cable", answer.to_string()));
    if !has_cable {
        let unknown = ["whole", "whole_df", "packets"].map(|name| (name, "-".to_string()));
        report.facts.extend(unknown);
    }
    report.tables.push(limits_table(limits));
    report.tables.push(sizes_table(sizes));
    if lines.iter().any(|line| !line.points.is_empty()) {
        report.pictures.push(Picture::Lines {
            title: "lab-mtu-picture",
            across: "lab-mtu-payload",
            unit: "packets",
            lines,
        });
    }
    loss::measure(&places[0].1, bench.is_quick, &mut report)?;
    if bench.keeps_packets {
        report.packets = as_pcapng(&packets);
    }
    Ok(report)
}

/// Loopback, where it can be had without anybody else's packets, and the cable.
fn places(missing: &mut Vec<Missing>) -> Vec<(&'static str, Place)> {
    match (Place::alone(), Place::pair()) {
        (Ok(alone), Ok(pair)) => vec![("lab-place-loopback", alone), ("lab-place-cable", pair)],
        (Err(needs), _) | (_, Err(needs)) => {
            missing.push(needs);
            vec![("lab-place-loopback", Place::loopback())]
        }
    }
}

/// The same limits over IPv6, where it is on.
fn limits_v6(place: &Place) -> Result<Option<Limits>, LabError> {
    if place.ends.iter().any(|end| end.address_v6.is_none()) {
        return Ok(None);
    }
    match Road::new(place, true) {
        Ok(mut road) => road.limits().map(Some),
        // It may be switched off on this interface alone.
        Err(_) => Ok(None),
    }
}

fn facts(found: &Limits, trials: &[Trial], is_cable: bool) -> Vec<(&'static str, String)> {
    let most = trials.iter().filter_map(|trial| trial.packets).max();
    let told = |number: Option<usize>| number.map_or("-".to_string(), |it| it.to_string());
    if is_cable {
        return vec![
            ("whole", told(found.whole)),
            ("whole_df", found.unfragmented.to_string()),
            ("packets", told(most)),
        ];
    }
    let refused = trials.iter().find(|trial| trial.arrived.is_none());
    vec![
        ("largest", found.largest.to_string()),
        ("error", refused.map_or("-".into(), |it| it.sent.clone())),
    ]
}

fn limits_table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-mtu-limits",
        columns: vec![
            "lab-mtu-place",
            "lab-mtu-version",
            "lab-mtu-interface",
            "lab-mtu-whole",
            "lab-mtu-df",
            "lab-mtu-largest",
        ],
        rows,
    }
}

fn limits_row(place: &'static str, version: &str, found: &Limits) -> Vec<Cell> {
    let whole = found.whole.map(|it| Cell::Count(it as u64));
    vec![
        Cell::Word(place),
        Cell::Text(version.to_string()),
        found.mtu.map_or(Cell::Empty, |it| Cell::Count(it as u64)),
        whole.unwrap_or(Cell::Empty),
        Cell::Count(found.unfragmented as u64),
        Cell::Count(found.largest as u64),
    ]
}

fn sizes_table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-mtu-sizes",
        columns: vec![
            "lab-mtu-place",
            "lab-mtu-payload",
            "lab-mtu-sent",
            "lab-mtu-packets",
            "lab-mtu-largest-packet",
            "lab-mtu-arrived",
        ],
        rows,
    }
}

fn size_row(place: &'static str, trial: &Trial) -> Vec<Cell> {
    let count = |number: Option<usize>| number.map_or(Cell::Empty, |it| Cell::Count(it as u64));
    vec![
        Cell::Word(place),
        Cell::Count(trial.payload as u64),
        Cell::Text(trial.sent.clone()),
        count(trial.packets),
        count(trial.largest_packet),
        count(trial.arrived),
    ]
}

/// The two addresses of a place, of IPv4 or of IPv6.
fn addresses(place: &Place, is_v6: bool) -> [IpAddr; 2] {
    place.ends.each_ref().map(|end| match end.address_v6 {
        Some(address) if is_v6 => address.into(),
        _ => end.address.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::alike::{alike, counts, fact, keeps_packets, needs};
    use super::*;
    use crate::rights::{captures, makes_namespaces, missing};

    /// All but how many were lost.
    fn kind(report: &Report) -> String {
        let lost = loss::kind(report);
        format!("{:?} {:?} {lost:?}", report.tables[0], report.tables[1])
    }

    #[test]
    fn a_datagram_is_cut_above_the_mtu_and_lost_by_full_buffers() {
        let report = alike(&EXPERIMENT, kind);
        assert_eq!(fact(&report, "largest"), "65507");
        assert_eq!(fact(&report, "error"), "EMSGSIZE");
        assert_eq!(counts(&report, 0, 4)[0], 65_507);
        assert_eq!(needs(&report), missing());
        if makes_namespaces() && captures() {
            assert_eq!(fact(&report, "whole"), "1472");
            assert_eq!(fact(&report, "whole_df"), "1472");
            assert_eq!(fact(&report, "packets"), "45");
        }
        assert_eq!(keeps_packets(&EXPERIMENT), captures());
    }
}
