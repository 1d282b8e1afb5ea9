//! That a measured answer is no accident: an experiment gives the same in kind each time.

use std::time::{Duration, Instant};

use crate::experiment::{Bench, Experiment};
use crate::report::{Cell, Report};

/// The longest that the quick form of an experiment may take on a machine that does other things, too.
const QUICK: Duration = Duration::from_secs(20);

/// Runs the quick form of an experiment again and again, 3 times or 20 in the long form of the tests,
/// and checks that what `kind` takes from its report is the same each time. Returns the last report.
pub(super) fn alike(experiment: &Experiment, kind: fn(&Report) -> String) -> Report {
    let is_long = std::env::var("LANDLINE_TEST_LONG").is_ok_and(|it| it == "1");
    let mut first: Option<String> = None;
    let mut last = Report::default();
    for _ in 0..if is_long { 20 } else { 3 } {
        let before = Instant::now();
        let mut bench = Bench {
            is_quick: true,
            ..Bench::default()
        };
        last = (experiment.run)(&mut bench).expect("it can be asked here");
        assert!(before.elapsed() < QUICK, "{:?}", before.elapsed());
        let found = kind(&last);
        assert_eq!(*first.get_or_insert_with(|| found.clone()), found);
    }
    for table in &last.tables {
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
    }
    last
}

/// Whether an experiment keeps packets when it is asked to: a file of them, or none.
pub(super) fn keeps_packets(experiment: &Experiment) -> bool {
    let mut bench = Bench {
        is_quick: true,
        keeps_packets: true,
    };
    let report = (experiment.run)(&mut bench).expect("it can be asked here");
    // The first block of pcapng, and more than it alone.
    let is_file = report.packets.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]);
    is_file && report.packets.len() > 200
}

/// The fact of this name.
pub(super) fn fact<'report>(report: &'report Report, name: &str) -> &'report str {
    let found = report.facts.iter().find(|(it, _)| *it == name);
    found.map_or("", |(_, value)| value)
}

/// The keys of what is missing.
pub(super) fn needs(report: &Report) -> Vec<&'static str> {
    report.missing.iter().map(|missing| missing.needs).collect()
}

/// The counts of a column of a table.
pub(super) fn counts(report: &Report, table: usize, column: usize) -> Vec<u64> {
    let rows = report.tables[table].rows.iter();
    rows.filter_map(|row| match row[column] {
        Cell::Count(count) => Some(count),
        _ => None,
    })
    .collect()
}
