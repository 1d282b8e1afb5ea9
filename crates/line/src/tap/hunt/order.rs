//! In which order split points and joins are tried: what breaks most programs comes first, so that
//! most hunts are short. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::super::moves::{Direction, JOIN_WAIT, Move, Schedule};
use super::traffic::{Traffic, Write};
use super::{FIRST_GAP, SEARCH_GAP};

/// The most joins that are tried in one direction. Each may cost its wait, a tenth of a second.
pub(super) const JOINS_MAX: usize = 64;

/// How long bytes wait where a whole direction's neighbours are joined.
const JOIN_ALL: Duration = Duration::from_millis(20);

/// A schedule of one move.
pub(super) fn one(direction: Direction, the_move: Move) -> Schedule {
    let mut schedule = Schedule::default();
    schedule.of_mut(direction).add(the_move);
    schedule
}

/// The splits of a direction: those behind the first byte of a write tell the most, and have more
/// time.
pub(super) fn splits(traffic: &Traffic, direction: Direction, points_max: u64) -> Vec<Move> {
    let firsts: BTreeSet<u64> = traffic.of(direction).map(|it| it.offset + 1).collect();
    let split = |at| Move::SplitAt {
        at,
        gap: match firsts.contains(&at) {
            true => FIRST_GAP,
            false => SEARCH_GAP,
        },
    };
    let points = points(traffic, direction, points_max).into_iter();
    points.map(split).collect()
}

/// The offsets below `points_max` to split a direction at. First within the writes of the clean run:
/// behind the first byte of each, before the last, in the middle. Then all others, and at last the
/// edges, which are split already.
fn points(traffic: &Traffic, direction: Direction, points_max: u64) -> Vec<u64> {
    let writes: Vec<&Write> = traffic.of(direction).collect();
    let within = |place: fn(&Write) -> u64| {
        let split = writes.iter().filter(|it| it.bytes > 1);
        split.map(move |it| it.offset + place(it))
    };
    let edges: BTreeSet<u64> = writes.iter().map(|it| it.offset).collect();
    let all = 1..traffic.bytes(direction);
    let likely = within(|_| 1)
        .chain(within(|it| it.bytes - 1))
        .chain(within(|it| it.bytes / 2));
    let others = all.take_while(|at| *at <= points_max);
    let (at_edges, others): (Vec<_>, Vec<_>) = others.partition(|at| edges.contains(at));
    let mut seen = BTreeSet::new();
    likely
        .chain(others)
        .chain(at_edges)
        .filter(|at| (1..=points_max).contains(at) && seen.insert(*at))
        .collect()
}

/// The joins of a direction: all neighbours at once, then each edge of two writes, where one side
/// said both in one turn first.
pub(super) fn joins(traffic: &Traffic, direction: Direction) -> Vec<Move> {
    let mut last_turns = BTreeMap::new();
    let (mut in_turn, mut apart) = (BTreeSet::new(), BTreeSet::new());
    for write in traffic.of(direction) {
        match last_turns.insert(write.connection, write.turn) {
            None => {}
            Some(turn) if turn == write.turn => drop(in_turn.insert(write.offset)),
            Some(_) => drop(apart.insert(write.offset)),
        }
    }
    if in_turn.is_empty() && apart.is_empty() {
        return Vec::new();
    }
    let apart = apart.difference(&in_turn);
    let each = in_turn.iter().chain(apart).map(|at| Move::JoinAt {
        at: *at,
        wait: JOIN_WAIT,
    });
    let all = Move::Join { time: JOIN_ALL };
    [all].into_iter().chain(each).take(JOINS_MAX).collect()
}

/// The schedules of both directions, one after the other in turn.
pub(super) fn in_turn(each: Vec<Vec<Schedule>>) -> Vec<Schedule> {
    let longest = each.iter().map(Vec::len).max().unwrap_or(0);
    let rounds = 0..longest;
    rounds
        .flat_map(|round| each.iter().filter_map(move |it| it.get(round).cloned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::traffic::Passed;
    use super::*;
    use Direction::{ToClient, ToServer};

    fn traffic(writes: &[(Direction, u32)]) -> Traffic {
        let mut traffic = Traffic::default();
        for &(direction, bytes) in writes {
            traffic.add(Passed {
                connection: 0,
                direction,
                bytes,
            });
        }
        traffic
    }

    #[test]
    fn every_point_comes_once_and_the_likely_ones_first() {
        let traffic = traffic(&[(ToClient, 4), (ToClient, 6), (ToServer, 2)]);
        assert_eq!(points(&traffic, ToClient, 512), [1, 5, 3, 9, 2, 7, 6, 8, 4]);
        assert_eq!(points(&traffic, ToClient, 5), [1, 5, 3, 2, 4]);
        assert_eq!(points(&traffic, ToServer, 512), [1]);
    }

    #[test]
    fn neighbours_in_one_turn_are_joined_first() {
        let traffic = traffic(&[(ToClient, 4), (ToServer, 1), (ToClient, 6), (ToClient, 1)]);
        let join_at = |at| Move::JoinAt {
            at,
            wait: JOIN_WAIT,
        };
        let all = Move::Join { time: JOIN_ALL };
        assert_eq!(joins(&traffic, ToClient), [all, join_at(10), join_at(4)]);
        assert!(joins(&traffic, ToServer).is_empty());
    }
}
