//! The hunt: looks for the smallest move that makes a program fail which does not fail without moves.
//! It does not know how a run is made, how its failure is told, or what a run is: that is the matter of
//! a [`Trial`]. There is no clock and no socket here.
//!
//! ```text
//!   hunt --schedule--> Trial::run --> Passed | Failed
//!     twice without moves: it has to pass, and shows what is moved (Traffic)
//!     every split point, then joins of neighbours (order), then by lot (random)
//!     the first that fails --> again, is it sure? --> shrink to one move --> Find, with its Meaning
//! ```
//!
//! ```
//! use landline_line::tap::{Direction, Move, Schedule};
//! use landline_line::tap::hunt::{Failure, Outcome, Passed, Settings, Traffic, Trial, hunt};
//!
//! /// A reader that takes one read for a reply of 9 bytes.
//! struct Careless;
//!
//! impl Trial for Careless {
//!     fn run(&mut self, schedule: &Schedule) -> Outcome {
//!         let is_split = |it: &Move| matches!(it, Move::SplitAt { at: 1..9, .. });
//!         match schedule.to_client.iter().any(is_split) {
//!             true => Outcome::Failed(Failure::Exit(1)),
//!             false => Outcome::Passed,
//!         }
//!     }
//!     fn traffic(&mut self) -> Traffic {
//!         let mut traffic = Traffic::default();
//!         traffic.add(Passed { connection: 0, direction: Direction::ToClient, bytes: 9 });
//!         traffic
//!     }
//! }
//!
//! let report = hunt(&mut Careless, &Settings::default(), &mut |_| {}).expect("it passes without moves");
//! let find = report.find.expect("it fails when the reply is split");
//! assert_eq!(find.schedule.to_words(), ["--split-at", "to-client:1"]);
//! ```

mod judging;
mod meaning;
mod order;
mod random;
mod search;
mod shrink;
#[cfg(test)]
mod tests;
mod traffic;

use std::time::Duration;

pub use self::meaning::{Meaning, Reach};
pub use self::search::hunt;
pub use self::traffic::{Passed, Place, Traffic, WRITES_MAX};

use super::moves::{Direction, Schedule};

/// How many of the first bytes of each direction are split at every point, where nothing else was
/// said: lengths, headers and whole short messages stand there, and two directions of it take about a
/// minute with a command of 50 ms. What comes later is split by lot.
pub const POINTS_MAX: u64 = 512;

/// The gap of a split while a failure is looked for: five times the one that is hoped for at the end,
/// since on a busy machine the reader may be woken too late to read the first piece alone.
pub const SEARCH_GAP: Duration = Duration::from_millis(5);

/// The same behind the first byte of a write, where almost every mistake of this kind shows: so long
/// that a machine with a queue of several programs before each core wakes the reader in time.
pub const FIRST_GAP: Duration = Duration::from_millis(20);

/// How often a failure is tried again before it is called sure.
pub const CONFIRM_RUNS: u32 = 5;

/// The same for a run that does not end in time: each takes all the time that it has.
pub const CONFIRM_HANGS: u32 = 2;

/// The most runs that shrinking takes. Halving 512 points takes 20.
pub const SHRINK_RUNS_MAX: u32 = 300;

/// The most other split points of a message that are tried to say what the one found means, each twice
/// if it does not fail (none where it then does not end in time): half of them spread over the message, half to find where the mistake ends.
pub const PROBES_MAX: u64 = 12;

/// How a run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// It exited with this status.
    Exit(u8),
    /// This signal ended it.
    Signal(i32),
    /// It did not end in time.
    TimedOut,
    /// It put out something else than without moves.
    Differs,
}

impl Failure {
    /// How often it is tried again before it is called sure.
    fn confirm_runs(self) -> u32 {
        match self {
            Self::TimedOut => CONFIRM_HANGS,
            _ => CONFIRM_RUNS,
        }
    }
}

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Well.
    Passed,
    /// Not well.
    Failed(Failure),
    /// There is no telling: whoever asked wants no more of it.
    Stopped,
}

/// What is hunted in.
pub trait Trial {
    /// Runs once under `schedule`.
    fn run(&mut self, schedule: &Schedule) -> Outcome;

    /// What the last run moved. Asked for once, after a run without moves.
    fn traffic(&mut self) -> Traffic;

    /// Whether no further schedule is to be tried. What was found is shrunk nevertheless.
    fn is_spent(&self) -> bool {
        false
    }
}

/// Where and how long to hunt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The one direction to move; `None`: both.
    pub only: Option<Direction>,
    /// Where chance begins.
    pub seed: u64,
    /// The most runs until something is found; `None`: until the trial is spent.
    pub runs_max: Option<u64>,
    /// How many of the first bytes of each direction are split at every point.
    pub points_max: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            only: None,
            seed: 0,
            runs_max: Some(2000),
            points_max: POINTS_MAX,
        }
    }
}

impl Settings {
    fn directions(&self) -> Vec<Direction> {
        match self.only {
            Some(direction) => vec![direction],
            None => Direction::BOTH.to_vec(),
        }
    }
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Without moves, before all others.
    Clean,
    /// At one split point.
    Splits,
    /// With neighbours joined.
    Joins,
    /// By lot.
    Random,
    /// To see whether a failure comes again.
    Confirm,
    /// To make what was found smaller.
    Shrink,
    /// To see what it means.
    Probe,
}

/// A run, before it and after.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// What it is for.
    pub phase: Phase,
    /// Which run it is, from 1.
    pub run: u64,
    /// How many there are until all split points and joins are tried, as far as that is known.
    pub planned: Option<u64>,
    /// The moves.
    pub schedule: &'a Schedule,
    /// `None`: it is about to begin.
    pub outcome: Option<Outcome>,
}

/// Why there was no hunt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It fails without moves.
    Fails(Failure),
    /// It passed without moves once, and failed so the second time.
    Unsteady(Failure),
    /// It moves nothing that could be moved.
    MovesNothing,
    /// Whoever asked wants no more of it.
    Stopped,
}

/// What came of a hunt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was found.
    pub find: Option<Find>,
    /// How many runs there were, of all kinds.
    pub runs: u64,
    /// How many split points were tried, of how many.
    pub points: (u64, u64),
    /// How many joins were tried, of how many.
    pub joins: (u64, u64),
    /// How many schedules by lot were tried.
    pub random: u64,
    /// Whether whoever asked wanted no more of it.
    pub was_stopped: bool,
}

/// A move that makes a program fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// The smallest schedule under which it fails.
    pub schedule: Schedule,
    /// How it fails.
    pub failure: Failure,
    /// How sure that is.
    pub verdict: Verdict,
    /// What it means.
    pub meaning: Meaning,
}

/// How sure a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It failed each of so many times.
    Sure {
        /// How often it was tried.
        of: u32,
    },
    /// It failed now and then.
    Flaky {
        /// How often it failed.
        fails: u32,
        /// How often it was tried.
        of: u32,
    },
    /// Since then it fails without moves too: the target did not get over it. So nothing was tried
    /// again.
    Lasting,
    /// It failed, and the hunt was stopped before it was tried again.
    Unconfirmed,
}
