//! The sweeper: ends what commands left behind, first kindly, then surely. It lives only while
//! there may be somebody to end. It does not know which processes those are; `trees` tells.

use std::collections::HashMap;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::time::Instant;

use super::census::{Census, Process};
use super::mark::Mark;
use super::trees::Trees;

/// How long a tree has after SIGTERM before SIGKILL.
pub(super) const TERM_GRACE: Duration = Duration::from_millis(300);

/// The pause after a sweep that found somebody new. It doubles with each one that did not.
const PAUSE_MIN: Duration = Duration::from_millis(10);

/// The longest pause, for those who cannot be killed.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How often the last resort looks, with a pause of [`PAUSE_MIN`]: half a second in all.
const KILL_ROUNDS_MAX: u32 = 50;

/// The task that sweeps. Dropped before its work is done, as when the runtime ends, it kills what
/// is left at once.
pub(super) struct Sweeper(pub(super) &'static Trees);

impl Sweeper {
    pub(super) async fn run(self) {
        let trees = self.0;
        let mut pause = PAUSE_MIN;
        loop {
            if self.wait_until_due().await {
                pause = PAUSE_MIN;
            }
            trees.take_request();
            // Hundreds of small files: not on the thread that serves the lines.
            let census = tokio::task::spawn_blocking(Census::take).await;
            let (left, fresh) = trees.sweep(&census.unwrap_or_else(|_| Census::take()), true);
            pause = if fresh { PAUSE_MIN } else { pause * 2 }.min(PAUSE_MAX);
            if !trees.sweep_again((left > 0).then_some(pause)) {
                std::mem::forget(self);
                return;
            }
        }
    }

    /// Returns whether the sweep was brought forward by somebody.
    async fn wait_until_due(&self) -> bool {
        let mut hurried = false;
        while let Some(at) = self.0.sweep_at() {
            tokio::select! {
                () = tokio::time::sleep_until(at) => break,
                () = self.0.hurry.notified() => hurried = true,
            }
        }
        hurried
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        for _ in 0..KILL_ROUNDS_MAX {
            let (left, _) = self.0.sweep(&Census::take(), false);
            if left == 0 {
                break;
            }
            std::thread::sleep(PAUSE_MIN);
        }
        self.0.sweeper_gone();
    }
}

/// Those who are to end and are still there.
#[derive(Default)]
pub(super) struct Survivors {
    /// When each tree was first told to end. Strays share one entry.
    told_at: HashMap<Option<Mark>, Instant>,
    /// Who was told what, by its number and start.
    told: HashMap<(Pid, u64), Signal>,
}

impl Survivors {
    /// Signals all of `over`: SIGTERM once, and SIGKILL when the tree's grace is over or there is
    /// no patience left. Forgets whoever is not among them. Returns whether one was told news.
    pub(super) fn signal(&mut self, over: &[(Option<Mark>, Process)], patient: bool) -> bool {
        let now = Instant::now();
        let before = std::mem::take(self);
        let mut fresh = false;
        for (mark, process) in over {
            let identity = (process.pid, process.start_ticks);
            let told_at = before.told_at.get(mark).copied().unwrap_or(now);
            self.told_at.insert(*mark, told_at);
            let kill = !patient || now - told_at >= TERM_GRACE;
            let signal = if kill { Signal::KILL } else { Signal::TERM };
            if before.told.get(&identity) != Some(&signal) {
                process.signal(signal);
                fresh = true;
            }
            self.told.insert(identity, signal);
        }
        fresh
    }
}
