//! One stage of a run: a command, a check of our own, or the word that it cannot run here.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::tidy;

/// A named piece of work.
pub(super) struct Stage {
    /// Its name, as the summary has it.
    pub(super) name: &'static str,
    /// What it does.
    pub(super) work: Work,
    /// Variables that it sets, or with `None` takes away.
    pub(super) environment: Vec<(&'static str, Option<&'static str>)>,
}

/// What a stage does.
pub(super) enum Work {
    /// Runs cargo with these words.
    Cargo(&'static str),
    /// Checks the laws of the house, in this process.
    Tidy,
    /// Nothing: this is why, and what to do about it.
    Skip(&'static str),
}

/// How a stage ended.
pub(super) enum Outcome {
    /// As it should.
    Passed,
    /// With this complaint.
    Failed(String),
    /// It did not run, and this is why.
    Skipped(&'static str),
}

impl Stage {
    /// A stage that runs cargo with `words`, none of which holds a space.
    pub(super) fn cargo(name: &'static str, words: &'static str) -> Self {
        Self::new(name, Work::Cargo(words))
    }

    /// The stage that checks the laws of the house.
    pub(super) fn tidy() -> Self {
        Self::new("tidy", Work::Tidy)
    }

    /// A stage that cannot run here.
    pub(super) fn skipped(name: &'static str, why: &'static str) -> Self {
        Self::new(name, Work::Skip(why))
    }

    /// The same stage with a variable set.
    pub(super) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, Some(value)));
        self
    }

    /// The same stage with a variable taken away.
    pub(super) fn without(mut self, name: &'static str) -> Self {
        self.environment.push((name, None));
        self
    }

    /// What it does, as a person would type it.
    pub(super) fn describe(&self) -> String {
        let set = self.environment.iter();
        let set = set.filter_map(|(name, value)| Some(format!("{name}='{}' ", (*value)?)));
        match self.work {
            Work::Cargo(words) => format!("{}cargo {words}", set.collect::<String>()),
            Work::Tidy => "cargo xtask tidy".to_string(),
            Work::Skip(why) => format!("not run, {why}"),
        }
    }

    /// Does the work in `root`. An error means that it could not even start.
    pub(super) fn run(&self, root: &Path) -> Result<Outcome> {
        match self.work {
            Work::Cargo(words) => self.run_cargo(root, words),
            Work::Tidy if tidy::check(root)? => Ok(Outcome::Passed),
            Work::Tidy => Ok(Outcome::Failed("a law is broken".to_string())),
            Work::Skip(why) => Ok(Outcome::Skipped(why)),
        }
    }

    fn new(name: &'static str, work: Work) -> Self {
        Self {
            name,
            work,
            environment: Vec::new(),
        }
    }

    fn run_cargo(&self, root: &Path, words: &str) -> Result<Outcome> {
        let mut command = Command::new("cargo");
        command.args(words.split(' ')).current_dir(root);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let status = command.status().context("cargo cannot be started")?;
        Ok(if status.success() {
            Outcome::Passed
        } else {
            Outcome::Failed(status.to_string())
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => write!(out, "passed"),
            Self::Failed(complaint) => write!(out, "FAILED ({complaint})"),
            Self::Skipped(why) => write!(out, "not run: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_described_as_one_would_type_it() {
        let stage = Stage::cargo("docs", "doc --no-deps").with("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(
            stage.describe(),
            "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps"
        );
    }

    #[test]
    fn a_command_that_fails_is_a_failed_stage() {
        let stage = Stage::cargo("x", "no-such-command-of-cargo");
        let outcome = stage.run(Path::new(".")).expect("cargo starts");
        assert!(matches!(outcome, Outcome::Failed(_)));
    }
}
