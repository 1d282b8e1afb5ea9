//! Processes that do not outlive the bench: each has a group of its own, which is ended when its
//! handle drops, on Ctrl-C and SIGTERM, and by the kernel when the bench is killed. Knows no peer.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{SigSet, Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;

/// How long a process may take to end by itself once it is asked.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Between two looks at a process.
const LOOK: Duration = Duration::from_millis(2);

/// What must be gone when the bench is.
struct Remains {
    groups: Vec<Pid>,
    folders: Vec<PathBuf>,
}

static REMAINS: Mutex<Remains> = Mutex::new(Remains {
    groups: Vec::new(),
    folders: Vec::new(),
});

fn remains() -> MutexGuard<'static, Remains> {
    REMAINS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C and SIGTERM end what runs, remove the folders and leave with 130. Call it
/// once, before any other thread is there. Children inherit that both are blocked: `hold.c` undoes it.
///
/// # Errors
/// The signals cannot be blocked.
pub(super) fn watch_signals() -> Result<()> {
    let mut set = SigSet::empty();
    set.add(Signal::SIGINT);
    set.add(Signal::SIGTERM);
    set.thread_block().context("block signals")?;
    thread::spawn(move || {
        let Ok(signal) = set.wait() else { return };
        let held = remains(); // never given back: nothing new can start
        eprintln!("bench: {signal}, ending what runs");
        for group in &held.groups {
            let _ = killpg(*group, Signal::SIGTERM);
        }
        thread::sleep(Duration::from_millis(300));
        for group in &held.groups {
            let _ = killpg(*group, Signal::SIGKILL);
        }
        for folder in &held.folders {
            let _ = fs::remove_dir_all(folder);
        }
        #[allow(clippy::exit)] // the main thread may be anywhere, and holds nothing that matters
        std::process::exit(130);
    });
    Ok(())
}

/// A folder in memory (tmpfs) where there is one, removed on drop.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    /// # Errors
    /// The folder cannot be made.
    pub(super) fn new() -> Result<Self> {
        let base = PathBuf::from("/dev/shm");
        let base = if base.is_dir() {
            base
        } else {
            std::env::temp_dir()
        };
        let folder = base.join(format!("landline-bench-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        remains().folders.push(folder.clone());
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        remains().folders.retain(|folder| *folder != self.0);
    }
}

/// A running process and all that it started.
pub(super) struct Held {
    child: Child,
    group: Pid,
    reaped: bool,
}

impl Held {
    /// Starts `argv` in a group of its own. Stdin, stdout and stderr are as `set` makes them.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(argv: &[OsString], set: impl FnOnce(&mut Command)) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let (program, arguments) = argv.split_first().context("an empty command")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .process_group(0);
        set(&mut command);
        let mut held = remains(); // no stop may come between the start and the entry
        let child = command
            .spawn()
            .with_context(|| format!("start {}", program.display()))?;
        let group = Pid::from_raw(i32::try_from(child.id()).context("a process id")?);
        held.groups.push(group);
        Ok(Self {
            child,
            group,
            reaped: false,
        })
    }

    /// The process id, as in /proc.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its pipes.
    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it has ended, without forgetting its status.
    pub(super) fn has_ended(&self) -> bool {
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        !matches!(
            waitid(Id::Pid(self.group), look),
            Ok(WaitStatus::StillAlive)
        )
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It has not by then, or it failed.
    pub(super) fn wait(&mut self, patience: Duration) -> Result<()> {
        if !self.ends_within(patience) {
            bail!("it has not ended within {} s", patience.as_secs());
        }
        let status = self.reap()?;
        if !status.success() {
            bail!("it ended with {status}");
        }
        Ok(())
    }

    /// Ends it at once: it is not asked, and can do nothing about it.
    ///
    /// # Errors
    /// Its status cannot be taken.
    pub(super) fn kill(mut self) -> Result<()> {
        self.reap().map(drop)
    }

    /// Ends what is left of the group, then takes the leader's status: as long as that is not
    /// taken, the group's number cannot be another's.
    fn reap(&mut self) -> Result<ExitStatus> {
        let _ = killpg(self.group, Signal::SIGKILL);
        let status = self.child.wait().context("wait");
        self.reaped = true;
        remains().groups.retain(|group| *group != self.group);
        status
    }

    fn ends_within(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while !self.has_ended() {
            if Instant::now() > until {
                return false;
            }
            thread::sleep(LOOK);
        }
        true
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.reaped {
            return;
        }
        let _ = killpg(self.group, Signal::SIGTERM);
        self.ends_within(PATIENCE);
        let _ = self.reap();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};

    use super::*;

    #[test]
    fn a_dropped_process_takes_what_it_started_along() {
        let script = "trap '' TERM; sleep 1000 & echo $!; wait";
        let argv = ["sh", "-c", script].map(OsString::from);
        let set = |command: &mut Command| {
            command.stdout(Stdio::piped());
        };
        let mut held = Held::start(&argv, set).expect("sh starts");
        let pipe = held.child().stdout.take().expect("it is piped");
        let mut said = BufReader::new(pipe);
        said.read_line(&mut String::new())
            .expect("it runs, and says so");
        drop(held);
        // The pipe ends with the last process that holds it; were one left, it would hold it longer
        // than a test may run.
        assert_eq!(said.read(&mut [0]).expect("a pipe"), 0, "it is gone");
    }
}
