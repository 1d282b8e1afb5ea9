//! How moves are written on the command line and read from there: `--split 5`, or with a gap and for
//! one direction only `--split to-client:5,2ms`. It does not know the rest of the command.

use std::str::FromStr;
use std::time::Duration;

use super::moves::{
    Chance, Direction, GAP, JOIN_WAIT, MOVE_TIME_MAX, Move, MoveKind, Moves, Schedule,
};

/// Why words are no moves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// An option that is no move.
    #[error("{0:?} is no move")]
    Unknown(String),
    /// An option that nothing follows.
    #[error("{0} needs a value")]
    NoValue(String),
    /// No whole number, or 0 where at least 1 is needed.
    #[error("{0:?} is no number of bytes: write a whole number of at least 1")]
    BadCount(String),
    /// More than can be counted.
    #[error("{0} bytes are too large a number: write {1} at most")]
    TooLarge(String, u64),
    /// No duration, or one longer than a day.
    #[error("{0:?} is no time: write for example 500us, 20ms or 1s, a day at most")]
    BadTime(String),
    /// No chance from 0 to 1.
    #[error("{0:?} is no chance: write a number from 0 to 1, such as 0.1")]
    BadChance(String),
    /// No direction.
    #[error("{0:?} is no direction: write to-client or to-server")]
    BadDirection(String),
    /// No whole number.
    #[error("{0:?} is no seed: write a whole number")]
    BadSeed(String),
}

/// A move as it was written: for one direction, or for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directed {
    /// `None`: both.
    pub direction: Option<Direction>,
    /// What is done.
    pub the_move: Move,
}

impl Directed {
    /// What `text` says as the value of the option of `kind`.
    pub fn parse(kind: MoveKind, text: &str) -> Result<Self, WordsError> {
        let (direction, value) = match text.split_once(':') {
            Some((word, value)) => (Some(word.parse()?), value),
            None => (None, text),
        };
        let the_move = parse_move(kind, value)?;
        Ok(Self {
            direction,
            the_move,
        })
    }

    /// Adds it to `schedule`; where it names no direction, to `only`, else to both.
    pub fn add_to(&self, schedule: &mut Schedule, only: Option<Direction>) {
        for direction in Direction::BOTH {
            let wanted = self.direction.or(only);
            if wanted.is_none_or(|it| it == direction) {
                schedule.of_mut(direction).add(self.the_move);
            }
        }
    }
}

fn parse_move(kind: MoveKind, value: &str) -> Result<Move, WordsError> {
    let (first, time) = match value.split_once(',') {
        Some((first, time)) if takes_time(kind) => (first, Some(parse_time(time)?)),
        _ => (value, None),
    };
    Ok(match kind {
        MoveKind::Split => Move::Split {
            bytes: u32::try_from(parse_count(first)?)
                .map_err(|_| WordsError::TooLarge(first.into(), u32::MAX.into()))?,
            gap: time.unwrap_or(GAP),
        },
        MoveKind::SplitAt => Move::SplitAt {
            at: parse_count(first)?,
            gap: time.unwrap_or(GAP),
        },
        MoveKind::Join => Move::Join {
            time: parse_time(first)?,
        },
        MoveKind::JoinAt => Move::JoinAt {
            at: parse_count(first)?,
            wait: time.unwrap_or(JOIN_WAIT),
        },
        MoveKind::Delay => Move::Delay(parse_time(first)?),
        MoveKind::Jitter => Move::Jitter(parse_time(first)?),
        MoveKind::Rate => Move::Rate(parse_count(first)?),
        MoveKind::Cut => Move::Cut(parse_number(first)?),
        MoveKind::Reset => Move::Reset(parse_number(first)?),
        MoveKind::Stall => Move::Stall(parse_number(first)?),
        MoveKind::Drop => Move::Drop(first.parse()?),
        MoveKind::Twice => Move::Twice(first.parse()?),
        MoveKind::Reorder => Move::Reorder(first.parse()?),
    })
}

