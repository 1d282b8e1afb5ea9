//! Whether a part is still what its journal says, and as much of it as has to be read to know. It does
//! not know what it is a part of.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use landline_frame::landline1::{GROUP_BYTES, Mtime};

use super::super::super::fold::group_value;
use super::part_journal::PartJournal;
use super::standing::Standing;
use crate::stop::Stop;

/// How much later than its journal a part may have changed whose transfer was killed: bytes behind the
/// last whole group are not noted. Whatever is later may be of others, or of a slow line that was cut
/// off.
const UNNOTED_SECONDS_MAX: i64 = 2;

/// How many groups are read where it is likely that none is wrong: half of them the last ones, and the
/// others from anywhere. A part that has no more is read whole.
const SAMPLE_GROUPS_MAX: u64 = 256;

/// No more of them are read after that time: a transfer goes on within a second.
const SAMPLE_TIME_MAX: Duration = Duration::from_millis(250);

/// What may have become of a part since its journal was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// Nothing.
    None,
    /// Its own transfer wrote to it last, and was killed: others may have, too.
    Some,
    /// It is in other hands.
    Much,
}

/// How many of the part's first groups are as the journal has them, as far as there is any doubt; with
/// `check` there is. None are once `stop` is said.
pub(super) fn right_groups(
    part: &File,
    standing: &Standing,
    journal: &PartJournal,
    check: bool,
    stop: &Stop,
) -> io::Result<u64> {
    let doubt = match check {
        true => Doubt::Much,
        false => doubt(standing.changed, journal.rested(), journal.modified()),
    };
    let is_right = match doubt {
        Doubt::None => true,
        Doubt::Some => is_sample_right(part, journal)?,
        Doubt::Much => false,
    };
    match is_right {
        true => Ok(journal.groups()),
        false => right_groups_of_all(part, journal, stop),
    }
}

/// What the times say: when the part was changed, as its kernel has it, for anybody can set other times;
/// when it was changed last as its transfer ended; when the journal was.
fn doubt(changed: Mtime, rested: Option<Mtime>, noted: Option<Mtime>) -> Doubt {
    if let Some(rested) = rested {
        return match changed == rested {
            true => Doubt::None,
            false => Doubt::Much,
        };
    }
    let Some(noted) = noted else {
        return Doubt::Much;
    };
    let late = Mtime {
        s: noted.s.saturating_add(UNNOTED_SECONDS_MAX),
        ..noted
    };
    if changed <= noted {
        Doubt::None
    } else if changed <= late {
        Doubt::Some
    } else {
        Doubt::Much
    }
}

fn right_groups_of_all(part: &File, journal: &PartJournal, stop: &Stop) -> io::Result<u64> {
    let mut reader = Reader::new(part);
    let mut right = 0;
    journal.each_group(|expected| {
        let is_right = !stop.is_cancelled() && reader.is_right(right, expected);
        right += u64::from(is_right);
        is_right
    })?;
    match stop.is_cancelled() {
        true => Err(io::ErrorKind::Interrupted.into()),
        false => Ok(right),
    }
}

fn is_sample_right(part: &File, journal: &PartJournal) -> io::Result<bool> {
    let begun = Instant::now();
    let groups = journal.groups();
    let mut values = BTreeMap::new();
    let mut group = 0;
    journal.each_group(|value| {
        if is_sampled(group, groups) {
            values.insert(group, value);
        }
        group += 1;
        true
    })?;
    let mut reader = Reader::new(part);
    // What was written last is the likeliest to be wrong.
    let mut sample = values.into_iter().rev();
    Ok(sample
        .all(|(group, value)| begun.elapsed() > SAMPLE_TIME_MAX || reader.is_right(group, value)))
}

/// Whether a group of so many is read.
fn is_sampled(group: u64, groups: u64) -> bool {
    let Some(others) = groups.checked_sub(SAMPLE_GROUPS_MAX) else {
        return true;
    };
    let last = SAMPLE_GROUPS_MAX / 2;
    let stride = (others + last).div_ceil(SAMPLE_GROUPS_MAX - last);
    group >= groups - last || group.is_multiple_of(stride)
}

/// Reads groups.
struct Reader<'a> {
    part: &'a File,
    bytes: Vec<u8>,
}

impl<'a> Reader<'a> {
    fn new(part: &'a File) -> Self {
        let bytes = vec![0; usize::try_from(GROUP_BYTES).expect("1 MiB")];
        Self { part, bytes }
    }

    fn is_right(&mut self, group: u64, expected: [u8; 32]) -> bool {
        let read = self
            .part
            .read_exact_at(&mut self.bytes, group * GROUP_BYTES);
        read.is_ok() && group_value(group, &self.bytes) == expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: i64, ns: u32) -> Mtime {
        Mtime { s, ns }
    }

    #[test]
    fn a_part_that_rested_is_to_be_as_it_was() {
        let noted = Some(at(100, 5));
        let check = |changed, expected| {
            assert_eq!(doubt(changed, Some(at(10, 7)), noted), expected);
        };
        check(at(10, 7), Doubt::None);
        check(at(10, 8), Doubt::Much);
        check(at(9, 0), Doubt::Much);
    }

    #[test]
    fn one_whose_transfer_was_killed_may_have_changed_a_bit_later() {
        let check = |changed, expected| {
            assert_eq!(doubt(changed, None, Some(at(100, 5))), expected);
        };
        check(at(100, 5), Doubt::None);
        check(at(100, 6), Doubt::Some);
        check(at(102, 5), Doubt::Some);
        check(at(102, 6), Doubt::Much);
        assert_eq!(doubt(at(100, 5), None, None), Doubt::Much);
    }

    #[test]
    fn a_sample_is_all_of_a_small_part_and_the_end_of_a_large_one() {
        let count = |groups| {
            (0..groups)
                .filter(|group| is_sampled(*group, groups))
                .count() as u64
        };
        for groups in [0, 1, 255, 256] {
            assert_eq!(count(groups), groups);
        }
        for groups in [257, 258, 400, 1000, 102_400] {
            assert!(count(groups) <= SAMPLE_GROUPS_MAX, "{groups}");
            assert!(count(groups) >= SAMPLE_GROUPS_MAX / 2 + 64, "{groups}");
            let last = groups - SAMPLE_GROUPS_MAX / 2;
            assert!((last..groups).all(|group| is_sampled(group, groups)));
        }
    }
}
