//! A census of the processes: who runs, and who started whom, out of /proc (proc_pid_stat(5)).
//! It does not know which of them matter.

use std::collections::HashMap;
use std::fs;

use rustix::process::{Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal};

/// One process as it was when it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Process {
    /// Its number.
    pub(super) pid: Pid,
    /// Who started it, or adopted it since.
    pub(super) parent: Option<Pid>,
    /// Whether it has ended and waits to be reaped.
    pub(super) ended: bool,
    /// When it started, in clock ticks since boot: with the number, its identity.
    pub(super) start_ticks: u64,
}

impl Process {
    /// The process that has this number now.
    fn read(pid: Pid) -> Option<Self> {
        Self::parse(pid, &fs::read(format!("/proc/{pid}/stat")).ok()?)
    }

    /// `PID (NAME) STATE PARENT GROUP ...`, and the start as the 22nd field. The name may hold
    /// anything, blanks and brackets too.
    fn parse(pid: Pid, stat: &[u8]) -> Option<Self> {
        let name_end = stat.iter().rposition(|byte| *byte == b')')?;
        let fields = std::str::from_utf8(&stat[name_end + 1..]).ok()?;
        let mut fields = fields.split_ascii_whitespace();
        let ended = matches!(fields.next()?, "Z" | "X");
        let parent = Pid::from_raw(fields.next()?.parse().ok()?);
        // After the state (3) and the parent (4), 17 more come before field 22.
        let start_ticks = fields.nth(17)?.parse().ok()?;
        Some(Self {
            pid,
            parent,
            ended,
            start_ticks,
        })
    }

    /// Signals the process, and never one that has got its number since.
    pub(super) fn signal(&self, signal: Signal) {
        let Ok(handle) = pidfd_open(self.pid, PidfdFlags::empty()) else {
            return;
        };
        if Self::read(self.pid).is_some_and(|now| now.start_ticks == self.start_ticks) {
            // It may just have ended, or belong to another user now: the next census shows it.
            let _ = pidfd_send_signal(handle, signal);
        }
    }
}

/// The processes below this one.
#[derive(Default)]
pub(super) struct Census {
    by_parent: HashMap<Pid, Vec<Process>>,
}

impl Census {
    /// Counts all processes. Takes about 8 µs for each one of the system. One that starts or ends
    /// meanwhile may be missed. Without /proc nobody is found.
    pub(super) fn take() -> Self {
        let names = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = names.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        Self::of(pids.filter_map(Pid::from_raw).filter_map(Process::read))
    }

    pub(super) fn of(processes: impl Iterator<Item = Process>) -> Self {
        let mut by_parent: HashMap<Pid, Vec<Process>> = HashMap::new();
        for process in processes {
            if let Some(parent) = process.parent {
                by_parent.entry(parent).or_default().push(process);
            }
        }
        Self { by_parent }
    }

    /// The children of this process, those that it adopted included.
    pub(super) fn children(&self) -> &[Process] {
        self.by_parent.get(&getpid()).map_or(&[], Vec::as_slice)
    }

    /// `top` and all below it, parents before children.
    pub(super) fn tree(&self, top: Process) -> Vec<Process> {
        let mut tree = vec![top];
        let mut next = 0;
        while let Some(parent) = tree.get(next) {
            tree.extend(self.by_parent.get(&parent.pid).into_iter().flatten());
            next += 1;
        }
        tree
    }
}

/// The processes with the last numbers that were given out, newest first (proc_loadavg(5)).
pub(super) fn newest() -> impl Iterator<Item = Process> {
    const LOOK_BACK: i32 = 16;
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let last = text.split_ascii_whitespace().last();
    let last: i32 = last.and_then(|word| word.parse().ok()).unwrap_or(0);
    let pids = (0..LOOK_BACK).filter_map(move |back| Pid::from_raw((last - back).max(0)));
    pids.filter_map(Process::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_is_no_obstacle() {
        let pid = Pid::from_raw(12).expect("a number above zero");
        let tail = "4 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5555 1 1";
        for (name, state, ended) in [("sh", "S", false), ("a) R 1 (b\n", "Z", true)] {
            let stat = format!("12 ({name}) {state} {tail}");
            let process = Process::parse(pid, stat.as_bytes()).expect("a whole line");
            assert_eq!(process.parent, Pid::from_raw(4));
            assert_eq!((process.ended, process.start_ticks), (ended, 5555));
        }
        for short in ["", "12 (sh", "12 (sh) S", "12 (sh) S 4 12 12 0"] {
            assert_eq!(Process::parse(pid, short.as_bytes()), None);
        }
    }

    #[test]
    fn this_process_finds_itself_below_its_parent() {
        let me = Process::read(getpid()).expect("it runs");
        let census = Census::take();
        let parent = me.parent.expect("a test has a parent");
        assert!(census.by_parent[&parent].contains(&me));
        assert!(census.tree(me).contains(&me));
    }

    #[test]
    fn a_tree_holds_children_of_children_only() {
        let process = |pid, parent| Process {
            pid: Pid::from_raw(pid).expect("above zero"),
            parent: Pid::from_raw(parent),
            ended: false,
            start_ticks: 0,
        };
        let all = [process(2, 1), process(3, 2), process(4, 3), process(5, 1)];
        let census = Census::of(all.into_iter());
        assert_eq!(census.tree(all[0]), [all[0], all[1], all[2]]);
    }
}
