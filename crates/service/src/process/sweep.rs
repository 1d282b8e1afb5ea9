//! The sweeper: ends what commands left behind, first kindly, then surely. It lives only while
//! there may be somebody to end. It does not know which processes those are; `trees` tells.

use std::collections::HashMap;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::time::Instant;

use super::census::{Census, Process, newest};
use super::mark::Mark;
use super::trees::{Swept, Trees};

/// How long a tree has after SIGTERM before SIGKILL.
pub(super) const TERM_GRACE: Duration = Duration::from_millis(300);

/// The pause after a sweep that found somebody new. It doubles with each one that did not.
const PAUSE_MIN: Duration = Duration::from_millis(10);

/// The longest pause, for those who cannot be killed.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How long a tree is remembered after it was told to end: a sweep that saw nobody of it does not
/// prove that nobody is there.
const TOLD_KEPT: Duration = Duration::from_secs(10);

/// How often a hunt goes round at most: about 0.2 ms each.
const HUNT_ROUNDS_MAX: u32 = 500;

/// A hunt is over when it has met nobody for so many rounds: several lives of a process that does
/// nothing but start the next.
const HUNT_QUIET_ROUNDS: u32 = 50;

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
            let census = census.unwrap_or_else(|_| Census::take());
            let Swept { found, fresh } = trees.sweep(&census, true);
            if found && trees.has_late() {
                // Whoever is there after SIGKILL went round may have children that are newer still.
                let _ = tokio::task::spawn_blocking(|| hunt(trees)).await;
            }
            pause = if fresh { PAUSE_MIN } else { pause * 2 }.min(PAUSE_MAX);
            if !trees.sweep_again(found.then_some(pause)) {
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
        loop {
            self.0.take_request();
            for _ in 0..KILL_ROUNDS_MAX {
                if !self.0.sweep(&Census::take(), false).found {
                    break;
                }
                hunt(self.0);
                std::thread::sleep(PAUSE_MIN);
            }
            // Another thread may have relied on this sweeper meanwhile.
            if !self.0.sweep_again(None) {
                return;
            }
        }
    }
}

/// Kills a chain of processes, each of which starts the next in a session of its own and ends: where
/// many processes run, whom a census found has gone by the time that it is through. So only the
/// newest numbers are looked at, again and again.
fn hunt(trees: &Trees) {
    let mut quiet_rounds = 0;
    for _ in 0..HUNT_ROUNDS_MAX {
        let killed = newest().filter(|process| kill_if_over(trees, process));
        quiet_rounds = if killed.count() == 0 {
            quiet_rounds + 1
        } else {
            0
        };
        if quiet_rounds == HUNT_QUIET_ROUNDS {
            return;
        }
    }
}

fn kill_if_over(trees: &Trees, process: &Process) -> bool {
    let kill = !process.ended && trees.is_over(process.pid);
    if kill {
        process.signal(Signal::KILL);
    }
    kill
}

/// Those who are to end and are still there.
#[derive(Default)]
pub(super) struct Survivors {
    /// When each tree was first told to end.
    told_at: HashMap<Mark, Instant>,
    /// Who was told what, by its number and start.
    told: HashMap<(Pid, u64), Signal>,
}

impl Survivors {
    /// Signals all of `over`: SIGTERM once, and SIGKILL when the tree's grace is over or there is
    /// no patience left. Who was `reaped` only shows that its tree was still there. Returns whether
    /// one was told news.
    pub(super) fn signal(
        &mut self,
        over: &[(Mark, Process)],
        reaped: &[Mark],
        patient: bool,
    ) -> bool {
        let now = Instant::now();
        self.told_at.retain(|_, at| now - *at < TOLD_KEPT);
        for mark in over.iter().map(|(mark, _)| mark).chain(reaped) {
            self.told_at.entry(*mark).or_insert(now);
        }
        let before = std::mem::take(&mut self.told);
        let mut fresh = false;
        for (mark, process) in over {
            let kill = !patient || now - self.told_at[mark] >= TERM_GRACE;
            let signal = if kill { Signal::KILL } else { Signal::TERM };
            let identity = (process.pid, process.start_ticks);
            if before.get(&identity) != Some(&signal) {
                process.signal(signal);
                fresh = true;
            }
            self.told.insert(identity, signal);
        }
        fresh
    }

    /// Whether a tree's grace is over.
    pub(super) fn has_late(&self) -> bool {
        self.told_at.values().any(|at| at.elapsed() >= TERM_GRACE)
    }
}
