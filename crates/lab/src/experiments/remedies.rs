//! `remedies`: four ways to keep messages apart on a stream, while the reader has other things to do
//! at times: which of them lose the edges, and what each costs.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Picture, Report, Table};
use crate::sockets;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "remedies",
    question: "lab-remedies-question",
    predict: "lab-remedies-predict",
    explain: "lab-remedies-explain",
    next: "lab-remedies-next",
    elsewhere: &[],
    run,
};

/// How long the sender sleeps between two messages, where that is the remedy.
const NAP: Duration = Duration::from_millis(1);

/// A busy reader does something else for so long, after each so many reads.
const BUSY: Duration = Duration::from_millis(10);
const READS_UNTIL_BUSY: usize = 8;

/// Room for one read, as in the tutorial's programs, and the larger buffer.
const ROOM: usize = 1024;
const LARGER_ROOM: usize = 64 * 1024;

/// The sign at the end of a message, and the size of the length in front of one.
const SIGN: u8 = b'\n';
const LENGTH: usize = 4;

/// What is done so that messages stay apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    Nothing,
    Sleep,
    LargerBuffer,
    Delimiter,
    Length,
}

impl Remedy {
    const ALL: [Self; 5] = [
        Self::Nothing,
        Self::Sleep,
        Self::LargerBuffer,
        Self::Delimiter,
        Self::Length,
    ];

    /// The key of its name, and its name for facts.
    fn names(self) -> (&'static str, [&'static str; 4]) {
        match self {
            Self::Nothing => (
                "lab-remedies-nothing",
                ["none_idle", "none_errors", "none_us", "none_verdict"],
            ),
            Self::Sleep => (
                "lab-remedies-sleep",
                ["sleep_idle", "sleep_errors", "sleep_us", "sleep_verdict"],
            ),
            Self::LargerBuffer => (
                "lab-remedies-larger",
                [
                    "larger_idle",
                    "larger_errors",
                    "larger_us",
                    "larger_verdict",
                ],
            ),
            Self::Delimiter => (
                "lab-remedies-delimiter",
                ["sign_idle", "sign_errors", "sign_us", "sign_verdict"],
            ),
            Self::Length => (
                "lab-remedies-length",
                [
                    "length_idle",
                    "length_errors",
                    "length_us",
                    "length_verdict",
                ],
            ),
        }
    }

    /// The bytes that carry `message`.
    fn wrap(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Delimiter => [message, &[SIGN]].concat(),
            Self::Length => {
                let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
                [&length.to_le_bytes()[..], message].concat()
            }
            Self::Nothing | Self::Sleep | Self::LargerBuffer => message.to_vec(),
        }
    }

    /// Takes what is whole out of `unread`, which has grown by a read.
    fn unwrap_all(self, unread: &mut Vec<u8>) -> Vec<Vec<u8>> {
        let mut whole = Vec::new();
        let mut at = 0;
        loop {
            let rest = &unread[at..];
            let (skip, size) = match self {
                Self::Delimiter => match rest.iter().position(|byte| *byte == SIGN) {
                    Some(size) => (0, size),
                    None => break,
                },
                Self::Length => match rest.first_chunk::<LENGTH>() {
                    Some(length) => (LENGTH, u32::from_le_bytes(*length) as usize),
                    None => break,
                },
                // What one read gave is taken for one message.
                _ if rest.is_empty() => break,
                _ => (0, rest.len()),
            };
            let Some(message) = rest.get(skip..skip + size) else {
                break;
            };
            whole.push(message.to_vec());
            at += skip + size + usize::from(self == Self::Delimiter);
        }
        unread.drain(..at);
        whole
    }
}

/// What became of an exchange.
#[derive(Clone, Copy, Debug)]
struct Seen {
    sent: usize,
    /// Messages that did not come as what they were.
    errors: usize,
    /// Of one message, on average.
    cost: Duration,
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let (few, many) = if bench.is_quick {
        (24, 500)
    } else {
        (80, 20_000)
    };
    let mut report = Report::default();
    report.facts.push(("messages", few.to_string()));
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for remedy in Remedy::ALL {
        let count = if remedy == Remedy::Sleep { few } else { many };
        let idle = exchange(remedy, count, false)?;
        let busy = exchange(remedy, few, true)?;
        let (key, names) = remedy.names();
        let cost_us = idle.cost.as_secs_f64() * 1e6;
        let share = 100.0 * busy.errors as f64 / few as f64;
        let holds = idle.errors + busy.errors == 0;
        let values = [
            idle.errors.to_string(),
            busy.errors.to_string(),
            format!("{cost_us:.1}"),
            if holds { "holds" } else { "fails" }.to_string(),
        ];
        report.facts.extend(names.into_iter().zip(values));
        bars.push((label(remedy).to_string(), share.round()));
        rows.push(vec![
            Cell::Word(key),
            Cell::Text(format!("{} / {}", idle.errors, idle.sent)),
            Cell::Text(format!("{} / {}", busy.errors, busy.sent)),
            Cell::Number((cost_us * 10.0).round() / 10.0, "us"),
            Cell::Count((remedy.wrap(b"").len()) as u64),
        ]);
    }
    report.tables.push(Table {
        title: "lab-remedies-table",
        columns: vec![
            "lab-remedies-column-remedy",
            "lab-remedies-column-idle",
            "lab-remedies-column-busy",
            "lab-remedies-column-cost",
            "lab-remedies-column-extra",
        ],
        rows,
    });
    report.pictures.push(Picture::Bars {
        title: "lab-remedies-errors",
        unit: "%",
        bars,
    });
    Ok(report)
}

