//! What a person is told: notes, warnings and errors on standard error, in the reader's language or
//! as JSON. Whatever a peer had a hand in is escaped here, in one place.

use std::io::{IsTerminal, Write};
use std::sync::OnceLock;

use landline::service::{Journal, Notice};
use serde_json::{Map, Value, json};

use super::arguments::{Colour, Habits};
use super::escape::{self, shown};
use super::words::{Language, Words};

/// The version of the objects that `--json` prints.
pub(crate) const JSON_VERSION: u32 = 1;

/// How and how much a person is told.
pub(crate) struct Ui {
    language: Language,
    /// Read with the first sentence: most runs say none, and it takes longer than many of them.
    words: OnceLock<Words>,
    json: bool,
    quiet: bool,
    verbosity: u8,
    colour: Colour,
    coloured: bool,
    asks: bool,
}

impl Ui {
    /// As the habits of the command line ask.
    pub(crate) fn new(habits: &Habits) -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let language = habits.lang.unwrap_or_else(|| Language::of_locale(variable));
        Self {
            language,
            words: OnceLock::new(),
            json: habits.json,
            quiet: habits.quiet,
            verbosity: habits.verbose,
            colour: habits.color,
            coloured: may_paint(habits.color, std::io::stderr().is_terminal()),
            asks: !habits.no_input,
        }
    }

    /// Whether objects are asked for instead of sentences.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Whether only errors are asked for.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How often more was asked for.
    pub(crate) fn verbosity(&self) -> u8 {
        self.verbosity
    }

    /// Whether standard output may be coloured.
    pub(crate) fn paints_output(&self) -> bool {
        !self.json && may_paint(self.colour, std::io::stdout().is_terminal())
    }

    /// Whether somebody may be asked something.
    pub(crate) fn asks(&self) -> bool {
        self.asks
    }

    /// Whether progress may be drawn: on a terminal that can, for somebody who wants it.
    pub(crate) fn draws_progress(&self) -> bool {
        !self.quiet && !self.json && std::io::stderr().is_terminal() && !dumb_terminal()
    }

    /// The sentence `key`, for a prompt or a picture.
    pub(crate) fn sentence(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let words = self.words.get_or_init(|| Words::new(self.language));
        words.sentence(key, &escaped(values))
    }

    /// `text` for standard output, strong where a terminal can show that.
    pub(crate) fn strong(&self, text: &str) -> String {
        match self.paints_output() {
            true => format!("\x1b[1m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }

    /// Says the contract's `listening ADDRESS`: never translated, never silenced.
    pub(crate) fn listening(&self, address: &str) {
        if self.json {
            return self.line(&object(
                "listening",
                &[("address", address.to_owned())],
                None,
            ));
        }
        self.line(&format!("listening {}", shown(address)));
    }

    /// Says something good to know.
    pub(crate) fn note(&self, key: &'static str, values: &[(&'static str, String)]) {
        if !self.quiet {
            self.say("note", key, values);
        }
    }

    /// Says that all went well, to somebody who looks on or asked for details; a script knows by the
    /// exit status.
    pub(crate) fn summary(&self, key: &'static str, values: &[(&'static str, String)]) {
        if self.verbosity > 0 || self.json || std::io::stderr().is_terminal() {
            self.note(key, values);
        }
    }

    /// Says why the program ends.
    pub(crate) fn error(&self, key: &'static str, values: &[(&'static str, String)]) {
        self.say("error", key, values);
    }

    /// Says what the grammar finds wrong with what was typed.
    pub(crate) fn wrong_usage(&self, text: &clap::builder::StyledStr) {
        let plain = text.to_string();
        let plain = plain.trim_end();
        if self.json {
            let key = [("key", "usage".to_owned())];
            let said = plain.strip_prefix("error: ").unwrap_or(plain);
            return self.line(&object("error", &key, Some(said.to_owned())));
        }
        match self.coloured {
            true => self.line(text.ansi().to_string().trim_end()),
            false => self.line(plain),
        }
    }

    /// Writes one line of a log: when, how grave, what, and what about.
    pub(crate) fn log(
        &self,
        time: &str,
        level: &'static str,
        message: &str,
        fields: &[(&'static str, String)],
    ) {
        if self.json {
            let mut all = vec![("time", time.to_owned()), ("level", level.to_owned())];
            all.extend(fields.iter().cloned());
            return self.line(&object("log", &all, Some(message.to_owned())));
        }
        let mut line = format!("{time} {level} {}", shown(message));
        for (name, value) in fields {
            line.push_str(&format!(" {name}={}", field(&shown(value))));
        }
        self.line(&line);
    }

    fn say(&self, event: &str, key: &'static str, values: &[(&'static str, String)]) {
        let sentence = self.sentence(key, values);
        if self.json {
            let mut all = vec![("key", key.to_owned())];
            all.extend(values.iter().cloned());
            return self.line(&object(event, &all, Some(sentence)));
        }
        match (self.coloured, event) {
            (true, "error") => self.line(&format!("\x1b[1;31mlandline:\x1b[0m {sentence}")),
            (true, _) => self.line(&format!("\x1b[1mlandline:\x1b[0m {sentence}")),
            (false, _) => self.line(&format!("landline: {sentence}")),
        }
    }

    fn line(&self, text: &str) {
        // Standard error may be closed; then there is nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

impl Journal for Ui {
    fn note(&self, notice: Notice) {
        if notice.detail && self.verbosity == 0 {
            return;
        }
        let mut values = vec![("peer", notice.peer)];
        values.extend(notice.values);
        Self::note(self, notice.key, &values);
    }
}

/// One `--json` object: its version, what happened, and the values as strings.
pub(crate) fn object(
    event: &str,
    values: &[(&'static str, String)],
    message: Option<String>,
) -> String {
    let mut map = Map::new();
    map.insert("v".into(), json!(JSON_VERSION));
    map.insert("event".into(), json!(event));
    for (name, value) in values {
        map.insert((*name).into(), json!(value));
    }
    if let Some(message) = message {
        map.insert("message".into(), json!(message));
    }
    escape::shown_object(&Value::Object(map))
}

/// A value of a log line: in quotes where it would not stay one word.
fn field(value: &str) -> String {
    match value.contains([' ', '"', '=']) || value.is_empty() {
        true => format!("\"{}\"", value.replace('"', "\\\"")),
        false => value.to_owned(),
    }
}

fn escaped(values: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    values
        .iter()
        .map(|(name, value)| (*name, shown(value)))
        .collect()
}

fn dumb_terminal() -> bool {
    std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

fn may_paint(asked: Colour, on_terminal: bool) -> bool {
    match asked {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            !forbidden && !dumb_terminal() && on_terminal
        }
    }
}
