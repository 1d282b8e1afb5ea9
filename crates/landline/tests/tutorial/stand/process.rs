//! A process of a test: its output is kept as it comes, its end is waited for with a limit, and it
//! never outlives its test. It does not know what it runs.

use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};

use super::patience;

/// A running program.
pub(crate) struct Process {
    child: Child,
    pidfd: OwnedFd,
    stdin: Option<ChildStdin>,
    out: Arc<Kept>,
    err: Arc<Kept>,
}

/// How a program ended.
pub(crate) struct Finished {
    /// Its exit status, 128+n for signal n.
    pub(crate) code: i32,
    /// All that it wrote to stdout.
    pub(crate) out: Vec<u8>,
    /// All that it wrote to stderr.
    pub(crate) err: String,
}

impl Finished {
    /// Its stdout, which must be text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.out.clone()).expect("a test that asks for text expects text")
    }

    /// Panics unless it ended well and without a word on stderr.
    #[track_caller]
    pub(crate) fn well(self) -> Self {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{:?}", self.text());
        self
    }
}

impl Process {
    /// Starts `command` with pipes on all three of its ends.
    pub(crate) fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self::start_as_it_is(command)
    }

    /// Starts `command` with the ends that were chosen for it: what comes out of a pipe is kept.
    pub(crate) fn start_as_it_is(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program is there");
        let out = child.stdout.take().map_or_else(Kept::nothing, Kept::of);
        let err = child.stderr.take().map_or_else(Kept::nothing, Kept::of);
        let pidfd = pidfd_open(pid_of(child.id()), PidfdFlags::empty()).expect("it is our child");
        Self {
            stdin: child.stdin.take(),
            child,
            pidfd,
            out,
            err,
        }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Types `input` and leaves stdin open.
    pub(crate) fn type_in(&mut self, input: &str) {
        let stdin = self.stdin.as_mut().expect("input has not ended");
        stdin
            .write_all(input.as_bytes())
            .expect("it reads its input");
    }

    /// Closes its stdin.
    pub(crate) fn end_input(&mut self) {
        self.stdin = None;
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(pid_of(self.id()), signal).expect("it has not been waited for");
    }

    /// The first line of stderr with `needle` in it, waited for.
    #[track_caller]
    pub(crate) fn says(&self, needle: &str) -> String {
        self.err
            .line_with(needle, 1)
            .unwrap_or_else(|all| panic!("no {needle:?} in stderr: {all}"))
    }

    /// The first line of stdout with `needle` in it, waited for.
    #[track_caller]
    pub(crate) fn shows(&self, needle: &str) -> String {
        self.out
            .line_with(needle, 1)
            .unwrap_or_else(|all| panic!("no {needle:?} in stdout: {all}"))
    }

    /// Waits until `needle` is in `count` lines of stderr.
    #[track_caller]
    pub(crate) fn says_times(&self, needle: &str, count: usize) {
        let found = self.err.line_with(needle, count);
        found.unwrap_or_else(|all| panic!("not {count} times {needle:?} in stderr: {all}"));
    }

    /// What stands on stderr now.
    pub(crate) fn said(&self) -> String {
        self.err.now()
    }

    /// True once it has ended, waiting for that for at most `limit`.
    pub(crate) fn ends_within(&self, limit: Duration) -> bool {
        ended(&self.pidfd, limit)
    }

    /// Closes its input, waits for its end and takes what it wrote.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Finished {
        self.stdin = None;
        if !self.ends_within(patience()) {
            panic!(
                "it does not end; stdout: {}, stderr: {}",
                self.out.now(),
                self.err.now()
            );
        }
        use std::os::unix::process::ExitStatusExt;
        let status = self.child.wait().expect("it is our child");
        let code = status.code().or(status.signal().map(|number| 128 + number));
        Finished {
            code: code.expect("it exited or was ended by a signal"),
            out: self.out.whole(),
            err: String::from_utf8_lossy(&self.err.whole()).into_owned(),
        }
    }

    /// Gives it `input` while its output is read, then as [`Process::finish`].
    #[track_caller]
    pub(crate) fn finish_with(mut self, input: impl Into<Vec<u8>>) -> Finished {
        let mut stdin = self.stdin.take().expect("input has not ended");
        let input = input.into();
        // Who ends without reading its input ends the writing too.
        let feeder = thread::spawn(move || stdin.write_all(&input).is_ok());
        let finished = self.finish();
        feeder.join().expect("the feeder does not panic");
        finished
    }
}

