//! How much of the machine others use, before a measurement and during it: what a
//! compiler beside it takes would be taken for a slow server. It knows nothing of what is measured.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// More of all processors than this in the hands of others, and a measurement is made again.
const OTHERS_MOST: f64 = 0.10;
/// How long one measurement is put off at most.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// How long a whole run waits, and makes measurements again, at most: a machine that is never
/// quiet is measured as it is.
const BUDGET: Duration = Duration::from_secs(90);
/// One look at how busy the machine is.
const LOOK: Duration = Duration::from_millis(150);
/// The unit of /proc/stat, which is the same on all of Linux's user interfaces.
const TICK_SECONDS: f64 = 0.01;

/// A stretch of time that is watched.
pub(super) struct Watch {
    start: Instant,
    busy: f64,
    own: f64,
}

impl Watch {
    pub(super) fn start() -> Self {
        Self {
            start: Instant::now(),
            busy: busy_seconds(),
            own: own_seconds(),
        }
    }

    /// The part of all processors, 0 to 1, that was neither idle nor spent by what this process
    /// started and has waited for.
    pub(super) fn others(&self) -> f64 {
        let wall = self.start.elapsed().as_secs_f64() * processors();
        let others = (busy_seconds() - self.busy) - (own_seconds() - self.own);
        (others / wall.max(TICK_SECONDS)).clamp(0.0, 1.0)
    }
}

/// What is left of the time that a run may spend on a quiet machine.
pub(super) struct Patience {
    left: Duration,
}

impl Patience {
    /// The whole budget, or none for a quick run, which takes what it gets.
    pub(super) fn new(quick: bool) -> Self {
        Self {
            left: if quick { Duration::ZERO } else { BUDGET },
        }
    }

    /// Waits until others leave the machine alone, while patience lasts.
    pub(super) fn wait(&mut self) {
        let mut left = WAIT_MAX.min(self.left);
        while !left.is_zero() {
            let watch = Watch::start();
            thread::sleep(LOOK);
            if watch.others() < OTHERS_MOST {
                return;
            }
            left = left.saturating_sub(LOOK);
            self.left = self.left.saturating_sub(LOOK);
        }
    }

    /// Whether a measurement that was watched is to be made again.
    pub(super) fn again(&mut self, others: f64, watch: &Watch) -> bool {
        let again = others >= OTHERS_MOST && !self.left.is_zero();
        if again {
            self.left = self.left.saturating_sub(watch.start.elapsed());
        }
        again
    }
}

fn processors() -> f64 {
    let count = thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(count).map_or(1.0, f64::from)
}

/// All time spent on any processor since the machine started, and what its host took away.
fn busy_seconds() -> f64 {
    fs::read_to_string("/proc/stat").map_or(0.0, |stat| busy_ticks(&stat) * TICK_SECONDS)
}

/// From the first line: user, nice, system, irq, softirq and steal, without idle and iowait.
fn busy_ticks(stat: &str) -> f64 {
    let fields = stat
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1);
    let ticks: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
    [0, 1, 2, 5, 6, 7]
        .iter()
        .filter_map(|&index| ticks.get(index))
        .sum()
}

fn own_seconds() -> f64 {
    let spent = |who| {
        getrusage(who).map_or(0, |usage| {
            usage.user_time().num_milliseconds() + usage.system_time().num_milliseconds()
        })
    };
    let all = spent(UsageWho::RUSAGE_SELF) + spent(UsageWho::RUSAGE_CHILDREN);
    i32::try_from(all).map_or(f64::MAX, f64::from) / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_ends() {
        let mut patience = Patience::new(false);
        let long_ago = Instant::now()
            .checked_sub(BUDGET)
            .expect("the machine is up that long");
        let watch = Watch {
            start: long_ago,
            busy: 0.0,
            own: 0.0,
        };
        assert!(!patience.again(0.0, &watch), "nobody disturbed it");
        assert!(patience.again(0.5, &watch));
        assert!(!patience.again(0.5, &watch), "the budget is spent");
        assert!(
            !Patience::new(true).again(0.5, &watch),
            "a quick run has none"
        );
    }

    #[test]
    fn idle_and_waiting_for_disks_is_not_busy() {
        let stat = "cpu  10 2 30 4000 500 6 7 8 9 10\ncpu0 1 1 1 1\n";
        assert!((busy_ticks(stat) - 63.0).abs() < 1e-9);
        assert!(busy_ticks("") < 1e-9);
    }
}
