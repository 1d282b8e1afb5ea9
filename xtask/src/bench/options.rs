//! What the reader typed after `cargo xtask bench`. It knows no bench's content.

use anyhow::{Context, Result, bail};

/// The help of this chore.
pub(super) const USAGE: &str = "\
cargo xtask bench echo|relay|exec|files|memory|tap [--rounds 5] [--quick] [--only NAME]
    --rounds N   how often each cell is measured, interleaved (5)
    --quick      one round of short cells, to try it; keeps nothing in bench/runs
    --only NAME  the cells whose name contains NAME";

/// One of the benches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Echo,
    Relay,
    Exec,
    Files,
    Memory,
    Tap,
}

impl Subject {
    /// The word on the command line, and the stem of the run's files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Relay => "relay",
            Self::Exec => "exec",
            Self::Files => "files",
            Self::Memory => "memory",
            Self::Tap => "tap",
        }
    }

    fn named(word: &str) -> Option<Self> {
        [
            Self::Echo,
            Self::Relay,
            Self::Exec,
            Self::Files,
            Self::Memory,
            Self::Tap,
        ]
        .into_iter()
        .find(|subject| subject.name() == word)
    }
}

/// What to measure and how thoroughly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) subject: Subject,
    /// How often each cell is measured.
    pub(super) rounds: usize,
    /// Short cells, little data.
    pub(super) quick: bool,
    /// A part of the names of the cells wanted.
    pub(super) only: Option<String>,
}

impl Options {
    /// Reads the words after `bench`.
    ///
    /// # Errors
    /// A word that is no bench and no option, or a number that is none.
    pub(super) fn parse(words: &[&str]) -> Result<Self> {
        let mut words = words.iter();
        let first = words.next().context(format!("which bench?\n{USAGE}"))?;
        let subject = Subject::named(first)
            .with_context(|| format!("there is no bench `{first}`\n{USAGE}"))?;
        let mut options = Self {
            subject,
            rounds: 0,
            quick: false,
            only: None,
        };
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .with_context(|| format!("{word} wants a value"))
            };
            match *word {
                "--quick" => options.quick = true,
                "--rounds" => options.rounds = value()?.parse().context("--rounds N")?,
                "--only" => options.only = Some((*value()?).to_owned()),
                other => bail!("bench does not know `{other}`\n{USAGE}"),
            }
        }
        if options.rounds == 0 {
            options.rounds = if options.quick { 1 } else { 5 };
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_depend_on_quick() {
        let full = Options::parse(&["echo"]).expect("a bench");
        assert_eq!((full.rounds, full.quick), (5, false));
        let quick = Options::parse(&["relay", "--quick"]).expect("a bench");
        assert_eq!((quick.rounds, quick.subject), (1, Subject::Relay));
        let both = Options::parse(&["exec", "--quick", "--rounds", "3", "--only", "cold"]);
        let both = both.expect("a bench");
        assert_eq!((both.rounds, both.only.as_deref()), (3, Some("cold")));
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for words in [
            &[][..],
            &["ping"],
            &["echo", "--rounds"],
            &["echo", "--rounds", "x"],
            &["echo", "-x"],
        ] {
            assert!(Options::parse(words).is_err(), "{words:?}");
        }
    }
}
