//! `empty`: what a send of no bytes does on each family, and what an empty read means there.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::time::Duration;

use rustix::event::PollFlags;
use socket2::Socket;

use crate::experiment::{Bench, Experiment, LabError};
use crate::kernel;
use crate::report::{Cell, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "empty",
    question: "lab-empty-question",
    predict: "lab-empty-predict",
    explain: "lab-empty-explain",
    next: "lab-empty-next",
    elsewhere: &[],
    run,
};

/// How long what does not come is waited for.
const PATIENCE: Duration = Duration::from_millis(50);

/// What was seen of one family.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    family: &'static str,
    /// What the empty send returned.
    sent: String,
    /// Whether the other end was woken by it.
    arrives: bool,
    /// What a read gave after the empty send and one of [`WORD`].
    read: String,
    /// What a read gave once the sender had closed: `EAGAIN` where it would wait.
    after_close: String,
}

const WORD: &[u8] = b"hello";

fn run(_: &mut Bench) -> Result<Report, LabError> {
    let (tcp, segments) = tcp()?;
    let all = [tcp, unix_stream()?, udp()?, unix_datagram()?];
    let mut report = Report::default();
    for (seen, names) in all.iter().zip([
        ["tcp_sent", "tcp_arrives", "tcp_read", "tcp_closed"],
        ["unix_sent", "unix_arrives", "unix_read", "unix_closed"],
        ["udp_sent", "udp_arrives", "udp_read", "udp_closed"],
        [
            "unixgram_sent",
            "unixgram_arrives",
            "unixgram_read",
            "unixgram_closed",
        ],
    ]) {
        let values = [
            seen.sent.clone(),
            if seen.arrives { "yes" } else { "no" }.to_string(),
            seen.read.clone(),
            seen.after_close.clone(),
        ];
        report.facts.extend(names.into_iter().zip(values));
    }
    let segments = segments.map_or("?".to_string(), |count| count.to_string());
    report.facts.push(("segments", segments));
    report.tables.push(Table {
        title: "lab-empty-table",
        columns: vec![
            "lab-empty-column-family",
            "lab-empty-column-sent",
            "lab-empty-column-arrives",
            "lab-empty-column-read",
            "lab-empty-column-closed",
        ],
        rows: all.iter().map(row).collect(),
    });
    Ok(report)
}

fn row(seen: &Seen) -> Vec<Cell> {
    vec![
        Cell::Text(seen.family.to_string()),
        Cell::Text(seen.sent.clone()),
        Cell::Word(if seen.arrives {
            "lab-empty-arrives"
        } else {
            "lab-empty-does-not"
        }),
        Cell::Text(seen.read.clone()),
        Cell::Text(seen.after_close.clone()),
    ]
}

/// On TCP, and how many segments with data the empty send became.
fn tcp() -> Result<(Seen, Option<u32>), LabError> {
    let (client, server) = sockets::pair()?;
    let [own, peer] = [&client, &server].map(sockets::own_address);
    let sent = sockets::outcome(&(&client).write(b""));
    let arrives = comes(&server)?;
    let segments = kernel::line_of(own?, peer?)?.and_then(|line| line.data_segments);
    let seen = stream("tcp", sent, arrives, client, server)?;
    Ok((seen, segments))
}

fn unix_stream() -> Result<Seen, LabError> {
    let (client, server) = UnixStream::pair().map_err(LabError::of("socketpair"))?;
    server
        .set_read_timeout(Some(WAIT))
        .map_err(LabError::of("set a time limit"))?;
    let sent = sockets::outcome(&(&client).write(b""));
    let arrives = comes(&server)?;
    stream("unix", sent, arrives, client, server)
}

/// What comes of a word after the empty send, and of the end.
fn stream(
    family: &'static str,
    sent: String,
    arrives: bool,
    mut client: impl Write,
    mut server: impl Read,
) -> Result<Seen, LabError> {
    let mut buffer = [0; 1024];
    client.write_all(WORD).map_err(LabError::of("send"))?;
    let read = sockets::outcome(&server.read(&mut buffer));
    drop(client);
    let after_close = sockets::outcome(&server.read(&mut buffer));
    Ok(Seen {
        family,
        sent,
        arrives,
        read,
        after_close,
    })
}

fn udp() -> Result<Seen, LabError> {
    let open = || {
        let server = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        client.connect(server.local_addr()?)?;
        server.connect(client.local_addr()?)?;
        Ok((client, server))
    };
    let (client, server) = open().map_err(LabError::of("make two UDP sockets"))?;
    datagrams("udp", client.into(), server.into())
}

fn unix_datagram() -> Result<Seen, LabError> {
    let (client, server) = UnixDatagram::pair().map_err(LabError::of("socketpair"))?;
    datagrams("unixgram", client.into(), server.into())
}

/// What comes of the empty send, of a word after it, and of the end.
fn datagrams(family: &'static str, client: Socket, server: Socket) -> Result<Seen, LabError> {
    server
        .set_read_timeout(Some(WAIT))
        .map_err(LabError::of("set a time limit"))?;
    let sent = sockets::outcome(&(&client).write(b""));
    let arrives = comes(&server)?;
    (&client).write(WORD).map_err(LabError::of("send"))?;
    let read = two_reads(|buffer| (&server).read(buffer), arrives);
    drop(client);
    server
        .set_nonblocking(true)
        .map_err(LabError::of("set O_NONBLOCK"))?;
    let after_close = sockets::outcome(&(&server).read(&mut [0; 1024]));
    Ok(Seen {
        family,
        sent,
        arrives,
        read,
        after_close,
    })
}

/// Reads the word, and before it the empty datagram, if it came: `0, 5`.
fn two_reads(recv: impl Fn(&mut [u8]) -> io::Result<usize>, has_empty: bool) -> String {
    let mut buffer = [0; 1024];
    let count = if has_empty { 2 } else { 1 };
    let reads = (0..count).map(|_| sockets::outcome(&recv(&mut buffer)));
    reads.collect::<Vec<_>>().join(", ")
}

/// Whether something comes to be read.
fn comes(socket: impl AsFd) -> Result<bool, LabError> {
    Ok(!sockets::ready(socket, PollFlags::IN, PATIENCE)?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seen: &Seen) -> (&str, bool, &str, &str) {
        (&seen.sent, seen.arrives, &seen.read, &seen.after_close)
    }

    #[test]
    fn a_stream_cannot_carry_nothing_and_an_empty_read_is_its_end() {
        let (tcp, segments) = tcp().expect("loopback works");
        assert_eq!(told(&tcp), ("0", false, "5", "0"));
        assert!(matches!(segments, None | Some(0)), "{segments:?}");
        let unix = unix_stream().expect("socketpair works");
        assert_eq!(told(&unix), ("0", false, "5", "0"));
    }

    #[test]
    fn an_empty_datagram_is_a_datagram() {
        let udp = udp().expect("loopback works");
        assert_eq!(told(&udp), ("0", true, "0, 5", "EAGAIN"));
        let unixgram = unix_datagram().expect("socketpair works");
        assert_eq!(told(&unixgram), ("0", true, "0, 5", "EAGAIN"));
    }
}
