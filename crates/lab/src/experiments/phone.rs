//! `phone`: one conversation, every call of both sides on one time line, and beside them the segments
//! that the kernels exchanged for it.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::capture::{Capture, Filter, Packet, as_pcapng};
use crate::experiment::{Bench, Experiment, LabError};
use crate::place::Net;
use crate::report::{Cell, Event, Missing, Picture, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "phone",
    question: "lab-phone-question",
    predict: "lab-phone-predict",
    explain: "lab-phone-explain",
    next: "lab-phone-next",
    elsewhere: &[],
    run,
};

/// What the tutorial's first programs say to each other.
const REQUEST: &[u8] = b"hi";
const ANSWER: &[u8] = b"hello";

/// One read of the tutorial's programs, in bytes.
const RECV_BYTES: usize = 1024;

/// How long the client lets the server wait before it calls, and before it speaks.
const THINKS: Duration = Duration::from_millis(3);

/// What facts say of segments where nothing could be captured.
const UNSEEN: &str = "unseen";

/// The two sides, which are lanes of the picture; between them are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

/// One call, and what it returned.
#[derive(Clone, Debug)]
struct Call {
    side: Side,
    name: String,
    result: String,
    at: Instant,
    took: Duration,
}

/// All calls in the order in which they returned.
#[derive(Debug, Default)]
struct Book {
    calls: Mutex<Vec<Call>>,
}

impl Book {
    /// Calls, and writes down when, for how long and with what result.
    fn note<T>(
        &self,
        side: Side,
        name: impl Into<String>,
        call: impl FnOnce() -> io::Result<T>,
        result: impl FnOnce(&T) -> String,
    ) -> Result<T, LabError> {
        let at = Instant::now();
        let returned = call();
        let took = at.elapsed();
        let result = match &returned {
            Ok(value) => result(value),
            Err(error) => sockets::error_name(error),
        };
        let name = name.into();
        let call = Call {
            side,
            name,
            result,
            at,
            took,
        };
        let mut calls = self.calls.lock().unwrap_or_else(|gone| gone.into_inner());
        calls.push(call);
        returned.map_err(LabError::of("one call of the conversation"))
    }
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let book = Book::default();
    let (tell, told) = sync_channel(1);
    let (allow, allowed) = sync_channel(1);
    let mut capture = None;
    thread::scope(|scope| -> Result<(), LabError> {
        let server = scope.spawn(|| serve(&book, tell, allowed));
        let address: SocketAddrV4 = match told.recv_timeout(WAIT) {
            Ok(address) => address,
            // The server has failed before it listened, and says why.
            Err(_) => return joined(server),
        };
        capture = Some(Capture::start(
            &Net::own(),
            Some("lo"),
            Filter::port(address.port()),
        ));
        let _ = allow.send(());
        let called = call(&book, address);
        joined(server).and(called)
    })?;
    let mut missing = None;
    let mut packets = Vec::new();
    match capture {
        Some(Ok(mut capture)) => packets = capture.take(Duration::from_millis(300), is_over)?,
        Some(Err(why)) => missing = Some(why),
        None => {}
    }
    let calls = book
        .calls
        .into_inner()
        .unwrap_or_else(|gone| gone.into_inner());
    let mut report = report_of(calls, &packets, missing);
    if bench.keeps_packets && !packets.is_empty() {
        report.packets = as_pcapng(&packets);
    }
    Ok(report)
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Whether both sides have said that they end, and the last of it was acknowledged.
fn is_over(packets: &[Packet]) -> bool {
    let ends = packets.iter().filter(|packet| packet.flags().fin).count();
    ends == 2 && packets.last().is_some_and(|packet| !packet.flags().fin)
}

/// Accepts one caller, hears one request, answers, and hangs up both the call and the telephone.
fn serve(
    book: &Book,
    tell: SyncSender<SocketAddrV4>,
    allowed: Receiver<()>,
) -> Result<(), LabError> {
    let note = Note {
        book,
        side: Side::Server,
    };
    let socket = note.socket()?;
    book.note(
        Side::Server,
        "bind(127.0.0.1, 0)",
        || socket.bind(&SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0).into()),
        zero,
    )?;
    book.note(Side::Server, "listen(5)", || socket.listen(5), zero)?;
    socket
        .set_read_timeout(Some(WAIT))
        .map_err(LabError::of("set a time limit"))?;
    let _ = tell.send(sockets::address_of(&socket)?);
    // Where capturing begins first, nothing of the call is missed.
    let _ = allowed.recv_timeout(WAIT);
    let (stream, _) = book.note(
        Side::Server,
        "accept()",
        || socket.accept(),
        |(_, from)| match from.as_socket() {
            Some(from) => from.to_string(),
            None => String::new(),
        },
    )?;
    note.bound(&stream)?;
    note.recv(&stream)?;
    note.send(&stream, ANSWER)?;
    note.close(stream, "close(connection)")?;
    note.close(socket, "close(listener)")
}

