//! What a test does to the programs of its stand beside starting them: odd ends for their input and
//! output, and looks at them from outside.

use std::fs;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pipe::{PipeFlags, pipe_with};

use super::patience;

/// The same command with its standard input closed.
pub(crate) fn no_input(command: &Command) -> Command {
    let mut closing = Command::new("sh");
    closing.args(["-c", r#"exec "$@" <&-"#, "sh"]);
    closing.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => closing.env(name, value),
            None => closing.env_remove(name),
        };
    }
    closing
}

/// A pipe as standard output that nobody reads until the test does.
pub(crate) fn held_pipe(command: &mut Command) -> OwnedFd {
    let (from, to) = private_pipe();
    command.stdout(Stdio::from(to));
    from
}

/// A pipe whose ends no program inherits unasked.
pub(crate) fn private_pipe() -> (OwnedFd, OwnedFd) {
    pipe_with(PipeFlags::CLOEXEC).expect("a pipe is to be had")
}

/// A shell that feeds a command what `script` prints.
pub(crate) fn feeding(script: &str, command: &mut Command) -> std::process::Child {
    let mut feeder = Command::new("sh");
    let feeder = feeder
        .args(["-c", script])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut feeder = feeder.spawn().expect("every system has a shell");
    let out = feeder.stdout.take().expect("it was asked for");
    command.stdin(Stdio::from(out));
    feeder
}

/// The anonymous memory of a process now, in KiB: what it holds itself, apart from files that it maps.
pub(crate) fn anonymous_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line.and_then(|rest| rest.trim().strip_suffix("kB"));
    number
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

/// Asks again and again until the answer is there; panics with `what` if it does not come.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what} does not come");
        // sleeps: nothing tells when it is there.
        thread::sleep(Duration::from_millis(5));
    }
}
