//! What a run without moves moved: where each write began, whose turn it was, and where a byte stands
//! in its message. Pure; it does not know what the bytes say.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::moves::{Direction, Move, Schedule};

/// The most writes that are kept of a run, 40 bytes each: 2.6 MB. What a run moves after that is not
/// hunted in.
pub const WRITES_MAX: usize = 65_536;

/// One write of a tap that moved nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Which connection of the run, from 0.
    pub connection: u32,
    /// Which way it went.
    pub direction: Direction,
    /// How many bytes it had.
    pub bytes: u32,
}

/// The writes of one run, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    writes: Vec<Write>,
    /// The last write of each connection's direction, and who spoke last on each connection.
    last: BTreeMap<(u32, Direction), Write>,
    speaks: BTreeMap<u32, Direction>,
}

/// One write and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Write {
    pub(super) connection: u32,
    pub(super) direction: Direction,
    /// The first byte's place among those of its connection and direction, from 0.
    pub(super) offset: u64,
    pub(super) bytes: u64,
    /// What went this way without a word from the other side makes one turn: which one, from 1, of
    /// its connection and direction.
    pub(super) turn: u64,
}

impl Write {
    /// The first byte's place of what follows.
    pub(super) fn end(&self) -> u64 {
        self.offset + self.bytes
    }
}

/// Where a byte stands: in which message of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which way the message goes.
    pub direction: Direction,
    /// Which message of its connection and direction it is, from 1: what one side says before the
    /// other side says something.
    pub message: u64,
    /// Which byte of the message, from 1.
    pub byte: u64,
    /// How many bytes the message has.
    pub bytes: u64,
    /// The offset of its first byte.
    pub offset: u64,
}

impl Traffic {
    /// Takes note of the next write. Past [`WRITES_MAX`], and of no bytes, none is kept.
    pub fn add(&mut self, passed: Passed) {
        let Passed {
            connection,
            direction,
            bytes,
        } = passed;
        if bytes == 0 || self.writes.len() == WRITES_MAX {
            return;
        }
        let before = self.last.get(&(connection, direction));
        let (offset, turns) = before.map_or((0, 0), |it| (it.end(), it.turn));
        let goes_on = self.speaks.insert(connection, direction) == Some(direction);
        let write = Write {
            connection,
            direction,
            offset,
            bytes: bytes.into(),
            turn: if goes_on { turns } else { turns + 1 },
        };
        self.last.insert((connection, direction), write);
        self.writes.push(write);
    }

    /// Whether nothing passed.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// The most bytes that a connection moved this way.
    pub fn bytes(&self, direction: Direction) -> u64 {
        self.of(direction).map(Write::end).max().unwrap_or(0)
    }

    /// The writes of one direction.
    pub(super) fn of(&self, direction: Direction) -> impl Iterator<Item = &Write> {
        self.writes
            .iter()
            .filter(move |it| it.direction == direction)
    }

    /// In which message the byte at `offset` stands, in the first connection that got so far.
    pub fn place(&self, direction: Direction, offset: u64) -> Option<Place> {
        let holds = |it: &&Write| it.offset <= offset && offset < it.end();
        let write = self.of(direction).find(holds)?;
        let same = |it: &&Write| it.connection == write.connection && it.turn == write.turn;
        let first = self.of(direction).find(same)?.offset;
        let bytes = self.of(direction).filter(same).map(|it| it.bytes).sum();
        Some(Place {
            direction,
            message: write.turn,
            byte: offset - first + 1,
            bytes,
            offset: first,
        })
    }

    /// About how much longer a run takes under `schedule`: the sum of all waits, as if none passed
    /// while another did.
    pub fn added_time(&self, schedule: &Schedule) -> Duration {
        let mut connections = BTreeMap::new();
        for write in &self.writes {
            let key = (write.connection, write.direction);
            let (writes, bytes): &mut (u64, u64) = connections.entry(key).or_default();
            *writes += 1;
            *bytes += write.bytes;
        }
        let mut sum = Duration::ZERO;
        for ((_, direction), (writes, bytes)) in connections {
            for one in schedule.of(direction).iter() {
                sum = sum.saturating_add(added_time(one, writes, bytes));
            }
        }
        sum
    }
}

fn added_time(one: &Move, writes: u64, bytes: u64) -> Duration {
    let times =
        |time: Duration, count: u64| time.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
    match *one {
        Move::Split { bytes: piece, gap } => times(gap, writes + bytes / u64::from(piece.max(1))),
        Move::SplitAt { gap, .. } => gap,
        Move::JoinAt { wait, .. } => wait,
        Move::Join { time } | Move::Delay(time) | Move::Jitter(time) => times(time, writes),
        Move::Rate(rate) => Duration::from_secs(bytes / rate.max(1) + 1),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{ToClient, ToServer};

    fn traffic(writes: &[(u32, Direction, u32)]) -> Traffic {
        let mut traffic = Traffic::default();
        for &(connection, direction, bytes) in writes {
            traffic.add(Passed {
                connection,
                direction,
                bytes,
            });
        }
        traffic
    }

    #[test]
    fn a_byte_is_found_in_its_message() {
        let traffic = traffic(&[
            (0, ToServer, 3),
            (0, ToClient, 4),
            (0, ToClient, 6),
            (1, ToServer, 9),
            (0, ToServer, 5),
            (0, ToClient, 2),
        ]);
        let check = |direction, offset, expected: Option<(u64, u64, u64)>| {
            let found = traffic.place(direction, offset);
            let found = found.map(|it| (it.message, it.byte, it.bytes));
            assert_eq!(found, expected, "{direction} {offset}");
        };
        check(ToServer, 2, Some((1, 3, 3)));
        check(ToServer, 3, Some((1, 4, 9)));
        check(ToClient, 3, Some((1, 4, 10)));
        check(ToClient, 4, Some((1, 5, 10)));
        check(ToClient, 10, Some((2, 1, 2)));
        check(ToClient, 12, None);
        assert_eq!((traffic.bytes(ToClient), traffic.bytes(ToServer)), (12, 9));
    }

    #[test]
    fn waits_add_up() {
        let traffic = traffic(&[(0, ToServer, 10), (0, ToClient, 10), (0, ToServer, 10)]);
        let check = |words: &str, expected_ms| {
            let words: Vec<_> = words.split(' ').collect();
            let schedule = Schedule::of_words(&words).expect("good words");
            let expected = Duration::from_millis(expected_ms);
            assert_eq!(traffic.added_time(&schedule), expected, "{words:?}");
        };
        check("--delay 10ms", 30);
        check("--split-at to-client:3 --split-at 5,2ms", 5);
        check("--split to-server:5", 6);
        check("--join-at to-server:5", 100);
    }
}
