//! Makes a schedule that fails smaller: fewer moves, each in one place, in less time. Pure: it is told
//! which schedules fail.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::moves::{Direction, Move, Moves, Schedule};
use super::traffic::Traffic;
use super::{FIRST_GAP, order};

/// The times that a gap, a delay or a join is tried with, shortest first: those of a rule by hand.
const TIMES_MS: [u64; 9] = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/// The longest time that is tried to make a failure sure that came now and then.
const LATER_MAX: Duration = Duration::from_millis(200);

/// The most split points that stand in for a split of every write. More would take long to halve.
const POINTS_MAX: usize = 512;

/// The most moves that are named one by one in place of one move for all of a direction.
const NAMED_MAX: usize = 2;

/// No further run is to be made.
#[derive(Debug)]
pub(super) struct Enough;

/// Tells whether schedules fail.
pub(super) trait Judge {
    /// Whether it fails, by one run, or a few where failures are flaky.
    fn fails(&mut self, schedule: &Schedule) -> Result<bool, Enough>;
    /// Whether it fails each of several times; where failures are flaky, as [`Judge::fails`].
    fn fails_surely(&mut self, schedule: &Schedule) -> Result<bool, Enough>;
}

/// Makes `best`, which fails, as small as it gets. When that ends early it is what was smallest.
pub(super) fn shrink(
    best: &mut Schedule,
    judge: &mut impl Judge,
    traffic: &Traffic,
) -> Result<(), Enough> {
    fewer(best, judge)?;
    finer(best, judge, traffic)?;
    nearer(best, judge, traffic)?;
    sooner(best, judge)
}

type Part = (Direction, Move);

fn parts(schedule: &Schedule) -> Vec<Part> {
    let of = |direction| {
        schedule
            .of(direction)
            .iter()
            .map(move |it| (direction, *it))
    };
    Direction::BOTH.into_iter().flat_map(of).collect()
}

fn of_parts(parts: &[Part], seed: u64) -> Schedule {
    let mut schedule = Schedule {
        seed,
        ..Schedule::default()
    };
    for (direction, part) in parts {
        schedule.of_mut(*direction).add(*part);
    }
    if !schedule.is_random() {
        schedule.seed = 0;
    }
    schedule
}

/// Takes moves out.
fn fewer(best: &mut Schedule, judge: &mut impl Judge) -> Result<(), Enough> {
    let seed = best.seed;
    let parts = parts(best);
    minimal(parts, &mut |parts: &[Part]| {
        let smaller = of_parts(parts, seed);
        let fails = judge.fails(&smaller)?;
        if fails {
            *best = smaller;
        }
        Ok(fails)
    })?;
    Ok(())
}

