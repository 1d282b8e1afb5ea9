//! `pair`: first contact with the machine that gave out a ticket. The ticket is a secret: it comes
//! from a file, a variable or a prompt, never from argv.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use landline::frame::landline1::Code;
use landline::trust::{Home, HostAddress, PeerName, TICKET_START, Ticket};
use landline::{CallError, PairError, PairedWith};

use super::secure;
use crate::cli::arguments::PairArguments;
use crate::cli::ending::Ending;
use crate::cli::input::{Input, Line};
use crate::cli::own_command::here;
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::Ui;

/// The variable that may hold a ticket.
const CODE_VARIABLE: &str = "LANDLINE_CODE";

/// The longest file that is read for a ticket, in bytes.
const CODE_BYTES_MAX: u64 = 64 * 1024;

/// Pairs, and says what the machine is called from now on.
pub(crate) async fn run(arguments: PairArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let name = arguments.name.as_deref().map(str::parse::<PeerName>);
    let name = name.transpose().map_err(trust_ending)?;
    if arguments.host.as_deref().is_some_and(is_ticket) {
        // Nor is it looked up: a name server would see it, too.
        return Err(Ending::usage("pair-ticket-typed"));
    }
    let host = arguments.host.as_deref().map(str::parse::<HostAddress>);
    let host = host.transpose().map_err(trust_ending)?;
    let home = Home::from_environment().map_err(trust_ending)?;
    let text = code(arguments.code_file.as_deref(), &ui).await?;
    let ticket = ticket(text.trim())?;
    let ticket = match host {
        Some(host) => ticket.at(host),
        None => ticket,
    };
    let paired = landline::pair(&home, &ticket, name.as_ref()).await;
    say(&paired.map_err(|error| pair_ending(&ticket, error))?, &ui);
    Ok(ExitCode::SUCCESS)
}

fn ticket(text: &str) -> Result<Ticket, Ending> {
    if is_short_code(text) {
        return Err(Ending::usage("pair-code-later"));
    }
    if !text.is_empty() && !is_ticket(text) {
        return Err(Ending::usage("pair-no-ticket"));
    }
    text.parse()
        .map_err(|error: landline::trust::TicketError| trust_ending(error))
}

fn is_ticket(text: &str) -> bool {
    text.to_ascii_lowercase().starts_with(TICKET_START)
}

/// Whether it is a number and words, as `trust code` will show them.
fn is_short_code(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_alphabetic());
    text.split_once('-').is_some_and(|(number, words)| {
        number.parse::<u32>().is_ok() && words.split('-').all(is_word)
    })
}

/// The ticket's text, from wherever it is.
async fn code(file: Option<&Path>, ui: &Ui) -> Result<String, Ending> {
    if let Some(file) = file.filter(|file| *file != Path::new("-")) {
        return read(file);
    }
    let variable = std::env::var(CODE_VARIABLE).ok();
    if let (None, Some(code)) = (file, variable.filter(|code| !code.is_empty())) {
        return Ok(code);
    }
    let mut input = Input::start(&ui.sentence("pair-prompt", &[]), ui)?;
    match input.next().await? {
        Line::Text(line) => Ok(String::from_utf8_lossy(&line).into_owned()),
        Line::End => Err(Ending::usage("pair-nothing")),
        Line::Interrupted => Err(Ending::interrupted()),
    }
}

fn read(path: &Path) -> Result<String, Ending> {
    use std::io::Read;
    let mut text = String::new();
    let file = std::fs::File::open(path);
    let read = file.and_then(|file| file.take(CODE_BYTES_MAX).read_to_string(&mut text));
    read.map_err(|error| {
        Ending::usage("pair-code-file")
            .with("path", path.display())
            .with("error", error)
    })?;
    Ok(text)
}

fn say(paired: &PairedWith, ui: &Ui) {
    let granted = match paired.granted.is_empty() {
        true => "-".to_owned(),
        false => paired.granted.join(", "),
    };
    ui.note(
        "paired",
        &[
            ("name", paired.name.to_string()),
            ("address", paired.address.to_string()),
            ("identity", paired.key.to_string()),
            ("granted", granted),
        ],
    );
    let may = |start: &str| paired.granted.iter().any(|it| it.starts_with(start));
    let name = &paired.name;
    let words = if paired.granted.iter().any(|it| it == "exec") {
        format!("exec {name} -- uname -a")
    } else if may("files:ro:") || may("files:rw:") {
        format!("ls {name}")
    } else if may("files:wo:") {
        format!("put {name} FILE")
    } else {
        format!("ping {name}")
    };
    ui.note("paired-next", &[("command", here(&words))]);
}

fn pair_ending(ticket: &Ticket, error: PairError) -> Ending {
    let peer = ticket.addresses().first().map(ToString::to_string);
    let peer = peer.unwrap_or_default();
    match error {
        PairError::Identity(error) => trust_ending(error),
        PairError::Trust(error) => trust_ending(error),
        PairError::Dial(error) => secure::dial_ending(error),
        PairError::Refused(failure) if failure.known() == Some(Code::TicketRefused) => {
            Ending::failed("pair-refused").with("code", failure.code)
        }
        PairError::Refused(failure) => secure::call_ending(&peer, CallError::Failed(failure)),
        PairError::Line(ended) => secure::ended(&peer, ended),
        PairError::NotProven => Ending::failed("pair-not-proven").with("peer", peer),
    }
}
