//! `deadlock`: a child writes to both of its pipes, and its parent reads one after the other.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Picture, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "deadlock",
    question: "lab-deadlock-question",
    predict: "lab-deadlock-predict",
    explain: "lab-deadlock-explain",
    next: "lab-deadlock-next",
    elsewhere: &["lab-deadlock-elsewhere-python"],
    run,
};

/// How much the child writes to each pipe: far more than a pipe holds.
const BYTES: u64 = 1_000_000;

/// Which pipe the child writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writes {
    Stderr,
    Stdout,
    /// First to stderr, then to stdout.
    Both,
}

/// How the parent reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    StdoutFirst,
    StderrFirst,
    Both,
}

/// What came of it.
#[derive(Clone, Debug)]
struct Seen {
    /// Set when neither went on: how much lay in the pipe that nobody read.
    stuck_at: Option<u64>,
    /// How much was read in the end, from stdout and stderr.
    read: [u64; 2],
    took: Duration,
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let patience = Duration::from_millis(if bench.is_quick { 40 } else { 200 });
    let mut report = Report::default();
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for writes in [Writes::Stderr, Writes::Stdout, Writes::Both] {
        for reads in [Reads::StdoutFirst, Reads::StderrFirst, Reads::Both] {
            let seen = see(writes, reads, patience)?;
            let is_stuck = seen.stuck_at.is_some();
            let (name, label) = names(writes, reads);
            report.facts.push((name, told(is_stuck)));
            if let Some(held) = seen.stuck_at {
                report.facts.retain(|(name, _)| *name != "held");
                report.facts.push(("held", held.to_string()));
            }
            bars.push((label.to_string(), seen.took.as_secs_f64() * 1e3));
            rows.push(row(writes, reads, &seen));
        }
    }
    report.facts.push(("bytes", BYTES.to_string()));
    report
        .facts
        .push(("patience_ms", patience.as_millis().to_string()));
    report.tables.push(table(rows));
    report.pictures.push(Picture::Bars {
        title: "lab-deadlock-times",
        unit: "ms",
        bars,
    });
    Ok(report)
}

/// For scripts: whether it stood still.
fn told(is_stuck: bool) -> String {
    if is_stuck { "stuck" } else { "done" }.to_string()
}

/// The name of the fact and the label of the bar, where 1 is stdout and 2 stderr.
fn names(writes: Writes, reads: Reads) -> (&'static str, &'static str) {
    match (writes, reads) {
        (Writes::Stderr, Reads::StdoutFirst) => ("writes_err_reads_out", "write 2; read 1, 2"),
        (Writes::Stderr, Reads::StderrFirst) => ("writes_err_reads_err", "write 2; read 2, 1"),
        (Writes::Stderr, Reads::Both) => ("writes_err_reads_both", "write 2; read 1 + 2"),
        (Writes::Stdout, Reads::StdoutFirst) => ("writes_out_reads_out", "write 1; read 1, 2"),
        (Writes::Stdout, Reads::StderrFirst) => ("writes_out_reads_err", "write 1; read 2, 1"),
        (Writes::Stdout, Reads::Both) => ("writes_out_reads_both", "write 1; read 1 + 2"),
        (Writes::Both, Reads::StdoutFirst) => ("writes_both_reads_out", "write 2, 1; read 1, 2"),
        (Writes::Both, Reads::StderrFirst) => ("writes_both_reads_err", "write 2, 1; read 2, 1"),
        (Writes::Both, Reads::Both) => ("writes_both_reads_both", "write 2, 1; read 1 + 2"),
    }
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-deadlock-table",
        columns: vec![
            "lab-deadlock-column-writes",
            "lab-deadlock-column-reads",
            "lab-deadlock-column-end",
            "lab-deadlock-column-held",
            "lab-deadlock-column-took",
        ],
        rows,
    }
}

fn row(writes: Writes, reads: Reads, seen: &Seen) -> Vec<Cell> {
    vec![
        Cell::Word(match writes {
            Writes::Stderr => "lab-deadlock-to-stderr",
            Writes::Stdout => "lab-deadlock-to-stdout",
            Writes::Both => "lab-deadlock-to-both",
        }),
        Cell::Word(match reads {
            Reads::StdoutFirst => "lab-deadlock-stdout-first",
            Reads::StderrFirst => "lab-deadlock-stderr-first",
            Reads::Both => "lab-deadlock-both",
        }),
        Cell::Word(if seen.stuck_at.is_some() {
            "lab-deadlock-is-stuck"
        } else {
            "lab-deadlock-is-done"
        }),
        seen.stuck_at.map_or(Cell::Empty, Cell::Count),
        Cell::Number((seen.took.as_secs_f64() * 1e4).round() / 10.0, "ms"),
    ]
}