/// Puts moves in one place instead of moves of a whole direction.
fn finer(best: &mut Schedule, judge: &mut impl Judge, traffic: &Traffic) -> Result<(), Enough> {
    let [(direction, wide)] = parts(best)[..] else {
        return Ok(());
    };
    match wide {
        Move::Split { bytes, gap } => {
            let points = points(traffic, direction, bytes.into());
            let split = |points: &[u64]| {
                let each = points.iter().map(|at| Move::SplitAt { at: *at, gap });
                let mut schedule = Schedule::default();
                *schedule.of_mut(direction) = Moves::new(each);
                schedule
            };
            if points.is_empty() || !judge.fails(&split(&points))? {
                return Ok(());
            }
            let points = minimal(points, &mut |points: &[u64]| judge.fails(&split(points)))?;
            if points.len() <= NAMED_MAX {
                *best = split(&points);
            }
        }
        Move::Join { .. } => {
            let each = order::joins(traffic, direction).into_iter();
            for at in each.filter(|it| matches!(it, Move::JoinAt { .. })) {
                let candidate = order::one(direction, at);
                if judge.fails(&candidate)? {
                    *best = candidate;
                    break;
                }
            }
        }
        Move::Jitter(time) => {
            let candidate = order::one(direction, Move::Delay(time));
            if judge.fails(&candidate)? {
                *best = candidate;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Puts a split behind the first byte of its message, the simplest place of all. It was tried there
/// first: the reader may have been woken too late.
fn nearer(best: &mut Schedule, judge: &mut impl Judge, traffic: &Traffic) -> Result<(), Enough> {
    let [(direction, Move::SplitAt { at, gap })] = parts(best)[..] else {
        return Ok(());
    };
    let Some(place) = traffic.place(direction, at).filter(|it| it.byte > 2) else {
        return Ok(());
    };
    let split = Move::SplitAt {
        at: place.offset + 1,
        gap: gap.max(FIRST_GAP),
    };
    let candidate = order::one(direction, split);
    if judge.fails(&candidate)? || judge.fails(&candidate)? {
        *best = candidate;
    }
    Ok(())
}

/// Where a split of every write into pieces of `bytes` splits.
fn points(traffic: &Traffic, direction: Direction, bytes: u64) -> Vec<u64> {
    let mut points = BTreeSet::new();
    for write in traffic.of(direction) {
        let mut at = write.offset + bytes;
        while at < write.end() && points.len() < POINTS_MAX {
            points.insert(at);
            at += bytes;
        }
    }
    points.into_iter().collect()
}

/// Takes time out, as long as it fails surely.
fn sooner(best: &mut Schedule, judge: &mut impl Judge) -> Result<(), Enough> {
    let parts = parts(best);
    let times = parts.iter().filter_map(|(_, it)| time_of(it));
    let Some(longest) = times.max() else {
        return Ok(());
    };
    let shorter = TIMES_MS.into_iter().map(Duration::from_millis);
    for time in shorter.take_while(|it| *it < longest) {
        let quicken =
            |(direction, it): &Part| (*direction, with_time(*it, |before| before.min(time)));
        let candidate = of_parts(&parts.iter().map(quicken).collect::<Vec<_>>(), best.seed);
        if judge.fails_surely(&candidate)? {
            *best = candidate;
            break;
        }
    }
    Ok(())
}

/// Gives a split or a delay more time until it fails surely; `best` stays where none does.
pub(super) fn later(best: &mut Schedule, judge: &mut impl Judge) -> Result<bool, Enough> {
    let parts = parts(best);
    let Some(longest) = parts.iter().filter_map(|(_, it)| time_of(it)).max() else {
        return Ok(false);
    };
    let longer = TIMES_MS.into_iter().map(Duration::from_millis);
    for time in longer.filter(|it| *it > longest && *it <= LATER_MAX) {
        let slow = |(direction, it): &Part| (*direction, with_time(*it, |_| time));
        let candidate = of_parts(&parts.iter().map(slow).collect::<Vec<_>>(), best.seed);
        if judge.fails_surely(&candidate)? {
            *best = candidate;
            return Ok(true);
        }
    }
    Ok(false)
}

/// The time of a move that is better short. The wait of a join in one place is no more than a limit.
fn time_of(one: &Move) -> Option<Duration> {
    match *one {
        Move::Split { gap, .. } | Move::SplitAt { gap, .. } => Some(gap),
        Move::Join { time } | Move::Delay(time) | Move::Jitter(time) => Some(time),
        _ => None,
    }
}

/// The same with another time.
fn with_time(one: Move, time: impl Fn(Duration) -> Duration) -> Move {
    match one {
        Move::Split { bytes, gap } => Move::Split {
            bytes,
            gap: time(gap),
        },
        Move::SplitAt { at, gap } => Move::SplitAt { at, gap: time(gap) },
        Move::Join { time: before } => Move::Join { time: time(before) },
        Move::Delay(before) => Move::Delay(time(before)),
        Move::Jitter(before) => Move::Jitter(time(before)),
        other => other,
    }
}

/// The fewest of `all`, which fail together, that still do: none of them can be missed. By halves,
/// quarters and so on, and what they leave (delta debugging, Zeller and Hildebrandt 2002).
fn minimal<Item: Clone>(
    all: Vec<Item>,
    fails: &mut impl FnMut(&[Item]) -> Result<bool, Enough>,
) -> Result<Vec<Item>, Enough> {
    let mut best = all;
    let mut chunks = 2;
    while best.len() > 1 {
        let size = best.len().div_ceil(chunks);
        let mut smaller = None;
        for chunk in best.chunks(size) {
            if chunk.len() < best.len() && fails(chunk)? {
                smaller = Some((chunk.to_vec(), 2));
                break;
            }
        }
        // What two chunks leave is the other one, which was tried.
        let count = best.chunks(size).count();
        for left_out in (0..count).filter(|_| count > 2) {
            if smaller.is_some() {
                break;
            }
            let kept = best.chunks(size).enumerate();
            let kept = kept.filter(|(number, _)| *number != left_out);
            let rest: Vec<Item> = kept.flat_map(|(_, chunk)| chunk.to_vec()).collect();
            if fails(&rest)? {
                smaller = Some((rest, (chunks - 1).max(2)));
            }
        }
        match smaller {
            Some((items, next)) => (best, chunks) = (items, next),
            None if chunks >= best.len() => break,
            None => chunks = (chunks * 2).min(best.len()),
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_culprit_is_found_wherever_it_stands_and_two_are_both_kept() {
        let check = |culprits: &[u32], runs_max: u32| {
            let mut runs = 0;
            let mut fails = |items: &[u32]| {
                runs += 1;
                Ok(culprits.iter().all(|it| items.contains(it)))
            };
            let found = minimal((0..512).collect(), &mut fails).expect("there is no end");
            assert_eq!(found, culprits);
            assert!(runs <= runs_max, "{runs} runs");
        };
        for culprit in [0, 1, 255, 256, 510, 511] {
            check(&[culprit], 20);
        }
        check(&[3, 400], 200);
    }
}
