//! Who may do what, as the grants file has it now. A change counts at once for who comes and who
//! calls, and within [`LOOK_EVERY`] for what runs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use landline_trust::{FileError, Grants, Home, Refreshed, Watched};
use tokio::sync::watch;

/// How often the file is looked at when nobody calls: one system call each time.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The grants of a home, followed.
pub(super) struct Trusted {
    watched: Mutex<Watched<Grants>>,
    changed: watch::Sender<Arc<Grants>>,
}

impl Trusted {
    /// Follows the grants of `home`.
    ///
    /// # Errors
    /// When their file is bad already.
    pub(super) fn open(home: &Home) -> Result<Self, FileError> {
        let watched = Watched::open(home.grants())?;
        let (changed, _) = watch::channel(watched.current());
        Ok(Self {
            watched: Mutex::new(watched),
            changed,
        })
    }

    /// The grants as they are now.
    pub(super) fn look(&self) -> Arc<Grants> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        match watched.refresh() {
            Refreshed::Same => {}
            Refreshed::Changed => {
                tracing::info!("grants changed");
                self.changed.send_replace(watched.current());
            }
            Refreshed::Refused(error) => {
                tracing::warn!(%error, "grants file is bad: the last good one counts");
            }
        }
        watched.current()
    }

    /// Tells of each change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<Arc<Grants>> {
        self.changed.subscribe()
    }

    /// Looks again and again.
    pub(super) async fn keep_looking(&self) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            self.look();
        }
    }
}
