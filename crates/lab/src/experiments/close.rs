//! `close`: four ways to end a connection, and what the other end's calls return after each.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddrV4, TcpStream};

use rustix::event::PollFlags;
use socket2::{Domain, Socket, Type};

use crate::experiment::{Bench, Experiment, LabError};
use crate::kernel::{self, Line, State};
use crate::report::{Cell, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "close",
    question: "lab-close-question",
    predict: "lab-close-predict",
    explain: "lab-close-explain",
    next: "lab-close-next",
    elsewhere: &["lab-close-elsewhere-windows"],
    run,
};

/// How often each way is taken for the count of connections in TIME_WAIT.
const TIMES: usize = 3;

/// A way to end a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Everything was read, then `close`.
    Read,
    /// Bytes lie there that nobody has read, then `close`.
    Unread,
    /// `SO_LINGER` with no time at all, then `close`.
    Linger,
    /// `shutdown(SHUT_WR)`: it will send no more, and listens on.
    Half,
}

impl Way {
    const ALL: [Self; 4] = [Self::Read, Self::Unread, Self::Linger, Self::Half];

    fn key(self) -> &'static str {
        match self {
            Self::Read => "lab-close-read",
            Self::Unread => "lab-close-unread",
            Self::Linger => "lab-close-linger",
            Self::Half => "lab-close-half",
        }
    }

    /// Ends `stream` this way. What is left of it still hears, if it does.
    fn end(self, stream: TcpStream) -> Result<Option<TcpStream>, LabError> {
        match self {
            Self::Half => {
                let ended = stream.shutdown(Shutdown::Write);
                ended.map_err(LabError::of("shutdown"))?;
                return Ok(Some(stream));
            }
            Self::Linger => sockets::reset_on_close(&stream)?,
            Self::Read | Self::Unread => {}
        }
        Ok(None)
    }
}

/// What the end that stayed saw.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    /// Of one connection.
    read: String,
    /// Of another: nobody read before.
    writes: [String; 2],
    /// How many bytes of those writes the end that had ended could still read.
    heard: Option<usize>,
    waits: Waits,
}

fn run(_: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let mut rows = Vec::new();
    let mut waits = Vec::new();
    for way in Way::ALL {
        let seen = see(way)?;
        rows.push(vec![
            Cell::Word(way.key()),
            Cell::Text(seen.read.clone()),
            Cell::Text(seen.writes[0].clone()),
            Cell::Text(seen.writes[1].clone()),
            seen.heard.map_or(Cell::Empty, |it| Cell::Count(it as u64)),
        ]);
        waits.push(vec![
            Cell::Word(way.key()),
            Cell::Count(TIMES as u64),
            Cell::Count(seen.waits.here as u64),
            Cell::Count(seen.waits.there as u64),
        ]);
        report.facts.extend(facts(way, &seen));
    }
    report.tables = vec![table(rows), table_of_waits(waits)];
    let ways = [
        ("bind_again", [false, false]),
        ("bind_again_late", [false, true]),
        ("bind_again_reuse", [true, true]),
    ];
    for (name, reuses) in ways {
        report.facts.push((name, bind_again(reuses)?));
    }
    Ok(report)
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-close-table",
        columns: vec![
            "lab-close-column-way",
            "lab-close-column-read",
            "lab-close-column-first",
            "lab-close-column-second",
            "lab-close-column-heard",
        ],
        rows,
    }
}

fn table_of_waits(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-close-waits",
        columns: vec![
            "lab-close-column-way",
            "lab-close-column-connections",
            "lab-close-column-wait-here",
            "lab-close-column-wait-there",
        ],
        rows,
    }
}

fn facts(way: Way, seen: &Seen) -> Vec<(&'static str, String)> {
    let names = match way {
        Way::Read => ["fin_read", "fin_first", "fin_second"],
        Way::Unread => ["unread_read", "unread_first", "unread_second"],
        Way::Linger => ["linger_read", "linger_first", "linger_second"],
        Way::Half => ["half_read", "half_first", "half_second"],
    };
    let [first, second] = seen.writes.clone();
    let mut facts: Vec<_> = names
        .into_iter()
        .zip([seen.read.clone(), first, second])
        .collect();
    match way {
        Way::Read => facts.extend([
            ("fin_waits_here", seen.waits.here.to_string()),
            ("fin_seconds", seen.waits.seconds.to_string()),
            ("fin_waits_there", seen.waits.there.to_string()),
        ]),
        Way::Unread => facts.push((
            "unread_waits",
            (seen.waits.here + seen.waits.there).to_string(),
        )),
        Way::Half => facts.push(("half_heard", seen.heard.unwrap_or_default().to_string())),
        Way::Linger => {}
    }
    facts
}

fn see(way: Way) -> Result<Seen, LabError> {
    let read = sockets::outcome(&read(&ended(way)?.stayed));
    let Ended {
        stayed, mut left, ..
    } = ended(way)?;
    let first = write(&stayed);
    settle(&stayed, left.as_ref())?;
    let second = write(&stayed);
    let heard = match &mut left {
        Some(left) => Some(hear(left, [&first, &second])?),
        None => None,
    };
    Ok(Seen {
        read,
        writes: [first, second].map(|it| sockets::outcome(&it)),
        heard,
        waits: waits(way)?,
    })
}

/// A connection of which one end was ended.
struct Ended {
    /// The other end, which has noticed.
    stayed: TcpStream,
    /// What is left of the end that was ended.
    left: Option<TcpStream>,
    /// Where the end is that was ended, and the other.
    addresses: [SocketAddrV4; 2],
}