/// A child that is gone, and waited for, with this value.
struct Reaped(Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Lets the child write in one order and reads in another. After `patience` without a byte the pipe
/// that nobody read is drained, too, so that the child ends in any case.
fn see(writes: Writes, reads: Reads, patience: Duration) -> Result<Seen, LabError> {
    let start = Instant::now();
    let (_child, [stdout, stderr]) = spawn(writes)?;
    let mut seen = Seen {
        stuck_at: None,
        read: [0, 0],
        took: Duration::ZERO,
    };
    let pipes = [stdout, stderr];
    let order = match reads {
        Reads::StdoutFirst => Some([0, 1]),
        Reads::StderrFirst => Some([1, 0]),
        Reads::Both => None,
    };
    if let Some([first, second]) = order {
        seen.stuck_at = drain_first(
            &pipes[first],
            &pipes[second],
            patience,
            &mut seen.read[first],
        )?;
    }
    drain_both(&pipes, &mut seen.read)?;
    seen.took = start.elapsed();
    let wanted = match writes {
        Writes::Stderr => [0, BYTES],
        Writes::Stdout => [BYTES, 0],
        Writes::Both => [BYTES, BYTES],
    };
    if seen.read == wanted {
        Ok(seen)
    } else {
        let what = format!("{:?} bytes were read of {wanted:?}", seen.read);
        Err(LabError::Unexpected(what))
    }
}

fn spawn(writes: Writes) -> Result<(Reaped, [OwnedFd; 2]), LabError> {
    let write = format!("head -c {BYTES} /dev/zero");
    let line = match writes {
        Writes::Stderr => format!("{write} >&2"),
        Writes::Stdout => write,
        Writes::Both => format!("{write} >&2; {write}"),
    };
    let child = Command::new("sh")
        .args(["-c", &line])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(LabError::of("start sh"))?;
    let mut child = Reaped(child);
    let taken = (child.0.stdout.take(), child.0.stderr.take());
    let (Some(stdout), Some(stderr)) = taken else {
        return Err(LabError::Unexpected("the child has no pipes".into()));
    };
    let pipes = [OwnedFd::from(stdout), OwnedFd::from(stderr)];
    Ok((child, pipes))
}

/// Reads `first` until its end, as a program does that reads one pipe after the other. Returns how much
/// lies in `second` once nothing has come for `patience` though something waits there.
fn drain_first(
    first: &OwnedFd,
    second: &OwnedFd,
    patience: Duration,
    read: &mut u64,
) -> Result<Option<u64>, LabError> {
    let mut quiet_since = Instant::now();
    let mut held = 0;
    loop {
        if is_ready(first, Duration::from_millis(5))? {
            match take(first).map_err(LabError::of("read from the child"))? {
                0 => return Ok(None),
                count => *read += count,
            }
            quiet_since = Instant::now();
            continue;
        }
        let lies = sockets::unread(second)?;
        if lies == 0 || lies != held {
            // The child has only just begun, or goes on.
            held = lies;
            quiet_since = if lies == 0 {
                quiet_since
            } else {
                Instant::now()
            };
        } else if quiet_since.elapsed() >= patience {
            return Ok(Some(held));
        }
        if quiet_since.elapsed() >= WAIT {
            return Err(LabError::Unexpected("the child writes nothing".into()));
        }
    }
}

/// Reads both pipes as they fill, until both have ended.
fn drain_both(pipes: &[OwnedFd; 2], read: &mut [u64; 2]) -> Result<(), LabError> {
    let ends = Instant::now() + WAIT;
    let mut is_open = [true, true];
    while is_open.contains(&true) {
        for at in [0, 1] {
            if is_open[at] && is_ready(&pipes[at], Duration::from_millis(1))? {
                let count = take(&pipes[at]).map_err(LabError::of("read from the child"))?;
                read[at] += count;
                is_open[at] = count > 0;
            }
        }
        if Instant::now() > ends {
            return Err(LabError::Unexpected("the child does not end".into()));
        }
    }
    Ok(())
}

/// Whether there is something to read, or the end.
fn is_ready(pipe: &OwnedFd, limit: Duration) -> Result<bool, LabError> {
    Ok(!sockets::ready(pipe, PollFlags::IN, limit)?.is_empty())
}

fn take(pipe: &OwnedFd) -> io::Result<u64> {
    let mut buffer = [0; 64 * 1024];
    let count = rustix::io::read(pipe, &mut buffer)?;
    Ok(count as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(40);

    fn is_stuck(writes: Writes, reads: Reads) -> bool {
        let seen = see(writes, reads, PATIENCE).expect("sh and head are there");
        seen.stuck_at.is_some()
    }

    #[test]
    fn either_order_stands_still_for_some_child() {
        assert!(is_stuck(Writes::Stderr, Reads::StdoutFirst));
        assert!(is_stuck(Writes::Stdout, Reads::StderrFirst));
        assert!(is_stuck(Writes::Both, Reads::StdoutFirst));
        assert!(is_stuck(Writes::Both, Reads::StderrFirst));
    }

    #[test]
    fn either_order_goes_through_for_another() {
        assert!(!is_stuck(Writes::Stderr, Reads::StderrFirst));
        assert!(!is_stuck(Writes::Stdout, Reads::StdoutFirst));
    }

    #[test]
    fn who_reads_both_at_once_never_stands_still() {
        for writes in [Writes::Stderr, Writes::Stdout, Writes::Both] {
            assert!(!is_stuck(writes, Reads::Both));
        }
    }
}
