//! The mark of a command: what every process that it starts inherits, so that all can be found.
//! It does not know who is looking for them or why.
//!
//! A process keeps its mark whatever it does to leave its command: a session of its own, a parent
//! that has gone, a cleared environment. The mark is therefore worn twice:
//! - as the soft RLIMIT_LOCKS, which Linux passes on through fork and execve and has not used for
//!   anything since 2.4.25 (getrlimit(2)), so that nobody misses it;
//! - as `LANDLINE_CALL` in the environment, for a program that sets every limit anew, and for a
//!   system whose hard limit is too low.

use std::fmt;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Resource, Rlimit, getpid, getrlimit, setrlimit};

/// The environment variable that holds the mark.
pub(super) const VARIABLE: &str = "LANDLINE_CALL";

/// One command of this process: this process's number in the high half, a serial in the low one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark(u64);

impl Mark {
    /// A mark that no command of this process has had. After 2^32 commands they start again.
    pub(super) fn next() -> Self {
        static SERIAL: AtomicU32 = AtomicU32::new(0);
        Self::new(SERIAL.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn new(serial: u32) -> Self {
        Self(high_half() | u64::from(serial))
    }

    /// The mark that a process wears, if it is one of ours.
    pub(super) fn of(process: Pid) -> Option<Self> {
        let limits = || fs::read_to_string(format!("/proc/{process}/limits")).ok();
        let environment = || fs::read(format!("/proc/{process}/environ")).ok();
        limits()
            .and_then(|text| Self::in_limits(&text))
            .or_else(|| environment().and_then(|bytes| Self::in_environment(&bytes)))
    }

    /// Makes this process wear the mark while the guard lives, so that a child started meanwhile
    /// inherits it.
    pub(super) fn wear(self) -> Worn {
        // The limit is the whole process's: two threads must not mix their marks.
        static WEARING: Mutex<()> = Mutex::new(());
        let alone = WEARING.lock().unwrap_or_else(PoisonError::into_inner);
        let before = getrlimit(Resource::Locks);
        let worn = Rlimit {
            current: Some(self.0),
            ..before
        };
        // Fails only where the hard limit is lower; the environment has to do there.
        let before = setrlimit(Resource::Locks, worn).is_ok().then_some(before);
        Worn {
            before,
            _alone: alone,
        }
    }

    fn in_limits(text: &str) -> Option<Self> {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("Max file locks"));
        let soft = line?.split_whitespace().next()?.parse().ok()?;
        Self(soft).ours()
    }

    fn in_environment(bytes: &[u8]) -> Option<Self> {
        let mut variables = bytes.split(|byte| *byte == 0);
        let value = variables.find_map(|variable| {
            let value = variable.strip_prefix(VARIABLE.as_bytes())?;
            value.strip_prefix(b"=")
        });
        let value = std::str::from_utf8(value?).ok()?;
        Self(u64::from_str_radix(value, 16).ok()?).ours()
    }

    /// A landline within a command of ours marks what it starts too, and so may any program: only
    /// what has this process's number counts.
    fn ours(self) -> Option<Self> {
        (self.0 >> 32 == high_half() >> 32).then_some(self)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

fn high_half() -> u64 {
    u64::from(getpid().as_raw_pid().cast_unsigned()) << 32
}

/// This process wears a mark until this is dropped.
pub(super) struct Worn {
    before: Option<Rlimit>,
    _alone: MutexGuard<'static, ()>,
}

impl Drop for Worn {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            // Back to what it was, below the same hard limit: it cannot fail.
            let _ = setrlimit(Resource::Locks, before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_found_in_both_places_and_a_strangers_is_not() {
        let mark = Mark::new(7);
        let limits = format!(
            "Limit  Soft  Hard  Units\nMax file locks    {}    unlimited   locks\n",
            mark.0
        );
        assert_eq!(Mark::in_limits(&limits), Some(mark));
        assert_eq!(
            Mark::in_limits("Max file locks  unlimited unlimited locks"),
            None
        );
        assert_eq!(Mark::in_limits("Max file locks  12 unlimited locks"), None);

        let environment = format!("A=1\0{VARIABLE}={mark}\0B=2\0");
        assert_eq!(Mark::in_environment(environment.as_bytes()), Some(mark));
        assert_eq!(Mark::in_environment(b"LANDLINE_CALL=1f\0"), None);
        assert_eq!(Mark::in_environment(b"LANDLINE_CALL=\xff\0"), None);
        assert_eq!(Mark::in_environment(b""), None);
    }

    #[test]
    fn a_worn_mark_is_taken_off_again() {
        let before = getrlimit(Resource::Locks);
        let mark = Mark::new(9);
        let worn = mark.wear();
        assert_eq!(Mark::of(getpid()), Some(mark));
        drop(worn);
        assert_eq!(getrlimit(Resource::Locks), before);
    }
}