impl Drop for Process {
    /// Ends it politely, so that it clears up behind it, then with SIGKILL.
    fn drop(&mut self) {
        for wait_ms in [200, 3000] {
            if self.ends_within(Duration::ZERO) {
                break;
            }
            self.signal(Signal::TERM);
            self.ends_within(Duration::from_millis(wait_ms));
        }
        // It may have ended: then there is nothing to kill, and only the wait is left.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// True once process `id`, anyone's child, is gone, waiting for that for at most `limit`.
pub(crate) fn gone_within(id: u32, limit: Duration) -> bool {
    pidfd_open(pid_of(id), PidfdFlags::empty()).map_or(true, |pidfd| ended(&pidfd, limit))
}

fn ended(pidfd: impl AsFd, limit: Duration) -> bool {
    let limit = Timespec::try_from(limit).expect("a wait of seconds");
    let mut ends = [PollFd::new(&pidfd, PollFlags::IN)];
    poll(&mut ends, Some(&limit)).is_ok_and(|count| count > 0)
}

fn pid_of(id: u32) -> Pid {
    let id = i32::try_from(id).expect("a process id is an i32");
    Pid::from_raw(id).expect("no process has the id 0")
}

/// What came out of a pipe so far.
#[derive(Default)]
struct Kept {
    state: Mutex<(Vec<u8>, bool)>,
    news: Condvar,
}

impl Kept {
    /// Of what is no pipe, and has ended as far as a test sees.
    fn nothing() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new((Vec::new(), true)),
            news: Condvar::new(),
        })
    }

    fn of(mut pipe: impl Read + Send + 'static) -> Arc<Self> {
        let kept = Arc::new(Self::default());
        let filled = Arc::clone(&kept);
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let count = pipe.read(&mut buffer).unwrap_or(0);
                let mut state = filled.state.lock().expect("no reader panics");
                state.0.extend_from_slice(&buffer[..count]);
                state.1 = count == 0;
                filled.news.notify_all();
                if count == 0 {
                    break;
                }
            }
        });
        kept
    }

    /// The first line with `needle`, once there are `count` such lines, or all there is when they
    /// do not come.
    fn line_with(&self, needle: &str, count: usize) -> Result<String, String> {
        let mut found = None;
        let text = self.wait_until(|text, _| {
            let whole_lines = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
            let mut lines = whole_lines.lines().filter(|line| line.contains(needle));
            found = lines.next().map(str::to_owned);
            found.is_some() && lines.count() + 1 >= count
        });
        text.and(found.ok_or_else(String::new))
    }

    /// All of it, once the pipe has closed.
    #[track_caller]
    fn whole(&self) -> Vec<u8> {
        let closed = self.wait_until(|_, ended| ended);
        closed.expect("nothing of the program still holds its output");
        std::mem::take(&mut self.state.lock().expect("no reader panics").0)
    }

    fn now(&self) -> String {
        String::from_utf8_lossy(&self.state.lock().expect("no reader panics").0).into_owned()
    }

    fn wait_until(&self, mut there: impl FnMut(&str, bool) -> bool) -> Result<(), String> {
        let deadline = Instant::now() + patience();
        let mut state = self.state.lock().expect("no reader panics");
        loop {
            let text = String::from_utf8_lossy(&state.0);
            if there(&text, state.1) {
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || state.1 {
                return Err(text.into_owned());
            }
            state = self
                .news
                .wait_timeout(state, left)
                .expect("no reader panics")
                .0;
        }
    }
}
