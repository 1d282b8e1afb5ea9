//! Which parts are being written by which transfers of one program. A peer whose line fell silent calls
//! again, and goes on where it was: the transfer that still waits for the dead line has to let go. One that
//! moves keeps its part. It does not know what is in a part.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::stop::Stop;

/// How long nothing comes of a transfer that has fallen silent: 3 s, as many as four packets in a row take
/// that are lost and sent again.
const SILENCE: Duration = Duration::from_secs(3);

/// How long a transfer is watched of which something comes: what its kernel held back may come yet when a
/// line is whole again whose peer is gone, and then its end.
const WATCHED: Duration = Duration::from_secs(3);

/// How long ago something came of a transfer that moves.
const PAUSE: Duration = Duration::from_secs(1);

/// How often it is looked at meanwhile whether something comes.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How long a transfer that was told to let go may take: it writes one piece at most.
const LET_GO_MAX: Duration = Duration::from_secs(1);

/// The parts that transfers of one program hold. Clones are the same.
#[derive(Clone, Debug)]
pub struct Claims {
    held: Arc<Held>,
    silence: Duration,
    watched: Duration,
}

#[derive(Debug, Default)]
struct Held {
    /// By the paths of their journals, which name the peer's part and no other.
    parts: Mutex<HashMap<PathBuf, Holder>>,
    freed: Condvar,
}

/// A transfer that holds a part.
#[derive(Clone, Debug)]
struct Holder {
    /// Ends it.
    stop: Stop,
    pulse: Arc<Mutex<Pulse>>,
}

/// Whether something comes of a transfer.
#[derive(Debug)]
struct Pulse {
    /// When something came last.
    at: Instant,
    /// All came: it is brought to the disk, which takes as long as it takes.
    is_whole: bool,
}

/// A part that is held, until this is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    claims: Claims,
    journal: PathBuf,
    pulse: Arc<Mutex<Pulse>>,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            held: Arc::default(),
            silence: SILENCE,
            watched: WATCHED,
        }
    }
}

impl Claims {
    /// The same, but whoever moves is known at once.
    #[cfg(test)]
    pub(in super::super) fn quick() -> Self {
        Self {
            watched: Duration::from_millis(50),
            ..Self::default()
        }
    }

    /// Has whoever else holds the part let go of it, which its `stop` tells it to do, unless something
    /// comes of it still; whether anybody did hold it. By then it may be placed.
    pub(super) fn free(&self, journal: &Path, own: &Stop) -> bool {
        let held = self.lock();
        let holder = match held.get(journal) {
            Some(holder) if !holder.stop.is_same(own) => holder.clone(),
            _ => return false,
        };
        let still = |held: &HashMap<PathBuf, Holder>| {
            let now = held.get(journal);
            now.is_some_and(|it| it.stop.is_same(&holder.stop))
        };
        let goes_on = |held: &HashMap<PathBuf, Holder>| still(held) && !own.is_cancelled();
        let Some(held) = self.wait_for_silence(held, &holder, goes_on) else {
            return true;
        };
        holder.stop.cancel();
        // Who does not let go in time keeps it, and the file comes without a part.
        let freed = &self.held.freed;
        let _ = freed.wait_timeout_while(held, LET_GO_MAX, |held| still(held));
        true
    }

