//! The bar of a transfer: of one file how far it is, of many how far all are that were found so far.
//! It does not know the wire.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use landline::TransferEvent;
use landline::frame::landline1::{EntryKind, Name};

use super::{TEMPLATE, TICK, style};
use crate::cli::escape::shown_bytes;
use crate::cli::ui::Ui;

/// One file whose end nobody knows yet.
const ENDLESS: &str = "{spinner} {msg} {bytes} {binary_bytes_per_sec}";

/// Many files. What is too long for the terminal is cut at its end, so the name stands there.
const MANY: &str =
    "{spinner} {files} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta_precise} {msg}";

/// The most of a name that stands beside the bar of one file, in letters: at 80 columns the rest of
/// the line is as long.
const NAME_LETTERS_MAX: usize = 32;

/// How often the words beside a bar change at most: 20 times a second, as often as it is drawn.
const WORDS_EVERY: Duration = Duration::from_millis(50);

/// What is drawn of a transfer, for whoever writes beside it or ends it.
#[derive(Clone, Default)]
pub(crate) struct Drawn(Option<ProgressBar>);

impl Drawn {
    /// Has `write` write to the terminal, and draws the bar again below.
    pub(crate) fn beside(&self, write: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes it off the terminal.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A file that was found.
struct Open {
    size: u64,
    has_started: bool,
}

/// How many files were found, and of how many it is known what became of them.
#[derive(Default)]
struct Counts {
    found: AtomicU64,
    over: AtomicU64,
}

impl Counts {
    fn found(&self) -> u64 {
        self.found.load(Ordering::Relaxed)
    }

    /// As a sentence, which is made anew whenever the bar is drawn.
    fn sentence(&self, ui: &Ui) -> String {
        let values = [
            ("over", self.over.load(Ordering::Relaxed).to_string()),
            ("found", self.found().to_string()),
        ];
        ui.sentence("progress-files", &values)
    }
}

/// How far a transfer is.
pub(crate) struct TransferBar {
    bar: ProgressBar,
    ui: Arc<Ui>,
    /// The files of which it is not known yet what became of them: about as many as may be open on a
    /// line.
    open: HashMap<Name, Open>,
    counts: Arc<Counts>,
    /// Whether a file has no size that is known.
    is_endless: bool,
    /// The file whose bytes go.
    current: Option<Name>,
    worded_at: Option<Instant>,
}

impl TransferBar {
    /// A bar on standard error, if one may be drawn there; and what others need of it.
    pub(crate) fn new(ui: &Arc<Ui>) -> (Option<Self>, Drawn) {
        if !ui.draws_progress() {
            return (None, Drawn(None));
        }
        let bar = ProgressBar::no_length().with_style(style(TEMPLATE));
        // The other end may look through folders, or hash, for seconds before the first byte.
        bar.enable_steady_tick(TICK);
        let drawn = Drawn(Some(bar.clone()));
        let bar = Self {
            bar,
            ui: ui.clone(),
            open: HashMap::new(),
            counts: Arc::default(),
            is_endless: false,
            current: None,
            worded_at: None,
        };
        (Some(bar), drawn)
    }

    /// Moves it.
    pub(crate) fn see(&mut self, event: &TransferEvent) {
        match event {
            TransferEvent::Found { name, kind, size } => self.found(name, *kind, *size),
            TransferEvent::Started {
                name, resumed_from, ..
            } => self.started(name, *resumed_from),
            TransferEvent::Moved { bytes } => {
                self.bar.inc(*bytes);
                self.word();
            }
            TransferEvent::Placed { name, .. }
            | TransferEvent::Same { name }
            | TransferEvent::PassedOver { name, .. }
            | TransferEvent::Failed { name, .. } => self.over(name),
        }
    }

    fn found(&mut self, name: &Name, kind: EntryKind, size: Option<u64>) {
        if kind != EntryKind::File {
            return;
        }
        let found = self.counts.found.fetch_add(1, Ordering::Relaxed) + 1;
        self.is_endless |= size.is_none();
        let size = size.unwrap_or_default();
        let open = Open {
            size,
            has_started: false,
        };
        self.open.insert(name.clone(), open);
        let before = self.bar.length().unwrap_or_default();
        self.bar.set_length(before.saturating_add(size));
        match (found, self.is_endless) {
            (1, true) => self.bar.set_style(style(ENDLESS)),
            (2, _) => self.bar.set_style(self.many()),
            _ => {}
        }
        self.word();
    }

    fn started(&mut self, name: &Name, resumed_from: u64) {
        if let Some(open) = self.open.get_mut(name) {
            open.has_started = true;
        }
        self.current = Some(name.clone());
        if resumed_from > 0 {
            self.bar.inc(resumed_from);
            // What was there already says nothing of the line's speed. A change of the words has the
            // bar take note of it, which is then forgotten.
            self.bar.set_message(self.bar.message());
            self.bar.reset_eta();
        }
        self.word();
    }

    fn over(&mut self, name: &Name) {
        let Some(open) = self.open.remove(name) else {
            return;
        };
        self.counts.over.fetch_add(1, Ordering::Relaxed);
        if !open.has_started {
            self.bar.dec_length(open.size);
        }
        self.word();
    }

    /// How many files are drawn.
    fn many(&self) -> ProgressStyle {
        let (ui, counts) = (self.ui.clone(), self.counts.clone());
        let files = move |_: &ProgressState, out: &mut dyn fmt::Write| {
            // What cannot be drawn is not seen.
            let _ = out.write_str(&counts.sentence(&ui));
        };
        style(MANY).with_key("files", files)
    }

    /// Says which file, if that is due.
    fn word(&mut self) {
        let now = Instant::now();
        if self.worded_at.is_some_and(|at| now - at < WORDS_EVERY) {
            return;
        }
        // The first file is named at once, and the first of many.
        let found = self.counts.found();
        self.worded_at = (found > 1 || self.current.is_some()).then_some(now);
        if let Some(name) = &self.current {
            self.bar.set_message(match found {
                0 | 1 => short(&shown_bytes(last_part(name))),
                _ => shown_bytes(name.as_bytes()),
            });
        }
    }
}

fn last_part(name: &Name) -> &[u8] {
    name.parts().next_back().unwrap_or_default()
}

/// The start of a name that is too long.
fn short(name: &str) -> String {
    match name.chars().nth(NAME_LETTERS_MAX) {
        None => name.to_owned(),
        Some(_) => name
            .chars()
            .take(NAME_LETTERS_MAX - 1)
            .chain(['…'])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_leaves_room_for_the_bar() {
        assert_eq!(short("a.txt"), "a.txt");
        let long = "日".repeat(NAME_LETTERS_MAX);
        assert_eq!(short(&long), long);
        let cut = short(&"日".repeat(NAME_LETTERS_MAX + 1));
        assert_eq!(cut, format!("{}…", "日".repeat(NAME_LETTERS_MAX - 1)));
    }
}
