//! What `command` and the line that carries it say to each other: the request, the three streams,
//! the controls and the end. It does not know how frames look, or how a program is run.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::call::BoxFuture;

/// What to run, and how. All of it came from the peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandRequest {
    /// The program and its arguments, each passed on as it is. With `shell` the one line.
    pub argv: Vec<OsString>,
    /// Variables for the program; each has to be allowed by the server.
    pub env: Vec<(OsString, OsString)>,
    /// Where the program starts. Relative to, and by default, where the server runs.
    pub dir: Option<PathBuf>,
    /// How long it may run.
    pub timeout: Option<Duration>,
    /// Whether `argv` is one line for `/bin/sh -c`.
    pub shell: bool,
    /// Whether the peer sends stdin. Otherwise that is `/dev/null`.
    pub stdin: bool,
}

/// A word of the peer to the program that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// This signal to the command's process group, by its Linux number: 1 (HUP), 2 (INT), 3 (QUIT),
    /// 9 (KILL), 10 (USR1), 12 (USR2) or 15 (TERM). Any other is ignored.
    Signal(i32),
    /// End it: SIGTERM, and SIGKILL once [`KILL_GRACE`](super::KILL_GRACE) is over.
    Cancel,
}

/// The peer's stdin.
pub trait CommandInput: Send {
    /// The next bytes, at least one; none at the end. Credit for them is given back as they are
    /// taken. Called again only once the bytes before have gone into the program's pipe, so that
    /// nothing is held but one such piece. An error is the line's, and ends the command.
    ///
    /// It is dropped at the end, and before that when the program takes no stdin any more: what
    /// still comes then is of no use to anybody.
    fn next(&mut self) -> BoxFuture<'_, io::Result<Bytes>>;
}

/// Which of the two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputStream {
    /// stdout.
    Out,
    /// stderr.
    Err,
}

/// One output stream on its way to the peer. A command has two, so that neither waits for the other.
pub trait CommandOutput: Send {
    /// Sends the bytes whole, waiting for credit as long as that takes; they may be more than any
    /// credit at once. At most [`CHUNK_BYTES_MAX`](super::CHUNK_BYTES_MAX). An error is the line's,
    /// and ends the command.
    ///
    /// No bytes at all are the stream's end, said once and needing no credit. It comes for both
    /// streams before [`CommandDone`], except when the peer has cancelled and does not take what is
    /// left.
    fn send(&mut self, stream: OutputStream, bytes: Bytes) -> BoxFuture<'_, io::Result<()>>;
}

/// One command of a peer, and the ways to and from it.
pub struct CommandCall {
    /// What to run.
    pub request: CommandRequest,
    /// stdin, if the request says so.
    pub input: Box<dyn CommandInput>,
    /// Where stdout goes.
    pub out: Box<dyn CommandOutput>,
    /// Where stderr goes.
    pub err: Box<dyn CommandOutput>,
    /// Signals and the like, heeded at once whatever the streams wait for. Once the other half is
    /// dropped no more come, and the command runs on.
    pub controls: mpsc::Receiver<Control>,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandEnd {
    /// By itself, with this status: 0 to 255.
    Exit(i32),
    /// By this signal, a Linux number.
    Signal(i32),
}

/// That a command is over, said after the last byte of both streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandDone {
    /// How the program ended.
    pub end: CommandEnd,
    /// Whether its time was over before.
    pub timed_out: bool,
}

/// Why a command has no end to tell of. But for the last, nothing has run.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No such program: 127 for a shell.
    #[error("there is no such program")]
    ProgramMissing,
    /// The program is there, and this user may not run it, or the system cannot: 126 for a shell.
    #[error("the program cannot be executed")]
    NotExecutable,
    /// The folder to start in is missing, or none, or closed to this user.
    #[error("there is no such folder to run in")]
    DirMissing,
    /// A variable of this name is not taken from a peer. Escaped, so that it can be shown.
    #[error("the variable {0} is not taken from a peer")]
    EnvRefused(String),
    /// The arguments and variables are longer than the kernel takes (execve(2), E2BIG): all of them
    /// together, or one of 128 KiB.
    #[error("the arguments and variables are too long")]
    TooLarge,
    /// The request makes no sense, whoever runs it.
    #[error("{0}")]
    Malformed(&'static str),
    /// The program did not start: no process, memory or file descriptor to be had.
    #[error("the program cannot be started: {0}")]
    Start(io::Error),
    /// The line broke while the program ran, which was ended.
    #[error("the line broke: {0}")]
    Line(io::Error),
}