fn takes_time(kind: MoveKind) -> bool {
    matches!(kind, MoveKind::Split | MoveKind::SplitAt | MoveKind::JoinAt)
}

fn parse_number(text: &str) -> Result<u64, WordsError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(WordsError::BadCount(text.into()));
    }
    let number = text.parse();
    number.map_err(|_| WordsError::TooLarge(text.into(), u64::MAX))
}

fn parse_count(text: &str) -> Result<u64, WordsError> {
    match parse_number(text)? {
        0 => Err(WordsError::BadCount(text.into())),
        count => Ok(count),
    }
}

fn parse_time(text: &str) -> Result<Duration, WordsError> {
    let time = humantime::parse_duration(text).ok();
    time.filter(|time| *time <= MOVE_TIME_MAX)
        .ok_or_else(|| WordsError::BadTime(text.into()))
}

/// In the largest unit that loses nothing, as one word.
fn time_word(time: Duration) -> String {
    let nanoseconds = time.as_nanos();
    let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    let unit = units
        .iter()
        .find(|(unit, _)| nanoseconds.is_multiple_of(*unit));
    let (unit, name) = unit.copied().unwrap_or((1, "ns"));
    format!("{}{name}", nanoseconds / unit)
}

impl FromStr for Direction {
    type Err = WordsError;

    fn from_str(word: &str) -> Result<Self, WordsError> {
        let found = Self::BOTH.into_iter().find(|it| it.word() == word);
        found.ok_or_else(|| WordsError::BadDirection(word.into()))
    }
}

impl FromStr for Chance {
    type Err = WordsError;

    /// A number from 0 to 1; what is finer than a millionth is rounded.
    fn from_str(text: &str) -> Result<Self, WordsError> {
        let number: f64 = text
            .parse()
            .map_err(|_| WordsError::BadChance(text.into()))?;
        if !(0.0..=1.0).contains(&number) {
            return Err(WordsError::BadChance(text.into()));
        }
        let millionths = (number * 1e6).round() as u32;
        Self::of_millionths(millionths).ok_or_else(|| WordsError::BadChance(text.into()))
    }
}

impl std::fmt::Display for Chance {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (f64::from(self.millionths()) / 1e6).fmt(out)
    }
}

impl Move {
    /// What stands behind its option; a gap or wait only where it is not the usual one.
    pub fn value_word(&self) -> String {
        let with = |number: u64, time: Duration, usual: Duration| match time == usual {
            true => number.to_string(),
            false => format!("{number},{}", time_word(time)),
        };
        match *self {
            Self::Split { bytes, gap } => with(bytes.into(), gap, GAP),
            Self::SplitAt { at, gap } => with(at, gap, GAP),
            Self::JoinAt { at, wait } => with(at, wait, JOIN_WAIT),
            Self::Join { time } | Self::Delay(time) | Self::Jitter(time) => time_word(time),
            Self::Rate(bytes) | Self::Cut(bytes) | Self::Reset(bytes) | Self::Stall(bytes) => {
                bytes.to_string()
            }
            Self::Drop(chance) | Self::Twice(chance) | Self::Reorder(chance) => chance.to_string(),
        }
    }
}

