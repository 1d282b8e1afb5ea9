//! `sticky`: many small sends, and how many reads of what sizes they become; where they stuck together,
//! at the sender or at the receiver.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Barrier;
use std::time::Duration;

use crate::experiment::{Bench, Experiment, LabError};
use crate::kernel;
use crate::place::Place;
use crate::report::{Cell, Edges, Missing, Picture, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "sticky",
    question: "lab-sticky-question",
    predict: "lab-sticky-predict",
    explain: "lab-sticky-explain",
    next: "lab-sticky-next",
    elsewhere: &[],
    run,
};

/// One message: as long as a word that somebody types.
const MESSAGE: usize = 25;

/// Room for all messages in one read.
const ROOM: usize = 64 * 1024;

/// How the messages are sent and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    /// Whether the sender may hold small pieces back (no `TCP_NODELAY`).
    has_nagle: bool,
    pause_ms: u64,
    /// Whether the reader is late: it begins when the last message was sent.
    is_late: bool,
}

/// What became of the messages.
#[derive(Clone, Debug, Default)]
struct Seen {
    reads: Vec<usize>,
    /// Segments with data that the sender sent, if the kernel says.
    segments: Option<u32>,
}

/// A way, and what was seen of it in one place.
struct Row {
    place: &'static str,
    way: Way,
    seen: Seen,
}

const LOOPBACK: &str = "lab-sticky-on-loopback";
const CABLE: &str = "lab-sticky-on-cable";

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let count = if bench.is_quick { 24 } else { 40 };
    let pauses: &[u64] = if bench.is_quick { &[0, 1] } else { &[0, 1, 5] };
    let mut rows = Vec::new();
    try_all(&mut rows, LOOPBACK, &Place::loopback(), count, pauses)?;
    let cable = Place::pair();
    if let Ok(place) = &cable {
        try_all(&mut rows, CABLE, place, count, pauses)?;
    }
    let mut report = report_of(&rows, count, pauses[pauses.len() - 1]);
    report.missing.extend(cable.err());
    Ok(report)
}

/// Tries every way in one place.
fn try_all(
    rows: &mut Vec<Row>,
    name: &'static str,
    place: &Place,
    count: usize,
    pauses: &[u64],
) -> Result<(), LabError> {
    for is_late in [false, true] {
        for has_nagle in [true, false] {
            for &pause_ms in pauses {
                let way = Way {
                    has_nagle,
                    pause_ms,
                    is_late,
                };
                let pair = sockets::pair_in(place)?;
                let reads = exchange(&pair, way, count)?;
                let segments = place.ends[1].net.run(|| segments(&pair))?;
                let seen = Seen { reads, segments };
                rows.push(Row {
                    place: name,
                    way,
                    seen,
                });
            }
        }
    }
    Ok(())
}

/// What is told in sentences is that of loopback, which everybody has.
fn report_of(rows: &[Row], count: usize, longest_ms: u64) -> Report {
    let mut report = Report::default();
    let find = |has_nagle, is_late, pause_ms| {
        let way = Way {
            has_nagle,
            pause_ms,
            is_late,
        };
        let mut rows = rows.iter();
        let row = rows.find(|row| row.place == LOOPBACK && row.way == way);
        &row.expect("every way was tried").seen
    };
    let reads = |seen: &Seen| seen.reads.len().to_string();
    let segments = |seen: &Seen| seen.segments.map_or("?".to_string(), |it| it.to_string());
    report.facts = vec![
        ("messages", count.to_string()),
        ("size", MESSAGE.to_string()),
        ("pause_ms", longest_ms.to_string()),
        ("reads_waiting", reads(find(false, false, 0))),
        (
            "reads_waiting_paused",
            reads(find(false, false, longest_ms)),
        ),
        ("reads_late", reads(find(false, true, 0))),
        ("reads_late_paused", reads(find(false, true, longest_ms))),
        ("segments_nagle", segments(find(true, true, 1))),
        ("segments_nodelay", segments(find(false, true, 1))),
    ];
    if rows.iter().any(|row| row.seen.segments.is_none()) {
        report.missing.push(Missing {
            needs: "lab-sticky-needs-diag",
            why: String::new(),
        });
    }
    for (title, is_late) in [("lab-sticky-waiting", false), ("lab-sticky-late", true)] {
        report
            .pictures
            .push(picture(title, count, find(false, is_late, 0)));
    }
    report.tables.push(table(rows, count));
    report
}

fn picture(title: &'static str, count: usize, seen: &Seen) -> Picture {
    let edges = |name, sizes| Edges { name, sizes };
    Picture::Edges {
        title,
        rows: vec![
            edges("lab-edges-writes", vec![MESSAGE; count]),
            edges("lab-edges-reads", seen.reads.clone()),
        ],
    }
}

