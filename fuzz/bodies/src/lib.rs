//! What hostile bytes must never do: one file for each thing that reads them, with what has to hold for
//! any bytes at all (`check`) and bytes to start from (`seeds`). It does not know who makes the bytes.
//!
//! ```text
//!   golden vectors ── seeds ──┬── fuzz/corpus/TARGET ── cargo fuzz, on nightly Rust ──┬──> check
//!                             └── the seeded tests, on stable Rust ───────────────────┘
//! ```
//!
//! A check panics where something does not hold; it gives nothing, and any bytes are welcome:
//!
//! ```
//! for target in landline_fuzz::TARGETS {
//!     (target.check)(b"any bytes at all");
//!     assert!(!(target.seeds)().is_empty(), "{}", target.name);
//! }
//! ```

pub mod certificates;
pub mod client_sessions;
pub mod controls;
mod cuts;
pub mod documents;
pub mod frames;
mod played;
pub mod server_sessions;
pub mod texts;
pub mod tickets;
mod transfers;
pub mod tutorial;
mod vectors;
pub mod words;

/// One thing that reads hostile bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which its fuzz target, its corpus and its test have too.
    pub name: &'static str,
    /// Panics where something does not hold for these bytes.
    pub check: fn(&[u8]),
    /// Bytes that are worth changing: right ones, and some that are nearly right.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Makes the [`Target`] of a module.
macro_rules! target {
    ($name:ident) => {
        Target {
            name: stringify!($name),
            check: $name::check,
            seeds: $name::seeds,
        }
    };
}

/// Every target. A new one is a file here, a line above and one here, a file in `fuzz/fuzz_targets/`
/// with its table in `fuzz/Cargo.toml`, and a line in the seeded tests.
pub const TARGETS: [Target; 10] = [
    target!(certificates),
    target!(client_sessions),
    target!(controls),
    target!(documents),
    target!(frames),
    target!(server_sessions),
    target!(texts),
    target!(tickets),
    target!(tutorial),
    target!(words),
];
