//! Numbers that are others in each run. It does not know what for.

use std::hash::{BuildHasher, RandomState};

/// A source of numbers, told by where it began.
pub(crate) struct Chance {
    seed: u64,
    state: u64,
}

impl Chance {
    /// One that begins anywhere.
    pub(crate) fn new() -> Self {
        let seed = RandomState::new().hash_one("seed");
        Self { seed, state: seed }
    }

    /// Where it began.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