fn table(rows: &[Row], count: usize) -> Table {
    let word = |is: bool, yes, no| Cell::Word(if is { yes } else { no });
    Table {
        title: "lab-sticky-table",
        columns: vec![
            "lab-sticky-column-place",
            "lab-sticky-column-reader",
            "lab-sticky-column-nagle",
            "lab-sticky-column-pause",
            "lab-sticky-column-sends",
            "lab-sticky-column-segments",
            "lab-sticky-column-reads",
            "lab-sticky-column-sizes",
        ],
        rows: rows
            .iter()
            .map(|Row { place, way, seen }| {
                vec![
                    Cell::Word(place),
                    word(way.is_late, "lab-sticky-is-late", "lab-sticky-is-waiting"),
                    word(way.has_nagle, "lab-sticky-nagle-on", "lab-sticky-nagle-off"),
                    Cell::Number(way.pause_ms as f64, "ms"),
                    Cell::Count(count as u64),
                    seen.segments
                        .map_or(Cell::Empty, |it| Cell::Count(it.into())),
                    Cell::Count(seen.reads.len() as u64),
                    Cell::Text(in_short(&seen.reads)),
                ]
            })
            .collect(),
    }
}

/// `3 x 25 + 50`: sizes in order, equal ones in a row as one.
fn in_short(sizes: &[usize]) -> String {
    let runs = sizes.chunk_by(|one, next| one == next);
    let runs: Vec<String> = runs
        .map(|run| match run {
            [size] => size.to_string(),
            _ => format!("{} x {}", run.len(), run[0]),
        })
        .collect();
    match runs.as_slice() {
        [first @ .., _, last] if first.len() > 4 => {
            format!("{} + ... + {last}", first[..4].join(" + "))
        }
        all => all.join(" + "),
    }
}

/// Sends `count` messages this way and reads until the end.
fn exchange(
    (client, server): &(TcpStream, TcpStream),
    way: Way,
    count: usize,
) -> Result<Vec<usize>, LabError> {
    client
        .set_nodelay(!way.has_nagle)
        .map_err(LabError::of("set TCP_NODELAY"))?;
    if way.is_late {
        send(client, way, count)?;
        // Late is who comes when all is there.
        let all = (count * MESSAGE) as u64;
        sockets::comes(WAIT, || Ok(sockets::unread(server)? >= all))?;
        read(server)
    } else {
        let both_ready = Barrier::new(2);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                both_ready.wait();
                read(server)
            });
            both_ready.wait();
            let sent = send(client, way, count);
            let reads = reader
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            sent.and(reads)
        })
    }
}

fn send(mut client: &TcpStream, way: Way, count: usize) -> Result<(), LabError> {
    for number in 0..count {
        if number > 0 && way.pause_ms > 0 {
            std::thread::sleep(Duration::from_millis(way.pause_ms));
        }
        client
            .write_all(&[b'x'; MESSAGE])
            .map_err(LabError::of("send"))?;
    }
    client
        .shutdown(Shutdown::Write)
        .map_err(LabError::of("shutdown"))
}

/// Reads until the end: how much each read gave.
fn read(mut server: &TcpStream) -> Result<Vec<usize>, LabError> {
    let mut buffer = vec![0; ROOM];
    let mut reads = Vec::new();
    loop {
        match server.read(&mut buffer).map_err(LabError::of("recv"))? {
            0 => return Ok(reads),
            count => reads.push(count),
        }
    }
}

/// How many segments with data the client has sent. To be called where it was made.
fn segments((client, server): &(TcpStream, TcpStream)) -> Result<Option<u32>, LabError> {
    let ends = [client, server].map(sockets::own_address);
    let [own, peer] = ends;
    let line = kernel::line_of(own?, peer?)?;
    Ok(line.and_then(|line| line.data_segments))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(has_nagle: bool, is_late: bool) -> Seen {
        let way = Way {
            has_nagle,
            pause_ms: 0,
            is_late,
        };
        let pair = sockets::pair().expect("loopback works");
        Seen {
            reads: exchange(&pair, way, 30).expect("it is read"),
            segments: segments(&pair).expect("it is connected"),
        }
    }

    #[test]
    fn a_late_reader_finds_one_run_of_bytes_whatever_the_sender_does() {
        for has_nagle in [true, false] {
            assert_eq!(seen(has_nagle, true).reads, [30 * MESSAGE]);
        }
    }

    #[test]
    fn messages_stick_together_at_the_sender_too() {
        let [with, without] = [true, false].map(|has_nagle| seen(has_nagle, true).segments);
        let (Some(with), Some(without)) = (with, without) else {
            return;
        };
        assert!(with < without && with < 30, "{with} and {without}");
    }

    #[test]
    fn a_waiting_reader_misses_nothing() {
        let reads = seen(false, false).reads;
        assert_eq!(reads.iter().sum::<usize>(), 30 * MESSAGE);
        assert!(reads.iter().all(|size| size % MESSAGE == 0), "{reads:?}");
    }

    #[test]
    fn equal_sizes_are_told_once() {
        assert_eq!(in_short(&[25, 25, 50, 25]), "2 x 25 + 50 + 25");
        assert_eq!(in_short(&[1, 2, 3, 4, 5, 6]), "1 + 2 + 3 + 4 + 5 + 6");
        assert_eq!(in_short(&[1, 2, 3, 4, 5, 6, 7]), "1 + 2 + 3 + 4 + ... + 7");
        assert_eq!(in_short(&[]), "");
    }
}
