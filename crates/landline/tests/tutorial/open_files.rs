//! A server at its limit of open files: it takes who fits, waits without spinning, and goes on when
//! some leave.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::process::Command;
use std::time::Duration;

use crate::stand::{Server, dial, patience, take};

/// How long the server is watched at its limit, and how much of it may be CPU time: a loop that
/// spins would take all of it.
const WATCHED: Duration = Duration::from_millis(500);
const CPU_MS_MAX: u64 = 150;

#[test]
fn more_clients_than_open_files() {
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "ulimit -n 32; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_landline"),
    ]);
    shell.args(["listen", "tcp://127.0.0.1:0", "echo"]);
    let server = Server::of(shell);
    let mut lines: Vec<_> = (0..60).map(|_| dial(&server.address)).collect();
    take_turn(&mut lines[0]);

    let before = cpu_ms(server.process.id());
    let last = lines.last_mut().expect("there are 60");
    last.write_all(b"hi").expect("the kernel takes it");
    last.set_read_timeout(Some(WATCHED)).expect("a timeout");
    let waits = last
        .read(&mut [0; 2])
        .expect_err("there is no room for the last one");
    assert!(
        matches!(waits.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{waits}"
    );
    let spent = cpu_ms(server.process.id()) - before;
    assert!(spent < CPU_MS_MAX, "{spent} ms of CPU in {WATCHED:?}");

    // Room for the last one, who has been waiting.
    lines.drain(..50);
    let last = lines.last_mut().expect("there are 10");
    last.set_read_timeout(Some(patience())).expect("a timeout");
    assert_eq!(take(last, 2), b"hi");
    for line in &mut lines {
        take_turn(line);
    }
    drop(lines);
    let finished = server.stop();
    assert_eq!(finished.code, 0, "{}", finished.err);
    // The person is told, and not once for each try.
    let notes = finished
        .err
        .lines()
        .filter(|line| !line.contains("listening"))
        .count();
    assert!((1..10).contains(&notes), "{notes} notes: {}", finished.err);
}

#[test]
fn commands_of_more_clients_than_open_files() {
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "ulimit -n 24; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_landline"),
    ]);
    shell.args(["listen", "tcp://127.0.0.1:0", "exec"]);
    let server = Server::of(shell);
    let mut lines: Vec<_> = (0..40).map(|_| dial(&server.address)).collect();
    for line in &mut lines {
        line.write_all(b"echo hi").expect("the kernel takes it");
    }
    drop(lines);
    let mut next = dial(&server.address);
    next.write_all(b"printf hi").expect("the server reads");
    assert_eq!(take(&mut next, 6)[4..], *b"hi");
}

fn take_turn(line: &mut (impl Read + Write)) {
    line.write_all(b"x").expect("the server reads");
    line.read_exact(&mut [0]).expect("the server answers");
}

/// The CPU time of process `id` so far (`/proc/PID/stat`, fields 14 and 15, in ticks of 10 ms).
fn cpu_ms(id: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
    // The second field is a name in brackets, which may hold anything: count from its end.
    let fields = stat.rsplit(')').next().expect("a split has a last part");
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>());
    ticks
        .map(|ticks| ticks.expect("ticks are a number") * 10)
        .sum()
}
