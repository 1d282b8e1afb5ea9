//! `backlog`: how many may call a listener that accepts nobody, and what the next one sees.

use std::net::SocketAddrV4;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::io::Errno;
use socket2::{Domain, Socket, Type};

use crate::experiment::{Bench, Experiment, LabError};
use crate::kernel::{self, Line, State};
use crate::report::{Cell, Missing, Picture, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "backlog",
    question: "lab-backlog-question",
    predict: "lab-backlog-predict",
    explain: "lab-backlog-explain",
    next: "lab-backlog-next",
    elsewhere: &[
        "lab-backlog-elsewhere-half-open",
        "lab-backlog-elsewhere-windows",
    ],
    run,
};

/// How many call beyond those who get in.
const BEYOND: usize = 2;

/// How long a caller is given. On loopback a handshake is over before `connect` returns.
const PATIENCE: Duration = Duration::from_millis(60);

/// What became of the callers of one listener that accepts nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    connected: usize,
    /// Still in SYN_SENT when their time was up.
    waiting: usize,
    /// What the others were told.
    refused: Vec<String>,
    /// Finished handshakes in the listener's queue.
    queue: u64,
    /// How many it says it holds, where the kernel answers.
    limit: Option<u32>,
    /// Handshakes that are half done.
    half_open: usize,
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let backlogs: &[i32] = if bench.is_quick {
        &[0, 1]
    } else {
        &[0, 1, 5, 128]
    };
    let mut report = Report::default();
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for &backlog in backlogs {
        let listener = sockets::listen_with(backlog)?;
        let callers = Callers::call(&listener, room_of(backlog) + BEYOND)?;
        let seen = callers.seen(&listener)?;
        let entered = if bench.is_quick {
            None
        } else {
            callers.enters_after_accept(&listener, &seen)?
        };
        rows.push(row(backlog, &seen, entered));
        bars.push((format!("listen({backlog})"), seen.connected as f64));
        if backlog == 1 {
            report.facts = facts(&seen);
        }
        if seen.limit.is_none() {
            report.missing = vec![Missing {
                needs: "lab-backlog-needs-diag",
                why: String::new(),
            }];
        }
    }
    report.facts.extend(ceiling()?);
    report.tables.push(table(rows));
    report.pictures.push(Picture::Bars {
        title: "lab-backlog-connected",
        unit: "",
        bars,
    });
    Ok(report)
}

/// How many are expected to get in: the number of `listen`, and one more.
fn room_of(backlog: i32) -> usize {
    usize::try_from(backlog).unwrap_or_default() + 1
}

/// What is told of `listen(1)`.
fn facts(seen: &Seen) -> Vec<(&'static str, String)> {
    let next = match (seen.waiting, seen.refused.first()) {
        (_, Some(error)) => error.clone(),
        (0, None) => "ESTABLISHED".to_string(),
        (_, None) => "SYN_SENT".to_string(),
    };
    vec![
        ("connected", seen.connected.to_string()),
        ("queue", seen.queue.to_string()),
        ("half_open", seen.half_open.to_string()),
        ("next", next),
    ]
}

/// What `listen` makes of a number that is above the machine's limit.
fn ceiling() -> Result<Vec<(&'static str, String)>, LabError> {
    let text = std::fs::read_to_string("/proc/sys/net/core/somaxconn")
        .map_err(LabError::of("read net.core.somaxconn"))?;
    let somaxconn: i32 = text.trim().parse().unwrap_or(i32::MAX);
    let asked = somaxconn.saturating_add(1000);
    let listener = sockets::listen_with(asked)?;
    let listens = kernel::listener_at(sockets::address_of(&listener)?)?;
    let given = listens.and_then(|line| line.limit);
    let given = given.map_or("?".to_string(), |limit| limit.to_string());
    Ok(vec![
        ("somaxconn", somaxconn.to_string()),
        ("asked", asked.to_string()),
        ("given", given),
    ])
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-backlog-table",
        columns: vec![
            "lab-backlog-column-call",
            "lab-backlog-column-connected",
            "lab-backlog-column-waiting",
            "lab-backlog-column-refused",
            "lab-backlog-column-queue",
            "lab-backlog-column-limit",
            "lab-backlog-column-half-open",
            "lab-backlog-column-entered",
        ],
        rows,
    }
}

fn row(backlog: i32, seen: &Seen, entered: Option<Duration>) -> Vec<Cell> {
    let count = |count: usize| Cell::Count(count as u64);
    vec![
        Cell::Text(format!("listen({backlog})")),
        count(seen.connected),
        count(seen.waiting),
        match seen.refused.as_slice() {
            [] => count(0),
            refused => Cell::Text(refused.join(" ")),
        },
        Cell::Count(seen.queue),
        seen.limit.map_or(Cell::Empty, |it| Cell::Count(it.into())),
        count(seen.half_open),
        entered.map_or(Cell::Empty, |it| {
            Cell::Number((it.as_secs_f64() * 1e3).round(), "ms")
        }),
    ]
}

