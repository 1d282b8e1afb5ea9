//! A hunt as it is told: progress, objects, and at the end what was found. It does not know how runs
//! are made.

use std::sync::Arc;

use landline::line::Address;
use landline::tap::hunt::{
    Failure, Find, Meaning, Outcome, Phase, Reach, Refusal, Report, Step, Verdict,
};
use serde_json::{Map, Value, json};

use super::command::Ran;
use super::said;
use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::printed::{print_line, print_object};
use crate::cli::progress::HuntBar;
use crate::cli::shell_words;
use crate::cli::ui::{JSON_VERSION, Ui};

/// The last lines of a failed command that are shown where no more was asked for.
const LINES_SHOWN: usize = 5;

/// Tells a hunt.
pub(super) struct Teller {
    ui: Arc<Ui>,
    bar: HuntBar,
    /// Why standard output takes no more.
    trouble: Option<Ending>,
}

impl Teller {
    pub(super) fn new(ui: Arc<Ui>) -> Self {
        let bar = HuntBar::new(&ui);
        Self {
            ui,
            bar,
            trouble: None,
        }
    }

    /// Tells of one run, before it or after.
    pub(super) fn see(&mut self, step: &Step<'_>) {
        if self.ui.json() {
            let Some(outcome) = step.outcome else { return };
            return self.object(run_object(step, outcome));
        }
        if step.outcome.is_none() && self.bar.is_drawn() {
            self.bar.say(&self.news(step));
        }
    }

    /// The run that `step` begins, in words.
    fn news(&self, step: &Step<'_>) -> String {
        let moves = shell_words::line(step.schedule.to_words());
        let run = ("run", step.run.to_string());
        let key = match step.phase {
            Phase::Clean => "hunt-progress-clean",
            Phase::Random => "hunt-progress-random",
            Phase::Confirm => "hunt-progress-confirm",
            Phase::Shrink => "hunt-progress-shrink",
            Phase::Probe => "hunt-progress-probe",
            Phase::Splits | Phase::Joins => {
                let planned = step.planned.unwrap_or(step.run).to_string();
                let values = [run, ("planned", planned), ("moves", moves)];
                return self.ui.sentence("hunt-progress", &values);
            }
        };
        self.ui.sentence(key, &[run, ("moves", moves)])
    }

    /// Shows what a command said: its last lines, or all that is kept if more was asked for.
    pub(super) fn show(&self, ran: Option<&Ran>) {
        let Some(ran) = ran else { return };
        let all = self.ui.verbosity() > 0;
        let said = |bytes: &[u8]| -> Vec<String> {
            bytes
                .split(|byte| *byte == b'\n')
                .map(shown_bytes)
                .collect()
        };
        let mut lines = said(ran.err.end());
        if all || ran.err.end().is_empty() {
            lines.splice(0..0, said(ran.out.end()));
        }
        lines.retain(|line| !line.is_empty());
        let from = if all {
            0
        } else {
            lines.len().saturating_sub(LINES_SHOWN)
        };
        self.bar.beside(|| {
            for line in lines.drain(from..) {
                self.ui.note("hunt-said", &[("line", line)]);
            }
        });
    }

    /// Takes the line of news off the terminal.
    pub(super) fn clear(&self) {
        self.bar.clear();
    }

    /// Why there is no hunt.
    pub(super) fn refusal(&self, refusal: Refusal, address: &Address) -> Ending {
        self.bar.clear();
        let how = |failure| said::failure(failure, &self.ui);
        match refusal {
            Refusal::Fails(failure) => Ending::failed("hunt-clean-fails").with("how", how(failure)),
            Refusal::Unsteady(Failure::Differs) => Ending::failed("hunt-clean-differs"),
            Refusal::Unsteady(failure) => {
                Ending::failed("hunt-clean-unsteady").with("how", how(failure))
            }
            Refusal::MovesNothing => Ending::failed("hunt-moves-nothing").with("address", address),
            Refusal::Stopped => Ending::interrupted(),
        }
    }

    /// What came of it: sentences, and on standard output the command that shows it again, which
    /// begins with `again`.
    pub(super) fn report(
        &mut self,
        report: &Report,
        again: &[String],
        address: &Address,
        failed: Option<&Ran>,
    ) -> Result<(), Ending> {
        self.bar.clear();
        match &report.find {
            None if !self.ui.json() => self.nothing(report),
            None => {}
            Some(find) => self.found(find, again, address, failed)?,
        }
        if self.ui.json() {
            self.object(done_object(report));
        }
        self.trouble.take().map_or(Ok(()), Err)
    }

    fn nothing(&self, report: &Report) {
        let values = [
            ("runs", report.runs.to_string()),
            ("points", report.points.0.to_string()),
            ("all-points", report.points.1.to_string()),
            ("joins", report.joins.0.to_string()),
            ("all-joins", report.joins.1.to_string()),
            ("random", report.random.to_string()),
        ];
        self.ui.note("hunt-nothing", &values);
    }

