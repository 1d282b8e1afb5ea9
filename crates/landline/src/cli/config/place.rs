//! Where in the config file something is wrong: every sentence names the file, the line and the key.

use std::path::Path;

use crate::cli::ending::Ending;

/// A config file: its path, for people, and its text.
pub(super) struct Place<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Place<'_> {
    /// The sentence `sentence` about the key `key`, which stands at byte `at`.
    pub(super) fn wrong(&self, sentence: &'static str, key: &str, at: usize) -> Ending {
        self.ending(sentence)
            .with("line", self.line_of(at))
            .with("option", key)
    }

    /// It is no TOML.
    pub(super) fn no_toml(&self, error: &toml::de::Error) -> Ending {
        let at = error.span().map_or(0, |span| span.start);
        let what: Vec<&str> = error.message().lines().collect();
        self.ending("config-no-toml")
            .with("line", self.line_of(at))
            .with("error", what.join("; "))
    }

    /// Each value would do, but not together with what was typed.
    pub(super) fn refused(&self, error: &clap::Error) -> Ending {
        self.ending("config-refused")
            .with("error", first_words(error))
    }

    fn ending(&self, sentence: &'static str) -> Ending {
        Ending::usage(sentence).with("path", self.path.display())
    }

    /// The line, from 1, that the byte `at` is on.
    fn line_of(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }
}

/// What clap says first, on one line and without its mark.
pub(super) fn first_words(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = first.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}