/// Clients of one listener, in the order in which they called, and what `connect` told each.
struct Callers {
    sockets: Vec<(Socket, Called)>,
}

/// How a call stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Called {
    Connected,
    Waits { since: Instant },
    Refused(String),
}

impl Callers {
    fn call(listener: &Socket, count: usize) -> Result<Self, LabError> {
        let address = sockets::address_of(listener)?;
        let mut sockets = Vec::with_capacity(count);
        for _ in 0..count {
            sockets.push(call(address)?);
        }
        Ok(Self { sockets })
    }

    fn seen(&self, listener: &Socket) -> Result<Seen, LabError> {
        let address = sockets::address_of(listener)?;
        let count = |wanted: fn(&Called) -> bool| {
            let all = self.sockets.iter();
            all.filter(|(_, called)| wanted(called)).count()
        };
        let listens = kernel::listener_at(address)?;
        let lines = kernel::lines_of(address.port())?;
        let half = |line: &&Line| line.port == address.port() && line.state == State::SynReceived;
        Ok(Seen {
            connected: count(|called| *called == Called::Connected),
            waiting: count(|called| matches!(called, Called::Waits { .. })),
            refused: self
                .sockets
                .iter()
                .filter_map(|(_, called)| match called {
                    Called::Refused(error) => Some(error.clone()),
                    _ => None,
                })
                .collect(),
            queue: listens.map_or(0, |line| line.receive_queue),
            limit: listens.and_then(|line| line.limit),
            half_open: lines.iter().filter(half).count(),
        })
    }

    /// Accepts one, and waits for the first who did not get in: how long after its call it did.
    fn enters_after_accept(
        &self,
        listener: &Socket,
        seen: &Seen,
    ) -> Result<Option<Duration>, LabError> {
        // A long queue tells nothing new, and the wait is a second.
        if seen.waiting == 0 || seen.queue != 2 {
            return Ok(None);
        }
        let accepted = listener.accept().map_err(LabError::of("accept"))?;
        let first = self
            .sockets
            .iter()
            .find_map(|(socket, called)| match called {
                Called::Waits { since } => Some((socket, *since)),
                _ => None,
            });
        let Some((socket, since)) = first else {
            return Ok(None);
        };
        let ready = sockets::ready(socket, PollFlags::OUT, WAIT)?;
        drop(accepted);
        Ok((!ready.is_empty()).then(|| since.elapsed()))
    }
}

/// Calls without waiting for the end of the handshake longer than [`PATIENCE`].
fn call(address: SocketAddrV4) -> Result<(Socket, Called), LabError> {
    let open = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        // Hundreds of them should not stay in TIME_WAIT.
        socket.set_linger(Some(Duration::ZERO))?;
        Ok(socket)
    };
    let socket = open().map_err(LabError::of("make a socket"))?;
    let since = Instant::now();
    let called = match socket.connect(&address.into()) {
        Ok(()) => Called::Connected,
        Err(error) if Errno::from_io_error(&error) == Some(Errno::INPROGRESS) => {
            let ready = sockets::ready(&socket, PollFlags::OUT, PATIENCE)?;
            let failure = socket.take_error().map_err(LabError::of("SO_ERROR"))?;
            match failure {
                Some(error) => Called::Refused(sockets::error_name(&error)),
                None if ready.is_empty() => Called::Waits { since },
                None => Called::Connected,
            }
        }
        Err(error) => Called::Refused(sockets::error_name(&error)),
    };
    Ok((socket, called))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_holds_one_more_than_asked_and_the_next_is_left_waiting() {
        for backlog in [0, 3] {
            let listener = sockets::listen_with(backlog).expect("loopback works");
            let room = room_of(backlog);
            let callers = Callers::call(&listener, room + 2).expect("they call");
            let seen = callers.seen(&listener).expect("the table can be read");
            assert_eq!((seen.connected, seen.queue), (room, room as u64));
            assert_eq!((seen.waiting, seen.half_open), (2, 0));
            assert_eq!(seen.refused, Vec::<String>::new());
            if let Some(limit) = seen.limit {
                assert_eq!(i32::try_from(limit), Ok(backlog));
            }
        }
    }

    #[test]
    fn the_machine_has_a_limit_of_its_own() {
        let facts = ceiling().expect("the limit can be read");
        let (_, somaxconn) = &facts[0];
        let (_, given) = &facts[2];
        assert!(given == somaxconn || given == "?", "{facts:?}");
    }
}
