//! The trees of processes that commands of this process started: which still may run, and the end
//! of all others. It does not know what the commands are for.
//!
//! This process is made a subreaper (PR_SET_CHILD_SUBREAPER(2const)): whoever loses its parent comes
//! back to it, so that everything a command started stays below. A command is over once its
//! [`Tree`] is dropped; who is still there then is found by its [`Mark`] and ended.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitIdStatus, getpgid, getpid, kill_process,
    kill_process_group, set_child_subreaper, waitid,
};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::census::{Census, Process};
use super::mark::Mark;
use super::sweep::{Survivors, Sweeper};

/// How long after a command's own end the next sweep looks for what it left behind: one sweep for
/// all commands that end meanwhile.
const SWEEP_DELAY: Duration = Duration::from_millis(250);

/// How long [`Trees::ended`] waits at most. The processes that are still there then cannot be
/// killed: they wait for a device, or belong to another user.
const ENDED_WAIT_MAX: Duration = Duration::from_secs(3);

/// All trees of this process. There is one: children belong to the process, not to a service.
pub(crate) struct Trees {
    state: Mutex<State>,
    /// Wakes the sweeper when its next sweep was brought forward.
    pub(super) hurry: Notify,
    /// Wakes those who wait for the sweeper to have nothing left to do.
    idle: Notify,
}

#[derive(Default)]
struct State {
    /// The commands that may run, and their shells once they have started.
    running: HashMap<Mark, Option<Pid>>,
    /// When to sweep next.
    sweep_at: Option<Instant>,
    /// Whether a sweeper lives.
    sweeping: bool,
    /// Who of the trees that are over was still there in the last sweep.
    survivors: Survivors,
}

/// What to do about a child of this process.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It may run on.
    Keep,
    /// It has ended, and nobody else will reap it.
    Reap,
    /// It and all below it are to end.
    End(Mark),
}

/// Those of this process, once it has any.
static TREES: OnceLock<Trees> = OnceLock::new();

impl Trees {
    /// The trees of this process, which becomes a subreaper the first time.
    pub(crate) fn of_this_process() -> io::Result<&'static Self> {
        if TREES.get().is_none() {
            set_child_subreaper(Some(getpid()))?;
        }
        Ok(TREES.get_or_init(|| Self {
            state: Mutex::default(),
            hurry: Notify::new(),
            idle: Notify::new(),
        }))
    }

    /// The trees of this process, if commands were ever run here.
    pub(crate) fn if_any() -> Option<&'static Self> {
        TREES.get()
    }

    /// A place for a command that is about to start.
    pub(crate) fn plant(&'static self) -> Tree {
        let mark = Mark::next();
        self.state().running.insert(mark, None);
        Tree {
            trees: self,
            mark,
            shell: None,
        }
    }

    /// Waits until everything that commands left behind has ended, at most [`ENDED_WAIT_MAX`].
    pub(crate) async fn ended(&'static self) {
        let idle = self.idle.notified();
        if nobody_is_left() {
            return;
        }
        self.sweep_in(Duration::ZERO);
        // Either way there is nothing more that can be done.
        let _ = tokio::time::timeout(ENDED_WAIT_MAX, idle).await;
    }

    /// Sweeps soon if somebody below waits to be reaped: who lost its parent may end long before
    /// its command does.
    pub(super) fn tidy(&'static self) {
        let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        if matches!(waitid(WaitId::All, peek), Ok(Some(_))) {
            self.sweep_in(SWEEP_DELAY);
        }
    }

    /// Sees to it that a sweep comes in at most `delay`.
    fn sweep_in(&'static self, delay: Duration) {
        let at = Instant::now() + delay;
        let start = {
            let mut state = self.state();
            state.sweep_at = Some(state.sweep_at.map_or(at, |before| before.min(at)));
            !std::mem::replace(&mut state.sweeping, true)
        };
        if !start {
            self.hurry.notify_one();
            return;
        }
        let sweeper = Sweeper(self);
        // Without a runtime the sweeper is dropped, which ends at once what is to end.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(sweeper.run());
        }
    }

    /// When the next sweep is due.
    pub(super) fn sweep_at(&self) -> Option<Instant> {
        self.state().sweep_at
    }

    /// Takes the request for a sweep, which now comes.
    pub(super) fn take_request(&self) {
        self.state().sweep_at = None;
    }

    /// Asks for another sweep, or ends the sweeper's life when there is nobody left and no request
    /// came meanwhile. Returns whether it lives.
    pub(super) fn sweep_again(&self, pause: Option<Duration>) -> bool {
        let mut state = self.state();
        if let Some(pause) = pause {
            let at = Instant::now() + pause;
            state.sweep_at = Some(state.sweep_at.map_or(at, |before| before.min(at)));
        }
        state.sweeping = state.sweep_at.is_some();
        if !state.sweeping {
            self.idle.notify_waiters();
        }
        state.sweeping
    }

    /// Reaps and signals whoever belongs to no running command.
    pub(super) fn sweep(&self, census: &Census, patient: bool) -> Swept {
        let mut state = self.state();
        let shells = state.running.values().flatten().copied().collect();
        let (mut over, mut reaped) = (Vec::new(), Vec::new());
        for child in census.children() {
            match state.judge(child, &shells) {
                Verdict::Keep => {}
                Verdict::Reap => drop(reap(child.pid)),
                Verdict::End(mark) if child.ended && reap(child.pid) => reaped.push(mark),
                Verdict::End(mark) => {
                    let tree = census.tree(*child).into_iter();
                    over.extend(tree.map(|process| (mark, process)));
                }
            }
        }
        Swept {
            found: !over.is_empty() || !reaped.is_empty(),
            fresh: state.survivors.signal(&over, &reaped, patient),
        }
    }

    /// Whether a tree that is over has had its grace and was there not long ago.
    pub(super) fn has_late(&self) -> bool {
        self.state().survivors.has_late()
    }

    /// Whether a process wears the mark of a command that is over.
    pub(super) fn is_over(&self, pid: Pid) -> bool {
        Mark::of(pid).is_some_and(|mark| !self.state().running.contains_key(&mark))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What wears no mark is not ours to judge: the program that this library is part of may have
    /// children of its own. An orphan can lose both of its marks only on purpose.
    fn judge(&self, child: &Process, shells: &HashSet<Pid>) -> Verdict {
        if shells.contains(&child.pid) {
            return Verdict::Keep;
        }
        match Mark::of(child.pid) {
            Some(mark) if !self.running.contains_key(&mark) => Verdict::End(mark),
            Some(_) if child.ended => Verdict::Reap,
            _ => Verdict::Keep,
        }
    }
}

