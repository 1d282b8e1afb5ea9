//! The log of a server: what the library traces, a line each on standard error, as text or as JSON.
//! Whatever a peer had a hand in is escaped here. It does not know what happened.

use std::fmt::{Debug, Write};
use std::sync::Arc;

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry;

use super::ui::Ui;

/// Writes the log from now on, as much of it as `ui` asks for.
pub(crate) fn start(ui: &Arc<Ui>) {
    let subscriber = registry().with(Log(ui.clone()));
    // Only the first server of a process can have a log of its own.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

struct Log(Arc<Ui>);

impl<S: Subscriber> Layer<S> for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("landline") && *metadata.level() <= self.level()
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = name(*event.metadata().level());
        let time = format!("{:.3}", Timestamp::now());
        self.0.log(&time, level, &fields.message, &fields.others);
    }
}

impl Log {
    /// What is told: problems when quiet, then what happens, then why lines were refused.
    fn level(&self) -> Level {
        match (self.0.is_quiet(), self.0.verbosity()) {
            (true, _) => Level::ERROR,
            (false, 0) => Level::WARN,
            (false, 1) => Level::INFO,
            (false, _) => Level::DEBUG,
        }
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// What an event says.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, String)>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write!(text, "{value:?}");
        self.keep(field, text);
    }
}

impl Fields {
    fn keep(&mut self, field: &Field, value: String) {
        match field.name() {
            "message" => self.message = value,
            name => self.others.push((name, value)),
        }
    }
}
