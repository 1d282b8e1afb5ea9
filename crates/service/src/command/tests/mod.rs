//! What a peer gets of its commands: real programs, and a peer in memory that takes as much as the
//! test says.

mod ends;
mod exact;
mod streams;
mod wide;

use tempfile::NamedTempFile;
use tokio::task::JoinHandle;

use super::{
    Command, CommandCall, CommandDone, CommandEnd, CommandError, CommandPeer, CommandRequest,
};
use crate::process::presence::eventually;

/// A command that runs, and its peer.
struct Session {
    peer: CommandPeer,
    running: JoinHandle<Result<CommandDone, CommandError>>,
}

/// What a command came to.
struct Finished {
    done: CommandDone,
    out: Vec<u8>,
    err: Vec<u8>,
}

/// A request for a program and its arguments.
fn program(argv: &[&str]) -> CommandRequest {
    CommandRequest {
        argv: argv.iter().map(Into::into).collect(),
        ..CommandRequest::default()
    }
}

/// A request for a line of the shell.
fn shell(line: &str) -> CommandRequest {
    CommandRequest {
        shell: true,
        ..program(&[line])
    }
}

/// The same request with stdin.
fn with_stdin(request: CommandRequest) -> CommandRequest {
    CommandRequest {
        stdin: true,
        ..request
    }
}

/// A line of the shell that says zeros for ever, and the file that tells how far it has come.
fn counted_zeros() -> (String, NamedTempFile) {
    let file = NamedTempFile::new().expect("a place for a file");
    let path = file.path().to_str().expect("a plain path");
    let line = format!("while :; do printf x >> {path}; head -c 65536 /dev/zero; done");
    (line, file)
}

/// How many zeros it has said, or is about to.
fn done_bytes(file: &NamedTempFile) -> u64 {
    file.as_file().metadata().expect("it is there").len() * 65536
}

/// The count, once there is one that stays the same.
async fn come_to_rest(count: impl Fn() -> u64) -> u64 {
    let (mut before, mut quiet_looks) = (0, 0);
    eventually(|| {
        let now = count();
        quiet_looks = if now > 0 && now == before {
            quiet_looks + 1
        } else {
            0
        };
        before = now;
        quiet_looks == 40
    })
    .await;
    before
}

/// Starts the request for a peer that gives no credit yet.
fn open(request: CommandRequest) -> Session {
    open_by(Command::new().expect("this kernel has subreapers"), request)
}

fn open_by(command: Command, request: CommandRequest) -> Session {
    let (call, peer) = CommandCall::pair(request);
    let running = tokio::spawn(async move { command.run(call).await });
    Session { peer, running }
}

impl Session {
    /// Takes all that still comes, sends no more stdin, and waits for the end.
    async fn finish(self) -> Result<Finished, CommandError> {
        let CommandPeer {
            stdin,
            out,
            err,
            controls,
        } = self.peer;
        drop(stdin);
        out.allow_all();
        err.allow_all();
        let done = self.running.await.expect("no panic")?;
        drop(controls);
        assert!(
            out.has_ended() && err.has_ended(),
            "each stream's end comes before the last word"
        );
        Ok(Finished {
            done,
            out: out.take(),
            err: err.take(),
        })
    }
}

/// Runs the request to its end.
async fn finish(request: CommandRequest) -> Finished {
    open(request).finish().await.expect("it can be started")
}

/// Why the request is not run.
async fn refuse(request: CommandRequest) -> CommandError {
    match open(request).finish().await {
        Ok(finished) => panic!("it ran: {:?}", finished.done),
        Err(error) => error,
    }
}

impl Finished {
    /// Asserts how it ended, in its time.
    fn ends(&self, end: CommandEnd) {
        let done = CommandDone {
            end,
            timed_out: false,
        };
        assert_eq!(self.done, done, "{}", String::from_utf8_lossy(&self.err));
    }
}