    /// Waits until nothing has come of a transfer for long enough. `None` if it moves, or nobody waits for
    /// that any more.
    fn wait_for_silence<'a>(
        &self,
        mut held: MutexGuard<'a, HashMap<PathBuf, Holder>>,
        holder: &Holder,
        goes_on: impl Fn(&HashMap<PathBuf, Holder>) -> bool,
    ) -> Option<MutexGuard<'a, HashMap<PathBuf, Holder>>> {
        let begun = Instant::now();
        loop {
            let (silent, is_whole) = {
                let pulse = lock(&holder.pulse);
                (pulse.at.elapsed(), pulse.is_whole)
            };
            if silent >= self.silence && !is_whole {
                return Some(held);
            }
            if begun.elapsed() >= self.watched && (is_whole || silent < PAUSE) {
                return None;
            }
            let waited = self.held.freed.wait_timeout(held, LOOK_EVERY);
            held = waited.unwrap_or_else(PoisonError::into_inner).0;
            if !goes_on(&held) {
                return None;
            }
        }
    }

    /// The part is held by the transfer that `stop` ends.
    pub(super) fn claim(&self, journal: PathBuf, stop: &Stop) -> Claim {
        let pulse = Arc::new(Mutex::new(Pulse {
            at: Instant::now(),
            is_whole: false,
        }));
        let holder = Holder {
            stop: stop.clone(),
            pulse: pulse.clone(),
        };
        self.lock().insert(journal.clone(), holder);
        Claim {
            claims: self.clone(),
            journal,
            pulse,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Holder>> {
        lock(&self.held.parts)
    }
}

impl Claim {
    /// Something came.
    pub(super) fn note(&self) {
        lock(&self.pulse).at = Instant::now();
    }

    /// All came.
    pub(super) fn be_whole(&self) {
        lock(&self.pulse).is_whole = true;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut held = self.claims.lock();
        // Who has the part's lock by now may have noted so already.
        let is_own = |it: &Holder| Arc::ptr_eq(&it.pulse, &self.pulse);
        if held.get(&self.journal).is_some_and(is_own) {
            held.remove(&self.journal);
        }
        drop(held);
        self.claims.held.freed.notify_all();
    }
}

/// Nothing panics while it holds one.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOURNAL: &str = "a.journal";

    /// How long a test waits for what must come.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// Claims whose transfers have fallen silent once nothing has come for so long.
    fn silent_after(silence: Duration) -> Claims {
        Claims {
            silence,
            ..Claims::quick()
        }
    }

    /// A transfer that holds the part, and lets go once it is told to.
    fn hold(claims: &Claims, first: &Stop) -> std::thread::JoinHandle<()> {
        let (claim, told) = (claims.claim(JOURNAL.into(), first), first.clone());
        std::thread::spawn(move || {
            while !told.is_cancelled() {
                std::thread::yield_now();
            }
            drop(claim);
        })
    }

    #[test]
    fn who_comes_later_has_the_first_let_go() {
        let (claims, journal) = (silent_after(Duration::ZERO), Path::new(JOURNAL));
        let (first, second) = (Stop::new(), Stop::new());
        assert!(!claims.free(journal, &first));
        let holder = hold(&claims, &first);
        assert!(!claims.free(journal, &first));
        assert!(!first.is_cancelled(), "its own part is no other's");
        assert!(claims.free(journal, &second));
        assert!(first.is_cancelled());
        assert!(claims.lock().is_empty());
        holder.join().expect("it lets go");
    }

    #[test]
    fn silence_is_waited_for() {
        let silence = Duration::from_millis(50);
        let claims = silent_after(silence);
        let (first, begun) = (Stop::new(), Instant::now());
        let holder = hold(&claims, &first);
        assert!(claims.free(Path::new(JOURNAL), &Stop::new()));
        assert!(first.is_cancelled() && begun.elapsed() >= silence);
        holder.join().expect("it lets go");
    }

    #[test]
    fn who_moves_keeps_its_part() {
        let claims = silent_after(Duration::MAX);
        let (first, second) = (Stop::new(), Stop::new());
        std::thread::scope(|scope| {
            // It is let go here whatever happens, so that nobody waits for ever.
            let claim = claims.claim(JOURNAL.into(), &first);
            let (later, begun) = (
                scope.spawn(|| claims.free(Path::new(JOURNAL), &second)),
                Instant::now(),
            );
            while !later.is_finished() {
                assert!(begun.elapsed() < PATIENCE, "it was not seen to move");
                claim.note();
                std::thread::yield_now();
            }
            assert!(later.join().expect("it does not panic"));
            claim.be_whole();
            assert!(claims.free(Path::new(JOURNAL), &second));
        });
        assert!(!first.is_cancelled());
    }

    #[test]
    fn who_lets_go_by_itself_is_not_told_to() {
        let claims = silent_after(Duration::MAX);
        let (first, second) = (Stop::new(), Stop::new());
        let claim = claims.claim(JOURNAL.into(), &first);
        std::thread::scope(|scope| {
            let later = scope.spawn(|| claims.free(Path::new(JOURNAL), &second));
            drop(claim);
            later.join().expect("it does not panic");
        });
        assert!(!first.is_cancelled());
    }
}