fn ended(way: Way) -> Result<Ended, LabError> {
    let (mut stayed, ends) = sockets::pair()?;
    let addresses = [sockets::own_address(&ends)?, sockets::own_address(&stayed)?];
    if way == Way::Unread {
        stayed.write_all(b"unread").map_err(LabError::of("send"))?;
        sockets::await_ready(&ends, PollFlags::IN)?;
    }
    let left = way.end(ends)?;
    sockets::await_ready(&stayed, PollFlags::IN | PollFlags::RDHUP)?;
    Ok(Ended {
        stayed,
        left,
        addresses,
    })
}

/// Waits until a write has had its consequence: it was heard, or it was answered by a reset.
fn settle(stayed: &TcpStream, left: Option<&TcpStream>) -> Result<(), LabError> {
    match left {
        Some(left) => sockets::await_ready(left, PollFlags::IN),
        // Errors and the end of both directions are told without being asked for.
        None => sockets::await_ready(stayed, PollFlags::empty()),
    }
}

fn read(mut stream: &TcpStream) -> io::Result<usize> {
    stream.read(&mut [0; 1024])
}

fn write(mut stream: &TcpStream) -> io::Result<usize> {
    stream.write(b"hello")
}

/// Reads what the two writes brought.
fn hear(left: &mut TcpStream, writes: [&io::Result<usize>; 2]) -> Result<usize, LabError> {
    let sent: usize = writes.into_iter().flatten().sum();
    let mut buffer = vec![0; sent];
    left.read_exact(&mut buffer).map_err(LabError::of("recv"))?;
    Ok(sent)
}

/// What is left of connections whose both ends are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Waits {
    /// How many of [`TIMES`] are in TIME_WAIT at the end that ended first.
    here: usize,
    /// How many at the end that stayed.
    there: usize,
    /// For how long the kernel keeps one, in seconds.
    seconds: u64,
}

/// Ends some connections this way, then their other ends.
fn waits(way: Way) -> Result<Waits, LabError> {
    let mut waits = Waits::default();
    for _ in 0..TIMES {
        let Ended {
            stayed,
            left,
            addresses: [ended, other],
        } = ended(way)?;
        drop(stayed);
        drop(left);
        let lines = || {
            Ok([
                kernel::line_of(ended, other)?,
                kernel::line_of(other, ended)?,
            ])
        };
        let waits_still = |line: &Line| line.state == State::TimeWait;
        let is_over = || Ok(lines()?.iter().flatten().all(waits_still));
        if !sockets::comes(WAIT, is_over)? {
            let what = format!("a closed connection is {:?}", lines()?);
            return Err(LabError::Unexpected(what));
        }
        let [here, there] = lines()?.map(|line| line.filter(waits_still));
        waits.here += usize::from(here.is_some());
        waits.there += usize::from(there.is_some());
        let timers = [here, there]
            .into_iter()
            .flatten()
            .map(|line| line.timer_ms);
        waits.seconds = timers.fold(waits.seconds, |most, it| most.max(it.div_ceil(1000)));
    }
    Ok(waits)
}

/// A server hangs up first and begins again on its port: what `bind` says, if the first time and the
/// second time it has `SO_REUSEADDR` or not.
fn bind_again(reuses: [bool; 2]) -> Result<String, LabError> {
    let listener = bind(reuses[0], SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));
    let listener = listener.map_err(LabError::of("bind"))?;
    let address = sockets::address_of(&listener)?;
    listener
        .listen(1)
        .and_then(|()| listener.set_read_timeout(Some(WAIT)))
        .map_err(LabError::of("listen"))?;
    let (mut client, server) = sockets::meet(&listener.into(), address)?;
    drop(server);
    let rest = client.read(&mut [0; 16]).map_err(LabError::of("recv"))?;
    if rest > 0 {
        let what = format!("{rest} bytes came from nowhere");
        return Err(LabError::Unexpected(what));
    }
    let caller = sockets::own_address(&client)?;
    drop(client);
    let is_over = || {
        let line = kernel::line_of(address, caller)?;
        Ok(line.is_none_or(|line| line.state == State::TimeWait))
    };
    sockets::comes(WAIT, is_over)?;
    Ok(sockets::outcome(&bind(reuses[1], address).map(|_| 0)))
}

fn bind(reuses: bool, address: SocketAddrV4) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuses)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(way: Way) -> (String, [String; 2], Option<usize>, [usize; 2]) {
        let seen = see(way).expect("loopback works");
        let waits = [seen.waits.here, seen.waits.there];
        (seen.read, seen.writes, seen.heard, waits)
    }

    #[test]
    fn an_end_is_an_empty_read_and_the_second_write_fails() {
        let (read, writes, _, waits) = seen(Way::Read);
        assert_eq!((read.as_str(), writes), ("0", ["5".into(), "EPIPE".into()]));
        assert_eq!(waits, [TIMES, 0], "who ended first waits");
    }

    #[test]
    fn bytes_left_unread_become_a_reset() {
        for way in [Way::Unread, Way::Linger] {
            let (read, writes, _, waits) = seen(way);
            assert_eq!(read, "ECONNRESET");
            assert_eq!(writes, ["ECONNRESET", "EPIPE"]);
            assert_eq!(waits, [0, 0]);
        }
    }

    #[test]
    fn who_has_sent_its_last_still_hears() {
        let (read, writes, heard, _) = seen(Way::Half);
        assert_eq!((read.as_str(), writes), ("0", ["5".into(), "5".into()]));
        assert_eq!(heard, Some(10));
    }

    #[test]
    fn a_port_with_connections_in_time_wait_needs_so_reuseaddr() {
        let again = |reuses| bind_again(reuses).expect("loopback works");
        assert_eq!(again([false, false]), "EADDRINUSE");
        assert_eq!(again([true, true]), "0");
    }
}
