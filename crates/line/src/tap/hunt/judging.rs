//! Runs for who makes a schedule smaller, and for who wants to know what it means: how often a failure
//! has to come, and where else a message is split. It does not know how schedules are made smaller.

use std::ops::Range;
use std::time::Duration;

use super::super::moves::{Move, Schedule};
use super::search::{Halt, Search};
use super::shrink::{self, Enough, Judge};
use super::{
    Failure, Find, Meaning, PROBES_MAX, Phase, Place, Reach, SHRINK_RUNS_MAX, Traffic, Trial,
    Verdict, order,
};

/// How often a schedule is tried to see whether it fails, where failures come now and then.
const FLAKY_RUNS: u32 = 4;

/// The gap of a split that is to tell something by not failing.
const PROBE_GAP: Duration = Duration::from_millis(10);

/// The same when it is tried once more.
const PROBE_GAP_MAX: Duration = Duration::from_millis(50);

/// How sure so many failures are.
pub(super) fn verdict(fails: u32, of: u32) -> Verdict {
    match fails == of {
        true => Verdict::Sure { of },
        false => Verdict::Flaky { fails, of },
    }
}

/// Runs for who makes a schedule smaller.
pub(super) struct Judging<'a, 'b, T> {
    search: &'a mut Search<'b, T>,
    /// How it failed last.
    pub(super) failure: Failure,
    is_flaky: bool,
    /// What failed each of several times last.
    sure: Option<Schedule>,
    runs: u32,
    phase: Phase,
    /// Why no further run can be made, if so.
    pub(super) halt: Option<Halt>,
}

impl<'a, 'b, T: Trial> Judging<'a, 'b, T> {
    pub(super) fn new(search: &'a mut Search<'b, T>, find: &Find) -> Self {
        Self {
            search,
            failure: find.failure,
            is_flaky: matches!(find.verdict, Verdict::Flaky { .. }),
            sure: None,
            runs: 0,
            phase: Phase::Shrink,
            halt: None,
        }
    }

    /// Makes what was `found` smaller, and says how sure it is.
    pub(super) fn reduce(
        &mut self,
        find: &mut Find,
        found: &Schedule,
        traffic: &Traffic,
    ) -> Result<(), Enough> {
        shrink::shrink(&mut find.schedule, self, traffic)?;
        if self.sure.as_ref() == Some(&find.schedule) {
            find.verdict = Verdict::Sure {
                of: self.failure.confirm_runs(),
            };
        } else if find.schedule != *found {
            find.verdict = self.count(&find.schedule)?;
        }
        if matches!(find.verdict, Verdict::Flaky { .. }) {
            self.is_flaky = false;
            let is_sure = shrink::later(&mut find.schedule, self)?;
            self.is_flaky = !is_sure;
            if is_sure {
                find.verdict = Verdict::Sure {
                    of: self.failure.confirm_runs(),
                };
            }
        }
        Ok(())
    }

    fn once(&mut self, schedule: &Schedule) -> Result<bool, Enough> {
        self.runs += 1;
        if self.runs > SHRINK_RUNS_MAX {
            return Err(Enough);
        }
        match self.search.run(self.phase, schedule) {
            Ok(None) => Ok(false),
            Ok(Some(failure)) => {
                self.failure = failure;
                Ok(true)
            }
            Err(halt) => {
                self.halt = Some(halt);
                Err(Enough)
            }
        }
    }

    fn count(&mut self, schedule: &Schedule) -> Result<Verdict, Enough> {
        let (mut fails, of) = (0, self.failure.confirm_runs());
        for _ in 0..of {
            fails += u32::from(self.once(schedule)?);
        }
        Ok(verdict(fails, of))
    }

