//! `lab`: asks the kernel one question, or all, and shows what came. The lab measures; here are the
//! words, the terminal and the files.

mod objects;
mod outlets;
mod prediction;
mod shown;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use landline_lab::{ALL, Bench, Experiment, LabError, Report, bring_loopback_up, find};

use crate::cli::arguments::{EVERY, LabArguments};
use crate::cli::ending::Ending;
use crate::cli::printed::{print_line, print_object};
use crate::cli::progress::Spinner;
use crate::cli::ui::Ui;

use outlets::Outlets;

/// Lists the experiments, or runs those that were named.
pub(crate) async fn run(arguments: LabArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let mut outlets = Outlets::new(&arguments, &ui)?;
    let Some(name) = &arguments.experiment else {
        return list(&ui);
    };
    if name == EVERY {
        return run_all(arguments.quick, outlets, &ui);
    }
    let experiment = find(name).ok_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|it| it.name).chain([EVERY]).collect();
        let ending = Ending::usage("lab-unknown").with("name", name);
        ending.with("names", names.join(", "))
    })?;
    bring_up(&ui);
    let mut prediction = None;
    if shows_text(&outlets, &ui) {
        print_line(shown::question(experiment, &ui))?;
        prediction = prediction::ask(experiment, &ui).await?;
    }
    let (report, time) = measure(experiment, arguments.quick, &outlets, &ui)
        .map_err(|error| failed(experiment.name, &error))?;
    tell(
        experiment,
        &report,
        time,
        prediction.as_deref(),
        &outlets,
        &ui,
    )?;
    outlets.keep(report);
    outlets.finish(&ui)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs one after the other. What fails says so, and the rest go on.
fn run_all(quick: bool, mut outlets: Outlets, ui: &Ui) -> Result<ExitCode, Ending> {
    let mut has_failed = false;
    bring_up(ui);
    for (at, experiment) in ALL.iter().enumerate() {
        if shows_text(&outlets, ui) {
            let rule = if at > 0 { shown::rule() } else { String::new() };
            print_line(rule + &shown::question(experiment, ui))?;
        }
        match measure(experiment, quick, &outlets, ui) {
            Ok((report, time)) => {
                tell(experiment, &report, time, None, &outlets, ui)?;
                outlets.keep(report);
            }
            Err(error) => {
                has_failed = true;
                if ui.json() && outlets.shows_report() {
                    print_object(&objects::failed(experiment, &error))?;
                }
                failed(experiment.name, &error).tell(ui);
            }
        }
    }
    outlets.finish(ui)?;
    match has_failed {
        true => Err(Ending::failed_and_said()),
        false => Ok(ExitCode::SUCCESS),
    }
}

/// Without a loopback most experiments fail, and each says so; this says why.
fn bring_up(ui: &Ui) {
    if let Err(error) = bring_loopback_up() {
        ui.note("lab-loopback-down", &[("error", error.to_string())]);
    }
}

fn shows_text(outlets: &Outlets, ui: &Ui) -> bool {
    outlets.shows_report() && !ui.json()
}

/// Asks the kernel, on a thread of its own: an experiment that breaks ends alone.
fn measure(
    experiment: &Experiment,
    is_quick: bool,
    outlets: &Outlets,
    ui: &Ui,
) -> Result<(Report, Duration), LabError> {
    let spinner = Spinner::new(experiment.name, ui);
    let mut bench = Bench {
        is_quick,
        keeps_packets: outlets.takes_packets(),
    };
    let start = Instant::now();
    let ended = std::thread::scope(|scope| {
        let run = scope.spawn(|| (experiment.run)(&mut bench));
        run.join()
    });
    spinner.clear();
    let broke = |_| Err(LabError::Unexpected("it broke off".to_owned()));
    let report = ended.unwrap_or_else(broke)?;
    Ok((report, start.elapsed()))
}

fn tell(
    experiment: &Experiment,
    report: &Report,
    time: Duration,
    prediction: Option<&str>,
    outlets: &Outlets,
    ui: &Ui,
) -> Result<(), Ending> {
    if !outlets.shows_report() {
        return Ok(());
    }
    match ui.json() {
        true => print_object(&objects::found(experiment, report, time, ui)),
        false => print_line(shown::report(experiment, report, prediction, ui)),
    }
}

fn failed(name: &str, error: &LabError) -> Ending {
    Ending::failed("lab-failed")
        .with("name", name)
        .with("error", error)
}

fn list(ui: &Ui) -> Result<ExitCode, Ending> {
    if ui.json() {
        for experiment in ALL {
            print_object(&objects::listed(experiment, ui))?;
        }
    } else {
        print_line(shown::list(ui))?;
    }
    Ok(ExitCode::SUCCESS)
}
