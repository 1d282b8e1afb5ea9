//! `exec` at the server: joins a command to its call's streams, signals and end. It does not know
//! how a program is run, or who may.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use landline_frame::landline1::{
    Args, Code, Ending, ExecCall, Failure, Stream, WINDOW_BYTES_FIRST,
};
use landline_service::{
    BoxFuture, Command, CommandCall, CommandEnd, CommandError, CommandInput, CommandOutput,
    CommandRequest, Control, OutputStream,
};
use tokio::sync::mpsc;

use super::known::{Ended, KnownLine};
use super::need;
use crate::session::{LineEnded, Link, ServerSide};
use crate::signal_names;

/// The most bytes of stdin that are handed to a program at once.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// How many signals wait for a program that is being started.
const CONTROLS_MAX: usize = 16;

/// Runs what is asked for and serves the client until its end.
pub(super) async fn run(
    line: &KnownLine,
    commands: &Command,
    call: &ExecCall,
    args: &Args,
) -> Result<Ended, LineEnded> {
    let request = request(call, args);
    let running = match commands.start(&request).await {
        Ok(running) => running,
        Err(error) => return Ok(Ended::Failed(failure(&error))),
    };
    line.send(|side| side.session.accept(WINDOW_BYTES_FIRST))?;
    let (controls, heeded) = mpsc::channel(CONTROLS_MAX);
    let output = || Box::new(Output(line.link.clone()));
    let call = CommandCall {
        request,
        input: Box::new(Input(line.link.clone())),
        out: output(),
        err: output(),
        controls: heeded,
    };
    let done = tokio::select! {
        biased;
        done = running.attend(call) => done,
        never = pass_controls(&line.link, controls) => match never {},
    };
    let done = match done {
        Ok(done) => done,
        Err(error) => return Ok(Ended::Failed(failure(&error))),
    };
    for stream in [Stream::Out, Stream::Err] {
        // A client that cancelled may not have taken all; else both have ended.
        let _ = line.link.send_end(0, stream);
    }
    let ending = match done.end {
        CommandEnd::Exit(status) => Ending::Exit(status),
        CommandEnd::Signal(number) => Ending::Signal(signal_names::name(number)),
    };
    line.send(|side| side.session.send_done(Some(ending), done.timed_out))
}

fn request(call: &ExecCall, args: &Args) -> CommandRequest {
    let env = args.env();
    CommandRequest {
        argv: need::words(args),
        env: env
            .map(|(name, value)| (need::owned(name), need::owned(value)))
            .collect(),
        dir: call.dir.as_ref().map(Into::into),
        timeout: call.timeout_ms.map(Duration::from_millis),
        shell: call.shell,
        stdin: call.stdin,
    }
}

fn failure(error: &CommandError) -> Failure {
    let code = match error {
        CommandError::ProgramMissing => Code::ProgramMissing,
        CommandError::NotExecutable => Code::ProgramNotExecutable,
        CommandError::DirMissing => Code::DirMissing,
        CommandError::EnvRefused(_) => Code::EnvRefused,
        CommandError::TooLarge => Code::TooLarge,
        CommandError::Malformed(_) => Code::Protocol,
        CommandError::Start(_) => Code::Busy,
        CommandError::Line(_) => Code::Internal,
    };
    Failure::new(code, error.to_string())
}

/// A future that never resolves has this.
enum Never {}

/// Passes signals and CANCEL on as they come, whatever the streams wait for.
async fn pass_controls(link: &Link<ServerSide>, controls: mpsc::Sender<Control>) -> Never {
    let mut was_cancelled = false;
    loop {
        let (signals, is_cancelled) = link
            .until(|state| {
                let cancels = state.side.is_cancelled && !was_cancelled;
                let signals = std::mem::take(&mut state.side.signals);
                (cancels || !signals.is_empty()).then_some((signals, cancels))
            })
            .await;
        let known = signals.iter().filter_map(|name| signal_names::number(name));
        let cancel = is_cancelled.then_some(Control::Cancel);
        was_cancelled |= is_cancelled;
        for control in known.map(Control::Signal).chain(cancel) {
            // The program may have ended already.
            let _ = controls.send(control).await;
        }
    }
}

struct Input(Arc<Link<ServerSide>>);

impl CommandInput for Input {
    fn next(&mut self) -> BoxFuture<'_, io::Result<Bytes>> {
        Box::pin(async { Ok(self.0.take(0, Stream::In, PIECE_BYTES_MAX).await?) })
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.0
            .change(|state| state.traffic.incoming(Stream::In).discard());
    }
}

struct Output(Arc<Link<ServerSide>>);

impl CommandOutput for Output {
    fn send(&mut self, stream: OutputStream, bytes: Bytes) -> BoxFuture<'_, io::Result<()>> {
        let stream = match stream {
            OutputStream::Out => Stream::Out,
            OutputStream::Err => Stream::Err,
        };
        Box::pin(async move {
            if bytes.is_empty() {
                return Ok(self.0.send_end(0, stream)?);
            }
            Ok(self.0.send(0, stream, bytes).await?)
        })
    }
}
