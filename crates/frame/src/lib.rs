//! Bytes to frames and back, as pure code: no I/O, no clock.

mod pieces;
pub mod tutorial;
