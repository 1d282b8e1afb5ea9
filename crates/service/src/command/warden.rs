//! Watches over a program that runs: its end, the peer's controls, and its time. It does not know
//! the streams.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::process::Signal;
use tokio::io::unix::AsyncFd;
use tokio::sync::{SetOnce, mpsc};
use tokio::time::{Instant, sleep_until};

use super::KILL_GRACE;
use super::wire::Control;
use crate::process::{HOLDERS_WAIT_MAX, Tree};

/// What a peer may send to its command. No other signal is of use between two machines.
const SIGNALS: [Signal; 7] = [
    Signal::HUP,
    Signal::INT,
    Signal::QUIT,
    Signal::KILL,
    Signal::USR1,
    Signal::USR2,
    Signal::TERM,
];

/// Heeds controls and clocks while a program runs.
pub(super) struct Warden<'a> {
    tree: &'a Tree,
    end: &'a AsyncFd<OwnedFd>,
    /// None once the peer's half is gone.
    controls: Option<mpsc::Receiver<Control>>,
    time_over_at: Option<Instant>,
    kill_at: Option<Instant>,
    cancelled: bool,
    timed_out: bool,
}

/// What comes when a clock runs out.
enum Due {
    TimeOver,
    Kill,
    GiveUp,
}

impl<'a> Warden<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        end: &'a AsyncFd<OwnedFd>,
        controls: mpsc::Receiver<Control>,
        time_over_at: Option<Instant>,
    ) -> Self {
        Self {
            tree,
            end,
            controls: Some(controls),
            time_over_at,
            kill_at: None,
            cancelled: false,
            timed_out: false,
        }
    }

    /// Whether the program's time was over before it ended.
    pub(super) fn timed_out(&self) -> bool {
        self.timed_out
    }

    /// Tells in `ended` when the program ends. Resolves once its output is not to be waited for any
    /// longer: [`HOLDERS_WAIT_MAX`] after its end when the peer has cancelled, else never.
    pub(super) async fn watch(&mut self, ended: &SetOnce<Instant>) -> io::Result<()> {
        loop {
            let ended_at = ended.get().copied();
            let due = self.next_due(ended_at);
            tokio::select! {
                biased;
                ready = self.end.readable(), if ended_at.is_none() => {
                    drop(ready?);
                    // Set once only: this is the only place.
                    let _ = ended.set(Instant::now());
                }
                control = receive(&mut self.controls) => self.heed(control),
                what = come(due) => match what {
                    Due::TimeOver => self.time_over(),
                    Due::Kill => self.kill(),
                    Due::GiveUp => return Ok(()),
                },
            }
        }
    }

    fn next_due(&self, ended_at: Option<Instant>) -> Option<(Instant, Due)> {
        if let Some(ended_at) = ended_at {
            let give_up_at = self.cancelled.then_some(ended_at + HOLDERS_WAIT_MAX);
            return give_up_at.map(|at| (at, Due::GiveUp));
        }
        let kill = self.kill_at.map(|at| (at, Due::Kill));
        let time_over = self.time_over_at.map(|at| (at, Due::TimeOver));
        [kill, time_over]
            .into_iter()
            .flatten()
            .min_by_key(|(at, _)| *at)
    }

    fn heed(&mut self, control: Option<Control>) {
        match control {
            Some(Control::Signal(number)) => {
                let signal = SIGNALS.iter().find(|signal| signal.as_raw() == number);
                signal
                    .into_iter()
                    .for_each(|signal| self.tree.signal(*signal));
            }
            Some(Control::Cancel) => {
                self.cancelled = true;
                self.terminate();
            }
            None => self.controls = None,
        }
    }

    fn time_over(&mut self) {
        self.time_over_at = None;
        self.timed_out = true;
        self.terminate();
    }

    fn terminate(&mut self) {
        self.tree.signal(Signal::TERM);
        self.kill_at.get_or_insert(Instant::now() + KILL_GRACE);
    }

    fn kill(&mut self) {
        self.kill_at = None;
        self.tree.signal(Signal::KILL);
    }
}

/// When a program's time is over; never, if that is too far away to be said.
pub(super) fn time_over_at(timeout: Option<Duration>) -> Option<Instant> {
    Instant::now().checked_add(timeout?)
}

async fn receive(controls: &mut Option<mpsc::Receiver<Control>>) -> Option<Control> {
    match controls {
        Some(controls) => controls.recv().await,
        None => std::future::pending().await,
    }
}

async fn come(due: Option<(Instant, Due)>) -> Due {
    match due {
        Some((at, what)) => {
            sleep_until(at).await;
            what
        }
        None => std::future::pending().await,
    }
}
