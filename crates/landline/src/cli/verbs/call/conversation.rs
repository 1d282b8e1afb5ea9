//! A conversation, whatever the line: from a pipe one message and its reply at a time, on request
//! each as it comes.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::shown::Shown;
use crate::cli::ending::Ending;
use crate::cli::input::{Input, Line};
use crate::cli::ui::Ui;

/// How long a far end that has hung up may have been quicker than the end of a pipe is seen.
const INPUT_END_WAIT: Duration = Duration::from_millis(100);

/// What a conversation needs of a line.
pub(super) trait FarEnd {
    /// Whether somebody at the far end may speak without having been spoken to.
    const SPEAKS_UNASKED: bool;

    /// Sends one message whole.
    async fn send(&mut self, text: &[u8]) -> Result<(), Ending>;

    /// Waits for what comes next and shows it. Dropping the future loses nothing.
    async fn receive(&mut self, screen: &mut Shown) -> Result<Received, Ending>;
}

/// What a wait for the far end gave.
pub(super) enum Received {
    /// It spoke, and that was shown.
    Reply,
    /// It has left, and will say no more.
    HungUp,
    /// Nobody is there for now, as the sentence says; somebody may come.
    Nobody(Ending),
}

/// One call, from the first line of input to the hang-up.
pub(super) struct Conversation<F> {
    far_end: F,
    wait: Duration,
    screen: Shown,
    ui: Arc<Ui>,
    /// Messages whose reply has not come yet.
    owed: usize,
}

impl<F: FarEnd> Conversation<F> {
    pub(super) fn new(far_end: F, wait: Duration, screen: Shown, ui: Arc<Ui>) -> Self {
        Self {
            far_end,
            wait,
            screen,
            ui,
            owed: 0,
        }
    }

    /// Sends each line and waits for its reply. At the end of the input what is owed is taken.
    pub(super) async fn in_turns(mut self, mut input: Input) -> Result<ExitCode, Ending> {
        loop {
            match input.next().await? {
                Line::Text(text) if text.is_empty() => {}
                Line::Text(text) => {
                    self.far_end.send(&text).await?;
                    self.owed += 1;
                    if !self.take_reply().await? {
                        let wait = humantime::format_duration(self.wait).to_string();
                        self.ui.note("reply-late", &[("wait", wait)]);
                    }
                }
                Line::Interrupted => return Err(Ending::interrupted()),
                Line::End => break,
            }
        }
        while self.owed > 0 && self.take_reply().await? {}
        if self.owed > 0 {
            let count = self.owed.to_string();
            self.ui.note("replies-never", &[("count", count)]);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Shows one reply, if it comes within the wait. Whether one came.
    async fn take_reply(&mut self) -> Result<bool, Ending> {
        let Ok(received) = timeout(self.wait, self.far_end.receive(&mut self.screen)).await else {
            return Ok(false);
        };
        match received? {
            Received::Reply => self.owed -= 1,
            Received::HungUp => return Err(Ending::failed("hung-up")),
            Received::Nobody(ending) => return Err(ending),
        }
        Ok(true)
    }

    /// Sends lines and shows what comes as it comes. After the last line, what still comes within
    /// the wait is shown.
    pub(super) async fn duplex(mut self, mut input: Input) -> Result<ExitCode, Ending> {
        let mut ending_at = None;
        loop {
            tokio::select! {
                line = input.next(), if ending_at.is_none() => match line? {
                    Line::Text(text) if text.is_empty() => {}
                    Line::Text(text) => self.far_end.send(&text).await?,
                    Line::Interrupted => return Err(Ending::interrupted()),
                    Line::End => ending_at = Some(Instant::now() + self.wait),
                },
                received = self.far_end.receive(&mut self.screen) => match received? {
                    Received::Reply => {}
                    Received::HungUp if ending_at.is_some() || at_end(&mut input).await => {
                        return Ok(ExitCode::SUCCESS);
                    }
                    Received::HungUp => return Err(Ending::failed("hung-up")),
                    Received::Nobody(ending) => ending.note(&self.ui),
                },
                () = until(ending_at) => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}

/// Whether all input was sent: its end may be seen after the far end has answered and gone.
async fn at_end(input: &mut Input) -> bool {
    let next = timeout(INPUT_END_WAIT, input.next()).await;
    matches!(next, Ok(Ok(Line::End)))
}

/// Resolves at `instant`; never, where there is none.
async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
