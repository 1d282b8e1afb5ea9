//! What the verbs for files on the secure line share: a transfer from its call to its end, and what is
//! told on the way. It does not know what was typed.

mod events;
mod outlet;
mod stopped;
mod summary;
mod watch;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use landline::frame::landline1::{DigestKind, Failure, Name};
use landline::line::{Address, AddressError};
use landline::trust::Home;
use landline::{
    CallError, GetRequest, GetTo, Line, PutFrom, PutRequest, TransferError, TransferEvent,
    TransferReport, TransferRules,
};

use self::events::Events;
use self::watch::Watch;
use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::signals::{Signals, status_of};
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::secure;

pub(crate) use events::{Objects, failed, kind_name, named};
pub(crate) use outlet::Outlet;
pub(crate) use stopped::{Act, Deed, Stopped};

/// The signals that end a transfer with a word about it. Others end it as any program.
const ENDING: [&str; 2] = ["INT", "TERM"];

/// A transfer that is to be made.
pub(crate) struct Order {
    pub(crate) deed: Deed,
    pub(crate) request: Request,
    /// What is known already not to be there.
    pub(crate) failed: Vec<(Name, Failure)>,
    /// Standard output, where files go there.
    pub(crate) outlet: Outlet,
    /// Whether a bar may be drawn: not where the terminal has other uses.
    pub(crate) may_draw: bool,
}

/// What the library is asked for.
pub(crate) enum Request {
    Get(GetRequest),
    Put(PutRequest),
}

impl Request {
    /// Whether all of it is known already not to be there.
    fn is_nothing(&self) -> bool {
        match self {
            Self::Put(put) => matches!(&put.from, PutFrom::Paths(paths) if paths.is_empty()),
            Self::Get(_) => false,
        }
    }

    /// Whether the same again goes on where this one stopped: not within a stream, and not in the middle
    /// of a file where its parts cannot be verified apart.
    fn goes_on(&self) -> bool {
        let (is_stream, rules) = match self {
            Self::Get(get) => (matches!(get.to, GetTo::Stream(_)), &get.rules),
            Self::Put(put) => (matches!(put.from, PutFrom::Stream { .. }), &put.rules),
        };
        !is_stream && rules.digest == DigestKind::Blake3
    }

    fn rules(&mut self) -> &mut TransferRules {
        match self {
            Self::Get(get) => &mut get.rules,
            Self::Put(put) => &mut put.rules,
        }
    }

    async fn call(
        self,
        line: &mut Line,
        mut watch: Watch,
    ) -> Result<TransferReport, TransferError> {
        let watch = move |event: TransferEvent| watch.tell(&event);
        match self {
            Self::Get(get) => line.get(get, watch).await,
            Self::Put(put) => line.put(put, watch).await,
        }
    }
}

/// Makes the transfer that `order` makes of what was typed, and tells how it went.
pub(crate) async fn run(
    order: impl FnOnce() -> Result<Order, Ending>,
    ui: &Arc<Ui>,
) -> Result<ExitCode, Ending> {
    let objects = ui.json().then(Objects::new).transpose();
    let objects = objects.map_err(Ending::output)?;
    let ended = match order() {
        Ok(order) => attempt(order, objects.as_ref(), ui).await,
        Err(ending) => Err(ending.into()),
    };
    match ended {
        Ok(status) => Ok(ExitCode::from(status)),
        Err(stopped) => {
            if let Some(objects) = &objects {
                objects
                    .stopped(&stopped, ui)
                    .await
                    .map_err(Ending::output)?;
            }
            let status = stopped.ending.tell(ui);
            if stopped.goes_on {
                ui.note("transfer-goes-on", &[]);
            }
            Ok(status)
        }
    }
}

