//! A bar for what takes long, on a terminal that can draw one; elsewhere nothing. One file on the
//! tutorial's wire here, the files of a transfer in `transfer`.

mod hunt;
mod transfer;

use std::time::Duration;

use indicatif::{BinaryBytes, ProgressBar, ProgressStyle};
use landline::Progress;

use super::escape::shown;
use super::ui::Ui;

pub(crate) use hunt::HuntBar;
pub(crate) use transfer::{Drawn, TransferBar};

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
        let bar = ProgressBar::no_length()
            .with_style(style(TEMPLATE))
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

/// A sign that something runs of which nobody knows how far it is.
pub(crate) struct Spinner(ProgressBar);

impl Spinner {
    /// On standard error, with `what` beside it.
    pub(crate) fn new(what: &str, ui: &Ui) -> Self {
        if !ui.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let spinner = ProgressBar::new_spinner().with_message(shown(what));
        spinner.enable_steady_tick(TICK);
        Self(spinner)
    }

    /// Takes it off the terminal.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

/// So many bytes in so long a time, as bars have it.
pub(crate) fn rate(bytes: u64, time: Duration) -> String {
    let rate = bytes as f64 / time.as_secs_f64().max(f64::EPSILON);
    format!("{}/s", BinaryBytes(rate as u64))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is well-formed")
}
