//! Chance that can be had again: the same seed draws the same lots, on every machine and version.

use std::time::Duration;

use super::moves::{Chance, Direction};

/// Draws lots from a seed: SplitMix64 (Steele, Lea, Flood, 2014), which needs no more state than a
/// counter. It is no source of secrets.
#[derive(Clone, Debug)]
pub struct Lot(u64);

impl Lot {
    /// Lots from `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Lots for one direction of the connection that came as number `connection`, so that what one
    /// connection draws does not depend on when others come.
    pub fn of_connection(seed: u64, connection: u64, direction: Direction) -> Self {
        let mut all = Self(seed);
        let way = match direction {
            Direction::ToClient => 0,
            Direction::ToServer => 1,
        };
        Self(all.draw() ^ Self(connection * 2 + way).draw())
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The high half of the product: even to within bound / 2^64.
        ((u128::from(self.draw()) * u128::from(bound)) >> 64) as u64
    }

    /// Whether what has this chance happens.
    pub fn happens(&mut self, chance: Chance) -> bool {
        self.below(1_000_000) < u64::from(chance.millionths())
    }

    /// A time from nothing up to `most`.
    pub fn time(&mut self, most: Duration) -> Duration {
        let nanoseconds = u64::try_from(most.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.below(nanoseconds.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lots_are_those_of_the_paper() {
        // The first values of the reference implementation for the seed 1234567.
        let mut lot = Lot::new(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| lot.draw()).collect();
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn what_is_certain_happens_and_what_has_no_chance_does_not() {
        let mut lot = Lot::new(1);
        let never = Chance::of_millionths(0).unwrap();
        let half = Chance::of_millionths(500_000).unwrap();
        assert!((0..1000).all(|_| lot.happens(Chance::CERTAIN) && !lot.happens(never)));
        let count = (0..1000).filter(|_| lot.happens(half)).count();
        assert!((400..600).contains(&count), "{count}");
    }

    #[test]
    fn each_direction_of_each_connection_draws_its_own() {
        let first = |connection, direction| Lot::of_connection(7, connection, direction).draw();
        let (here, there) = (Direction::ToClient, Direction::ToServer);
        assert_eq!(first(1, here), first(1, here));
        assert_ne!(first(1, here), first(1, there));
        assert_ne!(first(1, here), first(2, here));
    }
}
