//! `exec ADDRESS`: a command on the tutorial's wire, or a prompt for many. The reply's bytes go to standard
//! output untouched, unless an encoding is named; with `--json` they are objects.

use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use encoding_rs::{Decoder, Encoding};
use landline::line::Address;
use landline::{CommandError, Commander};
use serde_json::{Value, json};

use super::events::{data, whole};
use crate::cli::arguments::{ByteOrder, ExecArguments};
use crate::cli::ending::Ending;
use crate::cli::escape::shown_object;
use crate::cli::input::{Input, Line};
use crate::cli::ui::{JSON_VERSION, Ui};
use crate::cli::verbs::plain;

/// Runs one command, or each line of input.
pub(super) async fn run(
    address: &Address,
    arguments: &ExecArguments,
    ui: &Ui,
) -> Result<ExitCode, Ending> {
    let encoding = arguments.encoding.as_deref().map(encoding).transpose()?;
    let order = arguments.endian.unwrap_or(ByteOrder::Native);
    let words: Vec<&[u8]> = arguments
        .command
        .iter()
        .map(|word| word.as_bytes())
        .collect();
    let command = words.join(&b' ');
    if command.is_empty() && !words.is_empty() {
        return Err(Ending::usage("command-empty"));
    }
    let stream = plain::dial(address, "exec").await?;
    let mut commander = Commander::new(stream, plain::endian(order));
    if words.is_empty() {
        return prompt(&mut commander, encoding, ui).await;
    }
    run_one(&mut commander, &command, encoding, ui).await?;
    Ok(ExitCode::SUCCESS)
}

fn encoding(name: &str) -> Result<&'static Encoding, Ending> {
    Encoding::for_label(name.as_bytes())
        .ok_or_else(|| Ending::usage("encoding-unknown").with("name", name))
}

async fn prompt(
    commander: &mut Commander,
    encoding: Option<&'static Encoding>,
    ui: &Ui,
) -> Result<ExitCode, Ending> {
    let mut input = Input::start(&ui.sentence("prompt-command", &[]), ui)?;
    loop {
        match input.next().await? {
            Line::Text(command) if command.is_empty() => {}
            Line::Text(command) => run_one(commander, &command, encoding, ui).await?,
            Line::End => return Ok(ExitCode::SUCCESS),
            Line::Interrupted => return Err(Ending::interrupted()),
        }
    }
}

async fn run_one(
    commander: &mut Commander,
    command: &[u8],
    encoding: Option<&'static Encoding>,
    ui: &Ui,
) -> Result<(), Ending> {
    let mut output = Output {
        decoder: encoding.map(Encoding::new_decoder_without_bom_handling),
        objects: ui.json().then(Objects::default),
    };
    let replied = commander
        .run(command, |bytes| output.take(bytes, false))
        .await
        .map_err(ending);
    let taken = output.take(&[], true).map_err(Ending::output);
    let ended = replied.and(taken);
    match &output.objects {
        Some(objects) => objects.end(ended, ui),
        None => ended,
    }
}

fn ending(error: CommandError) -> Ending {
    match error {
        CommandError::Output(error) => Ending::output(error),
        CommandError::Line(error) => Ending::failed("line-broke").with("error", error),
        CommandError::NoReply => Ending::failed("reply-none"),
        CommandError::Short(None) => Ending::failed("reply-cut-in-length"),
        CommandError::Short(Some(missing)) => Ending::failed("reply-cut").with("missing", missing),
        CommandError::Length(error) => {
            Ending::failed("reply-length-negative").with_all(error.values())
        }
        // No command follows one that failed.
        CommandError::Unasked | CommandError::LineSpent => Ending::failed("reply-unasked"),
    }
}

/// Standard output, behind a decoder where one was asked for.
struct Output {
    decoder: Option<Decoder>,
    objects: Option<Objects>,
}

impl Output {
    fn take(&mut self, bytes: &[u8], last: bool) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return self.put(bytes, last);
        };
        let room = decoder.max_utf8_buffer_length(bytes.len());
        let mut text = String::with_capacity(room.unwrap_or(bytes.len() * 3 + 16));
        // The room is enough for all of it, so one call takes all.
        let _ = decoder.decode_to_string(bytes, &mut text, last);
        self.put(text.as_bytes(), last)
    }

    fn put(&mut self, bytes: &[u8], last: bool) -> io::Result<()> {
        if let Some(objects) = &mut self.objects {
            return objects.take(bytes, last);
        }
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }
}

/// What came, as objects on standard output.
#[derive(Default)]
struct Objects {
    /// How many bytes were said.
    said: u64,
    /// The start of a character whose rest has not come yet.
    held: Vec<u8>,
}

impl Objects {
    fn take(&mut self, bytes: &[u8], last: bool) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        let count = match last {
            true => self.held.len(),
            false => whole(&self.held),
        };
        let rest = self.held.split_off(count);
        let piece = std::mem::replace(&mut self.held, rest);
        self.said += piece.len() as u64;
        match data(&piece) {
            Some((name, data)) => write_object(&json!({
                "v": JSON_VERSION, "event": "output", name: data,
            })),
            None => Ok(()),
        }
    }

    /// Says how it ended, and ends so.
    fn end(&self, ended: Result<(), Ending>, ui: &Ui) -> Result<(), Ending> {
        let said = match ended.as_ref().map_err(Ending::said) {
            Ok(()) => write_object(&json!({
                "v": JSON_VERSION, "event": "done", "bytes": self.said, "status": 0,
            })),
            Err(Some((key, values))) => write_object(&json!({
                "v": JSON_VERSION, "event": "failed", "code": key, "by": "landline", "status": 255,
                "message": ui.sentence(key, values),
            })),
            Err(None) => Ok(()),
        };
        ended.and(said.map_err(Ending::output))
    }
}

fn write_object(object: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", shown_object(object))?;
    out.flush()
}