    /// Splits the message elsewhere, where it is known that one split surely makes it fail.
    pub(super) fn probe(&mut self, find: &mut Find) {
        let sure = matches!(find.verdict, Verdict::Sure { .. });
        let Meaning::Split { place, gap, reach } = &mut find.meaning else {
            return;
        };
        // Runs that hang take long.
        if !sure || place.byte == 1 || self.failure == Failure::TimedOut {
            return;
        }
        let (place, gap) = (*place, *gap);
        let failure = self.failure;
        self.phase = Phase::Probe;
        let mut probes = Vec::new();
        for at in spread(&place, PROBES_MAX / 2) {
            match self.fails_at(&place, at, gap) {
                Ok(fails) => probes.push((at, fails)),
                Err(Enough) => return,
            }
        }
        for _ in 0..PROBES_MAX / 2 {
            let Some(at) = between(&place, &probes) else {
                break;
            };
            match self.fails_at(&place, at, gap) {
                Ok(fails) => probes.push((at, fails)),
                Err(Enough) => return,
            }
            probes.sort_unstable();
        }
        *reach = Reach::of(&place, &probes);
        self.failure = failure;
    }

    /// Whether a split there makes it fail: with time enough, and once more with much time if not,
    /// since a reader that was woken late proves nothing.
    fn fails_at(&mut self, place: &Place, at: u64, gap: Duration) -> Result<bool, Enough> {
        let split = |gap| order::one(place.direction, Move::SplitAt { at, gap });
        let (first, then) = (gap.max(PROBE_GAP), gap.max(PROBE_GAP_MAX));
        Ok(self.once(&split(first))? || self.once(&split(then))?)
    }
}

impl<T: Trial> Judge for Judging<'_, '_, T> {
    fn fails(&mut self, schedule: &Schedule) -> Result<bool, Enough> {
        let runs = if self.is_flaky { FLAKY_RUNS } else { 1 };
        for _ in 0..runs {
            if self.once(schedule)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn fails_surely(&mut self, schedule: &Schedule) -> Result<bool, Enough> {
        if self.is_flaky {
            return Ok(false);
        }
        for _ in 0..self.failure.confirm_runs() {
            if !self.once(schedule)? {
                return Ok(false);
            }
        }
        self.sure = Some(schedule.clone());
        Ok(true)
    }
}

/// The split points of a message.
fn inner(place: &Place) -> Range<u64> {
    place.offset + 1..place.offset + place.bytes
}

fn here(place: &Place) -> u64 {
    place.offset + place.byte - 1
}

/// `most` points of a message, evenly spread, the first and the last among them, in order.
fn spread(place: &Place, most: u64) -> Vec<u64> {
    let all = inner(place);
    let count = all.end - all.start;
    let steps = most.min(count);
    let at = |step| match steps {
        1 => all.end - 1,
        _ => all.start + step * (count - 1) / (steps - 1),
    };
    let points = (0..steps).map(at);
    points.filter(|it| *it != here(place)).collect()
}

/// Halfway between the last point that fails before all that do not, and the first that does not.
fn between(place: &Place, probes: &[(u64, bool)]) -> Option<u64> {
    let well_from = probes.iter().find(|(_, fails)| !fails)?.0;
    let bad = probes.iter().filter(|(_, fails)| *fails).map(|(at, _)| *at);
    let bad_to = bad.chain([here(place)]).max()?;
    (bad_to + 1 < well_from).then(|| bad_to + (well_from - bad_to) / 2)
}

#[cfg(test)]
mod tests {
    use super::super::super::moves::Direction;
    use super::*;

    #[test]
    fn points_are_spread_and_halved_in_between() {
        let place = Place {
            direction: Direction::ToClient,
            message: 1,
            byte: 2,
            bytes: 101,
            offset: 0,
        };
        assert_eq!(spread(&place, 6), [20, 40, 60, 80, 100]);
        assert_eq!(between(&place, &[(20, false), (40, false)]), Some(10));
        assert_eq!(between(&place, &[(2, false), (40, false)]), None);
        assert_eq!(between(&place, &[(20, true), (40, true)]), None);
        let short = Place { bytes: 2, ..place };
        assert!(spread(&short, 6).is_empty());
    }
}