/// The label of a bar.
fn label(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Nothing => "-",
        Remedy::Sleep => "sleep(0.001)",
        Remedy::LargerBuffer => "recv(65536)",
        Remedy::Delimiter => "\\n",
        Remedy::Length => "u32 + bytes",
    }
}

/// Message `number`: each is another one, and they are of different sizes.
fn message(number: usize) -> Vec<u8> {
    let size = 20 + number * 37 % 80;
    format!("{number:0size$}").into_bytes()
}

/// Sends `count` messages, reads them, and compares.
fn exchange(remedy: Remedy, count: usize, is_busy: bool) -> Result<Seen, LabError> {
    let (client, server) = sockets::pair()?;
    // Nothing is held back at the sender: what sticks together does so at the reader.
    client
        .set_nodelay(true)
        .map_err(LabError::of("set TCP_NODELAY"))?;
    let start = Instant::now();
    let read = thread::scope(|scope| {
        let reader = scope.spawn(|| read(&server, remedy, is_busy));
        let sent = send(&client, remedy, count);
        let read = reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        sent.and(read)
    })?;
    let took = start.elapsed();
    // All messages differ: one that came as what it was is found again.
    let came: HashSet<&[u8]> = read.iter().map(Vec::as_slice).collect();
    let is_lost = |number: &usize| !came.contains(message(*number).as_slice());
    Ok(Seen {
        sent: count,
        errors: (0..count).filter(is_lost).count(),
        cost: took / u32::try_from(count).unwrap_or(u32::MAX),
    })
}

fn send(mut client: &TcpStream, remedy: Remedy, count: usize) -> Result<(), LabError> {
    for number in 0..count {
        if remedy == Remedy::Sleep {
            thread::sleep(NAP);
        }
        client
            .write_all(&remedy.wrap(&message(number)))
            .map_err(LabError::of("send"))?;
    }
    client
        .shutdown(Shutdown::Write)
        .map_err(LabError::of("shutdown"))
}

/// Reads until the end, and takes apart what comes.
fn read(mut server: &TcpStream, remedy: Remedy, is_busy: bool) -> Result<Vec<Vec<u8>>, LabError> {
    let room = match remedy {
        Remedy::LargerBuffer => LARGER_ROOM,
        _ => ROOM,
    };
    let mut buffer = vec![0; room];
    let mut unread = Vec::new();
    let mut messages = Vec::new();
    let mut reads = 0;
    loop {
        match server.read(&mut buffer).map_err(LabError::of("recv"))? {
            0 => return Ok(messages),
            count => unread.extend_from_slice(&buffer[..count]),
        }
        messages.extend(remedy.unwrap_all(&mut unread));
        reads += 1;
        if is_busy && reads % READS_UNTIL_BUSY == 1 {
            thread::sleep(BUSY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(remedy: Remedy) -> usize {
        exchange(remedy, 30, true).expect("loopback works").errors
    }

    #[test]
    fn sleeping_and_a_larger_buffer_do_not_keep_messages_apart() {
        assert!(errors(Remedy::Sleep) > 0);
        assert!(errors(Remedy::LargerBuffer) > 0);
        assert!(errors(Remedy::Nothing) > 0);
    }

    #[test]
    fn a_sign_at_the_end_and_a_length_in_front_do() {
        assert_eq!(errors(Remedy::Delimiter), 0);
        assert_eq!(errors(Remedy::Length), 0);
    }

    #[test]
    fn what_comes_in_pieces_is_put_together() {
        for remedy in [Remedy::Delimiter, Remedy::Length] {
            let bytes = [remedy.wrap(b"one"), remedy.wrap(b""), remedy.wrap(b"three")].concat();
            let mut unread = Vec::new();
            let mut whole = Vec::new();
            for byte in bytes {
                unread.push(byte);
                whole.extend(remedy.unwrap_all(&mut unread));
            }
            assert_eq!(whole, [&b"one"[..], b"", b"three"]);
            assert!(unread.is_empty());
        }
    }
}
