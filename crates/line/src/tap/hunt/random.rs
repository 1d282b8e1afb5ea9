//! Schedules by lot, the same for the same seed. It does not know what they are for.

use std::time::Duration;

use super::super::lot::Lot;
use super::super::moves::{Direction, GAP, Move, Schedule};
use super::traffic::Traffic;

/// The most points at which one random schedule splits one direction.
const POINTS_MAX: u64 = 4;

/// The longest delay, jitter and join that is drawn. A run is to stay short: with a hundred messages
/// this is 2 s.
const TIME_MS_MAX: u64 = 20;

/// The most pieces that one direction is split into, and so a fifth of a second of gaps.
const PIECES_MAX: u64 = 200;

/// A source of lots.
#[derive(Clone, Debug)]
pub(super) struct Lots(Lot);

impl Lots {
    pub(super) fn new(seed: u64) -> Self {
        Self(Lot::new(seed))
    }

    /// One of `low..=high`.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.below(high.saturating_sub(low) + 1)
    }

    fn time(&mut self) -> Duration {
        Duration::from_millis(self.between(1, TIME_MS_MAX))
    }

    /// A schedule of one to four moves in some of `directions`, which must have moved bytes.
    pub(super) fn schedule(&mut self, directions: &[Direction], traffic: &Traffic) -> Schedule {
        let mut schedule = Schedule {
            seed: self.0.draw() >> 32,
            ..Schedule::default()
        };
        let moving = directions.iter().filter(|it| traffic.bytes(**it) > 0);
        let moving: Vec<_> = moving.copied().collect();
        if moving.is_empty() {
            return schedule;
        }
        for _ in 0..self.between(1, 4) {
            let direction = moving[self.between(0, moving.len() as u64 - 1) as usize];
            self.add_move(&mut schedule, direction, traffic.bytes(direction));
        }
        schedule
    }

    fn add_move(&mut self, schedule: &mut Schedule, direction: Direction, bytes: u64) {
        let last = bytes.saturating_sub(1).max(1);
        let moves = schedule.of_mut(direction);
        match self.between(0, 5) {
            0 | 1 => {
                for _ in 0..self.between(1, POINTS_MAX) {
                    let at = self.between(1, last);
                    moves.add(Move::SplitAt { at, gap: GAP });
                }
            }
            2 => {
                let least = (bytes / PIECES_MAX).max(1);
                let piece = self.between(least, last.max(least).min(least * 16));
                let bytes = u32::try_from(piece).unwrap_or(u32::MAX);
                moves.add(Move::Split { bytes, gap: GAP });
            }
            3 => moves.add(Move::Join { time: self.time() }),
            4 => moves.add(Move::Delay(self.time())),
            _ => moves.add(Move::Jitter(self.time())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::traffic::Passed;
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_only_where_it_may() {
        let mut traffic = Traffic::default();
        for direction in Direction::BOTH {
            traffic.add(Passed {
                connection: 0,
                direction,
                bytes: 100_000,
            });
        }
        let draw = |seed| {
            let mut lots = Lots::new(seed);
            let schedule = |_| lots.schedule(&[Direction::ToClient], &traffic);
            (0..100).map(schedule).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        for schedule in draw(7) {
            assert!(schedule.to_server.is_empty() && !schedule.to_client.is_empty());
            assert!(traffic.added_time(&schedule) < Duration::from_secs(1));
        }
    }

    #[test]
    fn one_byte_is_enough_to_draw_from() {
        let mut traffic = Traffic::default();
        traffic.add(Passed {
            connection: 0,
            direction: Direction::ToServer,
            bytes: 1,
        });
        let mut lots = Lots::new(0);
        for _ in 0..100 {
            assert!(!lots.schedule(&Direction::BOTH, &traffic).is_empty());
        }
        assert!(
            lots.schedule(&Direction::BOTH, &Traffic::default())
                .is_empty()
        );
    }
}
