//! Every experiment, again and again: what it finds is the same in kind each time.

use landline_lab::{ALL, Bench, Report};

/// For an experiment, the facts that may not vary from run to run. Times and sizes may.
const FIRM: &[(&str, &[&str])] = &[
    ("backpressure", &["grows"]),
    ("close", CLOSE),
    ("crash", CRASH),
    ("deadlock", DEADLOCK),
    ("empty", EMPTY),
    ("leftover", &["first", "rest"]),
    ("backlog", &["connected", "queue", "half_open", "next"]),
    (
        "partial",
        &["first_kind", "limited_kind", "whole_kind", "came"],
    ),
    ("phone", &["client_calls", "server_calls", "handshake"]),
    ("remedies", REMEDIES),
    ("sticky", &["messages", "reads_late", "reads_late_paused"]),
];

const CLOSE: &[&str] = &[
    "fin_read",
    "fin_first",
    "fin_second",
    "fin_waits_here",
    "fin_waits_there",
    "unread_read",
    "unread_first",
    "unread_second",
    "unread_waits",
    "linger_read",
    "linger_first",
    "linger_second",
    "half_read",
    "half_first",
    "half_second",
    "half_heard",
    "bind_again",
    "bind_again_late",
    "bind_again_reuse",
];

const DEADLOCK: &[&str] = &[
    "writes_err_reads_out",
    "writes_err_reads_err",
    "writes_err_reads_both",
    "writes_out_reads_out",
    "writes_out_reads_err",
    "writes_out_reads_both",
    "writes_both_reads_out",
    "writes_both_reads_err",
    "writes_both_reads_both",
];

const REMEDIES: &[&str] = &[
    "none_verdict",
    "sleep_verdict",
    "larger_verdict",
    "sign_verdict",
    "length_verdict",
];

const EMPTY: &[&str] = &[
    "tcp_arrives",
    "tcp_read",
    "tcp_closed",
    "segments",
    "unix_arrives",
    "unix_read",
    "unix_closed",
    "udp_arrives",
    "udp_read",
    "udp_closed",
    "unixgram_arrives",
    "unixgram_read",
    "unixgram_closed",
];

const CRASH: &[&str] = &[
    "clean_quiet",
    "clean_read",
    "clean_write",
    "unread_quiet",
    "unread_read",
    "unread_write",
    "shared_quiet",
    "shared_read",
    "shared_write",
];

/// How often each runs: 20 times when there is time.
fn runs() -> usize {
    let is_long = std::env::var("LANDLINE_TEST_LONG").is_ok_and(|value| value == "1");
    if is_long { 20 } else { 3 }
}

fn kind(report: &Report, firm: &[&str]) -> Vec<(&'static str, String)> {
    let facts = report.facts.iter();
    facts
        .filter(|(name, _)| firm.contains(name))
        .cloned()
        .collect()
}

#[test]
fn each_experiment_finds_the_same_in_kind_every_time() {
    for (name, firm) in FIRM {
        let experiment = ALL.iter().find(|experiment| experiment.name == *name);
        let experiment = experiment.unwrap_or_else(|| panic!("there is no experiment {name}"));
        let mut first = None;
        for number in 0..runs() {
            let mut bench = Bench {
                is_quick: true,
                ..Bench::default()
            };
            let report = (experiment.run)(&mut bench)
                .unwrap_or_else(|error| panic!("{name}, run {number}: {error}"));
            let kind = kind(&report, firm);
            assert_eq!(kind.len(), firm.len(), "{name} tells {:?}", report.facts);
            let first = first.get_or_insert_with(|| kind.clone());
            assert_eq!(*first, kind, "{name}, run {number}");
        }
    }
}

#[test]
fn every_row_is_as_long_as_its_columns() {
    for experiment in ALL {
        let mut bench = Bench {
            is_quick: true,
            ..Bench::default()
        };
        let report = (experiment.run)(&mut bench).expect("it runs");
        for table in &report.tables {
            let is_even = |row: &Vec<_>| row.len() == table.columns.len();
            assert!(table.rows.iter().all(is_even), "{}", table.title);
        }
    }
}
