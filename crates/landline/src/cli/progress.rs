//! A bar for what takes long, on a terminal that can draw one; elsewhere nothing.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use landline::Progress;

use super::escape::shown;
use super::ui::Ui;

const TEMPLATE: &str =
    "{spinner} {msg} {wide_bar} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta_precise}";

/// How often the bar moves while nothing comes.
const TICK: Duration = Duration::from_millis(200);

/// How far one file is.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar for the file `name`, on standard error.
    pub(crate) fn new(name: &str, ui: &Ui) -> Self {
        if !ui.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template(TEMPLATE).expect("the template is well-formed");
        let bar = ProgressBar::new(0)
            .with_style(style)
            .with_message(shown(name));
        // The other end may hash the file for seconds before its first byte comes.
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Moves it.
    pub(crate) fn set(&self, progress: Progress) {
        self.0.set_length(progress.total);
        self.0.set_position(progress.received);
    }

    /// Takes it off the terminal.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
