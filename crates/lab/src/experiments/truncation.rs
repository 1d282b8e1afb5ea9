//! `truncation`: what becomes of the rest of a datagram that is longer than the room of the read.

use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::OwnedFd;

use rustix::net::{RecvAncillaryBuffer, RecvFlags, ReturnFlags, recv, recvmsg};
use socket2::{Domain, Socket, Type};

use crate::datagrams;
use crate::experiment::{Bench, Experiment, LabError};
use crate::place::Net;
use crate::report::{Cell, Picture, Report, Table};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "truncation",
    question: "lab-truncation-question",
    predict: "lab-truncation-predict",
    explain: "lab-truncation-explain",
    next: "lab-truncation-next",
    elsewhere: &["lab-truncation-windows"],
    run,
};

/// The message, one byte longer than the room, and the one after it.
const MESSAGE: &[u8] = b"hello world";
const SECOND: &[u8] = b"next";

/// How much room a read has.
const ROOM: usize = 10;

/// A way to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// `recv(10)`, as the tutorial's programs do.
    Plain,
    /// `recvmsg`, which also gives flags.
    Flags,
    /// `recv(10, MSG_TRUNC)`, which returns the whole size.
    Size,
    /// `recv(0, MSG_PEEK | MSG_TRUNC)` first, which takes nothing away, then a read with that room.
    Peek,
}

/// What the first read gave, and what came after it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reading {
    /// The bytes in the program's hand.
    got: Vec<u8>,
    /// What told that there was more, if something did.
    told: Option<String>,
    /// What the next read gave.
    then: Vec<u8>,
}

fn run(_: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let mut rows = Vec::new();
    let udp = |_: ()| {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        datagrams::connected([&Net::own(), &Net::own()], [address, address])
    };
    let ways = [
        (Way::Plain, "recv(10)"),
        (Way::Flags, "recvmsg(10)"),
        (Way::Size, "recv(10, MSG_TRUNC)"),
        (Way::Peek, "recv(0, MSG_PEEK|MSG_TRUNC)"),
    ];
    for (way, call) in ways {
        let reading = read(&udp(())?, way)?;
        if way == Way::Plain {
            report.facts = facts(&reading);
            report.pictures.push(picture(&reading));
        }
        rows.push(row("udp", call, &reading));
    }
    for (family, kind) in [("unixgram", Type::DGRAM), ("unix", Type::STREAM)] {
        let (way, call) = ways[0];
        let reading = read(&pair(kind)?, way)?;
        if kind == Type::STREAM {
            report.facts.push(("stream_then", text(&reading.then)));
        }
        rows.push(row(family, call, &reading));
    }
    report.tables.push(Table {
        title: "lab-truncation-table",
        columns: vec![
            "lab-truncation-family",
            "lab-truncation-call",
            "lab-truncation-got",
            "lab-truncation-told",
            "lab-truncation-then",
            "lab-truncation-lost",
        ],
        rows,
    });
    Ok(report)
}

fn facts(reading: &Reading) -> Vec<(&'static str, String)> {
    vec![
        ("sent", MESSAGE.len().to_string()),
        ("got", reading.got.len().to_string()),
        ("text", text(&reading.got)),
        ("lost", lost(reading).to_string()),
        ("then", text(&reading.then)),
    ]
}

fn picture(reading: &Reading) -> Picture {
    let got = reading.got.len();
    Picture::Bytes {
        title: "lab-truncation-picture",
        bytes: MESSAGE.to_vec(),
        fields: vec![
            (0..got, format!("recv({ROOM}) = {got}")),
            (got..MESSAGE.len(), "MSG_TRUNC".to_string()),
        ],
    }
}

fn row(family: &str, call: &str, reading: &Reading) -> Vec<Cell> {
    let told = reading.told.clone();
    vec![
        Cell::Text(family.to_string()),
        Cell::Text(call.to_string()),
        Cell::Text(text(&reading.got)),
        told.map_or(Cell::Word("lab-truncation-nothing"), Cell::Text),
        Cell::Text(text(&reading.then)),
        Cell::Count(lost(reading)),
    ]
}

