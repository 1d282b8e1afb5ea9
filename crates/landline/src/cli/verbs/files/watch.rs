//! What is told of a transfer while it runs, on the thread that it runs on: to a person notes, errors
//! and a bar, to a script objects. It does not know how it ends.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use landline::TransferEvent;
use landline::frame::landline1::{Code, DigestKind, Failure, Name};
use tokio::sync::Notify;

use super::events::{Events, digest_name};
use super::outlet::Outlet;
use super::stopped::Deed;
use crate::cli::escape::shown_bytes;
use crate::cli::progress::{Drawn, TransferBar};
use crate::cli::ui::Ui;

/// Tells of each step.
pub(super) struct Watch {
    ui: Arc<Ui>,
    deed: Deed,
    digest: DigestKind,
    events: Option<Events>,
    bar: Option<TransferBar>,
    drawn: Drawn,
    outlet: Outlet,
    /// What failed last: what lies in it fails with it, and is not told of.
    failed: Option<Name>,
    seen: Arc<Seen>,
}

/// What the other side of a transfer has to know of the steps.
#[derive(Default)]
pub(super) struct Seen {
    state: Mutex<State>,
    is_broken: Notify,
}

#[derive(Default)]
struct State {
    /// The file that was placed last, and its size.
    last: Option<(Name, u64)>,
    /// Why no more objects can be said.
    broken: Option<io::Error>,
}

impl Seen {
    fn change(&self, change: impl FnOnce(&mut State)) {
        // It is held for a moment only, and nothing in it panics.
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The file that was placed last, and its size.
    pub(super) fn last(&self) -> Option<(Name, u64)> {
        let mut last = None;
        self.change(|state| last = state.last.take());
        last
    }

    /// Resolves once standard output takes no objects any more.
    pub(super) async fn broken(&self) -> io::Error {
        self.is_broken.notified().await;
        let mut broken = None;
        self.change(|state| broken = state.broken.take());
        broken.unwrap_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

impl Watch {
    /// Tells people, or, where there are `events`, scripts.
    pub(super) fn new(
        ui: &Arc<Ui>,
        deed: Deed,
        digest: DigestKind,
        outlet: Outlet,
        events: Option<Events>,
    ) -> Self {
        Self {
            ui: ui.clone(),
            deed,
            digest,
            events,
            bar: None,
            drawn: Drawn::default(),
            outlet,
            failed: None,
            seen: Arc::default(),
        }
    }

    /// Draws a bar from now on, if one may be drawn.
    pub(super) fn draw(&mut self, may_draw: bool) {
        if may_draw {
            (self.bar, self.drawn) = TransferBar::new(&self.ui);
        }
    }

    /// What is drawn, for whoever takes it off.
    pub(super) fn drawn(&self) -> Drawn {
        self.drawn.clone()
    }

    /// What has been seen, for whoever waits for the end.
    pub(super) fn seen(&self) -> Arc<Seen> {
        self.seen.clone()
    }

    /// Tells of one step.
    pub(super) fn tell(&mut self, event: &TransferEvent) {
        if let Some(bar) = &mut self.bar {
            bar.see(event);
        }
        if let TransferEvent::Placed { name, size, .. } = event {
            self.seen
                .change(|state| state.last = Some((name.clone(), *size)));
        }
        match &mut self.events {
            None => self.tell_people(event),
            Some(events) => {
                if let Err(error) = events.tell(event) {
                    self.events = None;
                    self.seen.change(|state| state.broken = Some(error));
                    self.seen.is_broken.notify_one();
                }
            }
        }
    }

    fn tell_people(&mut self, event: &TransferEvent) {
        let says_more = self.ui.verbosity() > 0;
        match event {
            TransferEvent::Found { .. } | TransferEvent::Moved { .. } => {}
            TransferEvent::Started {
                name, resumed_from, ..
            } => {
                if *resumed_from > 0 {
                    let bytes = ("bytes", resumed_from.to_string());
                    self.note("transfer-resumed", name, [bytes]);
                }
            }
            TransferEvent::Placed { name, size, digest } => {
                if says_more {
                    let digest = shown_digest(self.digest, digest);
                    let values = [("bytes", size.to_string()), ("digest", digest)];
                    self.note("transfer-placed", name, values);
                }
            }
            TransferEvent::Same { name } => {
                if says_more {
                    self.note("transfer-same", name, []);
                }
            }
            TransferEvent::PassedOver { name, failure } => {
                let why = [
                    ("code", failure.code.clone()),
                    ("message", failure.message.clone()),
                ];
                self.note("transfer-passed-over", name, why);
            }
            TransferEvent::Failed { name, failure } => self.tell_failed(name, failure),
        }
    }

    fn tell_failed(&mut self, name: &Name, failure: &Failure) {
        if self.failed.as_ref().is_some_and(|it| lies_in(name, it)) {
            return;
        }
        self.failed = Some(name.clone());
        let (mut key, mut values) = self.deed.of_file(name, failure);
        if self.outlet.is_there() && failure.known() == Some(Code::Unwritable) {
            // Why standard output takes no more is told at the end.
            if self.outlet.is_broken() {
                return;
            }
            let typed = self.deed.as_typed(name);
            (key, values) = (
                "transfer-folder-to-stdout",
                vec![("name", shown_bytes(typed.as_bytes()))],
            );
        }
        self.drawn.beside(|| self.ui.error(key, &values));
    }

    fn note<const N: usize>(
        &self,
        key: &'static str,
        name: &Name,
        values: [(&'static str, String); N],
    ) {
        let mut all = vec![("name", shown_bytes(name.as_bytes()))];
        all.extend(values);
        self.drawn.beside(|| self.ui.note(key, &all));
    }
}

/// Whether this name leads into that one.
fn lies_in(name: &Name, folder: &Name) -> bool {
    let within = name.as_bytes().strip_prefix(folder.as_bytes());
    within.is_some_and(|within| within.starts_with(b"/"))
}

/// A digest as people are told it: which one, and its digits.
pub(super) fn shown_digest(kind: DigestKind, digest: &[u8; 32]) -> String {
    let digits = data_encoding::HEXLOWER.encode(digest);
    format!("{}:{digits}", digest_name(kind))
}
