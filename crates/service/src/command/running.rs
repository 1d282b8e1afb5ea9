//! A program that runs for a peer: its streams, signals, clocks and end side by side. It does not
//! know how it was found, or which line the peer is on.

use std::future::pending;
use std::io;
use std::os::fd::OwnedFd;
use std::pin::pin;
use std::time::Duration;

use tokio::io::unix::AsyncFd;
use tokio::sync::SetOnce;
use tokio::time::Instant;

use super::inflow::Inflow;
use super::outflow::Outflow;
use super::warden::{Warden, time_over_at};
use super::wire::{CommandCall, CommandDone, CommandEnd, CommandError, CommandInput, OutputStream};
use crate::process::{Started, Tree};

/// A program that has started. Dropped, or once it is over, the program and all that it started are
/// ended within a second, by SIGTERM and then SIGKILL.
pub struct Running {
    tree: Tree,
    end: AsyncFd<OwnedFd>,
    /// None where the peer sends none.
    stdin: Option<Inflow>,
    stdout: Outflow,
    stderr: Outflow,
    time_over_at: Option<Instant>,
}

impl Running {
    pub(super) fn new(tree: Tree, started: Started, timeout: Option<Duration>) -> io::Result<Self> {
        let Started { mut child, end } = started;
        let pipes = (child.stdout.take(), child.stderr.take());
        let (Some(stdout), Some(stderr)) = pipes else {
            unreachable!("both were asked for");
        };
        let stdin = child.stdin.take().map(OwnedFd::from);
        Ok(Self {
            tree,
            end,
            stdin: stdin.map(Inflow::new).transpose()?,
            stdout: Outflow::new(stdout.into())?,
            stderr: Outflow::new(stderr.into())?,
            time_over_at: time_over_at(timeout),
        })
    }

    /// Serves the peer until the program has ended and all that it said has been sent. Others that
    /// hold its pipes have 2 s more. The call's request is the one that this was started with.
    ///
    /// # Errors
    /// The line broke.
    pub async fn attend(self, call: CommandCall) -> Result<CommandDone, CommandError> {
        self.attend_line(call).await.map_err(CommandError::Line)
    }

    async fn attend_line(self, call: CommandCall) -> io::Result<CommandDone> {
        let (mut out, mut err) = (call.out, call.err);
        let mut warden = Warden::new(&self.tree, &self.end, call.controls, self.time_over_at);
        let ended = SetOnce::new();
        let over = async {
            tokio::try_join!(
                self.stdout.flow(&mut *out, OutputStream::Out, &ended),
                self.stderr.flow(&mut *err, OutputStream::Err, &ended),
            )?;
            ended.wait().await;
            io::Result::Ok(())
        };
        tokio::select! {
            biased;
            given_up = warden.watch(&ended) => given_up?,
            over = pin!(over) => over?,
            error = feed(self.stdin, call.input) => return Err(error),
            () = self.tree.tidy() => unreachable!("it never resolves"),
        }
        Ok(CommandDone {
            end: end(&self.tree)?,
            timed_out: warden.timed_out(),
        })
    }
}

/// Passes stdin on, and resolves when the line breaks only.
async fn feed(stdin: Option<Inflow>, input: Box<dyn CommandInput>) -> io::Error {
    let Some(stdin) = stdin else {
        drop(input);
        return pending().await;
    };
    match stdin.flow(input).await {
        Err(error) => error,
        Ok(()) => pending().await,
    }
}

/// How the program ended, which it has.
fn end(tree: &Tree) -> io::Result<CommandEnd> {
    let status = tree.end().ok_or(io::ErrorKind::NotFound)?;
    let exit = status.exit_status().map(CommandEnd::Exit);
    let signal = || status.terminating_signal().map(CommandEnd::Signal);
    exit.or_else(signal).ok_or(io::ErrorKind::NotFound.into())
}