/// Calls, speaks, hears the answer, and reads on until the other side has hung up.
fn call(book: &Book, address: SocketAddrV4) -> Result<(), LabError> {
    let note = Note {
        book,
        side: Side::Client,
    };
    let socket = note.socket()?;
    note.bound(&socket)?;
    thread::sleep(THINKS);
    let name = format!("connect({address})");
    book.note(Side::Client, name, || socket.connect(&address.into()), zero)?;
    thread::sleep(THINKS);
    note.send(&socket, REQUEST)?;
    while note.recv(&socket)? > 0 {}
    note.close(socket, "close()")
}

fn zero(_: &()) -> String {
    "0".to_string()
}

/// The calls that both sides make.
#[derive(Clone, Copy)]
struct Note<'book> {
    book: &'book Book,
    side: Side,
}

impl Note<'_> {
    fn socket(self) -> Result<Socket, LabError> {
        let open = || Socket::new(Domain::IPV4, Type::STREAM, None);
        self.book
            .note(self.side, "socket(AF_INET, SOCK_STREAM)", open, |_| {
                "ok".to_string()
            })
    }

    fn bound(self, socket: &Socket) -> Result<(), LabError> {
        socket
            .set_read_timeout(Some(WAIT))
            .and_then(|()| socket.set_write_timeout(Some(WAIT)))
            .map_err(LabError::of("set a time limit"))
    }

    fn recv(self, mut socket: &Socket) -> Result<usize, LabError> {
        let mut buffer = [0; RECV_BYTES];
        let name = format!("recv({RECV_BYTES})");
        self.book.note(
            self.side,
            name,
            || socket.read(&mut buffer),
            usize::to_string,
        )
    }

    fn send(self, mut socket: &Socket, bytes: &[u8]) -> Result<(), LabError> {
        let name = format!("send({:?})", String::from_utf8_lossy(bytes));
        let sent = self
            .book
            .note(self.side, name, || socket.write(bytes), usize::to_string)?;
        if sent == bytes.len() {
            Ok(())
        } else {
            Err(LabError::Unexpected(format!("{sent} bytes were sent")))
        }
    }

    fn close(self, socket: Socket, name: &'static str) -> Result<(), LabError> {
        let close = || {
            drop(socket);
            Ok(())
        };
        self.book.note(self.side, name, close, zero)
    }
}

fn report_of(mut calls: Vec<Call>, packets: &[Packet], missing: Option<Missing>) -> Report {
    calls.sort_by_key(|call| call.at);
    let is_captured = missing.is_none();
    let server_lane = if is_captured { 3 } else { 1 };
    let moments = calls.iter().map(|call| call.at);
    let start = moments
        .chain(packets.iter().map(|packet| packet.instant))
        .min();
    let since = |at: Instant| {
        let start = start.unwrap_or(at);
        at.saturating_duration_since(start).as_secs_f64() * 1e6
    };
    let mut events: Vec<Event> = calls
        .iter()
        .map(|call| Event {
            lane: match call.side {
                Side::Client => 0,
                Side::Server => server_lane,
            },
            at_us: since(call.at),
            took_us: call.took.as_secs_f64() * 1e6,
            label: format!("{} = {}", call.name, call.result),
        })
        .collect();
    let client_port = packets
        .first()
        .and_then(Packet::ports)
        .map(|(from, _)| from);
    events.extend(packets.iter().map(|packet| Event {
        lane: if packet.ports().map(|(from, _)| from) == client_port {
            1
        } else {
            2
        },
        at_us: since(packet.instant),
        took_us: 0.0,
        label: packet.label(),
    }));
    let lanes: &[&str] = if is_captured {
        &[
            "lab-phone-client",
            "lab-phone-to-server",
            "lab-phone-to-client",
            "lab-phone-server",
        ]
    } else {
        &["lab-phone-client", "lab-phone-server"]
    };
    let mut report = Report {
        facts: facts(&calls, packets),
        missing: missing.into_iter().collect(),
        ..Report::default()
    };
    report.pictures.push(Picture::Times {
        title: "lab-phone-times",
        lanes: lanes.to_vec(),
        events,
    });
    report.tables.push(table(&calls, since));
    report
}

