//! `--json`: what happens to a command as objects on standard output, a line each, whole lines only.
//! It does not know where the bytes come from.

use std::io;

use bytes::Bytes;
use data_encoding::BASE64;
use landline::{ExecDone, ExecStatus, Line};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::failure::Failure;
use super::output::Output;
use crate::cli::escape;
use crate::cli::ui::{JSON_VERSION, Ui};

/// The objects of one command.
pub(super) struct Events(Mutex<Output>);

impl Events {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(Mutex::new(Output::stdout()?)))
    }

    async fn say(&self, event: Value) -> io::Result<()> {
        let line = escape::shown_object(&event) + "\n";
        self.0.lock().await.write(line.into()).await
    }

    /// The command is about to start there.
    pub(super) async fn started(&self, host: &str, line: &Line) -> io::Result<()> {
        self.say(json!({
            "v": JSON_VERSION, "event": "started", "host": host, "address": line.place(),
            "key": line.peer().to_string(),
        }))
        .await
    }

    /// The command ended as `done` tells, and this run ends with `status`.
    pub(super) async fn done(&self, done: &ExecDone, status: u8) -> io::Result<()> {
        let (exit, signal) = match &done.status {
            ExecStatus::Exit(exit) => (Some(exit), None),
            ExecStatus::Signal(name) => (None, Some(name)),
        };
        let by = if done.timed_out {
            "landline"
        } else {
            "program"
        };
        self.say(json!({
            "v": JSON_VERSION, "event": "done", "exit": exit, "signal": signal,
            "timed_out": done.timed_out, "stdout_bytes": done.out_bytes,
            "stderr_bytes": done.err_bytes, "status": status, "by": by,
        }))
        .await?;
        self.finish().await
    }

    /// There is no end of the command to tell of.
    pub(super) async fn failed(&self, failure: &Failure, ui: &Ui) -> io::Result<()> {
        let Some((key, values)) = failure.ending.said() else {
            return Ok(());
        };
        let (code, by) = match &failure.code {
            Some(code) => (code.as_str(), "server"),
            None => (*key, "landline"),
        };
        self.say(json!({
            "v": JSON_VERSION, "event": "failed", "code": code, "by": by,
            "status": failure.ending.status(), "message": ui.sentence(key, values),
        }))
        .await?;
        self.finish().await
    }

    async fn finish(&self) -> io::Result<()> {
        self.0.lock().await.finish().await
    }
}

/// One stream of the command as events.
pub(super) struct Pieces<'a> {
    events: &'a Events,
    stream: &'static str,
    /// The start of a character whose rest has not come yet.
    held: Vec<u8>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(events: &'a Events, stream: &'static str) -> Self {
        let held = Vec::new();
        Self {
            events,
            stream,
            held,
        }
    }

    pub(super) async fn write(&mut self, bytes: Bytes) -> io::Result<()> {
        self.held.extend_from_slice(&bytes);
        let rest = self.held.split_off(whole(&self.held));
        let piece = std::mem::replace(&mut self.held, rest);
        self.say(&piece).await
    }

    /// Says what is left at the stream's end.
    pub(super) async fn finish(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.held);
        self.say(&piece).await
    }

    async fn say(&self, piece: &[u8]) -> io::Result<()> {
        let Some((name, data)) = data(piece) else {
            return Ok(());
        };
        let event = json!({ "v": JSON_VERSION, "event": self.stream, name: data });
        self.events.say(event).await
    }
}

/// What an object has of `piece`, and the name of the key; `None`: there is nothing to say.
pub(super) fn data(piece: &[u8]) -> Option<(&'static str, String)> {
    match std::str::from_utf8(piece) {
        Ok("") => None,
        Ok(text) => Some(("data", text.to_owned())),
        Err(_) => Some(("data_b64", BASE64.encode(piece))),
    }
}

/// How many of `bytes` to say now: text without a character that is cut at the end, all of what is no
/// text.
pub(super) fn whole(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters_only() {
        let check = |bytes: &[u8], expected: usize| {
            assert_eq!(whole(bytes), expected, "{bytes:?}");
        };
        check(b"", 0);
        check("aé€😀".as_bytes(), 10);
        for cut in 7..10 {
            check(&"aé€😀".as_bytes()[..cut], 6);
        }
        check(b"a\xff", 2);
        check(b"\xe2\x82", 0);
        // What is no text cannot be made text by waiting.
        check(b"\xff\xe2\x82", 3);
    }
}
