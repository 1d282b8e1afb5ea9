//! A tap: a proxy that shows the edges of what it reads and writes, and moves them. It prints
//! nothing: what passes is told to whoever watches.

mod lot;
mod moves;
mod plan;
mod rules;
mod words;

pub use lot::Lot;
pub use moves::{
    Chance, Direction, GAP, JOIN_WAIT, MOVE_TIME_MAX, Move, MoveKind, Moves, Schedule,
};
pub use plan::{HELD_BYTES_MAX, HELD_READS_MAX, Plan, Step, pieces};
pub use rules::StopKind;
pub use words::{Directed, WordsError};
