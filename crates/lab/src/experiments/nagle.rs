//! `nagle`: a request in two writes, and an answer: how long the round takes when Nagle's algorithm
//! waits for an acknowledgement that the other end delays, and what ends the wait.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_tcp_quickack;

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Picture, Report, Series, Table};
use crate::sockets;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "nagle",
    question: "lab-nagle-question",
    predict: "lab-nagle-predict",
    explain: "lab-nagle-explain",
    next: "lab-nagle-next",
    elsewhere: &["lab-nagle-elsewhere-rfc"],
    run,
};

/// The two parts of a request, and the answer, in bytes.
const HEAD: usize = 4;
const BODY: usize = 20;
const ANSWER: usize = 4;

/// A round that takes longer than this has stood still: loopback alone takes a thousandth of it.
const STALL: Duration = Duration::from_millis(20);

/// How a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Two writes, and Nagle's algorithm, which is on when nobody turns it off.
    Nagle,
    /// Two writes with `TCP_NODELAY`.
    NoDelay,
    /// Two writes, while the other end acknowledges at once (`TCP_QUICKACK`).
    QuickAck,
    /// One write with both parts.
    OneWrite,
}

impl Way {
    const ALL: [Self; 4] = [Self::Nagle, Self::NoDelay, Self::QuickAck, Self::OneWrite];

    fn key(self) -> &'static str {
        match self {
            Self::Nagle => "lab-nagle-two-writes",
            Self::NoDelay => "lab-nagle-no-delay",
            Self::QuickAck => "lab-nagle-quick-ack",
            Self::OneWrite => "lab-nagle-one-write",
        }
    }

    /// The name of its line, and those of its facts.
    fn names(self) -> (&'static str, [&'static str; 3]) {
        match self {
            Self::Nagle => ("write, write", ["two_stalls", "two_ms", "two_kind"]),
            Self::NoDelay => (
                "TCP_NODELAY",
                ["nodelay_stalls", "nodelay_ms", "nodelay_kind"],
            ),
            Self::QuickAck => (
                "TCP_QUICKACK",
                ["quickack_stalls", "quickack_ms", "quickack_kind"],
            ),
            Self::OneWrite => ("one write", ["one_stalls", "one_ms", "one_kind"]),
        }
    }
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let rounds = if bench.is_quick { 8 } else { 24 };
    let mut report = Report::default();
    report.facts.push(("rounds", rounds.to_string()));
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for way in Way::ALL {
        let times = exchange(way, rounds)?;
        let (line, names) = way.names();
        let stalls = times.iter().filter(|time| **time >= STALL).count();
        let median = median(&times);
        let longest = times.iter().max().copied().unwrap_or_default();
        // One late thread is no stall of the protocol; half of all rounds is.
        let kind = if median >= STALL { "stalls" } else { "flows" };
        let values = [
            stalls.to_string(),
            format!("{:.2}", millis(median)),
            kind.to_string(),
        ];
        report.facts.extend(names.into_iter().zip(values));
        rows.push(vec![
            Cell::Word(way.key()),
            Cell::Text(format!("{stalls} / {rounds}")),
            Cell::Number(rounded(millis(median)), "ms"),
            Cell::Number(rounded(millis(longest)), "ms"),
        ]);
        let points = times.iter().enumerate();
        lines.push(Series {
            name: line.to_string(),
            points: points
                .map(|(round, time)| ((round + 1) as f64, millis(*time)))
                .collect(),
        });
    }
    report.tables.push(Table {
        title: "lab-nagle-table",
        columns: vec![
            "lab-nagle-column-way",
            "lab-nagle-column-stalls",
            "lab-nagle-column-median",
            "lab-nagle-column-longest",
        ],
        rows,
    });
    report.pictures.push(Picture::Lines {
        title: "lab-nagle-times",
        across: "lab-nagle-round",
        unit: "ms",
        lines,
    });
    Ok(report)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Asks so many times: how long each answer took to come.
fn exchange(way: Way, rounds: usize) -> Result<Vec<Duration>, LabError> {
    let (client, server) = sockets::pair()?;
    client
        .set_nodelay(way == Way::NoDelay)
        .map_err(LabError::of("set TCP_NODELAY"))?;
    thread::scope(|scope| {
        let answering = scope.spawn(|| answer(&server, way, rounds));
        let asked: Result<Vec<Duration>, LabError> =
            (0..rounds).map(|_| ask(&client, way)).collect();
        // Who waits for a request that does not come is told so.
        let _ = client.shutdown(std::net::Shutdown::Write);
        let answered = answering
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        answered.and(asked)
    })
}

fn ask(mut client: &TcpStream, way: Way) -> Result<Duration, LabError> {
    let start = Instant::now();
    if way == Way::OneWrite {
        client
            .write_all(&[b'x'; HEAD + BODY])
            .map_err(LabError::of("send"))?;
    } else {
        client
            .write_all(&[b'h'; HEAD])
            .and_then(|()| client.write_all(&[b'b'; BODY]))
            .map_err(LabError::of("send"))?;
    }
    client
        .read_exact(&mut [0; ANSWER])
        .map_err(LabError::of("recv"))?;
    Ok(start.elapsed())
}

/// Answers each request once it is whole.
fn answer(mut server: &TcpStream, way: Way, rounds: usize) -> Result<(), LabError> {
    // The answer is one write and meets nothing unacknowledged, but it need not wait in any case.
    server
        .set_nodelay(true)
        .map_err(LabError::of("set TCP_NODELAY"))?;
    for _ in 0..rounds {
        let mut request = [0; HEAD + BODY];
        let mut came = 0;
        while came < request.len() {
            if way == Way::QuickAck {
                // It does not last: the kernel goes back to its own judgement.
                set_tcp_quickack(server, true)
                    .map_err(|error| LabError::of("set TCP_QUICKACK")(error.into()))?;
            }
            let read = server.read(&mut request[came..]);
            match read.map_err(LabError::of("recv"))? {
                0 => return Ok(()),
                count => came += count,
            }
        }
        server
            .write_all(&[b'a'; ANSWER])
            .map_err(LabError::of("send"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median_of(way: Way) -> Duration {
        median(&exchange(way, 8).expect("loopback works"))
    }

    #[test]
    fn two_writes_stand_still_and_each_cure_ends_that() {
        let stalled = median_of(Way::Nagle);
        assert!(stalled >= STALL, "{stalled:?}");
        for way in [Way::NoDelay, Way::QuickAck, Way::OneWrite] {
            let flows = median_of(way);
            assert!(flows < STALL, "{way:?} {flows:?}");
        }
    }
}
