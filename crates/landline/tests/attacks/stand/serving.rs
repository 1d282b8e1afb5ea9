//! A `serve` that runs: where it listens, what it logs, what memory it has of its own, and who runs
//! below it.

use std::fs;
use std::process::Command;

use rustix::process::Signal;

use super::{Process, until};

/// A running server; it ends with its test.
pub(crate) struct Serving {
    pub(crate) process: Process,
    /// Where it listens, as HOST:PORT.
    pub(crate) address: String,
}

impl Serving {
    /// Starts `command` and waits until it listens.
    #[track_caller]
    pub(crate) fn start(command: Command) -> Self {
        let process = Process::start(command);
        let line = process.says("listening ");
        let address = line.rsplit(' ').next().expect("it says where").to_owned();
        Self { process, address }
    }

    /// Its anonymous memory now, in KiB.
    pub(crate) fn rss_anon_kib(&self) -> u64 {
        rss_anon_kib(self.process.id())
    }

    /// How many sockets and files it has open.
    pub(crate) fn open_files(&self) -> usize {
        let path = format!("/proc/{}/fd", self.process.id());
        fs::read_dir(path).expect("it runs").count()
    }

    /// Its children, by process id.
    pub(crate) fn children(&self) -> Vec<u32> {
        let id = self.process.id();
        let path = format!("/proc/{id}/task/{id}/children");
        let children = fs::read_to_string(path).unwrap_or_default();
        let numbers = children.split_whitespace().map(str::parse);
        numbers.map_while(Result::ok).collect()
    }

    /// Waits until it has no children.
    #[track_caller]
    pub(crate) fn without_children(&self) -> impl Future<Output = ()> {
        until(|| self.children().is_empty().then_some(()))
    }

    /// What it has logged with `needle` in it.
    pub(crate) fn logged(&self, needle: &str) -> Vec<String> {
        let said = self.process.said();
        let lines = said.lines().filter(|line| line.contains(needle));
        lines.map(str::to_owned).collect()
    }

    /// The first line of its log with `needle`, waited for.
    #[track_caller]
    pub(crate) fn logs(&self, needle: &str) -> impl Future<Output = String> {
        until(move || self.logged(needle).into_iter().next())
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&self) {
        self.process.signal(Signal::KILL);
    }
}

/// The anonymous memory of process `id` now, in KiB (proc_pid_status(5), RssAnon).
pub(crate) fn rss_anon_kib(id: u32) -> u64 {
    let path = format!("/proc/{id}/status");
    let status = fs::read_to_string(path).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    digits
        .and_then(|digits| digits.parse().ok())
        .expect("a number")
}
