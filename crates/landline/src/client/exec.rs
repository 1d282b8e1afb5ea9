//! A command on another machine: what is asked for, its streams while it runs, and its end. It does
//! not know how the line was made.

use std::ffi::OsString;
use std::marker::PhantomData;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use bytes::Bytes;
use landline_frame::landline1::{Args, Done, Ending, ExecCall, Stream, WINDOW_BYTES_FIRST};

use super::call_error::CallError;
use super::line::Line;
use super::stream_call::{CallGuard, CallInput, CallOutput, while_sending};
use crate::signal_names;

/// What to run on another machine.
#[derive(Clone, Debug, Default)]
pub struct ExecRequest {
    /// The program and its arguments, each of which arrives as it is; or with `shell` one line.
    pub argv: Vec<OsString>,
    /// Variables for the program. The server takes only names of its list.
    pub env: Vec<(OsString, OsString)>,
    /// Where the program starts, on the server.
    pub dir: Option<String>,
    /// How long it may run before the server ends it.
    pub timeout: Option<Duration>,
    /// Whether `argv` is one line for `/bin/sh -c`.
    pub shell: bool,
    /// Whether the program gets bytes on its standard input. Otherwise that is empty.
    pub stdin: bool,
}

/// A command that runs. Dropping it ends the command.
///
/// Take [`out`](Self::out) and [`err`](Self::err) while it runs, both: what is not taken holds the
/// program up, as a full pipe does.
pub struct ExecRunning<'line> {
    /// Its standard input, where one was asked for. Dropping it ends the input.
    pub stdin: Option<CallInput<'line>>,
    /// Its standard output.
    pub out: CallOutput<'line>,
    /// Its standard error.
    pub err: CallOutput<'line>,
    /// Its signals and its end.
    pub handle: ExecHandle<'line>,
}

/// The end of a command that runs, and signals to it. Dropping it ends the command.
pub struct ExecHandle<'line> {
    guard: CallGuard,
    line: PhantomData<&'line mut Line>,
}

/// How a command ended, said after the last byte of both its streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecDone {
    /// How the program ended.
    pub status: ExecStatus,
    /// Whether its time was over before.
    pub timed_out: bool,
    /// How many bytes came on its standard output.
    pub out_bytes: u64,
    /// How many bytes came on its standard error.
    pub err_bytes: u64,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecStatus {
    /// By itself, with this status.
    Exit(i32),
    /// By the signal of this name, such as `KILL`.
    Signal(String),
}

/// A command's end and all that it wrote.
#[derive(Clone, Debug)]
pub struct ExecOutput {
    /// How it ended.
    pub done: ExecDone,
    /// What it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error.
    pub stderr: Vec<u8>,
}

impl ExecRequest {
    /// A program and its arguments, without input, where the server runs.
    pub fn new(argv: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    fn args(&self) -> Result<Args, CallError> {
        let words = self.argv.iter().map(|word| word.as_bytes());
        let env = self.env.iter();
        Ok(Args::new(
            words,
            env.map(|(name, value)| (name.as_bytes(), value.as_bytes())),
        )?)
    }

    fn call(&self) -> ExecCall {
        let timeout = self.timeout.map(|timeout| timeout.as_millis());
        ExecCall {
            args: 0,
            env: 0,
            dir: self.dir.clone(),
            timeout_ms: timeout.map(|ms| u64::try_from(ms).unwrap_or(u64::MAX)),
            shell: self.shell,
            stdin: self.stdin,
            window: WINDOW_BYTES_FIRST,
        }
    }
}

impl Line {
    /// Runs a program there. It has started once this returns.
    ///
    /// # Errors
    /// The server refused (`not-granted`, `program-missing` and so on): nothing has run then. Or the line
    /// ended: whether the program has started nobody knows.
    pub async fn exec(&mut self, request: &ExecRequest) -> Result<ExecRunning<'_>, CallError> {
        let (args, call) = (request.args()?, request.call());
        let number = self.begin(|session| session.exec(call, &args)).await?;
        let link = self.link.clone();
        let guard = CallGuard::new(link.clone(), number);
        self.answer().await?;
        let input = CallInput::new(link.clone(), number);
        Ok(ExecRunning {
            stdin: request.stdin.then_some(input),
            out: CallOutput::new(link.clone(), number, Stream::Out),
            err: CallOutput::new(link, number, Stream::Err),
            handle: ExecHandle {
                guard,
                line: PhantomData,
            },
        })
    }

    /// Runs a program there, gives it `input`, whether or not `request` asks for one, and collects all that
    /// it writes.
    ///
    /// # Errors
    /// As those of [`Line::exec`]; or the line ended while it ran.
    pub async fn run(
        &mut self,
        request: &ExecRequest,
        input: impl Into<Bytes>,
    ) -> Result<ExecOutput, CallError> {
        let input = input.into();
        let mut request = request.clone();
        request.stdin |= !input.is_empty();
        let ExecRunning {
            stdin,
            out,
            err,
            handle,
        } = self.exec(&request).await?;
        let collecting = async { tokio::try_join!(out.collect(), err.collect(), handle.done()) };
        let (stdout, stderr, done) = while_sending(stdin, input, collecting).await?;
        Ok(ExecOutput {
            done,
            stdout,
            stderr,
        })
    }
}

impl ExecHandle<'_> {
    /// Sends the program the signal of this name, at once, whatever the streams wait for: `HUP`, `INT`,
    /// `QUIT`, `KILL`, `USR1`, `USR2` or `TERM`. Another, and one for a program that has ended, means
    /// nothing.
    pub fn signal(&self, name: &str) {
        self.guard.send(|session| session.signal(name));
    }

    /// Ends the program: SIGTERM, and SIGKILL a second later. Its end still comes.
    pub fn cancel(&self) {
        self.guard.send(|session| session.cancel());
    }

    /// Waits for the program's end. Both streams must be taken meanwhile.
    ///
    /// # Errors
    /// The call failed there, or the line ended.
    pub async fn done(self) -> Result<ExecDone, CallError> {
        let done = self.guard.done().await?;
        Ok(ExecDone::of(done))
    }

    /// As [`ExecHandle::done`], for whoever still has signals to send.
    ///
    /// # Errors
    /// The call failed there, or the line ended.
    pub async fn wait(&self) -> Result<ExecDone, CallError> {
        Ok(ExecDone::of(self.guard.done().await?))
    }
}

impl ExecDone {
    fn of(done: Done) -> Self {
        let status = match done.ending {
            Some(Ending::Signal(name)) => ExecStatus::Signal(name),
            Some(Ending::Exit(status)) => ExecStatus::Exit(status),
            None => unreachable!("the session refuses a DONE of exec without an ending"),
        };
        Self {
            status,
            timed_out: done.timed_out,
            out_bytes: done.out,
            err_bytes: done.err,
        }
    }
}

impl ExecStatus {
    /// The status as a shell has it: the program's own, or 128 and the signal's number.
    pub fn code(&self) -> i32 {
        match self {
            Self::Exit(status) => *status,
            Self::Signal(name) => 128 + signal_names::number(name).unwrap_or_default(),
        }
    }
}
