//! Why datagrams are lost: the kernel drops, whatever their size, what the reader's buffer has no room
//! for.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use socket2::Socket;

use super::addresses;
use crate::datagrams::{self, WAIT};
use crate::experiment::LabError;
use crate::place::{Net, Place};
use crate::report::{Cell, Picture, Report, Table};

/// The size that the tutorial holds for the limit, and one above it.
const PAYLOADS: [usize; 2] = [512, 1400];

/// What the reader asks for as its buffer. The kernel doubles it, for its own records (socket(7)).
const BUFFERS: [usize; 2] = [16 << 10, 64 << 10];

/// How long the kernel is given to hand over what was sent.
const PAUSE: Duration = Duration::from_millis(10);

/// One row: so many were sent, and so many were there.
struct Count {
    payload: usize,
    buffer_bytes: usize,
    is_reading: bool,
    sent: usize,
    arrived: usize,
    /// How many the kernel says it dropped at this socket.
    dropped: usize,
}

/// Sends many datagrams to a reader that does not read, and to one that does.
pub(super) fn measure(place: &Place, is_quick: bool, to: &mut Report) -> Result<(), LabError> {
    let sent = if is_quick { 300 } else { 1000 };
    let mut counts = Vec::new();
    for is_reading in [false, true] {
        for buffer in BUFFERS {
            for payload in PAYLOADS {
                counts.push(count(place, payload, buffer, is_reading, sent)?);
            }
        }
    }
    let lost = |payload: usize, is_reading: bool| {
        let rows = counts.iter();
        let of_these = rows.filter(|it| it.payload == payload && it.is_reading == is_reading);
        of_these
            .map(|it| it.sent - it.arrived)
            .sum::<usize>()
            .to_string()
    };
    let [small, large] = PAYLOADS;
    let dropped: usize = counts.iter().map(|count| count.dropped).sum();
    to.facts.push(("sent", (sent * BUFFERS.len()).to_string()));
    to.facts.push(("lost_512", lost(small, false)));
    to.facts.push(("lost_1400", lost(large, false)));
    to.facts.push(("lost_512_reading", lost(small, true)));
    to.facts.push(("lost_1400_reading", lost(large, true)));
    to.facts.push(("dropped", dropped.to_string()));
    to.pictures.push(picture(&counts));
    to.tables.push(Table {
        title: "lab-mtu-loss",
        columns: vec![
            "lab-mtu-reader",
            "lab-mtu-buffer",
            "lab-mtu-payload",
            "lab-mtu-many",
            "lab-mtu-kept",
            "lab-mtu-lost",
            "lab-mtu-dropped",
        ],
        rows: counts.iter().map(row).collect(),
    });
    Ok(())
}

fn row(count: &Count) -> Vec<Cell> {
    let reader = match count.is_reading {
        true => "lab-mtu-reading",
        false => "lab-mtu-idle",
    };
    vec![
        Cell::Word(reader),
        Cell::Count(count.buffer_bytes as u64),
        Cell::Count(count.payload as u64),
        Cell::Count(count.sent as u64),
        Cell::Count(count.arrived as u64),
        Cell::Count((count.sent - count.arrived) as u64),
        Cell::Count(count.dropped as u64),
    ]
}

fn picture(counts: &[Count]) -> Picture {
    let bars = counts.iter().map(|count| {
        let reader = if count.is_reading { "recv" } else { "-" };
        let label = format!(
            "{} B, SO_RCVBUF {}, {reader}",
            count.payload, count.buffer_bytes
        );
        (label, (count.sent - count.arrived) as f64)
    });
    Picture::Bars {
        title: "lab-mtu-loss-picture",
        unit: "",
        bars: bars.collect(),
    }
}

fn count(
    place: &Place,
    payload: usize,
    buffer: usize,
    is_reading: bool,
    sent: usize,
) -> Result<Count, LabError> {
    let [there, here] = &place.ends;
    let nets = [&there.net, &here.net];
    let (reader, sender) = datagrams::connected(nets, addresses(place, false))?;
    let set = reader.set_recv_buffer_size(buffer);
    set.map_err(LabError::of("set SO_RCVBUF"))?;
    let address = datagrams::address_of(&reader)?;
    let bytes = vec![b'x'; payload];
    let mut room = vec![0; payload];
    let mut count = Count {
        payload,
        buffer_bytes: reader
            .recv_buffer_size()
            .map_err(LabError::of("read SO_RCVBUF"))?,
        is_reading,
        sent,
        arrived: 0,
        dropped: 0,
    };
    for _ in 0..sent {
        sender.send(&bytes).map_err(LabError::of("send"))?;
        if is_reading {
            let flags = rustix::net::RecvFlags::empty();
            rustix::io::retry_on_intr(|| rustix::net::recv(&reader, &mut room[..], flags))
                .map_err(|error| LabError::of("recv")(error.into()))?;
            count.arrived += 1;
        }
    }
    settle(&there.net, &reader, address, &mut count)?;
    Ok(count)
}

/// Takes what came, until each datagram is either here or dropped: the kernel may still be busy with
/// the last ones. A pause comes first, or the reader would make room too early.
fn settle(
    net: &Net,
    reader: &Socket,
    address: SocketAddr,
    count: &mut Count,
) -> Result<(), LabError> {
    let ends = Instant::now() + WAIT;
    loop {
        if !count.is_reading {
            thread::sleep(PAUSE);
        }
        count.arrived += datagrams::drain(reader)?.len();
        count.dropped = dropped_at(net, address)?;
        if count.arrived + count.dropped >= count.sent || Instant::now() >= ends {
            return Ok(());
        }
        thread::sleep(PAUSE);
    }
}

/// How many datagrams the kernel dropped at the socket of this address (`/proc/net/udp`; proc_net(5)).
fn dropped_at(net: &Net, address: SocketAddr) -> Result<usize, LabError> {
    let read = || std::fs::read_to_string("/proc/thread-self/net/udp");
    let table = net.run(|| read().map_err(LabError::of("read /proc/net/udp")))?;
    let port = format!(":{:04X}", address.port());
    let row = table.lines().find(|line| {
        let local = line.split_whitespace().nth(1);
        local.is_some_and(|it| it.ends_with(&port))
    });
    let last = row.and_then(|line| line.split_whitespace().last()?.parse().ok());
    last.ok_or_else(|| LabError::Unexpected("the socket is not in /proc/net/udp".into()))
}

/// What of a report of `mtu` must be the same each time: where something was lost, and where nothing.
#[cfg(test)]
pub(super) fn kind(report: &Report) -> Vec<bool> {
    let table = report.tables.last().expect("it is the last one");
    let rows = table.rows.iter();
    rows.map(|row| row[5] != Cell::Count(0) && row[5] == row[6])
        .collect()
}
