//! `crash`: the process at one end is killed, and what the other end's calls return.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Report, Table};
use crate::sockets;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "crash",
    question: "lab-crash-question",
    predict: "lab-crash-predict",
    explain: "lab-crash-explain",
    next: "lab-crash-next",
    elsewhere: &["lab-crash-elsewhere-power"],
    run,
};

/// How long the child would sleep if nobody killed it, in seconds. It does not outlive this by much
/// even if this program is killed itself.
const SLEEPS: &str = "30";

/// How long nothing is to be read while the child lives.
const QUIET: Duration = Duration::from_millis(30);

/// What had been sent to the process that is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Nothing.
    Nothing,
    /// Bytes that it has not read.
    Unread,
    /// Nothing; and another process has the same socket, as after a fork, and lives.
    Shared,
}

/// What the end that lives saw.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    /// Nothing, while the other end lived.
    was_quiet: bool,
    /// `0` is the end.
    read: String,
    write: String,
    /// From the kill to the end being told; nothing if it was not told.
    told: Option<Duration>,
}

fn run(_: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let mut rows = Vec::new();
    for before in [Before::Nothing, Before::Unread, Before::Shared] {
        let seen = crash(before)?;
        let (key, names) = match before {
            Before::Nothing => (
                "lab-crash-nothing",
                ["clean_quiet", "clean_read", "clean_write"],
            ),
            Before::Unread => (
                "lab-crash-unread",
                ["unread_quiet", "unread_read", "unread_write"],
            ),
            Before::Shared => (
                "lab-crash-shared",
                ["shared_quiet", "shared_read", "shared_write"],
            ),
        };
        let quiet = if seen.was_quiet { "yes" } else { "no" }.to_string();
        let values = [quiet, seen.read.clone(), seen.write.clone()];
        report.facts.extend(names.into_iter().zip(values));
        let told_us = seen.told.map(|told| told.as_secs_f64() * 1e6);
        if before == Before::Nothing {
            let told = told_us.map_or("?".to_string(), |told| format!("{told:.0}"));
            report.facts.push(("told_us", told));
        }
        rows.push(vec![
            Cell::Word(key),
            Cell::Text(seen.read),
            Cell::Text(seen.write),
            told_us.map_or(Cell::Empty, |told| Cell::Number(told.round(), "us")),
        ]);
    }
    report.tables.push(Table {
        title: "lab-crash-table",
        columns: vec![
            "lab-crash-column-before",
            "lab-crash-column-read",
            "lab-crash-column-write",
            "lab-crash-column-told",
        ],
        rows,
    });
    Ok(report)
}

/// A process that has one end of a connection as its standard input, and is gone with this value.
struct Holder(Child);

impl Holder {
    fn of(stream: TcpStream) -> Result<Self, LabError> {
        let child = Command::new("sleep")
            .arg(SLEEPS)
            .stdin(Stdio::from(OwnedFd::from(stream)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        child.map(Self).map_err(LabError::of("start sleep"))
    }

    /// `kill -9`, and waits until it is gone.
    fn kill(&mut self) -> Result<(), LabError> {
        self.0.kill().map_err(LabError::of("kill"))?;
        self.0.wait().map_err(LabError::of("wait"))?;
        Ok(())
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn crash(before: Before) -> Result<Seen, LabError> {
    let (mut lives, dies) = sockets::pair()?;
    let shared = match before {
        Before::Shared => Some(dies.try_clone().map_err(LabError::of("dup"))?),
        Before::Nothing | Before::Unread => None,
    };
    if before == Before::Unread {
        lives.write_all(b"unread").map_err(LabError::of("send"))?;
        sockets::await_ready(&dies, PollFlags::IN)?;
    }
    let mut holder = Holder::of(dies)?;
    let told = PollFlags::IN | PollFlags::RDHUP;
    let was_quiet = sockets::ready(&lives, told, QUIET)?.is_empty();
    let at = Instant::now();
    holder.kill()?;
    if shared.is_some() {
        lives
            .set_nonblocking(true)
            .map_err(LabError::of("set O_NONBLOCK"))?;
    } else {
        sockets::await_ready(&lives, told)?;
    }
    let told = shared.is_none().then(|| at.elapsed());
    let read = sockets::outcome(&lives.read(&mut [0; 1024]));
    let write = sockets::outcome(&lives.write(b"hello"));
    Ok(Seen {
        was_quiet,
        read,
        write,
        told,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(before: Before) -> (bool, String, String) {
        let seen = crash(before).expect("sleep is there");
        (seen.was_quiet, seen.read, seen.write)
    }

    #[test]
    fn the_kernel_hangs_up_for_a_process_that_is_killed() {
        let (was_quiet, read, write) = seen(Before::Nothing);
        assert_eq!((was_quiet, read.as_str(), write.as_str()), (true, "0", "5"));
    }

    #[test]
    fn bytes_it_had_not_read_become_a_reset() {
        let (was_quiet, read, write) = seen(Before::Unread);
        let told = (was_quiet, read.as_str(), write.as_str());
        assert_eq!(told, (true, "ECONNRESET", "EPIPE"));
    }

    #[test]
    fn a_socket_that_another_process_has_stays_open() {
        let (was_quiet, read, write) = seen(Before::Shared);
        assert_eq!(
            (was_quiet, read.as_str(), write.as_str()),
            (true, "EAGAIN", "5")
        );
    }
}
