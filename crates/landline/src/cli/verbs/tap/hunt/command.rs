//! Runs a command once, in a process group of its own, which is ended as a whole when the command has
//! ended or its time is over. It does not know what the command is for.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::kept::Kept;

/// The variable that tells a command where the tap is.
pub(super) const VARIABLE: &str = "LANDLINE_TAP_ADDRESS";

/// How long a group has to end by itself when its time is over, before it is killed.
const TERM_GRACE: Duration = Duration::from_millis(200);

/// How long output is waited for when the command has ended: what it started may hold its pipes.
const OUTPUT_WAIT: Duration = Duration::from_millis(100);

/// How a command ran.
#[derive(Clone)]
pub(super) struct Ran {
    /// How it ended; `None`: its time was over.
    pub(super) status: Option<ExitStatus>,
    /// What it put out.
    pub(super) out: Kept,
    /// What it said on standard error.
    pub(super) err: Kept,
    /// How long it took.
    pub(super) time: Duration,
}

/// The words of a command that calls `address`: it takes the place of `{}`.
pub(super) fn words_for(words: &[OsString], address: &str) -> Vec<OsString> {
    words.iter().map(|word| word_for(word, address)).collect()
}

fn word_for(word: &OsStr, address: &str) -> OsString {
    let (mut rest, mut out) = (word.as_bytes(), Vec::new());
    while let Some(at) = rest.windows(2).position(|pair| pair == b"{}") {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(address.as_bytes());
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
    OsString::from_vec(out)
}

/// Runs `words` for at most `time_max`. When the future is dropped the group is killed.
pub(super) async fn run(words: &[OsString], address: &str, time_max: Duration) -> io::Result<Ran> {
    let start = Instant::now();
    let mut group = Group::start(words, address)?;
    let (stdout, stderr) = group.pipes()?;
    let (mut out, mut err) = (Kept::default(), Kept::default());
    let in_time = {
        let both = async { tokio::join!(out.take_all(stdout), err.take_all(stderr)) };
        let mut life = Life {
            ended: group.ended(),
            is_over: false,
            reading: Box::pin(async {
                both.await;
            }),
            is_read: false,
        };
        let in_time = timeout(time_max, life.end()).await.is_ok();
        if !in_time {
            group.signal(Signal::TERM);
            // Either way it is killed next.
            let _ = timeout(TERM_GRACE, life.end()).await;
        } else {
            life.read().await;
        }
        group.signal(Signal::KILL);
        life.end().await;
        life.read().await;
        in_time
    };
    let status = group.reap()?;
    Ok(Ran {
        status: in_time.then_some(status),
        out,
        err,
        time: start.elapsed(),
    })
}

/// What is waited for of a command.
struct Life<Reading> {
    ended: JoinHandle<()>,
    is_over: bool,
    reading: Reading,
    is_read: bool,
}

impl<Reading: Future<Output = ()> + Unpin> Life<Reading> {
    /// Reads until the command has ended.
    async fn end(&mut self) {
        while !self.is_over {
            tokio::select! {
                _ = &mut self.ended => self.is_over = true,
                () = &mut self.reading, if !self.is_read => self.is_read = true,
            }
        }
    }

    /// Reads what is still to come, for a while.
    async fn read(&mut self) {
        if !self.is_read {
            self.is_read = timeout(OUTPUT_WAIT, &mut self.reading).await.is_ok();
        }
    }
}

/// A command and what it starts, as long as that stays in its process group. Killed on drop.
struct Group {
    leader: Child,
    is_reaped: bool,
}

impl Group {
    fn start(words: &[OsString], address: &str) -> io::Result<Self> {
        let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env(VARIABLE, address)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        Ok(Self {
            leader: command.spawn()?,
            is_reaped: false,
        })
    }

    fn pipes(&mut self) -> io::Result<(ChildStdout, ChildStderr)> {
        let (out, err) = (self.leader.stdout.take(), self.leader.stderr.take());
        let out = out.expect("it was started with a pipe");
        let err = err.expect("it was started with a pipe");
        Ok((ChildStdout::from_std(out)?, ChildStderr::from_std(err)?))
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.leader)
    }

    /// Resolves when the leader has ended. It is not reaped, so that its number stays the group's
    /// until the group is killed.
    fn ended(&self) -> JoinHandle<()> {
        let pid = self.pid();
        tokio::task::spawn_blocking(move || {
            // Fails only for who is no child, and this one is not reaped before.
            let _ = waitid(
                WaitId::Pid(pid),
                WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
            );
        })
    }

    /// Signals everybody in the group.
    fn signal(&self, signal: Signal) {
        // Everybody may have ended, or belong to another user now.
        let _ = kill_process_group(self.pid(), signal);
    }

    fn reap(mut self) -> io::Result<ExitStatus> {
        self.is_reaped = true;
        self.leader.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.is_reaped {
            self.signal(Signal::KILL);
            // It was killed: that does not take long.
            let _ = self.leader.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn shell(line: &str) -> Vec<OsString> {
        ["/bin/sh", "-c", line].map(OsString::from).to_vec()
    }

    #[test]
    fn the_address_stands_wherever_it_was_asked_for() {
        let check = |word: &str, expected: &str| {
            assert_eq!(word_for(word.as_ref(), "unix:s"), OsString::from(expected));
        };
        check("{}", "unix:s");
        check("--at={},{}", "--at=unix:s,unix:s");
        check("{ }{", "{ }{");
        check("{{}}", "{unix:s}");
    }

    #[tokio::test]
    async fn a_command_knows_the_address_and_its_ends_are_kept() {
        let words = words_for(
            &shell("echo $LANDLINE_TAP_ADDRESS; echo {} >&2; exit 7"),
            "unix:s",
        );
        let ran = run(&words, "unix:s", LONG).await.expect("sh is there");
        assert_eq!(ran.status.and_then(|it| it.code()), Some(7));
        assert_eq!(
            (ran.out.end(), ran.err.end()),
            (&b"unix:s\n"[..], &b"unix:s\n"[..])
        );
        let killed = run(&shell("kill -9 $$"), "", LONG)
            .await
            .expect("sh is there");
        assert_eq!(killed.status.and_then(|it| it.signal()), Some(9));
        assert!(run(&["/nonexistent".into()], "", LONG).await.is_err());
    }

    #[tokio::test]
    async fn a_group_ends_when_its_time_is_over_whatever_it_ignores() {
        let stubborn = "trap '' TERM; echo $$; sleep 1000 & echo $!; wait; sleep 1000";
        let limit = Duration::from_millis(300);
        let ran = run(&shell(stubborn), "", limit).await.expect("sh is there");
        assert!(ran.status.is_none() && ran.time < LONG);
        let pids = String::from_utf8(ran.out.end().to_vec()).expect("numbers");
        assert_eq!(pids.lines().count(), 2, "{pids}");
        for pid in pids.lines() {
            assert!(is_gone(pid).await, "{pid}");
        }
    }

    #[tokio::test]
    async fn what_a_command_leaves_behind_does_not_outlive_it() {
        let ran = run(&shell("sleep 1000 & echo $!"), "", LONG)
            .await
            .expect("sh is there");
        assert_eq!(ran.status.and_then(|it| it.code()), Some(0));
        let pid = String::from_utf8(ran.out.end().to_vec()).expect("a number");
        assert!(is_gone(pid.trim()).await, "{pid}");
    }

    /// Whether a process is gone, or waits for its new parent to notice: soon, since it was killed.
    async fn is_gone(pid: &str) -> bool {
        let give_up_at = Instant::now() + LONG;
        loop {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
            if stat.map_or(true, |stat| stat.contains(") Z ")) {
                return true;
            }
            if Instant::now() > give_up_at {
                return false;
            }
            tokio::task::yield_now().await;
        }
    }
}
