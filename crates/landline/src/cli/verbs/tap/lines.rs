//! One event as lines for a person: when, which connection, which way, what.

use std::sync::Arc;

use landline::tap::{Direction, Event, Loss, Marks, StopKind, What};

use crate::cli::arguments::{ShownAs, TapArguments};
use crate::cli::escape::shown_data;
use crate::cli::ui::Ui;

const CYAN: &str = "\x1b[36m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const PLAIN: &str = "\x1b[0m";

/// How lines are written.
pub(super) struct Lines {
    ui: Arc<Ui>,
    hex: bool,
    show_max: usize,
    paints: bool,
}

impl Lines {
    /// As `arguments` and the habits of the command line ask.
    pub(super) fn new(arguments: &TapArguments, ui: Arc<Ui>) -> Self {
        Self {
            hex: arguments.shown_as == ShownAs::Hex,
            show_max: arguments.show as usize,
            paints: ui.paints_output(),
            ui,
        }
    }

    /// The lines of one event, if it has any.
    pub(super) fn of(&self, event: &Event<'_>, marks: &Option<Marks>) -> Option<String> {
        let (direction, text) = match event.what {
            What::Read(direction, bytes) => (Some(direction), self.passed("read", bytes)),
            What::Write(direction, bytes) => (Some(direction), self.passed("write", bytes)),
            what => {
                let (direction, key, values) = told(what)?;
                (direction, self.ui.sentence(key, &values))
            }
        };
        let mut line = self.line(event, direction, &text);
        if let (Some(marks), Some(direction)) = (marks, direction) {
            for text in self.marks(marks) {
                line.push('\n');
                line.push_str(&self.line(event, Some(direction), &text));
            }
        }
        Some(line)
    }

    fn line(&self, event: &Event<'_>, direction: Option<Direction>, text: &str) -> String {
        let (at, connection) = (event.at.as_secs_f64(), event.connection);
        let (arrow, colour) = match direction {
            Some(Direction::ToServer) => (">", CYAN),
            Some(Direction::ToClient) => ("<", GREEN),
            None => ("-", ""),
        };
        match self.paints && !colour.is_empty() {
            true => format!("{at:>10.6} #{connection} {colour}{arrow} {text}{PLAIN}"),
            false => format!("{at:>10.6} #{connection} {arrow} {text}"),
        }
    }

    fn passed(&self, verb: &str, bytes: &[u8]) -> String {
        let count = bytes.len();
        let (front, rest) = bytes.split_at(count.min(self.show_max));
        let text = match self.hex {
            true => front.iter().map(|byte| format!("{byte:02x}")).collect(),
            false => shown_data(front),
        };
        match rest.len() {
            0 => format!("{verb} {count}: {text}"),
            more => format!("{verb} {count}: {text} (+{more})"),
        }
    }

    /// The messages of a read, and what is wrong with their edges.
    fn marks(&self, marks: &Marks) -> Vec<String> {
        let mut all = Vec::new();
        for message in &marks.messages {
            let mut line = format!("  = {}", shown_data(message.label.as_bytes()));
            if message.is_cut {
                line.push_str(&self.warning("tap-mark-cut", &[]));
            }
            if message.is_stuck {
                line.push_str(&self.warning("tap-mark-stuck", &[]));
            }
            all.push(line);
        }
        if marks.unfinished > 0 {
            let values = [("bytes", marks.unfinished.to_string())];
            all.push(self.warning("tap-mark-unfinished", &values));
        }
        if let Some(why) = &marks.lost {
            let values = [("error", why.clone())];
            all.push(self.warning("tap-mark-lost", &values));
        }
        all
    }

    fn warning(&self, key: &'static str, values: &[(&'static str, String)]) -> String {
        let text = self.ui.sentence(key, values);
        match self.paints {
            true => format!("  {YELLOW}[{text}]{PLAIN}"),
            false => format!("  [{text}]"),
        }
    }
}

type Told = (Option<Direction>, &'static str, Vec<(&'static str, String)>);

/// The sentence of what is no read and no write. `None`: it is told elsewhere.
fn told(what: What<'_>) -> Option<Told> {
    let size = |bytes: &[u8]| vec![("bytes", bytes.len().to_string())];
    Some(match what {
        What::Opened(ends) => (None, "tap-opened", vec![("client", ends.client.clone())]),
        What::Closed => (None, "tap-closed", Vec::new()),
        What::Ended(way) => (Some(way), "tap-ended", Vec::new()),
        What::Broken(way) => (Some(way), "tap-broken", Vec::new()),
        What::Stopped(way, kind) => (Some(way), stopped(kind), Vec::new()),
        What::Swallowed(way, count) => {
            let values = vec![("bytes", count.to_string())];
            (Some(way), "tap-swallowed", values)
        }
        What::Held(way, count) => {
            let values = vec![("bytes", count.to_string())];
            (Some(way), "tap-held", values)
        }
        What::Dropped(way, bytes) => (Some(way), "tap-dropped", size(bytes)),
        What::Twice(way, bytes) => (Some(way), "tap-twice", size(bytes)),
        What::Reordered(way, bytes) => (Some(way), "tap-reordered", size(bytes)),
        What::Lost(way, bytes, loss) => {
            let (key, values) = lost(bytes, loss);
            (Some(way), key, values)
        }
        What::Read(..) | What::Write(..) => return None,
        What::Unreachable { .. } | What::AcceptFailed(_) => return None,
    })
}

/// The sentence of a datagram that was lost though no move asked for it.
pub(super) fn lost(bytes: &[u8], loss: Loss<'_>) -> (&'static str, Vec<(&'static str, String)>) {
    let size = ("bytes", bytes.len().to_string());
    match loss {
        Loss::NoRoom => ("tap-lost-no-room", vec![size]),
        Loss::NoClient => ("tap-lost-no-client", vec![size]),
        Loss::Refused(error) => ("tap-lost-refused", vec![("error", error.to_string())]),
        Loss::Unsent(error) => {
            let values = vec![size, ("error", error.to_string())];
            ("tap-lost-unsent", values)
        }
    }
}

fn stopped(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Cut => "tap-cut",
        StopKind::Reset => "tap-reset",
        StopKind::Stall => "tap-stalled",
    }
}
