//! `tap`: a proxy that shows what it reads and writes, moves it, and keeps it, until a signal ends
//! it.

mod capture;
mod check;
mod hunt;
mod lines;
mod objects;
mod schedule;
mod shown;
mod summary;

use std::process::ExitCode;
use std::sync::Arc;

use landline::line::{Address, Datagrams, Listener};
use landline::service::Stop;
use landline::tap::{Event, Tap, Watcher};

use self::capture::CaptureFile;
use self::shown::Shown;
use super::plain;
use crate::cli::arguments::TapArguments;
use crate::cli::ending::Ending;
use crate::cli::file_limit::raise_file_limit;
use crate::cli::signals::{self, Stages};
use crate::cli::ui::Ui;

/// The queue of finished handshakes that the tap did not take yet.
const BACKLOG: u32 = 1024;

/// Taps until a signal ends it.
pub(crate) async fn run(arguments: TapArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let listen = plain::address(&arguments.listen)?;
    let target = plain::address(&arguments.target)?;
    check::mixture(&listen, &target)?;
    if arguments.hunt.hunt {
        check::target(&target).await?;
        return hunt::run(&listen, target, arguments, ui).await;
    }
    let schedule = schedule::of(&arguments.moves)?;
    check::moves(&schedule, &listen, &target)?;
    check::target(&target).await?;
    if arguments.write.as_deref().is_some_and(capture::is_output) && !ui.is_quiet() {
        return Err(Ending::usage("tap-capture-mixed"));
    }
    if arguments.moves.seed.is_none() && schedule.is_random() {
        ui.note("tap-seed", &[("seed", schedule.seed.to_string())]);
    }
    let stages =
        signals::watch().map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    raise_file_limit();
    let capture = match &arguments.write {
        Some(path) => Some(CaptureFile::create(path, &arguments, ui.clone())?),
        None => None,
    };
    let shown = Arc::new(Shown::new(&arguments, ui.clone(), stages.stop.clone()));
    let tap = Tap {
        target,
        schedule,
        watcher: Some(Arc::new(Watchers {
            shown: shown.clone(),
            capture,
        })),
        grace: arguments.grace,
    };
    let socket = Socket::at(&listen, &arguments, &ui).await?;
    check::itself(socket.address(), &tap.target).await?;
    socket.tap(tap, &ui, stages).await?;
    shown.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// Where the tap takes its clients.
enum Socket {
    Streams(Listener, Address),
    Datagrams(Datagrams),
}

impl Socket {
    async fn at(address: &Address, arguments: &TapArguments, ui: &Ui) -> Result<Self, Ending> {
        let own = async |place| {
            plain::own_address(address, place, arguments.insecure, "tap", &[], ui).await
        };
        let streams = |listener: Listener| {
            let at = listener.address()?;
            Ok(Self::Streams(listener, at))
        };
        let made = match address {
            Address::Tcp(place) => Listener::tcp(own(place).await?, BACKLOG).and_then(streams),
            Address::Unix(path) => Listener::unix(path, BACKLOG).and_then(streams),
            Address::Udp(place) => Datagrams::udp(own(place).await?).map(Self::Datagrams),
            Address::Unixgram(path) => Datagrams::unixgram(path).map(Self::Datagrams),
        };
        made.map_err(|error| plain::bind_failed(address, &error))
    }

    fn address(&self) -> &Address {
        match self {
            Self::Streams(_, at) => at,
            Self::Datagrams(socket) => socket.address(),
        }
    }

    /// Says that it listens, and taps until a signal.
    async fn tap(self, tap: Tap, ui: &Ui, stages: Stages) -> Result<(), Ending> {
        ui.listening(&self.address().to_string());
        ui.note("tap-own-edges", &[]);
        let (stop, end_now) = (asked(stages.stop), asked(stages.end_now));
        match self {
            Self::Streams(listener, _) => tap.run(listener, stop, end_now).await,
            Self::Datagrams(socket) => {
                let ended = tap.run_datagrams(socket, stop, end_now).await;
                ended.map_err(|error| Ending::failed("line-broke").with("error", error))?;
            }
        }
        Ok(())
    }
}

async fn asked(stop: Stop) {
    stop.cancelled().await;
}

/// What is shown, and what is kept.
struct Watchers {
    shown: Arc<Shown>,
    capture: Option<CaptureFile>,
}

impl Watcher for Watchers {
    fn note(&self, event: &Event<'_>) {
        self.shown.note(event);
        if let Some(capture) = &self.capture {
            capture.note(event);
        }
    }

    fn wants_bytes(&self) -> bool {
        self.shown.wants_bytes() || self.capture.is_some()
    }
}
