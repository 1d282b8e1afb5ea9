//! A test of a codec under every split, without a socket: bytes that were written at once come in the
//! pieces of a schedule, and what is read must not change. The first reader here takes one read for
//! one message; the second knows better.

#![allow(clippy::print_stdout)]

use landline::tap::{Direction, GAP, Move, Moves, Schedule, pieces};

/// Takes each read for a message: right for as long as nobody splits.
fn naive(reads: &[Vec<u8>]) -> Vec<String> {
    let text = |read: &Vec<u8>| String::from_utf8_lossy(read).trim_end().to_owned();
    reads.iter().map(text).collect()
}

/// Keeps what is not a whole line for the next read.
fn careful(reads: &[Vec<u8>]) -> Vec<String> {
    let (mut held, mut lines) = (Vec::new(), Vec::new());
    for read in reads {
        held.extend_from_slice(read);
        while let Some(end) = held.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = held.drain(..=end).collect();
            lines.push(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
    }
    lines
}

/// The first split that makes `reader` read something else than `expected`, as words of `landline tap`.
fn broken_by(
    reader: impl Fn(&[Vec<u8>]) -> Vec<String>,
    wire: &[u8],
    expected: &[&str],
) -> Option<String> {
    (1..wire.len() as u64).find_map(|at| {
        let moves = Moves::new([Move::SplitAt { at, gap: GAP }]);
        let reads = pieces(wire, &moves, 0);
        if reader(&reads) == expected {
            return None;
        }
        let mut schedule = Schedule::default();
        *schedule.of_mut(Direction::ToClient) = moves;
        Some(schedule.to_words().join(" ").replace("to-client:", ""))
    })
}

fn main() {
    let (wire, expected) = (b"hello\n", ["hello"]);
    if let Some(words) = broken_by(naive, wire, &expected) {
        println!("the first reader takes one read for one message: landline tap ... {words}");
    }
    if broken_by(careful, wire, &expected).is_none() {
        println!("the second holds under every split");
    }
}
