//! Runs one command line: starts a shell, drains both of its streams at once, sees it end. It does
//! not know who asked or where the output goes.

use std::future::poll_fn;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::task::{Context, Poll, ready};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::spool::{BUFFER_BYTES, Spool};
use crate::process::{self, HOLDERS_WAIT_MAX, Started, Tree, Trees, watch};

/// The shell, by its absolute path: only then does the standard library use posix_spawn(3), whose
/// cost does not grow with this process's memory, for a child with a changed environment.
const SHELL: &str = "/bin/sh";

/// How much is taken of a stream before other calls get their turn.
const TURN_BYTES: usize = BUFFER_BYTES;

/// Why a command has no output to reply with. All but the third are the machine's fault.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    /// The shell did not start: no process, memory, or file descriptor to be had.
    #[error("the shell cannot be started: {0}")]
    Start(io::Error),
    /// The output could not be held.
    #[error("the output cannot be held: {0}")]
    Hold(#[from] io::Error),
    /// There was more output than may be held.
    #[error("the command was ended, since its output is longer than {0} bytes")]
    TooLong(u64),
}

/// What a command said.
#[derive(Default)]
pub(super) struct Output {
    pub(super) stderr: Spool,
    pub(super) stdout: Spool,
}

impl Output {
    /// How many bytes both hold.
    pub(super) fn len(&self) -> u64 {
        self.stderr.len() + self.stdout.len()
    }
}

/// Runs `line` and returns its output once it has ended. If this is dropped before, or returns, the
/// command and all that it started are ended.
pub(super) async fn run(
    trees: &'static Trees,
    line: &str,
    output_max: u64,
) -> Result<Output, RunError> {
    let mut tree = trees.plant();
    let mut running = start(&mut tree, line).await.map_err(RunError::Start)?;
    let tidying = tree.tidy();
    tokio::select! {
        biased;
        ended = running.end(output_max) => ended?,
        () = tidying => unreachable!("it never resolves"),
    }
    Ok(Output {
        stderr: running.stderr.spool,
        stdout: running.stdout.spool,
    })
}

/// A shell that runs.
struct Running {
    end: AsyncFd<OwnedFd>,
    stderr: Stream,
    stdout: Stream,
}

/// Starts the shell.
async fn start(tree: &mut Tree, line: &str) -> io::Result<Running> {
    let mut command = Command::new(SHELL);
    // Behind `--` a line that begins with `-` is a command and no option.
    command.args(["-c", "--", line]);
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let Started { mut child, end } = process::start(tree, &mut command).await?;
    let pipes = (child.stderr.take(), child.stdout.take());
    let (Some(stderr), Some(stdout)) = pipes else {
        unreachable!("both were asked for");
    };
    Ok(Running {
        end,
        stderr: Stream::new(stderr.into())?,
        stdout: Stream::new(stdout.into())?,
    })
}

impl Running {
    /// Drains both streams until the shell has ended and nobody holds them any more, or has held
    /// them for too long.
    async fn end(&mut self, output_max: u64) -> Result<(), RunError> {
        let Self {
            end,
            stderr,
            stdout,
        } = self;
        let mut drained = pin!(poll_fn(|cx| poll_drain(stderr, stdout, output_max, cx)));
        // A pidfd is readable once its process has ended (pidfd_open(2)).
        let mut shell_ended = pin!(end.readable());
        tokio::select! {
            biased;
            result = &mut drained => {
                result?;
                drop(shell_ended.await?);
            }
            ready = &mut shell_ended => {
                drop(ready?);
                // If somebody holds them still, what came until then is the reply.
                if let Ok(result) = tokio::time::timeout(HOLDERS_WAIT_MAX, drained).await {
                    result?;
                }
            }
        }
        Ok(())
    }
}

/// Whichever stream fills up first, neither keeps the other waiting: read one after the other,
/// either order can deadlock.
fn poll_drain(
    stderr: &mut Stream,
    stdout: &mut Stream,
    output_max: u64,
    cx: &mut Context<'_>,
) -> Poll<Result<(), RunError>> {
    let ended = (stderr.poll_drain(cx)?, stdout.poll_drain(cx)?);
    if stderr.spool.len() + stdout.spool.len() > output_max {
        return Poll::Ready(Err(RunError::TooLong(output_max)));
    }
    match ended {
        (Poll::Ready(()), Poll::Ready(())) => Poll::Ready(Ok(())),
        _ => Poll::Pending,
    }
}

/// One stream of the command: its pipe, until that has ended, and what came out of it.
struct Stream {
    pipe: Option<AsyncFd<OwnedFd>>,
    spool: Spool,
}

impl Stream {
    fn new(pipe: OwnedFd) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&pipe, true)?;
        Ok(Self {
            pipe: Some(watch(pipe, Interest::READABLE)?),
            spool: Spool::default(),
        })
    }

    /// Takes what is there, about [`TURN_BYTES`] at most. Ready at
    /// the pipe's end.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut taken = 0;
        while let Some(pipe) = &self.pipe {
            if taken >= TURN_BYTES {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let mut ready = ready!(pipe.poll_read_ready(cx))?;
            match ready.try_io(|pipe| self.spool.take(pipe.get_ref().as_fd())) {
                Ok(Ok(0)) => self.pipe = None,
                Ok(Ok(count)) => taken += count,
                Ok(Err(error)) => return Poll::Ready(Err(error)),
                Err(_would_block) => {}
            }
        }
        Poll::Ready(Ok(()))
    }
}
