//! The moves that a tap makes on what passes: for one direction and for both. Pure values; how they
//! are written stands in `words`, what they do to a write in `plan`.

use std::fmt;
use std::time::Duration;

/// How long the tap waits between the two pieces of a write that it splits, where nothing else was
/// said: long enough for a reader that waits to be woken and to read the first piece alone.
pub const GAP: Duration = Duration::from_millis(1);

/// How long bytes wait for their neighbours at a join, where nothing else was said.
pub const JOIN_WAIT: Duration = Duration::from_millis(100);

/// The longest time that a move may name: a day. Longer ones are a slip of the pen: as words they are
/// refused, as values they mean this.
pub const MOVE_TIME_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Which way bytes go through a tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the target to who called the tap.
    ToClient,
    /// From who called the tap to the target.
    ToServer,
}

impl Direction {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::ToClient, Self::ToServer];

    /// The way back.
    pub fn back(self) -> Self {
        match self {
            Self::ToClient => Self::ToServer,
            Self::ToServer => Self::ToClient,
        }
    }

    /// `to-client` or `to-server`.
    pub fn word(self) -> &'static str {
        match self {
            Self::ToClient => "to-client",
            Self::ToServer => "to-server",
        }
    }
}

/// How likely something is, in millionths, so that it is written and read without loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chance(u32);

impl Chance {
    /// It always happens.
    pub const CERTAIN: Self = Self(1_000_000);

    /// `millionths` of a million. `None`: more than a million.
    pub fn of_millionths(millionths: u32) -> Option<Self> {
        (millionths <= Self::CERTAIN.0).then_some(Self(millionths))
    }

    /// How many times in a million.
    pub fn millionths(self) -> u32 {
        self.0
    }
}

/// One change to what passes in one direction. Offsets count the bytes of one connection's
/// direction from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// Each write leaves in pieces of `bytes`, `gap` apart.
    Split {
        /// The size of a piece, at least 1.
        bytes: u32,
        /// The time between two pieces.
        gap: Duration,
    },
    /// A write ends before the byte `at`, which comes `gap` later.
    SplitAt {
        /// The offset of the first byte of the second piece, at least 1.
        at: u64,
        /// The time between the two pieces.
        gap: Duration,
    },
    /// What comes within `time` leaves in one write.
    Join {
        /// Counted from the first byte that waits.
        time: Duration,
    },
    /// A write that would end before the byte `at` waits for what follows and leaves with it.
    JoinAt {
        /// The offset of the first byte of what follows, at least 1.
        at: u64,
        /// How long it waits at most.
        wait: Duration,
    },
    /// All leaves so much later.
    Delay(Duration),
    /// Each write leaves later by a time drawn up to this one; order stays.
    Jitter(Duration),
    /// At most so many bytes a second, at least 1.
    Rate(u64),
    /// After so many bytes the direction ends (FIN), and what follows is swallowed.
    Cut(u64),
    /// After so many bytes the connection breaks (RST), for both ends.
    Reset(u64),
    /// After so many bytes nothing passes any more, and nothing is closed.
    Stall(u64),
    /// A datagram is lost.
    Drop(Chance),
    /// A datagram comes twice.
    Twice(Chance),
    /// A datagram comes after the one that follows it.
    Reorder(Chance),
}

impl Move {
    /// The same with no time above [`MOVE_TIME_MAX`].
    pub(super) fn bounded(self) -> Self {
        let bounded = |time: Duration| time.min(MOVE_TIME_MAX);
        match self {
            Self::Split { bytes, gap } => Self::Split {
                bytes,
                gap: bounded(gap),
            },
            Self::SplitAt { at, gap } => Self::SplitAt {
                at,
                gap: bounded(gap),
            },
            Self::Join { time } => Self::Join {
                time: bounded(time),
            },
            Self::JoinAt { at, wait } => Self::JoinAt {
                at,
                wait: bounded(wait),
            },
            Self::Delay(time) => Self::Delay(bounded(time)),
            Self::Jitter(time) => Self::Jitter(bounded(time)),
            other => other,
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> MoveKind {
        match self {
            Self::Split { .. } => MoveKind::Split,
            Self::SplitAt { .. } => MoveKind::SplitAt,
            Self::Join { .. } => MoveKind::Join,
            Self::JoinAt { .. } => MoveKind::JoinAt,
            Self::Delay(_) => MoveKind::Delay,
            Self::Jitter(_) => MoveKind::Jitter,
            Self::Rate(_) => MoveKind::Rate,
            Self::Cut(_) => MoveKind::Cut,
            Self::Reset(_) => MoveKind::Reset,
            Self::Stall(_) => MoveKind::Stall,
            Self::Drop(_) => MoveKind::Drop,
            Self::Twice(_) => MoveKind::Twice,
            Self::Reorder(_) => MoveKind::Reorder,
        }
    }
}

/// A move without its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MoveKind {
    /// [`Move::Split`].
    Split,
    /// [`Move::SplitAt`].
    SplitAt,
    /// [`Move::Join`].
    Join,
    /// [`Move::JoinAt`].
    JoinAt,
    /// [`Move::Delay`].
    Delay,
    /// [`Move::Jitter`].
    Jitter,
    /// [`Move::Rate`].
    Rate,
    /// [`Move::Cut`].
    Cut,
    /// [`Move::Reset`].
    Reset,
    /// [`Move::Stall`].
    Stall,
    /// [`Move::Drop`].
    Drop,
    /// [`Move::Twice`].
    Twice,
    /// [`Move::Reorder`].
    Reorder,
}

impl MoveKind {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 13] = [
        Self::Split,
        Self::SplitAt,
        Self::Join,
        Self::JoinAt,
        Self::Delay,
        Self::Jitter,
        Self::Rate,
        Self::Cut,
        Self::Reset,
        Self::Stall,
        Self::Drop,
        Self::Twice,
        Self::Reorder,
    ];

