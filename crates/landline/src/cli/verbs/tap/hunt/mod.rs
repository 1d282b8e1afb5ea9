//! `tap --hunt`: runs a command again and again, each time under other moves, and says which is the
//! smallest that breaks it. The search itself is the library's; here runs are made and told.

mod command;
mod kept;
mod said;
mod told;
mod trial;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use landline::line::Address;
use landline::service::Stop;
use landline::tap::hunt::{POINTS_MAX, Refusal, Report, Settings, hunt};
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::cli::arguments::TapArguments;
use crate::cli::ending::Ending;
use crate::cli::signals::{Signals, status_of};
use crate::cli::ui::Ui;
use crate::cli::verbs::{plain, tap::check};

use told::Teller;
use trial::{Asked, Place, Runs, Trouble};

/// How long is looked where nothing was said of it.
const HUNT_TIME: Duration = Duration::from_secs(60);

/// The exit status where a move was found that breaks the command.
const FOUND: u8 = 1;

/// Hunts until something is found, the time is spent, or a signal ends it.
pub(super) async fn run(
    listen: &Address,
    target: Address,
    typed: TapArguments,
    ui: Arc<Ui>,
) -> Result<ExitCode, Ending> {
    let arguments = typed.hunt;
    let mut place = place(listen, typed.insecure, &ui).await?;
    let listening = place.listen();
    let (listener, listen) = listening.map_err(|error| plain::bind_failed(listen, &error))?;
    check::itself(&listen, &target).await?;
    let settings = Settings {
        only: typed.moves.only,
        // The same hunt twice is the same.
        seed: typed.moves.seed.unwrap_or_default(),
        runs_max: arguments.runs,
        points_max: POINTS_MAX,
    };
    let time = arguments
        .time
        .or(arguments.runs.is_none().then_some(HUNT_TIME));
    let mut again = vec!["landline".to_owned(), "tap".to_owned(), listen.to_string()];
    again.push(target.to_string());
    if typed.insecure {
        again.push("--insecure".to_owned());
    }
    ui.listening(&listen.to_string());
    let hunting = Hunting {
        settings,
        again,
        listen,
        target: target.clone(),
        ui,
    };
    let asked = Asked {
        place,
        first: Some(listener),
        target,
        command: arguments.command,
        timeout: arguments.timeout,
        same_output: arguments.same_output,
        until: time.map(|time| Instant::now() + time),
    };
    hunting.run(asked).await
}

/// Where the tap may listen.
async fn place(listen: &Address, insecure: bool, ui: &Ui) -> Result<Place, Ending> {
    match listen {
        Address::Tcp(place) => {
            let at = plain::own_address(listen, place, insecure, "tap", &[], ui).await?;
            Ok(Place::Tcp(at))
        }
        Address::Unix(path) => Ok(Place::Unix(path.clone())),
        Address::Udp(_) | Address::Unixgram(_) => {
            Err(Ending::usage("hunt-needs-stream").with("address", listen))
        }
    }
}

struct Hunting {
    settings: Settings,
    /// The command that shows what was found again, without its moves.
    again: Vec<String>,
    listen: Address,
    target: Address,
    ui: Arc<Ui>,
}

impl Hunting {
    async fn run(self, asked: Asked) -> Result<ExitCode, Ending> {
        let failed = |error| Ending::failed("runtime-failed").with("error", error);
        let mut signals = Signals::take(&["INT", "TERM", "HUP"]).map_err(failed)?;
        let stop = Stop::new();
        // Should this be dropped, the runs end as well.
        let _stop = stop.on_drop();
        let program = asked
            .command
            .first()
            .map(|word| word.to_string_lossy().into_owned());
        let mut runs = Runs::new(asked, Handle::current(), stop.clone());
        let (settings, mut teller) = (self.settings.clone(), Teller::new(self.ui.clone()));
        // The search blocks: it goes on a thread of its own, and this one drives the sockets.
        let mut hunted = tokio::task::spawn_blocking(move || {
            let report = hunt(&mut runs, &settings, &mut |step| teller.see(step));
            (report, runs, teller)
        });
        let mut signal = None;
        let ended = loop {
            tokio::select! {
                ended = &mut hunted => break ended,
                name = signals.next() => {
                    signal = Some(name);
                    stop.cancel();
                }
            }
        };
        let (report, runs, teller) = ended.map_err(|error| failed(error.into()))?;
        self.tell(report, runs, teller, signal, program)
    }

    fn tell(
        &self,
        report: Result<Report, Refusal>,
        mut runs: Runs,
        mut teller: Teller,
        signal: Option<&'static str>,
        program: Option<String>,
    ) -> Result<ExitCode, Ending> {
        if let Some(trouble) = runs.trouble.take() {
            teller.clear();
            return Err(match trouble {
                Trouble::Bind(error) => plain::bind_failed(&self.listen, &error),
                Trouble::Start(error) => Ending::failed("hunt-command-failed")
                    .with("command", program.unwrap_or_default())
                    .with("error", error),
            });
        }
        let interrupted = || signal.map(|name| Ending::quietly(status_of(name)));
        let report = match report {
            Ok(report) => report,
            Err(Refusal::Stopped) => return Err(interrupted().unwrap_or(Ending::interrupted())),
            Err(refusal) => {
                if let Some(error) = runs.unreachable() {
                    teller.clear();
                    return Err(plain::unreachable(&self.target, &error));
                }
                if let Refusal::Fails(_) | Refusal::Unsteady(_) = refusal {
                    teller.show(runs.last.as_ref());
                }
                return Err(teller.refusal(refusal, &self.listen));
            }
        };
        let failed = report
            .find
            .as_ref()
            .and_then(|it| runs.failed(&it.schedule));
        teller.report(&report, &self.again, &self.listen, failed)?;
        match (report.find, interrupted()) {
            (Some(_), _) => Ok(ExitCode::from(FOUND)),
            (None, Some(ending)) => Err(ending),
            (None, None) => Ok(ExitCode::SUCCESS),
        }
    }
}
