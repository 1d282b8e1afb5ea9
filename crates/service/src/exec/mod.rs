//! `exec`: each read is a command line for the shell, and the reply is a length and the output.
//! It does not know which line the call came on, or whether the peer may run commands.

mod run;
mod spool;
#[cfg(test)]
mod tests;

use std::io;

use landline_frame::tutorial::{
    Endian, LENGTH_BYTES, REPLY_BYTES_MAX, RequestError, command_line, encode_length,
};

use self::run::{Output, RunError};
use crate::call::{BoxFuture, Call, Settings, StreamService};
use crate::journal::Notice;
use crate::process::Trees;

/// The most that leaves in one write with the length before it; longer output goes from where it
/// is held.
const ONE_WRITE_BYTES_MAX: usize = 64 * 1024;

/// Runs commands.
///
/// The output of a command is held until it ends, at most [`Exec::output_max`] for each call: up to
/// 256 KiB of either stream on the heap, more in a memfd.
///
/// When a call ends, or is dropped, the command that runs on it and everything that it started are
/// ended within a second, by SIGTERM and then SIGKILL. For that, making one makes this process a
/// subreaper: orphans among its descendants come back to it. Only what wears a command's mark is
/// ended or reaped; other children of this process are left alone.
pub struct Exec {
    /// How many bytes of output a command may have, both streams together (`--output-max`).
    /// Default 1 GiB; what the length before a reply can say, 2^31 - 1, is a limit in any case.
    /// A command that says more is ended.
    pub output_max: u64,
    /// The read size and the journal.
    pub settings: Settings,
    trees: &'static Trees,
}

impl Exec {
    /// An `exec` with the default limit.
    ///
    /// # Errors
    /// The kernel does not let this process adopt orphans (PR_SET_CHILD_SUBREAPER(2const)).
    pub fn new(settings: Settings) -> io::Result<Self> {
        Ok(Self {
            output_max: 1 << 30,
            settings,
            trees: Trees::of_this_process()?,
        })
    }

    /// Waits until everything that commands started has ended, for at most 3 s. To be called once
    /// all calls are over, before the runtime goes: a runtime that goes before kills at once.
    pub async fn ended(&self) {
        self.trees.ended().await;
    }

    async fn answer(&self, mut call: Call) -> io::Result<()> {
        let recv = self.settings.recv;
        let mut buffer = vec![0; recv];
        while let Some(count) = call.receive(&mut buffer).await? {
            let next = match command_line(&buffer[..count], recv) {
                // On the heap, so that an idle call does not hold room for it.
                Ok(line) => Box::pin(self.run(&mut call, line)).await?,
                Err(error) => self.refuse(&mut call, error).await?,
            };
            match next {
                Next::Command => {}
                Next::HangUp => return Box::pin(call.hang_up()).await,
                Next::Gone => break,
            }
        }
        Ok(())
    }

    /// Runs a command while its peer stays, and replies.
    async fn run(&self, call: &mut Call, line: &str) -> io::Result<Next> {
        let output_max = self.output_max.min(u64::from(REPLY_BYTES_MAX));
        let result = tokio::select! {
            biased;
            () = call.reader.peer_gone() => None,
            result = run::run(self.trees, line, output_max) => Some(result),
        };
        match result {
            Some(Ok(output)) => reply(call, output).await?,
            Some(Err(error)) => {
                self.note(call, failure_key(&error), |notice| {
                    failure_values(notice, &error)
                });
                say(call, &error.to_string()).await?;
            }
            None => {
                self.note(call, "exec-peer-left", |notice| notice);
                return Ok(Next::Gone);
            }
        }
        Ok(Next::Command)
    }

    /// Says why a read is not run, where this wire allows that.
    async fn refuse(&self, call: &mut Call, error: RequestError) -> io::Result<Next> {
        let (key, next) = match error {
            RequestError::FillsRead => ("exec-fills-read", Next::HangUp),
            RequestError::NotUtf8 => ("exec-not-utf8", Next::Command),
            RequestError::Nul => ("exec-nul", Next::Command),
            RequestError::Http => ("exec-http", Next::HangUp),
        };
        self.note(call, key, |notice| notice.with("recv", self.settings.recv));
        match error {
            RequestError::Http => {}
            RequestError::FillsRead => {
                let recv = self.settings.recv;
                say(
                    call,
                    &format!("{error} ({recv} bytes are read at once); nothing was run"),
                )
                .await?;
            }
            _ => say(call, &format!("{error}; nothing was run")).await?,
        }
        Ok(next)
    }

    fn note(&self, call: &Call, key: &'static str, values: impl FnOnce(Notice) -> Notice) {
        let notice = Notice::new(&call.peer, key);
        self.settings.journal.note(values(notice));
    }
}

impl StreamService for Exec {
    fn serve<'a>(&'a self, call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(self.answer(call))
    }
}

/// What follows on a call.
enum Next {
    /// The next command.
    Command,
    /// Our own end of the call.
    HangUp,
    /// Nothing: the peer has left.
    Gone,
}

fn failure_key(error: &RunError) -> &'static str {
    match error {
        RunError::Start(_) => "exec-not-started",
        RunError::Hold(_) => "exec-not-held",
        RunError::TooLong(_) => "exec-too-long",
    }
}

fn failure_values(notice: Notice, error: &RunError) -> Notice {
    match error {
        RunError::Start(error) | RunError::Hold(error) => notice.with("error", error),
        RunError::TooLong(output_max) => notice.with("limit", output_max),
    }
}

/// Replies with a sentence of our own in place of output.
async fn say(call: &mut Call, sentence: &str) -> io::Result<()> {
    let text = format!("landline: {sentence}\n");
    let length = i32::try_from(text.len()).expect("a sentence is short");
    let length = encode_length(length, Endian::NATIVE);
    call.send(&[&length, text.as_bytes()].concat()).await
}

/// Replies with the length, all of stderr, then all of stdout, in as few writes as is cheap.
async fn reply(call: &mut Call, output: Output) -> io::Result<()> {
    let length = i32::try_from(output.len()).expect("no more is held than a length can say");
    let mut first = Vec::with_capacity(LENGTH_BYTES + first_bytes(&output));
    first.extend(encode_length(length, Endian::NATIVE));
    for spool in [&output.stderr, &output.stdout] {
        if let Some((file, count)) = spool.file() {
            call.send(&first).await?;
            first.clear();
            if call.writer.send_file(file, 0..count).await? < count {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if first.len() + spool.buffer().len() > ONE_WRITE_BYTES_MAX {
            call.send(&first).await?;
            first.clear();
            call.send(spool.buffer()).await?;
        } else {
            first.extend(spool.buffer());
        }
    }
    call.send(&first).await?;
    forget(output);
    Ok(())
}

/// How much of the output leaves together with the length.
fn first_bytes(output: &Output) -> usize {
    let both = output.stderr.buffer().len() + output.stdout.buffer().len();
    both.min(ONE_WRITE_BYTES_MAX)
}

/// Drops what was held. To free a gigabyte of pages takes tens of milliseconds, in which no other
/// line should wait.
fn forget(output: Output) {
    if output.stderr.file().is_some() || output.stdout.file().is_some() {
        tokio::task::spawn_blocking(move || drop(output));
    }
}