/// How many bytes of the message nobody will ever read.
fn lost(reading: &Reading) -> u64 {
    let both = reading.got.len() + reading.then.len();
    let is_next_a_message = reading.then == SECOND;
    let sent = MESSAGE.len() + if is_next_a_message { SECOND.len() } else { 0 };
    sent.saturating_sub(both) as u64
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Two unix sockets that are joined.
fn pair(kind: Type) -> Result<(Socket, Socket), LabError> {
    let (reader, sender) =
        Socket::pair(Domain::UNIX, kind, None).map_err(LabError::of("socketpair"))?;
    for socket in [&reader, &sender] {
        let limited = socket.set_read_timeout(Some(datagrams::WAIT));
        limited.map_err(LabError::of("limit a wait"))?;
    }
    Ok((reader, sender))
}

/// Sends the message and the second one, and reads the first in this way. On a stream nothing is sent
/// after the message, so that its rest can be told from what would follow.
fn read((reader, sender): &(Socket, Socket), way: Way) -> Result<Reading, LabError> {
    let is_stream = reader.r#type().map_err(LabError::of("getsockopt"))? == Type::STREAM;
    let messages = [MESSAGE, SECOND];
    for message in &messages[..if is_stream { 1 } else { 2 }] {
        sender.send(message).map_err(LabError::of("send"))?;
    }
    let reader: OwnedFd = reader.try_clone().map_err(LabError::of("dup"))?.into();
    let mut reading = Reading::default();
    let plain = |room: usize| -> Result<Vec<u8>, LabError> {
        let mut buffer = vec![0; room];
        let (count, _) = retried(|| recv(&reader, &mut buffer[..], RecvFlags::empty()))?;
        buffer.truncate(count);
        Ok(buffer)
    };
    match way {
        Way::Plain => reading.got = plain(ROOM)?,
        Way::Flags => {
            let mut buffer = [0; ROOM];
            let message = retried(|| {
                let mut room = [std::io::IoSliceMut::new(&mut buffer)];
                let mut none = RecvAncillaryBuffer::default();
                recvmsg(&reader, &mut room, &mut none, RecvFlags::empty())
            })?;
            reading.got = buffer[..message.bytes].to_vec();
            let is_cut = message.flags.contains(ReturnFlags::TRUNC);
            reading.told = is_cut.then(|| "MSG_TRUNC".to_string());
        }
        Way::Size => {
            let mut buffer = [0; ROOM];
            let (count, size) = retried(|| recv(&reader, &mut buffer[..], RecvFlags::TRUNC))?;
            reading.got = buffer[..count].to_vec();
            reading.told = (size > count).then(|| size.to_string());
        }
        Way::Peek => {
            let flags = RecvFlags::PEEK | RecvFlags::TRUNC;
            let mut buffer = [0; 0];
            let (_, size) = retried(|| recv(&reader, &mut buffer[..], flags))?;
            reading.told = Some(size.to_string());
            reading.got = plain(size)?;
        }
    }
    reading.then = plain(ROOM)?;
    Ok(reading)
}

/// A call again, if a signal broke it off.
fn retried<T>(call: impl FnMut() -> rustix::io::Result<T>) -> Result<T, LabError> {
    rustix::io::retry_on_intr(call).map_err(|error| LabError::of("recv")(error.into()))
}

#[cfg(test)]
mod tests {
    use super::super::alike::{alike, counts, fact};
    use super::*;

    #[test]
    fn a_datagram_loses_what_a_read_has_no_room_for_and_a_stream_keeps_it() {
        let report = alike(&EXPERIMENT, |report| format!("{report:?}"));
        assert_eq!(counts(&report, 0, 5), [1, 1, 1, 0, 1, 0]);
        assert_eq!(fact(&report, "text"), "hello worl");
        assert_eq!(fact(&report, "then"), "next");
        assert_eq!(fact(&report, "stream_then"), "d");
        let told: Vec<&Cell> = report.tables[0].rows.iter().map(|row| &row[3]).collect();
        let nothing = Cell::Word("lab-truncation-nothing");
        let (flag, size) = (Cell::Text("MSG_TRUNC".into()), Cell::Text("11".into()));
        assert_eq!(told, [&nothing, &flag, &size, &size, &nothing, &nothing]);
    }
}