/// What came of a sweep.
pub(super) struct Swept {
    /// Whether anybody was there, be it only to be reaped: who has just ended may have started
    /// somebody whom this sweep did not see.
    pub(super) found: bool,
    /// Whether somebody was signalled for the first time.
    pub(super) fresh: bool,
}

/// One command and everything that it starts. When this is dropped the command is over: what still
/// runs of it is told to end, and killed if it does not.
pub(crate) struct Tree {
    trees: &'static Trees,
    mark: Mark,
    shell: Option<Pid>,
}

impl Tree {
    /// What the command has to wear when it starts.
    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    /// Takes in the shell, which leads a process group and wears the mark.
    pub(super) fn grow(&mut self, shell: Pid) {
        self.shell = Some(shell);
        self.trees.state().running.insert(self.mark, Some(shell));
    }

    /// Signals the program's process group, and the program wherever it has gone. Until the tree is
    /// dropped the program is not reaped, so that both numbers are still its own.
    pub(crate) fn signal(&self, signal: Signal) {
        let Some(shell) = self.shell else { return };
        // Everybody there may have ended, or belong to another user now.
        if kill_process_group(shell, signal).is_err() || getpgid(Some(shell)) != Ok(shell) {
            let _ = kill_process(shell, signal);
        }
    }

    /// How the program ended, if it has.
    pub(crate) fn end(&self) -> Option<WaitIdStatus> {
        let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(self.shell?), peek).ok()?
    }

    /// Never resolves, and keeps orphans that end from piling up while the command runs.
    pub(crate) async fn tidy(&self) {
        const TIDY_EVERY: Duration = Duration::from_secs(1);
        loop {
            tokio::time::sleep(TIDY_EVERY).await;
            self.trees.tidy();
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let Some(shell) = self.shell else {
            self.trees.state().running.remove(&self.mark);
            return;
        };
        let ended = reap(shell);
        if !ended {
            // The shell is not reaped yet, so that the number is still its group's. Most of the
            // tree hears of its end here; the sweep finds the others.
            let _ = kill_process_group(shell, Signal::TERM);
        }
        self.trees.state().running.remove(&self.mark);
        match ended {
            true if nobody_is_left() => {}
            true => self.trees.sweep_in(SWEEP_DELAY),
            false => self.trees.sweep_in(Duration::ZERO),
        }
    }
}

/// Reaps a child by its own number, and returns whether it is gone.
fn reap(child: Pid) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    match waitid(WaitId::Pid(child), options) {
        Ok(status) => status.is_some(),
        // ECHILD: somebody reaped it, as the kernel does where SIGCHLD is ignored.
        Err(error) => error == Errno::CHILD,
    }
}

/// Whether this process has no child at all, adopted ones included: then no command left anything.
fn nobody_is_left() -> bool {
    let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(WaitId::All, peek), Err(Errno::CHILD))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A child: this process itself stands in for it, and wears what the test says.
    fn child(ended: bool) -> Process {
        Process {
            pid: getpid(),
            parent: None,
            ended,
            start_ticks: 0,
        }
    }

    #[test]
    fn a_child_without_a_mark_is_somebody_elses() {
        let state = State::default();
        for ended in [false, true] {
            assert_eq!(state.judge(&child(ended), &HashSet::new()), Verdict::Keep);
        }
    }

    #[test]
    fn a_mark_decides_and_a_running_shell_is_left_alone() {
        let mut state = State::default();
        let mark = Mark::next();
        let _worn = mark.wear();
        let none = HashSet::new();
        assert_eq!(state.judge(&child(false), &none), Verdict::End(mark));
        let shells = HashSet::from([getpid()]);
        assert_eq!(state.judge(&child(false), &shells), Verdict::Keep);
        state.running.insert(mark, None);
        assert_eq!(state.judge(&child(false), &none), Verdict::Keep);
        assert_eq!(state.judge(&child(true), &none), Verdict::Reap);
    }
}
