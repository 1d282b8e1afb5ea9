//! `backpressure`: how much a sender gets rid of while nobody reads, where it lies, and how much must
//! be read until there is room again.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustix::event::PollFlags;
use socket2::SockRef;

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Picture, Report, Table};
use crate::sockets;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "backpressure",
    question: "lab-backpressure-question",
    predict: "lab-backpressure-predict",
    explain: "lab-backpressure-explain",
    next: "lab-backpressure-next",
    elsewhere: &[],
    run,
};

/// One send. Small, so that the end is found closely.
const PIECE: usize = 4096;

/// More than this is not sent, whatever the kernel takes.
const MOST: usize = 64 << 20;

/// For how long a full sender must stay full: what was sent still moves to the receiver for a while.
const STAYS: Duration = Duration::from_millis(60);

/// What is asked of both buffers, in bytes; nothing for the kernel's own choice.
type Asked = Option<usize>;

/// What was found with buffers of one size.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// SO_SNDBUF and SO_RCVBUF, as the kernel tells them when they are full: it may let them grow.
    buffers: [usize; 2],
    /// What `send` took until it would have waited.
    sent: u64,
    /// Of it: what lies at the receiver. The rest is at the sender still.
    there: u64,
    /// How much was read until the sender had room again.
    read: u64,
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let sizes: &[Asked] = if bench.is_quick {
        &[Some(8 << 10), None]
    } else {
        &[
            Some(4 << 10),
            Some(16 << 10),
            Some(64 << 10),
            Some(256 << 10),
            None,
        ]
    };
    let mut report = Report::default();
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for (number, asked) in sizes.iter().enumerate() {
        let seen = fill(*asked)?;
        let label = asked.map_or("-".to_string(), |asked| asked.to_string());
        bars.push((label.clone(), seen.sent as f64 / 1024.0));
        if number == 0 {
            report.facts.push(("small_asked", label.clone()));
            report.facts.push(("small_sent", seen.sent.to_string()));
        }
        if asked.is_none() {
            report.facts.extend(facts(&seen));
        }
        rows.push(row(label, &seen));
    }
    // Scripts and tests ask whether more room takes more.
    let grows = bars.windows(2).all(|pair| pair[0].1 < pair[1].1);
    let grows = if grows { "yes" } else { "no" };
    report.facts.push(("grows", grows.to_string()));
    report.tables.push(Table {
        title: "lab-backpressure-table",
        columns: vec![
            "lab-backpressure-column-asked",
            "lab-backpressure-column-sndbuf",
            "lab-backpressure-column-rcvbuf",
            "lab-backpressure-column-sent",
            "lab-backpressure-column-here",
            "lab-backpressure-column-there",
            "lab-backpressure-column-read",
        ],
        rows,
    });
    report.pictures.push(Picture::Bars {
        title: "lab-backpressure-sent",
        unit: "KiB",
        bars,
    });
    Ok(report)
}

impl Seen {
    fn here(&self) -> u64 {
        self.sent.saturating_sub(self.there)
    }
}

fn facts(seen: &Seen) -> Vec<(&'static str, String)> {
    vec![
        ("sent", seen.sent.to_string()),
        ("here", seen.here().to_string()),
        ("there", seen.there.to_string()),
        ("read", seen.read.to_string()),
        ("send_buffer", seen.buffers[0].to_string()),
        ("receive_buffer", seen.buffers[1].to_string()),
    ]
}

fn row(label: String, seen: &Seen) -> Vec<Cell> {
    vec![
        Cell::Text(label),
        Cell::Count(seen.buffers[0] as u64),
        Cell::Count(seen.buffers[1] as u64),
        Cell::Count(seen.sent),
        Cell::Count(seen.here()),
        Cell::Count(seen.there),
        Cell::Count(seen.read),
    ]
}

/// Sends until the sender would have to wait, and then reads until it would not.
fn fill(asked: Asked) -> Result<Seen, LabError> {
    let (client, server) = pair_with(asked)?;
    client
        .set_nonblocking(true)
        .map_err(LabError::of("set O_NONBLOCK"))?;
    let sent = send_until_full(&client)?;
    let buffers = [
        SockRef::from(&client).send_buffer_size(),
        SockRef::from(&server).recv_buffer_size(),
    ];
    let [send_buffer, receive_buffer] = buffers.map(|it| it.map_err(LabError::of("SO_SNDBUF")));
    let there = sockets::unread(&server)?;
    let read = read_until_there_is_room(&server, &client)?;
    sockets::reset_on_close(&client)?;
    Ok(Seen {
        buffers: [send_buffer?, receive_buffer?],
        sent,
        there,
        read,
    })
}

/// A pair whose buffers were set before it met: a window is agreed on in the handshake.
fn pair_with(asked: Asked) -> Result<(TcpStream, TcpStream), LabError> {
    let Some(asked) = asked else {
        return sockets::pair();
    };
    let listener = sockets::listen_with(1)?;
    let address = sockets::address_of(&listener)?;
    listener
        .set_recv_buffer_size(asked)
        .map_err(LabError::of("set SO_RCVBUF"))?;
    let pair = sockets::meet(&listener.into(), address)?;
    SockRef::from(&pair.0)
        .set_send_buffer_size(asked)
        .map_err(LabError::of("set SO_SNDBUF"))?;
    Ok(pair)
}

/// How much `send` takes until it says for a while that it would wait.
fn send_until_full(mut client: &TcpStream) -> Result<u64, LabError> {
    let piece = [b'x'; PIECE];
    let mut sent = 0;
    while sent < MOST {
        match client.write(&piece) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if sockets::ready(client, PollFlags::OUT, STAYS)?.is_empty() {
                    return Ok(sent as u64);
                }
            }
            Err(error) => return Err(LabError::of("send")(error)),
        }
    }
    Err(LabError::Unexpected(format!(
        "{MOST} bytes fit in the buffers"
    )))
}

/// Reads piece by piece until the sender is told that it may send.
fn read_until_there_is_room(mut server: &TcpStream, client: &TcpStream) -> Result<u64, LabError> {
    let mut buffer = [0; PIECE];
    let mut read = 0;
    loop {
        // What was read makes room a little later, when the receiver has said so.
        let has_room = sockets::ready(client, PollFlags::OUT, Duration::from_micros(200))?;
        if !has_room.is_empty() {
            return Ok(read);
        }
        read += server.read(&mut buffer).map_err(LabError::of("recv"))? as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_that_nobody_reads_is_stopped_and_goes_on_once_somebody_does() {
        for asked in [Some(8 << 10), None] {
            let seen = fill(asked).expect("loopback works");
            assert!(seen.sent > 0);
            assert!(seen.there > 0 && seen.there <= seen.sent, "{seen:?}");
            assert!(seen.read > 0 && seen.read <= seen.sent, "{seen:?}");
        }
    }

    #[test]
    fn smaller_buffers_hold_less() {
        let small = fill(Some(4 << 10)).expect("loopback works");
        let default = fill(None).expect("loopback works");
        assert!(small.sent < default.sent, "{small:?} {default:?}");
    }
}
