//! A tap: a proxy that shows the edges of what it reads and writes, and moves them. It prints
//! nothing: what passes is told to whoever watches.

pub mod hunt;
mod moves;
mod words;

pub use moves::{
    Chance, Direction, GAP, JOIN_WAIT, MOVE_TIME_MAX, Move, MoveKind, Moves, Schedule,
};
pub use words::{Directed, WordsError};
