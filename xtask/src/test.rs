//! `cargo xtask test`: everything that a change must pass, one stage after another. It knows which
//! stages there are; what a stage is and how it runs is beneath.

mod machine;
mod stage;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use machine::Machine;
use stage::{Outcome, Stage};

/// Set to `1` by `--long`: tests then use their long forms, 1,000 where the suite runs 20. Unset
/// otherwise, whatever the caller's environment says.
pub(crate) const LONG: &str = "LANDLINE_TEST_LONG";

/// Runs all stages on the workspace at `root`, stops at the first that fails, and sums up.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<ExitCode> {
    let is_long = match rest {
        [] => false,
        ["--long"] => true,
        _ => bail!("`cargo xtask test` takes no argument but `--long`"),
    };
    let machine = Machine::look();
    if !machine.missing.is_empty() {
        bail!("{}", machine.missing.join("\n       "));
    }
    let start = Instant::now();
    let stages = stages(&machine, is_long);
    let mut done = Vec::new();
    for stage in &stages {
        println!("== {}: {}", stage.name, stage.describe());
        let begun = Instant::now();
        let outcome = stage.run(root)?;
        let has_failed = matches!(outcome, Outcome::Failed(_));
        done.push((stage.name, outcome, begun.elapsed()));
        if has_failed {
            break;
        }
    }
    Ok(sum_up(&done, stages.len(), start.elapsed()))
}

/// What a change must pass: what is quick and often wrong comes first, the tests come last, so that
/// their runner's own summary is the last thing above ours.
fn stages(machine: &Machine, is_long: bool) -> Vec<Stage> {
    vec![
        Stage::cargo("format", "fmt --all --check"),
        Stage::tidy(),
        deny(machine),
        Stage::cargo("lints", "clippy --workspace --all-targets -- -D warnings"),
        Stage::cargo("service alone", "check --package landline-service"),
        Stage::cargo("docs", "doc --workspace --no-deps").with("RUSTDOCFLAGS", "-D warnings"),
        Stage::cargo("doc tests", "test --workspace --doc"),
        tests(machine, is_long),
    ]
}

fn tests(machine: &Machine, is_long: bool) -> Stage {
    let stage = match (machine.has_nextest, is_long) {
        (true, false) => Stage::cargo("tests", "nextest run --workspace"),
        (true, true) => Stage::cargo("tests", "nextest run --workspace --profile long"),
        // All targets but benches: doc tests have a stage of their own.
        (false, _) => Stage::cargo("tests", "test --workspace --lib --bins --tests --examples"),
    };
    if is_long {
        stage.with(LONG, "1")
    } else {
        stage.without(LONG)
    }
}

fn deny(machine: &Machine) -> Stage {
    const NAME: &str = "dependencies";
    if machine.has_deny {
        return Stage::cargo(
            NAME,
            "deny --all-features check --hide-inclusion-graph bans licenses sources",
        );
    }
    Stage::skipped(
        NAME,
        "cargo-deny is not installed: cargo install --locked cargo-deny",
    )
}

fn sum_up(done: &[(&str, Outcome, Duration)], count: usize, whole: Duration) -> ExitCode {
    println!();
    for (name, outcome, took) in done {
        println!("{name:<14} {:>7.1} s  {outcome}", took.as_secs_f64());
    }
    let seconds = whole.as_secs_f64();
    let failed = done
        .iter()
        .find(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)));
    if let Some((name, _, _)) = failed {
        println!("FAILED at {name}, after {seconds:.0} s: what is wrong stands above the summary");
        return ExitCode::from(1);
    }
    let skipped = done
        .iter()
        .filter(|(_, outcome, _)| matches!(outcome, Outcome::Skipped(_)));
    let passed = count - skipped.count();
    println!("PASSED {passed} of {count} stages in {seconds:.0} s");
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::stage::Work;
    use super::*;

    fn stage_named(machine: &Machine, is_long: bool, name: &str) -> Stage {
        let mut stages = stages(machine, is_long).into_iter();
        stages
            .find(|stage| stage.name == name)
            .expect("the stage exists")
    }

    #[test]
    fn only_long_runs_ask_tests_for_their_long_forms() {
        let full = Machine::full();
        let short = stage_named(&full, false, "tests");
        assert_eq!(short.environment, [(LONG, None)]);
        let long = stage_named(&full, true, "tests");
        assert_eq!(long.environment, [(LONG, Some("1"))]);
    }

    #[test]
    fn tests_run_without_nextest_too() {
        let bare = Machine {
            has_nextest: false,
            ..Machine::full()
        };
        let described = stage_named(&bare, false, "tests").describe();
        assert!(
            described.starts_with("cargo test --workspace"),
            "{described}"
        );
    }

    #[test]
    fn a_check_that_cannot_run_is_said_to_be_skipped() {
        let bare = Machine {
            has_deny: false,
            ..Machine::full()
        };
        let stage = stage_named(&bare, false, "dependencies");
        assert!(matches!(stage.work, Work::Skip(why) if why.contains("cargo install")));
    }

    #[test]
    fn the_sum_fails_when_a_stage_failed() {
        let row = |outcome| [("format", outcome, Duration::ZERO)];
        let failed = sum_up(&row(Outcome::Failed("exit 1".into())), 1, Duration::ZERO);
        assert_eq!(failed, ExitCode::from(1));
        let passed = sum_up(&row(Outcome::Passed), 1, Duration::ZERO);
        assert_eq!(passed, ExitCode::SUCCESS);
    }
}