    /// Its option on the command line.
    pub fn option(self) -> &'static str {
        match self {
            Self::Split => "--split",
            Self::SplitAt => "--split-at",
            Self::Join => "--join",
            Self::JoinAt => "--join-at",
            Self::Delay => "--delay",
            Self::Jitter => "--jitter",
            Self::Rate => "--rate",
            Self::Cut => "--cut",
            Self::Reset => "--reset",
            Self::Stall => "--stall",
            Self::Drop => "--drop",
            Self::Twice => "--twice",
            Self::Reorder => "--reorder",
        }
    }

    /// Whether it makes sense for a stream.
    pub fn is_for_streams(self) -> bool {
        !matches!(self, Self::Drop | Self::Twice | Self::Reorder)
    }

    /// Whether it makes sense for datagrams: they have edges of their own, and no end.
    pub fn is_for_datagrams(self) -> bool {
        matches!(
            self,
            Self::Delay
                | Self::Jitter
                | Self::Rate
                | Self::Stall
                | Self::Drop
                | Self::Twice
                | Self::Reorder
        )
    }

    /// Whether what it does is drawn by lot, from the schedule's seed.
    pub fn is_random(self) -> bool {
        matches!(
            self,
            Self::Jitter | Self::Drop | Self::Twice | Self::Reorder
        )
    }
}

/// The moves of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Moves(Vec<Move>);

impl Moves {
    /// These moves. Of those that a direction has only once, the last counts.
    pub fn new(moves: impl IntoIterator<Item = Move>) -> Self {
        let mut all = Self::default();
        moves.into_iter().for_each(|it| all.add(it));
        all
    }

    /// Adds one, in the place of an earlier one of its kind, or of its kind and offset, where there
    /// can be only one.
    pub fn add(&mut self, one: Move) {
        self.0.retain(|it| place(it) != place(&one));
        self.0.push(one);
        self.0.sort_by_key(place);
    }

    /// Each of them, by kind and place: the order of adding means nothing.
    pub fn iter(&self) -> impl Iterator<Item = &Move> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether what passes is left as it is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a direction has only once.
fn place(one: &Move) -> (MoveKind, u64) {
    match one {
        Move::SplitAt { at, .. } | Move::JoinAt { at, .. } => (one.kind(), *at),
        _ => (one.kind(), 0),
    }
}

/// The moves of both directions, and what chance is drawn from: a run that can be had again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Schedule {
    /// What is done to what the target says.
    pub to_client: Moves,
    /// What is done to what the caller says.
    pub to_server: Moves,
    /// Where chance begins.
    pub seed: u64,
}

impl Schedule {
    /// The moves of one direction.
    pub fn of(&self, direction: Direction) -> &Moves {
        match direction {
            Direction::ToClient => &self.to_client,
            Direction::ToServer => &self.to_server,
        }
    }

    /// The moves of one direction, to be changed.
    pub fn of_mut(&mut self, direction: Direction) -> &mut Moves {
        match direction {
            Direction::ToClient => &mut self.to_client,
            Direction::ToServer => &mut self.to_server,
        }
    }

    /// Whether nothing is moved.
    pub fn is_empty(&self) -> bool {
        self.to_client.is_empty() && self.to_server.is_empty()
    }

    /// Whether anything is drawn by lot, so that the seed matters.
    pub fn is_random(&self) -> bool {
        let mut all = self.to_client.iter().chain(self.to_server.iter());
        all.any(|it| it.kind().is_random())
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_its_kind_counts_and_places_add_up() {
        let split_at = |at| Move::SplitAt { at, gap: GAP };
        let moves = Moves::new([
            Move::Cut(5),
            split_at(3),
            split_at(4),
            Move::Cut(7),
            split_at(3),
        ]);
        let expected = [split_at(3), split_at(4), Move::Cut(7)];
        assert_eq!(moves.iter().copied().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_schedule_is_random_where_a_move_is() {
        let mut schedule = Schedule::default();
        assert!(schedule.is_empty() && !schedule.is_random());
        schedule.to_server.add(Move::Delay(GAP));
        assert!(!schedule.is_empty() && !schedule.is_random());
        schedule.to_client.add(Move::Jitter(GAP));
        assert!(schedule.is_random());
    }
}