impl Schedule {
    /// The words that ask for it on the command line of a tap: none where nothing is moved.
    pub fn to_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut write = |direction: Option<Direction>, one: &Move| {
            words.push(one.kind().option().to_owned());
            let value = one.value_word();
            words.push(match direction {
                Some(direction) => format!("{direction}:{value}"),
                None => value,
            });
        };
        let has = |moves: &Moves, one: &Move| moves.iter().any(|it| it == one);
        for one in self.to_client.iter() {
            let both = has(&self.to_server, one);
            write((!both).then_some(Direction::ToClient), one);
        }
        let alone = self
            .to_server
            .iter()
            .filter(|one| !has(&self.to_client, one));
        alone.for_each(|one| write(Some(Direction::ToServer), one));
        if self.seed != 0 || self.is_random() {
            words.push("--seed".to_owned());
            words.push(self.seed.to_string());
        }
        words
    }

    /// What `words` ask for: options of moves and `--seed`, each with its value behind it.
    pub fn of_words<Word: AsRef<str>>(words: &[Word]) -> Result<Self, WordsError> {
        let mut schedule = Self::default();
        for pair in words.chunks(2) {
            let option = pair[0].as_ref();
            let kind = MoveKind::ALL.into_iter().find(|it| it.option() == option);
            let value = || {
                let value = pair.get(1).map(AsRef::as_ref);
                value.ok_or_else(|| WordsError::NoValue(option.into()))
            };
            match kind {
                Some(kind) => Directed::parse(kind, value()?)?.add_to(&mut schedule, None),
                None if option == "--seed" => {
                    let seed = value()?.parse();
                    schedule.seed =
                        seed.map_err(|_| WordsError::BadSeed(pair[1].as_ref().into()))?;
                }
                None => return Err(WordsError::Unknown(option.into())),
            }
        }
        Ok(schedule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let words: Vec<_> = line.split_whitespace().collect();
        let schedule = Schedule::of_words(&words).expect("good words");
        let written = schedule.to_words();
        assert_eq!(written.join(" "), expected);
        assert_eq!(Schedule::of_words(&written), Ok(schedule));
    }

    #[test]
    fn a_schedule_is_written_as_it_is_read() {
        check("", "");
        check("--split 5", "--split 5");
        check("--split 5,1ms", "--split 5");
        check("--split to-client:5,2500us", "--split to-client:5,2500us");
        check(
            "--split-at to-client:3 --split-at to-client:4,1s --join-at to-server:9",
            "--split-at to-client:3 --split-at to-client:4,1s --join-at to-server:9",
        );
        check("--delay to-client:1s --delay to-server:1s", "--delay 1s");
        check("--drop 0.1", "--drop 0.1 --seed 0");
        check("--jitter 20ms --seed 7", "--jitter 20ms --seed 7");
        check(
            "--rate 1000 --cut to-client:0 --reset to-server:9 --stall 4 --twice 1 --reorder 0.000001",
            "--rate 1000 --cut to-client:0 --stall 4 --twice 1 --reorder 0.000001 \
             --reset to-server:9 --seed 0",
        );
    }

    #[test]
    fn the_same_place_in_both_directions_is_written_once() {
        let words = ["--split-at", "3", "--split-at", "to-server:4"];
        let schedule = Schedule::of_words(&words).unwrap();
        assert_eq!((schedule.to_client.len(), schedule.to_server.len()), (1, 2));
        assert_eq!(schedule.to_words(), words);
    }

    #[test]
    fn what_is_no_move_says_why() {
        let check = |line: &str, expected: WordsError| {
            let words: Vec<_> = line.split_whitespace().collect();
            assert_eq!(Schedule::of_words(&words), Err(expected), "{line}");
        };
        check("--bend 1", WordsError::Unknown("--bend".into()));
        check("--split", WordsError::NoValue("--split".into()));
        check("--split 0", WordsError::BadCount("0".into()));
        check("--split +1", WordsError::BadCount("+1".into()));
        check(
            "--split 4294967296",
            WordsError::TooLarge("4294967296".into(), u32::MAX.into()),
        );
        check("--split 1,x", WordsError::BadTime("x".into()));
        check("--split up:1", WordsError::BadDirection("up".into()));
        check("--cut x", WordsError::BadCount("x".into()));
        check("--delay 2days", WordsError::BadTime("2days".into()));
        check("--drop 1.1", WordsError::BadChance("1.1".into()));
        check("--drop NaN", WordsError::BadChance("NaN".into()));
        check("--seed x", WordsError::BadSeed("x".into()));
    }

    #[test]
    fn a_move_without_a_direction_goes_where_only_says() {
        let mut schedule = Schedule::default();
        let split = Directed::parse(MoveKind::Split, "3").unwrap();
        split.add_to(&mut schedule, Some(Direction::ToServer));
        assert!(schedule.to_client.is_empty() && !schedule.to_server.is_empty());
    }
}
