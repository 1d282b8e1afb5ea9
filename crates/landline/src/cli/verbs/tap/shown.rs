//! What passes, on standard output as it passes: decoded, counted, as lines or as objects. Under
//! `-q` only what went wrong is told.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use landline::service::Stop;
use landline::tap::{Decoder, Direction, Event, Format, Marks, Tally, What};

use super::{lines, lines::Lines, objects, summary};
use crate::cli::arguments::TapArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// Standard output as a tap writes to it.
pub(super) struct Shown {
    ui: Arc<Ui>,
    target: String,
    format: Option<Format>,
    lines: Lines,
    /// Ends the tap when nobody reads what it shows.
    stop: Stop,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    decoders: HashMap<(u64, Direction), Decoder>,
    passed: Passed,
    /// The losses that were told under `-q`, each once: a way and the key of a sentence.
    told_losses: HashSet<(Direction, &'static str)>,
    failed: Option<io::Error>,
}

/// What passed in all.
#[derive(Default)]
pub(super) struct Passed {
    pub(super) connections: u64,
    pub(super) to_client: Tally,
    pub(super) to_server: Tally,
}

impl Passed {
    pub(super) fn of(&mut self, direction: Direction) -> &mut Tally {
        match direction {
            Direction::ToClient => &mut self.to_client,
            Direction::ToServer => &mut self.to_server,
        }
    }
}

impl Shown {
    /// As `arguments` and the habits of the command line ask.
    pub(super) fn new(arguments: &TapArguments, ui: Arc<Ui>, stop: Stop) -> Self {
        Self {
            target: arguments.target.clone(),
            format: arguments.shown_as.format(),
            lines: Lines::new(arguments, ui.clone()),
            ui,
            stop,
            state: Mutex::default(),
        }
    }

    /// Whether reads and writes are shown.
    pub(super) fn wants_bytes(&self) -> bool {
        !self.ui.is_quiet()
    }

    /// Shows one event.
    pub(super) fn note(&self, event: &Event<'_>) {
        if let What::Unreachable { .. } | What::AcceptFailed(_) = event.what {
            self.tell(event);
        }
        if !self.wants_bytes() {
            return self.tell_loss(event);
        }
        let mut state = self.state();
        let marks = state.count(event, self.format);
        let shown = match self.ui.json() {
            true => write(&objects::of(event, &marks)),
            false => self
                .lines
                .of(event, &marks)
                .map_or(Ok(()), |lines| write(&lines)),
        };
        if let Err(error) = shown {
            state.failed.get_or_insert(error);
            self.stop.cancel();
        }
    }

    /// Shows what passed in all; an error where standard output took no more.
    pub(super) fn finish(&self) -> Result<(), Ending> {
        let mut state = self.state();
        if let Some(error) = state.failed.take() {
            return Err(Ending::output(error));
        }
        if !self.wants_bytes() {
            return Ok(());
        }
        let passed = &state.passed;
        let shown = match self.ui.json() {
            true => write(&objects::summary(passed)),
            false => write(&summary::text(passed, self.format.is_some(), &self.ui)),
        };
        shown.map_err(Ending::output)
    }

    /// What a person should know whatever is shown, on standard error.
    fn tell(&self, event: &Event<'_>) {
        let (key, values) = match event.what {
            What::Unreachable { client, error } => {
                let values = vec![
                    ("client", client.to_owned()),
                    ("address", self.target.clone()),
                    ("error", error.to_string()),
                ];
                ("tap-unreachable", values)
            }
            What::AcceptFailed(error) => ("accept-failed", vec![("error", error.to_string())]),
            _ => return,
        };
        match (self.ui.is_quiet(), self.ui.json()) {
            (true, _) => self.ui.error(key, &values),
            // There it is an event among the others.
            (false, true) => {}
            (false, false) => self.ui.note(key, &values),
        }
    }

    /// Says that datagrams are lost that no move asked for, where nothing else shows it: each way and
    /// each reason once, since a flood of them would be a flood of lines.
    fn tell_loss(&self, event: &Event<'_>) {
        let What::Lost(direction, bytes, loss) = event.what else {
            return;
        };
        let (key, values) = lines::lost(bytes, loss);
        if self.state().told_losses.insert((direction, key)) {
            let what = self.ui.sentence(key, &values);
            let values = [("direction", direction.to_string()), ("what", what)];
            self.ui.error("tap-lost-quietly", &values);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts what passes, and says what a read holds where its bytes are decoded.
    fn count(&mut self, event: &Event<'_>, format: Option<Format>) -> Option<Marks> {
        let connection = event.connection;
        match event.what {
            What::Opened(_) => self.passed.connections += 1,
            What::Read(direction, bytes) => {
                let marks = format.map(|format| {
                    let decoder = self.decoders.entry((connection, direction));
                    let decoder = decoder.or_insert_with(|| Decoder::new(format, direction));
                    decoder.handle_bytes(bytes)
                });
                let tally = self.passed.of(direction);
                tally.count_read(bytes.len(), marks.as_ref());
                return marks;
            }
            What::Write(direction, bytes) => self.passed.of(direction).count_write(bytes.len()),
            What::Lost(direction, ..) => self.passed.of(direction).lost += 1,
            What::Closed => {
                for direction in Direction::BOTH {
                    self.decoders.remove(&(connection, direction));
                }
            }
            _ => {}
        }
        None
    }
}

fn write(line: &dyn Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
