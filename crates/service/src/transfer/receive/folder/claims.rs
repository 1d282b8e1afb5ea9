//! Which parts are being written by which transfers of one program. A peer whose line fell silent calls
//! again, and goes on where it was: the transfer that still waits for the dead line has to let go. It
//! does not know what is in a part.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::stop::Stop;

/// How long a transfer that was told to let go may take: it writes one piece at most.
const LET_GO_MAX: Duration = Duration::from_secs(1);

/// The parts that transfers of one program hold. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Claims(Arc<Held>);

#[derive(Debug, Default)]
struct Held {
    /// By the paths of their journals, which name the peer's part and no other.
    parts: Mutex<HashMap<PathBuf, Stop>>,
    freed: Condvar,
}

/// A part that is held, until this is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    claims: Claims,
    journal: PathBuf,
}

impl Claims {
    /// Has whoever else holds the part let go of it, which its `stop` tells it to do; whether anybody
    /// did hold it. By then it may be placed.
    pub(super) fn free(&self, journal: &Path, own: &Stop) -> bool {
        let held = self.lock();
        match held.get(journal) {
            Some(stop) if !stop.is_same(own) => stop.cancel(),
            _ => return false,
        }
        let still = |held: &mut HashMap<PathBuf, Stop>| held.contains_key(journal);
        // Who does not let go in time keeps it, and the file comes without a part.
        let _ = self.0.freed.wait_timeout_while(held, LET_GO_MAX, still);
        true
    }

    /// The part is held by the transfer that `stop` ends.
    pub(super) fn claim(&self, journal: PathBuf, stop: &Stop) -> Claim {
        self.lock().insert(journal.clone(), stop.clone());
        let claims = self.clone();
        Claim { claims, journal }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Stop>> {
        self.0.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.lock().remove(&self.journal);
        self.claims.0.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_later_has_the_first_let_go() {
        let (claims, journal) = (Claims::default(), Path::new("a.journal"));
        let (first, second) = (Stop::new(), Stop::new());
        claims.free(journal, &first);
        let claim = claims.claim(journal.to_owned(), &first);
        claims.free(journal, &first);
        assert!(!first.is_cancelled(), "its own part is no other's");
        let (told, elsewhere) = (first.clone(), claims.clone());
        let holder = std::thread::spawn(move || {
            while !told.is_cancelled() {
                std::thread::yield_now();
            }
            drop(claim);
            drop(elsewhere);
        });
        claims.free(journal, &second);
        assert!(first.is_cancelled());
        assert!(claims.lock().is_empty());
        holder.join().expect("it lets go");
    }
}
