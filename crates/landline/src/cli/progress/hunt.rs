//! What a hunt is doing just now, on one line that is drawn again and again. It does not know what a
//! hunt is.

use indicatif::ProgressBar;

use super::{TICK, style};
use crate::cli::escape::shown;
use crate::cli::ui::Ui;

const TEMPLATE: &str = "{spinner} {wide_msg}";

/// One line of news.
pub(crate) struct HuntBar(ProgressBar);

impl HuntBar {
    /// The line, on standard error, if one may be drawn there.
    pub(crate) fn new(ui: &Ui) -> Self {
        if !ui.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_style(style(TEMPLATE));
        // One run may take long.
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Whether anybody sees it.
    pub(crate) fn is_drawn(&self) -> bool {
        !self.0.is_hidden()
    }

    /// Says what is being done.
    pub(crate) fn say(&self, news: &str) {
        self.0.set_message(shown(news));
    }

    /// Has `write` write to the terminal, and draws the line again below.
    pub(crate) fn beside(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }

    /// Takes it off the terminal.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
