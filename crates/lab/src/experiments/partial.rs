//! `partial`: a send that is larger than the buffers, and what it returns: without waiting, with a
//! time limit, and with all the time it wants.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use rustix::event::PollFlags;

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Picture, Report, Table};
use crate::sockets;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "partial",
    question: "lab-partial-question",
    predict: "lab-partial-predict",
    explain: "lab-partial-explain",
    next: "lab-partial-next",
    elsewhere: &["lab-partial-elsewhere-python"],
    run,
};

/// More than both buffers hold on any common machine.
const BYTES: usize = 16 << 20;

/// The time limit of a send that has one.
const LIMIT: Duration = Duration::from_millis(100);

fn run(_: &mut Bench) -> Result<Report, LabError> {
    let message = vec![b'x'; BYTES];
    let [first, second] = send_without_waiting(&message)?;
    let limited = send_with_limit(&message)?;
    let (whole, _) = with_reader(|client| send_once(client, &message))?;
    let (calls, came) = with_reader(|client| send_in_parts(client, &message))?;
    let calls = calls?;
    let cases = [
        ("lab-partial-no-wait", 1, first.clone()),
        ("lab-partial-at-once", 1, second.clone()),
        ("lab-partial-limited", 1, limited.clone()),
        ("lab-partial-waits", 1, whole.clone()),
        ("lab-partial-loop", calls, came.to_string()),
    ];
    let rows = cases.iter().map(|(name, calls, taken)| {
        vec![
            Cell::Word(name),
            Cell::Count(*calls as u64),
            Cell::Text(taken.clone()),
            match taken.parse::<f64>() {
                Ok(taken) => Cell::Number((1e3 * taken / BYTES as f64).round() / 10.0, "%"),
                Err(_) => Cell::Empty,
            },
        ]
    });
    let mut report = Report::default();
    report.tables.push(Table {
        title: "lab-partial-table",
        columns: vec![
            "lab-partial-column-how",
            "lab-partial-column-calls",
            "lab-partial-column-taken",
            "lab-partial-column-share",
        ],
        rows: rows.collect(),
    });
    let bars = [
        ("O_NONBLOCK", &first),
        ("SO_SNDTIMEO", &limited),
        ("send", &whole),
    ];
    report.pictures.push(Picture::Bars {
        title: "lab-partial-taken",
        unit: "KiB",
        bars: bars
            .into_iter()
            .map(|(label, taken)| (label.to_string(), taken.parse().unwrap_or(0.0) / 1024.0))
            .collect(),
    });
    report.facts = vec![
        ("bytes", BYTES.to_string()),
        ("first_kind", kind(&first)),
        ("limited_kind", kind(&limited)),
        ("whole_kind", kind(&whole)),
        ("came", came.to_string()),
        ("first", first),
        ("second", second),
        ("limited", limited),
        ("limit_ms", LIMIT.as_millis().to_string()),
        ("whole", whole),
        ("calls", calls.to_string()),
    ];
    Ok(report)
}

/// Whether a send took all, a part, or failed.
fn kind(outcome: &str) -> String {
    match outcome.parse::<usize>() {
        Ok(BYTES) => "whole".to_string(),
        Ok(_) => "part".to_string(),
        Err(_) => outcome.to_string(),
    }
}

/// Two sends without waiting while nobody reads: what each returned.
fn send_without_waiting(message: &[u8]) -> Result<[String; 2], LabError> {
    let (client, _server) = sockets::pair()?;
    sockets::reset_on_close(&client)?;
    client
        .set_nonblocking(true)
        .map_err(LabError::of("set O_NONBLOCK"))?;
    let first = send_once(&client, message);
    let second = send_once(&client, message);
    Ok([first, second])
}

/// A send that waits for a while, though nobody reads.
fn send_with_limit(message: &[u8]) -> Result<String, LabError> {
    let (client, _server) = sockets::pair()?;
    sockets::reset_on_close(&client)?;
    client
        .set_write_timeout(Some(LIMIT))
        .map_err(LabError::of("set SO_SNDTIMEO"))?;
    Ok(send_once(&client, message))
}

fn send_once(mut client: &TcpStream, message: &[u8]) -> String {
    sockets::outcome(&client.write(message))
}

/// Sends without waiting what is left of the message until all is sent, and waits for room in between:
/// how many calls that took.
fn send_in_parts(mut client: &TcpStream, message: &[u8]) -> Result<usize, LabError> {
    client
        .set_nonblocking(true)
        .map_err(LabError::of("set O_NONBLOCK"))?;
    let mut left = message;
    let mut calls = 0;
    while !left.is_empty() {
        calls += 1;
        match client.write(left) {
            Ok(count) => left = &left[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                sockets::await_ready(client, PollFlags::OUT)?;
            }
            Err(error) => return Err(LabError::of("send")(error)),
        }
    }
    Ok(calls)
}

/// Lets `send` send to somebody who reads all: what it returned, and how many bytes came.
fn with_reader<T>(send: impl FnOnce(&TcpStream) -> T) -> Result<(T, usize), LabError> {
    let (client, server) = sockets::pair()?;
    thread::scope(|scope| {
        let reader = scope.spawn(|| read_all(&server));
        let sent = send(&client);
        let ended = client.shutdown(Shutdown::Write);
        let came = reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        ended.map_err(LabError::of("shutdown"))?;
        Ok((sent, came))
    })
}

fn read_all(mut server: &TcpStream) -> Result<usize, LabError> {
    let mut buffer = vec![0; 256 * 1024];
    let mut came = 0;
    loop {
        match server.read(&mut buffer).map_err(LabError::of("recv"))? {
            0 => return Ok(came),
            count => came += count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Vec<u8> {
        vec![b'x'; BYTES]
    }

    #[test]
    fn a_send_that_does_not_wait_takes_a_part() {
        let [first, _] = send_without_waiting(&message()).expect("loopback works");
        assert_eq!(kind(&first), "part");
    }

    #[test]
    fn a_time_limit_makes_it_a_part_too() {
        let limited = send_with_limit(&message()).expect("loopback works");
        assert_eq!(kind(&limited), "part");
    }

    #[test]
    fn who_sends_the_rest_until_it_is_gone_gets_everything_across() {
        let message = message();
        // The first call comes before anybody reads, so that it takes a part and more calls follow.
        let (mut client, server) = sockets::pair().expect("loopback works");
        client.set_nonblocking(true).expect("a socket");
        let first = client.write(&message).expect("there is room");
        assert!(first < BYTES, "one call took everything");
        let came = thread::scope(|scope| {
            let reader = scope.spawn(|| read_all(&server));
            let calls = send_in_parts(&client, &message[first..]);
            assert!(calls.is_ok_and(|calls| calls >= 1));
            client.shutdown(Shutdown::Write).expect("a socket");
            reader.join().expect("it reads to the end")
        });
        assert_eq!(came.expect("loopback works"), BYTES);
        let sent = with_reader(|client| send_once(client, &message)).expect("loopback works");
        assert_eq!((kind(&sent.0).as_str(), sent.1), ("whole", BYTES));
    }
}
