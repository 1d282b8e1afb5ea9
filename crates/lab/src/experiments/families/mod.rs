//! `families`: the same exchange over tcp, unix, unixgram and udp: edges, order, what becomes of what
//! nobody reads, and what a round trip costs.

mod cost;
mod manners;
mod pair;

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Missing, Picture, Report, Table};
use cost::Cost;
use manners::Manners;
use pair::FAMILIES;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "families",
    question: "lab-families-question",
    predict: "lab-families-predict",
    explain: "lab-families-explain",
    next: "lab-families-next",
    elsewhere: &["lab-families-network"],
    run,
};

/// How many round trips are timed, of each family and on each choice of cores: at 60 µs each and five
/// rows of two, about a second in all.
const ROUNDS: usize = 1_500;
const ROUNDS_QUICK: usize = 200;

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let rounds = if bench.is_quick { ROUNDS_QUICK } else { ROUNDS };
    let mut report = Report::default();
    let mut manners = Vec::new();
    let mut costs = vec![Cost::measure(None, rounds)?];
    for family in FAMILIES {
        manners.push(Manners::measure(family)?);
        costs.push(Cost::measure(Some(family), rounds)?);
    }
    for it in &manners {
        let value = match it.lost {
            0 => it.taken,
            lost => lost,
        };
        report.facts.push((it.family.fact, value.to_string()));
    }
    let unread = manners.iter().map(|it| it.taken).max();
    report
        .facts
        .push(("unread", unread.unwrap_or(0).to_string()));
    for cost in &costs {
        let [one, two] = cost.facts();
        report.facts.push((one, told(Some(cost.one_core_us))));
        report.facts.push((two, told(cost.two_cores_us)));
    }
    let waking = waking(&costs);
    let has_two = waking != "unknown";
    report.facts.push(("waking", waking.to_string()));
    if !has_two {
        report.missing.push(Missing {
            needs: "lab-needs-two-cores",
            why: String::new(),
        });
    }
    report.pictures.push(picture(&costs));
    report.tables.push(manners_table(&manners));
    report.tables.push(costs_table(&costs));
    Ok(report)
}

/// Whether waking another core costs more than a round trip over TCP on one.
fn waking(costs: &[Cost]) -> &'static str {
    let of = |name: Option<&str>| {
        let mut all = costs.iter();
        all.find(|cost| cost.family.map(|family| family.name) == name)
    };
    let (wake, tcp) = (of(None), of(Some("tcp")));
    let more = wake.and_then(|it| Some(it.two_cores_us? - it.one_core_us));
    match (more, tcp) {
        (Some(more), Some(tcp)) if more > tcp.one_core_us => "dear",
        (Some(_), _) => "cheap",
        (None, _) => "unknown",
    }
}

fn told(us: Option<f64>) -> String {
    us.map_or("-".to_string(), |us| format!("{us:.1}"))
}

fn manners_table(manners: &[Manners]) -> Table {
    let yes = |is_so| match is_so {
        true => Cell::Word("lab-families-yes"),
        false => Cell::Word("lab-families-no"),
    };
    let rows = manners.iter().map(|it| {
        vec![
            Cell::Text(it.family.name.to_string()),
            Cell::Text(it.sizes_read()),
            yes(it.keeps_edges()),
            yes(it.keeps_order),
            Cell::Count(it.taken as u64),
            match it.refused {
                Some(name) => Cell::Text(name.to_string()),
                None => Cell::Word("lab-families-goes-on"),
            },
            Cell::Count(it.lost as u64),
        ]
    });
    Table {
        title: "lab-families-manners",
        columns: vec![
            "lab-families-family",
            "lab-families-reads",
            "lab-families-edges",
            "lab-families-order",
            "lab-families-taken",
            "lab-families-then",
            "lab-families-lost",
        ],
        rows: rows.collect(),
    }
}

fn costs_table(costs: &[Cost]) -> Table {
    let us = |us: Option<f64>| us.map_or(Cell::Empty, |us| Cell::Number(us, "us"));
    let rows = costs.iter().map(|cost| {
        vec![
            match cost.family {
                Some(family) => Cell::Text(family.name.to_string()),
                None => Cell::Word("lab-families-wake"),
            },
            us(Some(cost.one_core_us)),
            us(cost.two_cores_us),
            us(cost.two_cores_us.map(|two| two - cost.one_core_us)),
        ]
    });
    Table {
        title: "lab-families-cost",
        columns: vec![
            "lab-families-family",
            "lab-families-one",
            "lab-families-two",
            "lab-families-more",
        ],
        rows: rows.collect(),
    }
}

fn picture(costs: &[Cost]) -> Picture {
    let bars = costs.iter().flat_map(|cost| {
        let name = cost.family.map_or("futex", |family| family.name);
        let one = Some((format!("{name}, 1 CPU"), cost.one_core_us));
        let two = cost.two_cores_us.map(|us| (format!("{name}, 2 CPU"), us));
        [one, two].into_iter().flatten()
    });
    Picture::Bars {
        title: "lab-families-picture",
        unit: "us",
        bars: bars.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::alike::{alike, fact};
    use super::*;

    /// Everything but counts and times.
    fn kind(report: &Report) -> String {
        let rows = report.tables[0].rows.iter();
        let rows =
            rows.map(|row| format!("{:?} {}", [&row[..4], &row[5..6]], row[6] == Cell::Count(0)));
        rows.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn families_differ_in_edges_and_in_what_they_lose() {
        let report = alike(&EXPERIMENT, kind);
        let text = |row: usize, column: usize| match &report.tables[0].rows[row][column] {
            Cell::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let reads = [0, 1, 2, 3].map(|row| (text(row, 0), text(row, 1), text(row, 5)));
        let goes_on = format!("{:?}", Cell::Word("lab-families-goes-on"));
        let expected = [
            ("tcp", "9", "EAGAIN"),
            ("unix", "9", "EAGAIN"),
            ("unixgram", "3 + 3 + 3", "EAGAIN"),
            ("udp", "3 + 3 + 3", &goes_on),
        ];
        let expected = expected.map(|(name, sizes, then)| (name.into(), sizes.into(), then.into()));
        assert_eq!(reads, expected);
        let lost = report.tables[0]
            .rows
            .iter()
            .map(|row| row[6] != Cell::Count(0));
        assert_eq!(lost.collect::<Vec<_>>(), [false, false, false, true]);
        assert!(
            fact(&report, "tcp_one")
                .parse::<f64>()
                .is_ok_and(|us| us > 0.0)
        );
    }
}
