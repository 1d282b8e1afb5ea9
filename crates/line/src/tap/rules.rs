//! The moves of one direction as a plan asks for them: each kind in its own place.

use std::collections::BTreeMap;
use std::time::Duration;

use super::moves::{Chance, Move, Moves};

/// How late a timer may fire without a loss for a rate: what did not leave meanwhile leaves at once.
/// Timers count milliseconds, and a busy machine adds some.
pub(super) const RATE_SLACK: Duration = Duration::from_millis(5);

/// What is done to one direction.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub(super) split: Option<(u64, Duration)>,
    /// The gap behind each edge that is made, by its offset.
    pub(super) split_at: BTreeMap<u64, Duration>,
    pub(super) join: Option<Duration>,
    /// The wait at each edge that is taken away, by its offset.
    pub(super) join_at: BTreeMap<u64, Duration>,
    pub(super) delay: Duration,
    pub(super) jitter: Option<Duration>,
    pub(super) rate: Option<u64>,
    /// Where the first of the moves that end a direction does so.
    pub(super) stop: Option<(u64, StopKind)>,
    pub(super) drop: Option<Chance>,
    pub(super) twice: Option<Chance>,
    pub(super) reorder: Option<Chance>,
}

/// How a direction ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// [`Move::Cut`].
    Cut,
    /// [`Move::Reset`].
    Reset,
    /// [`Move::Stall`].
    Stall,
}

impl Rules {
    pub(super) fn new(moves: &Moves) -> Self {
        let mut rules = Self::default();
        for one in moves.iter() {
            match one.bounded() {
                Move::Split { bytes, gap } => rules.split = Some((u64::from(bytes).max(1), gap)),
                Move::SplitAt { at, gap } => drop(rules.split_at.insert(at, gap)),
                Move::Join { time } => rules.join = Some(time),
                Move::JoinAt { at, wait } => drop(rules.join_at.insert(at, wait)),
                Move::Delay(time) => rules.delay = time,
                Move::Jitter(time) => rules.jitter = Some(time),
                Move::Rate(bytes) => rules.rate = Some(bytes.max(1)),
                Move::Cut(at) => rules.stop_at(at, StopKind::Cut),
                Move::Reset(at) => rules.stop_at(at, StopKind::Reset),
                Move::Stall(at) => rules.stop_at(at, StopKind::Stall),
                Move::Drop(chance) => rules.drop = Some(chance),
                Move::Twice(chance) => rules.twice = Some(chance),
                Move::Reorder(chance) => rules.reorder = Some(chance),
            }
        }
        rules
    }

    fn stop_at(&mut self, at: u64, kind: StopKind) {
        if self.stop.is_none_or(|(before, _)| at < before) {
            self.stop = Some((at, kind));
        }
    }

    /// When `bytes` have passed at the rate, which may begin to leave at `begin`, on a line that is
    /// free from `free_at` on. It may lie before `begin`: they are late then.
    pub(super) fn passed(
        &self,
        begin: Duration,
        free_at: Option<Duration>,
        bytes: u64,
    ) -> Duration {
        if self.rate.is_none() {
            return begin;
        }
        let from = match free_at {
            Some(free_at) if free_at + RATE_SLACK >= begin => free_at,
            _ => begin,
        };
        from + self.passage(bytes)
    }

    /// How long `bytes` take at the rate.
    pub(super) fn passage(&self, bytes: u64) -> Duration {
        match self.rate {
            Some(rate) => {
                let nanoseconds = (u128::from(bytes) * 1_000_000_000).div_ceil(u128::from(rate));
                Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
            }
            None => Duration::ZERO,
        }
    }
}