    fn found(
        &mut self,
        find: &Find,
        again: &[String],
        address: &Address,
        failed: Option<&Ran>,
    ) -> Result<(), Ending> {
        let mut command = again.to_vec();
        command.extend(find.schedule.to_words());
        let meaning = said::meaning(&find.meaning, &self.ui);
        let verdict = said::verdict(find.verdict, find.failure, &self.ui);
        if self.ui.json() {
            let sentence = format!("{verdict}: {meaning}");
            self.object(find_object(find, &command, &sentence));
            return Ok(());
        }
        self.ui
            .note("hunt-found", &[("verdict", verdict), ("meaning", meaning)]);
        self.show(failed);
        self.ui
            .note("hunt-again", &[("address", address.to_string())]);
        print_line(shell_words::line(command))
    }

    fn object(&mut self, mut object: Map<String, Value>) {
        object.insert("v".into(), json!(JSON_VERSION));
        if let (None, Err(ending)) = (&self.trouble, print_object(&Value::Object(object))) {
            self.trouble = Some(ending);
        }
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn failure_object(failure: Failure) -> Map<String, Value> {
    map(match failure {
        Failure::Exit(status) => json!({"failure": "exit", "status": status}),
        Failure::Signal(number) => {
            json!({"failure": "signal", "signal": landline::signal_name(number)})
        }
        Failure::TimedOut => json!({"failure": "timeout"}),
        Failure::Differs => json!({"failure": "output"}),
    })
}

fn run_object(step: &Step<'_>, outcome: Outcome) -> Map<String, Value> {
    let phase = match step.phase {
        Phase::Clean => "clean",
        Phase::Splits => "splits",
        Phase::Joins => "joins",
        Phase::Random => "random",
        Phase::Confirm => "confirm",
        Phase::Shrink => "shrink",
        Phase::Probe => "probe",
    };
    let mut object = map(json!({
        "event": "run", "run": step.run, "phase": phase, "moves": step.schedule.to_words(),
    }));
    match outcome {
        Outcome::Passed => object.extend([("outcome".into(), json!("passed"))]),
        Outcome::Failed(failure) => {
            object.insert("outcome".into(), json!("failed"));
            object.extend(failure_object(failure));
        }
        Outcome::Stopped => object.extend([("outcome".into(), json!("stopped"))]),
    }
    object
}

fn find_object(find: &Find, command: &[String], sentence: &str) -> Map<String, Value> {
    let (verdict, fails, of) = match find.verdict {
        Verdict::Sure { of } => ("sure", of, of),
        Verdict::Flaky { fails, of } => ("flaky", fails, of),
        Verdict::Lasting => ("lasting", 1, 1),
        Verdict::Unconfirmed => ("unconfirmed", 1, 1),
    };
    let mut object = map(json!({
        "event": "found", "command": command, "moves": find.schedule.to_words(),
        "verdict": verdict, "fails": fails, "of": of, "message": sentence,
    }));
    object.extend(failure_object(find.failure));
    object.extend(meaning_object(&find.meaning));
    object
}

fn meaning_object(meaning: &Meaning) -> Map<String, Value> {
    let place = |it: &landline::tap::hunt::Place| {
        map(json!({
            "direction": it.direction.word(), "in_message": it.message, "byte": it.byte,
        }))
    };
    match meaning {
        Meaning::Split {
            place: at, reach, ..
        } => {
            let mut object = place(at);
            object.insert("means".into(), json!("split"));
            let reach = match reach {
                Reach::Whole => "whole",
                Reach::First { bytes } => {
                    object.insert("first_bytes".into(), json!(bytes));
                    "first"
                }
                Reach::Some { .. } => "some",
                Reach::Here => "here",
            };
            object.insert("reach".into(), json!(reach));
            object
        }
        Meaning::Join { place: at, .. } => {
            let mut object = place(at);
            object.insert("means".into(), json!("join"));
            object
        }
        Meaning::Pieces { .. } => map(json!({"means": "pieces"})),
        Meaning::Neighbours { .. } => map(json!({"means": "join"})),
        Meaning::Late { .. } => map(json!({"means": "late"})),
        Meaning::Uneven { .. } => map(json!({"means": "uneven"})),
        Meaning::Several => map(json!({"means": "several"})),
    }
}

fn done_object(report: &Report) -> Map<String, Value> {
    map(json!({
        "event": "done", "found": report.find.is_some(), "runs": report.runs,
        "points": report.points.0, "points_all": report.points.1, "joins": report.joins.0,
        "joins_all": report.joins.1, "random": report.random, "stopped": report.was_stopped,
    }))
}
