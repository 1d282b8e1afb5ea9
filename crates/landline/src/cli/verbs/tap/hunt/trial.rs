//! One run of a command under one schedule: a tap on a fresh listener, the command before it, and how
//! that went. It does not know which schedules are tried.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use landline::line::{Address, HostPort, Listener};
use landline::service::Stop;
use landline::tap::hunt::{Failure, Outcome, Passed, Traffic, Trial};
use landline::tap::{Event, Schedule, Tap, Watcher, What};
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::command::{self, Ran};

/// How long a run without moves may take where nothing was said of it.
const CLEAN_TIME_MAX: Duration = Duration::from_secs(60);

/// How much longer than a run without moves one with moves may take, where nothing was said of it:
/// that many times, and this long.
const SLOWER: u32 = 10;
const SLOWER_BY: Duration = Duration::from_secs(2);

/// How long the tap goes on when the command has ended, with what it holds then.
const SETTLE: Duration = Duration::from_millis(200);

/// How many failed runs are remembered: more than are tried to see what a find means. At 128 KiB of
/// each output at most it is 6 MB.
const FAILED_KEPT: usize = 24;

/// Callers that wait for the tap: a command may have many.
const BACKLOG: u32 = 128;

/// Where the tap of each run listens.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// At an address of a family of IP.
    Tcp(SocketAddr),
    /// At a socket file.
    Unix(PathBuf),
}

impl Place {
    /// As it is written.
    pub(super) fn address(&self) -> Address {
        match self {
            Self::Tcp(at) => Address::Tcp(HostPort {
                host: at.ip().to_string(),
                port: at.port(),
            }),
            Self::Unix(path) => Address::Unix(path.clone()),
        }
    }

    /// Listens there, and from now on at the port that was chosen the first time.
    pub(super) fn listen(&mut self) -> io::Result<(Listener, Address)> {
        let listener = match self {
            Self::Tcp(at) => Listener::tcp(*at, BACKLOG)?,
            Self::Unix(path) => Listener::unix(path, BACKLOG)?,
        };
        let address = listener.address()?;
        if let (Self::Tcp(at), Address::Tcp(place)) = (self, &address) {
            at.set_port(place.port);
        }
        Ok((listener, address))
    }
}

/// What is asked of every run.
pub(super) struct Asked {
    /// Where the tap listens.
    pub(super) place: Place,
    /// The listener of the first run, which is there already.
    pub(super) first: Option<Listener>,
    /// Where it leads.
    pub(super) target: Address,
    /// The command's words.
    pub(super) command: Vec<OsString>,
    /// The longest that a run may take, if that was said.
    pub(super) timeout: Option<Duration>,
    /// Whether the output is to be that of a run without moves.
    pub(super) same_output: bool,
    /// When to look no further.
    pub(super) until: Option<Instant>,
}

/// Why no run can be made.
pub(super) enum Trouble {
    /// The tap cannot listen.
    Bind(io::Error),
    /// The command cannot be started.
    Start(io::Error),
}

/// Runs the command, from a thread that may block while the runtime goes on.
pub(super) struct Runs {
    asked: Asked,
    runtime: Handle,
    stop: Stop,
    recorder: Arc<Recorder>,
    /// The longest time of a run without moves, and the first such run.
    clean_time: Duration,
    clean: Option<Ran>,
    /// How the last run went.
    pub(super) last: Option<Ran>,
    /// How runs failed, one of each schedule, the newest last.
    failed: VecDeque<(Schedule, Ran)>,
    /// Why no run can be made any more.
    pub(super) trouble: Option<Trouble>,
}

impl Runs {
    /// Nothing runs yet. Runs end at once when `stop` is said.
    pub(super) fn new(asked: Asked, runtime: Handle, stop: Stop) -> Self {
        Self {
            asked,
            runtime,
            stop,
            recorder: Arc::default(),
            clean_time: Duration::ZERO,
            clean: None,
            last: None,
            failed: VecDeque::new(),
            trouble: None,
        }
    }

    /// Why the target could not be reached in the run without moves, if so.
    pub(super) fn unreachable(&self) -> Option<io::Error> {
        self.recorder.seen().unreachable.take()
    }

    /// How a run under `schedule` failed, if that was not long ago.
    pub(super) fn failed(&self, schedule: &Schedule) -> Option<&Ran> {
        let found = self.failed.iter().find(|(of, _)| of == schedule);
        found.map(|(_, ran)| ran)
    }

