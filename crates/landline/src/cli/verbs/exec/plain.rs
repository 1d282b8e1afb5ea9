//! `exec ADDRESS`: a command on the tutorial's wire, or a prompt for many. The reply's bytes go to standard
//! output untouched, unless an encoding is named.

use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use encoding_rs::{Decoder, Encoding};
use landline::line::Address;
use landline::{CommandError, Commander};

use crate::cli::arguments::{ByteOrder, ExecArguments};
use crate::cli::ending::Ending;
use crate::cli::input::{Input, Line};
use crate::cli::ui::Ui;
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
    run_one(&mut commander, &command, encoding).await?;
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
            Line::Text(command) => run_one(commander, &command, encoding).await?,
            Line::End => return Ok(ExitCode::SUCCESS),
            Line::Interrupted => return Err(Ending::interrupted()),
        }
    }
}

async fn run_one(
    commander: &mut Commander,
    command: &[u8],
    encoding: Option<&'static Encoding>,
) -> Result<(), Ending> {
    let mut output = Output {
        decoder: encoding.map(Encoding::new_decoder_without_bom_handling),
    };
    commander
        .run(command, |bytes| output.take(bytes, false))
        .await
        .map_err(ending)?;
    output.take(&[], true).map_err(Ending::output)
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
        CommandError::Unasked => Ending::failed("reply-unasked"),
    }
}

/// Standard output, behind a decoder where one was asked for.
struct Output {
    decoder: Option<Decoder>,
}

impl Output {
    fn take(&mut self, bytes: &[u8], last: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match &mut self.decoder {
            None => out.write_all(bytes)?,
            Some(decoder) => {
                let room = decoder.max_utf8_buffer_length(bytes.len());
                let mut text = String::with_capacity(room.unwrap_or(bytes.len() * 3 + 16));
                // The room is enough for all of it, so one call takes all.
                let _ = decoder.decode_to_string(bytes, &mut text, last);
                out.write_all(text.as_bytes())?;
            }
        }
        out.flush()
    }
}
