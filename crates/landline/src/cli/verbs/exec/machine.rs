//! `exec HOST`: a program on a machine that one trusts. Its streams are this program's, and its end is
//! this program's exit status.

use std::future::pending;
use std::io;
use std::process::ExitCode;

use bytes::Bytes;
use landline::{CallInput, CallOutput, ExecDone, ExecRunning};

use super::events::{Events, Pieces};
use super::failure::Failure;
use super::input::Input;
use super::output::Output;
use super::request::request;
use super::signals::Signals;
use crate::cli::arguments::ExecArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::secure;

/// The status when --timeout ended the command, as timeout(1) has it.
const TIMED_OUT: u8 = 124;

/// Runs what was typed to its end.
pub(super) async fn run(arguments: &ExecArguments, ui: &Ui) -> Result<ExitCode, Ending> {
    let events = ui.json().then(Events::new).transpose();
    let events = events.map_err(Ending::output)?;
    let ended = attempt(arguments, ui, events.as_ref()).await;
    if let (Some(events), Err(failure)) = (&events, &ended) {
        events.failed(failure, ui).await.map_err(Ending::output)?;
    }
    ended.map(ExitCode::from).map_err(|failure| failure.ending)
}

async fn attempt(
    arguments: &ExecArguments,
    ui: &Ui,
    events: Option<&Events>,
) -> Result<u8, Failure> {
    let input = Input::open().map_err(Ending::input)?;
    let request = request(arguments, input.is_some())?;
    let mut line = secure::dial(&arguments.place).await?;
    if let Some(events) = events {
        let started = events.started(&arguments.place, &line).await;
        started.map_err(Ending::output)?;
    }
    // Until here a signal ends this program as any other. What follows is done while the request
    // travels.
    let (running, signals) = tokio::join!(line.exec(&request), async {
        tokio::task::yield_now().await;
        Signals::take()
    });
    let running = running.map_err(|error| Failure::of(arguments, error))?;
    let signals = signals.map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    let run = Run {
        arguments,
        ui,
        events,
    };
    let done = run.attend(running, input, signals).await?;
    let status = run.status(&done).await?;
    line.leave().await;
    Ok(status)
}

/// One command that runs.
struct Run<'a> {
    arguments: &'a ExecArguments,
    ui: &'a Ui,
    events: Option<&'a Events>,
}

impl Run<'_> {
    /// Passes on the streams and the signals until the command has ended and all that it wrote is
    /// with whoever reads it here.
    async fn attend(
        &self,
        running: ExecRunning<'_>,
        input: Option<Input>,
        mut signals: Signals,
    ) -> Result<ExecDone, Failure> {
        let ExecRunning {
            stdin,
            out,
            err,
            handle,
        } = running;
        let (to_out, to_err) = self.sinks().map_err(Ending::output)?;
        let flowing = async {
            let flown = tokio::try_join!(flow(out, to_out), flow(err, to_err));
            flown.map_err(Ending::output)?;
            let done = handle.wait().await;
            done.map_err(|error| Failure::of(self.arguments, error))
        };
        tokio::select! {
            biased;
            done = flowing => done,
            error = feed(input, stdin) => Err(Ending::input(error).into()),
            ending = signals.pass(&handle, &self.arguments.place, self.ui) => Err(ending.into()),
        }
    }

    fn sinks(&self) -> io::Result<(Sink<'_>, Sink<'_>)> {
        Ok(match self.events {
            Some(events) => (
                Sink::Events(Pieces::new(events, "stdout")),
                Sink::Events(Pieces::new(events, "stderr")),
            ),
            None => (Sink::Own(Output::stdout()?), Sink::Own(Output::stderr()?)),
        })
    }

    /// The exit status for a command that ended so.
    async fn status(&self, done: &ExecDone) -> Result<u8, Ending> {
        let own = u8::try_from(done.status.code()).unwrap_or(u8::MAX);
        let status = if done.timed_out { TIMED_OUT } else { own };
        if let Some(events) = self.events {
            events.done(done, status).await.map_err(Ending::output)?;
        } else if done.timed_out
            && let Some(timeout) = self.arguments.timeout
        {
            let timeout = humantime::format_duration(timeout).to_string();
            self.ui.summary("exec-timed-out", &[("timeout", timeout)]);
        }
        Ok(status)
    }
}

/// Where a stream of the command goes.
enum Sink<'a> {
    Own(Output),
    Events(Pieces<'a>),
}

impl Sink<'_> {
    async fn write(&mut self, bytes: Bytes) -> io::Result<()> {
        match self {
            Self::Own(output) => output.write(bytes).await,
            Self::Events(pieces) => pieces.write(bytes).await,
        }
    }

    async fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Own(output) => output.finish().await,
            Self::Events(pieces) => pieces.finish().await,
        }
    }
}

/// Passes on a stream to its end. Each piece is taken once the one before is written, or about to be:
/// so a slow reader here slows the command there. An error is our own output's; that the line broke,
/// the command's end tells.
async fn flow(mut from: CallOutput<'_>, mut to: Sink<'_>) -> io::Result<()> {
    while let Ok(bytes) = from.next().await
        && !bytes.is_empty()
    {
        to.write(bytes).await?;
    }
    to.finish().await
}

/// Passes on standard input, and resolves when that cannot be read only. What the command does not
/// take is not read.
async fn feed(input: Option<Input>, to: Option<CallInput<'_>>) -> io::Error {
    if let (Some(mut input), Some(mut to)) = (input, to) {
        loop {
            match input.next().await {
                Ok(bytes) if bytes.is_empty() => break,
                Ok(bytes) => {
                    if to.send(bytes).await.is_err() {
                        // The command's end tells why.
                        break;
                    }
                }
                Err(error) => return error,
            }
        }
    }
    pending().await
}
