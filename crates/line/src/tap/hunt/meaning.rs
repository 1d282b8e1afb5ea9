//! What a found schedule means: which message of which side, and how far a reader's mistake reaches.
//! Values only; the words are somebody else's.

use std::time::Duration;

use super::super::moves::{Direction, Move, Schedule};
use super::traffic::{Place, Traffic};

/// What a find means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It fails when a message comes in two pieces.
    Split {
        /// The first byte of the second piece.
        place: Place,
        /// How much later that comes.
        gap: Duration,
        /// Where else a split makes it fail.
        reach: Reach,
    },
    /// It fails when all writes of one side come in pieces, and no single split does it.
    Pieces {
        /// Of which side.
        direction: Direction,
        /// How long a piece is.
        bytes: u32,
    },
    /// It fails when what follows comes together with what is before it.
    Join {
        /// The first byte of what follows.
        place: Place,
        /// Whether what is before belongs to the same turn: two messages, or two parts of one.
        in_turn: bool,
    },
    /// It fails when neighbours of one side come together.
    Neighbours {
        /// Of which side.
        direction: Direction,
    },
    /// It fails when what one side says comes later.
    Late {
        /// Of which side.
        direction: Direction,
        /// By how much.
        time: Duration,
    },
    /// It fails when what one side says comes at uneven times.
    Uneven {
        /// Of which side.
        direction: Direction,
    },
    /// It takes several moves.
    Several,
}

/// How far a reader's mistake reaches in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It fails wherever the message is split.
    Whole,
    /// It fails when its first bytes are split, and not behind them.
    First {
        /// How many bytes those are.
        bytes: u64,
    },
    /// It fails at some points only.
    Some {
        /// At how many.
        fails: u64,
        /// Of how many that were tried.
        of: u64,
    },
    /// No other point was tried, or there is none.
    Here,
}

impl Meaning {
    /// What `schedule` means in a program that moves `traffic`; the reach of a split is not known yet.
    pub(super) fn of(schedule: &Schedule, traffic: &Traffic) -> Self {
        let moves = Direction::BOTH.into_iter().flat_map(|direction| {
            let moves = schedule.of(direction).iter();
            moves.map(move |it| (direction, *it))
        });
        let [(direction, only)] = moves.collect::<Vec<_>>()[..] else {
            return Self::Several;
        };
        let place = |at| traffic.place(direction, at);
        match only {
            Move::SplitAt { at, gap } => place(at).map_or(Self::Several, |place| Self::Split {
                place,
                gap,
                reach: Reach::Here,
            }),
            Move::JoinAt { at, .. } => place(at).map_or(Self::Several, |place| Self::Join {
                place,
                in_turn: place.byte > 1,
            }),
            Move::Split { bytes, .. } => Self::Pieces { direction, bytes },
            Move::Join { .. } => Self::Neighbours { direction },
            Move::Delay(time) => Self::Late { direction, time },
            Move::Jitter(_) => Self::Uneven { direction },
            _ => Self::Several,
        }
    }
}

impl Reach {
    /// What the offsets in a message tell, in order, with whether a split there fails. `place` is
    /// where one surely does.
    pub(super) fn of(place: &Place, probes: &[(u64, bool)]) -> Self {
        let of = probes.len() as u64;
        let fails = probes.iter().filter(|(_, fails)| *fails).count() as u64;
        if of == 0 {
            return Self::Here;
        }
        if fails == of {
            return Self::Whole;
        }
        let here = place.offset + place.byte - 1;
        let first_well = probes.iter().find(|(_, fails)| !fails);
        let well_from = first_well.map_or(u64::MAX, |(at, _)| *at);
        let none_after = !probes.iter().any(|(at, fails)| *fails && *at > well_from);
        // A length or a kind stands in front. Between the last point that fails and the first that does
        // not, nothing may be left untried.
        let last_bad = probes.iter().rev().find(|(_, fails)| *fails);
        let bad_to = last_bad.map_or(here, |(at, _)| (*at).max(here));
        match none_after && bad_to + 1 == well_from {
            true => Self::First {
                bytes: well_from - place.offset,
            },
            false => Self::Some {
                fails: fails + 1,
                of: of + 1,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_tell_how_far_a_mistake_reaches() {
        let place = Place {
            direction: Direction::ToClient,
            message: 2,
            byte: 2,
            bytes: 10,
            offset: 100,
        };
        let check = |probes: &[(u64, bool)], expected| {
            assert_eq!(Reach::of(&place, probes), expected, "{probes:?}");
        };
        check(&[], Reach::Here);
        check(&[(102, true), (109, true)], Reach::Whole);
        let first = Reach::First { bytes: 4 };
        check(
            &[(102, true), (103, true), (104, false), (109, false)],
            first,
        );
        let some = Reach::Some { fails: 2, of: 4 };
        check(&[(102, true), (104, false), (109, false)], some);
        check(&[(102, false), (103, true), (109, false)], some);
        check(&[(102, false)], Reach::First { bytes: 2 });
    }
}