async fn attempt(order: Order, objects: Option<&Objects>, ui: &Arc<Ui>) -> Result<u8, Stopped> {
    let Order {
        deed,
        mut request,
        failed,
        outlet,
        may_draw,
    } = order;
    let home = Home::from_environment().map_err(trust_ending)?;
    let rules = request.rules();
    rules.journals = Some(home.journal_folder());
    let digest = rules.digest;
    let events = objects.map(|objects| Events::new(objects.clone(), digest));
    let mut watch = Watch::new(ui, deed.clone(), digest, outlet, events);
    let seen = watch.seen();
    let failed_before = failed.len() as u64;
    for (name, failure) in failed {
        watch.tell(&TransferEvent::Failed { name, failure });
    }
    let (mut report, time) = match request.is_nothing() {
        true => (TransferReport::new(digest), Duration::ZERO),
        false => {
            let mut line = secure::dial(&deed.host).await?;
            let begun = Instant::now();
            watch.draw(may_draw);
            let report = transfer(&mut line, request, watch, &deed).await?;
            line.leave().await;
            (report, begun.elapsed())
        }
    };
    report.failed += failed_before;
    let status = match report.failed {
        0 => 0,
        _ => Ending::failed_and_said().status(),
    };
    match objects {
        Some(objects) => objects
            .done(&report, time, status)
            .map_err(Ending::output)?,
        None => summary::say(ui, &report, seen.last(), time),
    }
    Ok(status)
}

/// Makes it, until it ends, a signal ends it, or nobody takes what is said of it.
async fn transfer(
    line: &mut Line,
    request: Request,
    watch: Watch,
    deed: &Deed,
) -> Result<TransferReport, Stopped> {
    let signals = Signals::take(&ENDING);
    let mut signals =
        signals.map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    let (drawn, seen) = (watch.drawn(), watch.seen());
    let goes_on = request.goes_on();
    let ended = tokio::select! {
        biased;
        name = signals.next() => Err(interrupted(name, goes_on)),
        error = seen.broken() => Err(Ending::output(error).into()),
        ended = request.call(line, watch) => ended.map_err(|error| stopped(error, deed, goes_on)),
    };
    drawn.clear();
    ended
}

/// How a run ends that the signal `name` ended.
fn interrupted(name: &str, goes_on: bool) -> Stopped {
    let ending = match goes_on {
        true => Ending::exits(status_of(name), "transfer-interrupted"),
        false => Ending::quietly(status_of(name)),
    };
    Stopped {
        at_once: true,
        ..ending.into()
    }
}

fn stopped(error: TransferError, deed: &Deed, goes_on: bool) -> Stopped {
    let ending = match error {
        TransferError::Call(error) => {
            let has_ended = matches!(error, CallError::Ended(_));
            let stopped = deed.of_call(error);
            return Stopped {
                goes_on: has_ended && goes_on,
                ..stopped
            };
        }
        TransferError::Folder { path, error } => folder_ending(&path, &error),
        TransferError::Unasked { name } => Ending::failed("transfer-unasked")
            .with("host", &deed.host)
            .with("name", shown_bytes(name.as_bytes())),
        TransferError::Stream(error) => Ending::output(error),
        TransferError::Protocol(_) | TransferError::Thread(_) => Ending::failed("transfer-broken")
            .with("host", &deed.host)
            .with("error", error),
    };
    ending.into()
}

/// How a run ends whose files have no folder to go to.
pub(crate) fn folder_ending(path: &Path, error: &io::Error) -> Ending {
    let key = match error.kind() {
        io::ErrorKind::NotFound => "transfer-folder-missing",
        _ => "transfer-folder-unusable",
    };
    Ending::failed(key)
        .with("path", path.display())
        .with("error", error)
}

/// Refuses a place that is no machine: the plain wire has nothing for `verb`.
pub(crate) fn check_host(host: &str, verb: &'static str) -> Result<(), Ending> {
    match host.parse::<Address>() {
        Err(AddressError::NoScheme) => Ok(()),
        _ => Err(Ending::usage("transfer-host-needed")
            .with("verb", verb)
            .with("address", host)),
    }
}

/// What was typed, as the wire has names.
pub(crate) fn name(typed: &OsStr) -> Result<Name, Ending> {
    let bytes = typed.as_bytes();
    let name = Name::new(bytes);
    name.ok_or_else(|| Ending::usage("transfer-path-too-long").with("bytes", bytes.len()))
}