fn facts(calls: &[Call], packets: &[Packet]) -> Vec<(&'static str, String)> {
    let of = |side| calls.iter().filter(move |call| call.side == side);
    let story = |side| {
        let calls = of(side).map(|call| {
            let name = call.name.split('(').next().unwrap_or_default();
            match call.result.parse::<usize>() {
                Ok(count) if matches!(name, "recv" | "send") => format!("{name} = {count}"),
                _ => name.to_string(),
            }
        });
        calls.collect::<Vec<_>>().join(", ")
    };
    let took = |side, name: &str| {
        let mut calls = of(side);
        let call = calls.find(|call| call.name.starts_with(name));
        call.map_or(0.0, |call| call.took.as_secs_f64() * 1e6)
    };
    let carries = |packet: &&Packet| !packet.payload().is_empty();
    let is_closing = |packet: &&Packet| packet.flags().fin;
    let handshake = packets.iter().take_while(|it| !carries(it));
    let handshake: Vec<String> = handshake.map(Packet::label).collect();
    let closing = packets.iter().skip_while(|it| !is_closing(it));
    let closing: Vec<String> = closing.map(Packet::label).collect();
    let or_unseen = |text: String| {
        if packets.is_empty() {
            UNSEEN.into()
        } else {
            text
        }
    };
    vec![
        ("client_calls", story(Side::Client)),
        ("server_calls", story(Side::Server)),
        (
            "connect_us",
            format!("{:.0}", took(Side::Client, "connect")),
        ),
        ("accept_us", format!("{:.0}", took(Side::Server, "accept"))),
        ("handshake", or_unseen(handshake.join(", "))),
        ("closing", or_unseen(closing.join(", "))),
        ("segments", or_unseen(packets.len().to_string())),
    ]
}

fn table(calls: &[Call], since: impl Fn(Instant) -> f64) -> Table {
    let rows = calls.iter().map(|call| {
        vec![
            Cell::Word(match call.side {
                Side::Client => "lab-phone-client",
                Side::Server => "lab-phone-server",
            }),
            Cell::Text(call.name.clone()),
            Cell::Text(call.result.clone()),
            Cell::Number(since(call.at).round(), "us"),
            Cell::Number((call.took.as_secs_f64() * 1e7).round() / 10.0, "us"),
        ]
    });
    Table {
        title: "lab-phone-table",
        columns: vec![
            "lab-phone-column-side",
            "lab-phone-column-call",
            "lab-phone-column-result",
            "lab-phone-column-at",
            "lab-phone-column-took",
        ],
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact<'report>(report: &'report Report, wanted: &str) -> &'report str {
        let mut facts = report.facts.iter();
        let fact = facts.find(|(name, _)| *name == wanted);
        fact.map_or("", |(_, value)| value)
    }

    #[test]
    fn both_sides_speak_and_the_one_who_reads_on_hears_the_end() {
        let report = run(&mut Bench::default()).expect("loopback works");
        let client = "socket, connect, send = 2, recv = 5, recv = 0, close";
        assert_eq!(fact(&report, "client_calls"), client);
        let server = "socket, bind, listen, accept, recv = 2, send = 5, close, close";
        assert_eq!(fact(&report, "server_calls"), server);
        assert!(report.packets.is_empty(), "nobody asked for packets");
    }

    #[test]
    fn three_segments_make_the_connection() {
        let mut bench = Bench {
            keeps_packets: true,
            ..Bench::default()
        };
        let report = run(&mut bench).expect("loopback works");
        if report.missing.is_empty() {
            assert_eq!(fact(&report, "handshake"), "SYN, SYN ACK, ACK");
            assert_eq!(fact(&report, "closing").matches("FIN").count(), 2);
            assert!(!report.packets.is_empty());
        } else {
            assert_eq!(fact(&report, "handshake"), UNSEEN);
        }
    }
}