    /// How long a run under `schedule` may take.
    fn time_max(&self, schedule: &Schedule) -> Duration {
        let own = match (self.asked.timeout, &self.clean) {
            (Some(said), _) => said,
            (None, None) => CLEAN_TIME_MAX,
            (None, Some(_)) => self.clean_time * SLOWER + SLOWER_BY,
        };
        own.saturating_add(self.recorder.seen().traffic.added_time(schedule))
    }

    async fn run_once(&mut self, schedule: &Schedule) -> Result<Ran, Trouble> {
        let listener = match self.asked.first.take() {
            Some(listener) => listener,
            None => self.asked.place.listen().map_err(Trouble::Bind)?.0,
        };
        let address = self.asked.place.address();
        let is_first_clean = self.clean.is_none();
        let mut tap = Tap::new(self.asked.target.clone());
        tap.schedule = schedule.clone();
        tap.grace = SETTLE;
        if is_first_clean {
            tap.watcher = Some(self.recorder.clone());
        }
        let over = Stop::new();
        let (stop, end_now) = (over.clone(), self.stop.clone());
        let tapping = tokio::spawn(async move {
            tap.run(listener, stop.cancelled(), end_now.cancelled())
                .await;
        });
        // Should this be dropped, the tap ends as well.
        let _over = over.on_drop();
        let text = address.to_string();
        let words = command::words_for(&self.asked.command, &text);
        let ran = command::run(&words, &text, self.time_max(schedule)).await;
        over.cancel();
        // It has no way to fail but to be aborted with the runtime.
        let _ = tapping.await;
        ran.map_err(Trouble::Start)
    }

    fn judge(&self, ran: &Ran) -> Outcome {
        let Some(status) = ran.status else {
            return Outcome::Failed(Failure::TimedOut);
        };
        if let Some(signal) = status.signal() {
            return Outcome::Failed(Failure::Signal(signal));
        }
        match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(0) => {}
            code => return Outcome::Failed(Failure::Exit(code.unwrap_or(u8::MAX))),
        }
        let clean = self.clean.as_ref().filter(|_| self.asked.same_output);
        match clean.is_some_and(|clean| !clean.out.is_same(&ran.out)) {
            true => Outcome::Failed(Failure::Differs),
            false => Outcome::Passed,
        }
    }
}

impl Trial for Runs {
    fn run(&mut self, schedule: &Schedule) -> Outcome {
        let (runtime, stop) = (self.runtime.clone(), self.stop.clone());
        let ran = runtime.block_on(async {
            tokio::select! {
                biased;
                () = stop.cancelled() => None,
                ran = self.run_once(schedule) => Some(ran),
            }
        });
        let ran = match ran {
            None => return Outcome::Stopped,
            Some(Ok(ran)) => ran,
            Some(Err(trouble)) => {
                self.trouble = Some(trouble);
                return Outcome::Stopped;
            }
        };
        let outcome = self.judge(&ran);
        if schedule.is_empty() && outcome == Outcome::Passed {
            self.clean_time = self.clean_time.max(ran.time);
            self.clean.get_or_insert_with(|| ran.clone());
        }
        if let Outcome::Failed(_) = outcome {
            self.failed.retain(|(of, _)| of != schedule);
            self.failed.push_back((schedule.clone(), ran.clone()));
            if self.failed.len() > FAILED_KEPT {
                self.failed.pop_front();
            }
        }
        self.last = Some(ran);
        outcome
    }

    fn traffic(&mut self) -> Traffic {
        self.recorder.seen().traffic.clone()
    }

    fn is_spent(&self) -> bool {
        self.asked
            .until
            .is_some_and(|until| Instant::now() >= until)
    }
}

/// Takes down what the run without moves moves, and whether the target was there.
#[derive(Default)]
struct Recorder(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    traffic: Traffic,
    /// Why a connection did not get through.
    unreachable: Option<io::Error>,
}

impl Recorder {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Recorder {
    fn note(&self, event: &Event<'_>) {
        match event.what {
            What::Read(direction, bytes) => self.seen().traffic.add(Passed {
                connection: u32::try_from(event.connection).unwrap_or(u32::MAX),
                direction,
                // One read is far below 4 GiB.
                bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            }),
            What::Unreachable { error, .. } => {
                let kept = io::Error::new(error.kind(), error.to_string());
                self.seen().unreachable = Some(kept);
            }
            _ => {}
        }
    }
}
