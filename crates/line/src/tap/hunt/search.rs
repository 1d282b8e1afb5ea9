//! The search: run after run in the order that the hunt promises, until one fails, and then what that
//! failure is worth. It does not know how schedules are made smaller.

use super::super::moves::{Direction, Schedule};
use super::judging::{self, Judging};
use super::random::Lots;
use super::{
    Failure, Find, Meaning, Outcome, Phase, Refusal, Report, Settings, Step, Traffic, Trial,
    Verdict, order,
};

/// How often a run without moves is tried again before the target is called broken for good.
const CLEAN_RUNS: u32 = 3;

/// Hunts in `trial`. `watch` is told of each run, before and after it.
pub fn hunt(
    trial: &mut impl Trial,
    settings: &Settings,
    watch: &mut dyn FnMut(&Step<'_>),
) -> Result<Report, Refusal> {
    let mut search = Search {
        trial,
        settings,
        watch,
        traffic: Traffic::default(),
        report: Report {
            find: None,
            runs: 0,
            points: (0, 0),
            joins: (0, 0),
            random: 0,
            was_stopped: false,
        },
        planned: None,
        doubtful: None,
    };
    search.clean()?;
    match search.all() {
        Ok(()) | Err(Halt::Done) => {}
        Err(Halt::Stopped) => search.report.was_stopped = true,
        Err(Halt::Unsteady(failure)) => return Err(Refusal::Unsteady(failure)),
    }
    let doubtful = search.doubtful.take();
    search.report.find = search.report.find.or(doubtful);
    Ok(search.report)
}

/// Why the search ends.
pub(super) enum Halt {
    /// Something was found, or no more is to be tried.
    Done,
    /// Whoever asked wants no more of it.
    Stopped,
    /// It fails without moves too.
    Unsteady(Failure),
}

/// A hunt under way.
pub(super) struct Search<'a, T> {
    trial: &'a mut T,
    settings: &'a Settings,
    watch: &'a mut dyn FnMut(&Step<'_>),
    traffic: Traffic,
    report: Report,
    planned: Option<u64>,
    /// What failed once and not again.
    doubtful: Option<Find>,
}

impl<T: Trial> Search<'_, T> {
    /// One run, told of before and after.
    pub(super) fn run(
        &mut self,
        phase: Phase,
        schedule: &Schedule,
    ) -> Result<Option<Failure>, Halt> {
        self.report.runs += 1;
        let mut step = Step {
            phase,
            run: self.report.runs,
            planned: self.planned,
            schedule,
            outcome: None,
        };
        (self.watch)(&step);
        let outcome = self.trial.run(schedule);
        step.outcome = Some(outcome);
        (self.watch)(&step);
        match outcome {
            Outcome::Passed => Ok(None),
            Outcome::Failed(failure) => Ok(Some(failure)),
            Outcome::Stopped => Err(Halt::Stopped),
        }
    }

    /// Twice without moves: it has to pass, and to move something.
    fn clean(&mut self) -> Result<(), Refusal> {
        for run in 0..2 {
            match self.run(Phase::Clean, &Schedule::default()) {
                Ok(None) if run == 0 => self.traffic = self.trial.traffic(),
                Ok(None) => {}
                Ok(Some(failure)) if run == 0 => return Err(Refusal::Fails(failure)),
                Ok(Some(failure)) => return Err(Refusal::Unsteady(failure)),
                Err(_) => return Err(Refusal::Stopped),
            }
        }
        let directions = self.settings.directions();
        match directions.iter().any(|it| self.traffic.bytes(*it) > 0) {
            true => Ok(()),
            false => Err(Refusal::MovesNothing),
        }
    }

    /// Every split point, every join, then by lot.
    fn all(&mut self) -> Result<(), Halt> {
        let directions = self.settings.directions();
        let each = |of: &dyn Fn(Direction) -> Vec<Schedule>| {
            order::in_turn(directions.iter().map(|it| of(*it)).collect())
        };
        let splits = each(&|direction| {
            let splits = order::splits(&self.traffic, direction, self.settings.points_max);
            let splits = splits.into_iter();
            splits.map(|it| order::one(direction, it)).collect()
        });
        let joins = each(&|direction| {
            let joins = order::joins(&self.traffic, direction).into_iter();
            joins.map(|it| order::one(direction, it)).collect()
        });
        self.report.points.1 = splits.len() as u64;
        self.report.joins.1 = joins.len() as u64;
        self.planned = Some(self.report.runs + (splits.len() + joins.len()) as u64);
        for schedule in splits {
            self.try_one(Phase::Splits, schedule)?;
            self.report.points.0 += 1;
        }
        for schedule in joins {
            self.try_one(Phase::Joins, schedule)?;
            self.report.joins.0 += 1;
        }
        let mut lots = Lots::new(self.settings.seed);
        loop {
            let schedule = lots.schedule(&directions, &self.traffic);
            self.try_one(Phase::Random, schedule)?;
            self.report.random += 1;
        }
    }

    fn try_one(&mut self, phase: Phase, schedule: Schedule) -> Result<(), Halt> {
        let runs_max = self.settings.runs_max;
        if self.trial.is_spent() || runs_max.is_some_and(|it| self.report.runs >= it) {
            return Err(Halt::Done);
        }
        match self.run(phase, &schedule)? {
            None => Ok(()),
            Some(failure) => self.weigh(schedule, failure),
        }
    }

    /// Sees what a failure is worth. Comes back if it does not come again.
    fn weigh(&mut self, schedule: Schedule, failure: Failure) -> Result<(), Halt> {
        let mut find = Find {
            meaning: Meaning::of(&schedule, &self.traffic),
            schedule,
            failure,
            verdict: Verdict::Unconfirmed,
        };
        let confirmed = self.confirm(&mut find);
        if let (Ok(()), Verdict::Flaky { fails: 1, .. }) = (&confirmed, find.verdict) {
            self.doubtful.get_or_insert(find);
            return Ok(());
        }
        if matches!(confirmed, Err(Halt::Unsteady(_))) {
            return confirmed;
        }
        let ended = confirmed.and_then(|()| self.reduce(&mut find));
        self.report.find = Some(find);
        ended.and(Err(Halt::Done))
    }

    /// Whether the target got over it, and whether it fails again.
    fn confirm(&mut self, find: &mut Find) -> Result<(), Halt> {
        let mut broken = None;
        for _ in 0..CLEAN_RUNS {
            match (self.run(Phase::Confirm, &Schedule::default())?, broken) {
                (None, None) => break,
                (None, Some(failure)) => return Err(Halt::Unsteady(failure)),
                (Some(failure), _) => broken = Some(failure),
            }
        }
        if broken.is_some() {
            find.verdict = Verdict::Lasting;
            return Ok(());
        }
        let (mut fails, of) = (1, find.failure.confirm_runs());
        for _ in 0..of {
            if let Some(failure) = self.run(Phase::Confirm, &find.schedule)? {
                fails += 1;
                find.failure = failure;
            }
        }
        find.verdict = judging::verdict(fails, of + 1);
        Ok(())
    }

    /// Makes what was found smaller, and sees what it means.
    fn reduce(&mut self, find: &mut Find) -> Result<(), Halt> {
        if find.verdict == Verdict::Lasting {
            return Ok(());
        }
        let traffic = self.traffic.clone();
        let mut judge = Judging::new(self, find);
        let found = find.schedule.clone();
        let reduced = judge.reduce(find, &found, &traffic);
        find.failure = judge.failure;
        let (halt, meaning) = (judge.halt.take(), Meaning::of(&find.schedule, &traffic));
        find.meaning = meaning;
        if reduced.is_ok() {
            judge.probe(find);
        }
        match halt.or(judge.halt.take()) {
            Some(halt) => Err(halt),
            None => Ok(()),
        }
    }
}
