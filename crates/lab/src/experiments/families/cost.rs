//! What a round trip costs, with both ends on one core and on two. Beside it the bare wake-up: two
//! threads that wake each other without a socket between them.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use socket2::Socket;

use super::pair::Family;
use crate::datagrams::WAIT;
use crate::experiment::LabError;

/// What goes there and back: a short message.
const MESSAGE_BYTES: usize = 64;

/// The median of many round trips.
pub(super) struct Cost {
    /// None: the wake-up alone.
    pub(super) family: Option<Family>,
    pub(super) one_core_us: f64,
    /// None where this program may use one core only.
    pub(super) two_cores_us: Option<f64>,
}

impl Cost {
    pub(super) fn measure(family: Option<Family>, rounds: usize) -> Result<Self, LabError> {
        let cores = cores()?;
        let time = |cores| match &family {
            Some(family) => sockets(family, cores, rounds),
            None => wakes(cores, rounds),
        };
        let first = cores[0];
        let second = cores.get(1).map(|second| time([first, *second]));
        Ok(Self {
            family,
            one_core_us: time([first, first])?,
            two_cores_us: second.transpose()?,
        })
    }

    /// The names of its two facts.
    pub(super) fn facts(&self) -> [&'static str; 2] {
        match self.family.map(|family| family.name) {
            Some("tcp") => ["tcp_one", "tcp_two"],
            Some("unix") => ["unix_one", "unix_two"],
            Some("unixgram") => ["unixgram_one", "unixgram_two"],
            Some(_) => ["udp_one", "udp_two"],
            None => ["wake_one", "wake_two"],
        }
    }
}

/// The first two cores that this program may use, or the one.
fn cores() -> Result<Vec<usize>, LabError> {
    let set = sched_getaffinity(None);
    let set = set.map_err(|error| LabError::of("sched_getaffinity")(error.into()))?;
    let allowed = (0..CpuSet::MAX_CPU).filter(|core| set.is_set(*core));
    Ok(allowed.take(2).collect())
}

/// Ties the calling thread to a core. Only for a thread of one's own.
fn stay_on(core: usize) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}

fn sockets(family: &Family, cores: [usize; 2], rounds: usize) -> Result<f64, LabError> {
    let [client, server] = family.pair()?;
    let timed = thread::scope(|scope| {
        scope.spawn(move || {
            stay_on(cores[1])?;
            for _ in 0..rounds {
                pass(&server)?;
            }
            io::Result::Ok(())
        });
        let timing = scope.spawn(|| {
            stay_on(cores[0])?;
            let mut times = Vec::with_capacity(rounds);
            for _ in 0..rounds {
                let before = Instant::now();
                (&client).write_all(&[b'x'; MESSAGE_BYTES])?;
                (&client).read_exact(&mut [0; MESSAGE_BYTES])?;
                times.push(before.elapsed());
            }
            Ok(times)
        });
        timing.join()
    });
    let times = timed.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    times
        .map(median_us)
        .map_err(LabError::of("time round trips"))
}

/// Sends one message back.
fn pass(mut socket: &Socket) -> io::Result<()> {
    let mut buffer = [0; MESSAGE_BYTES];
    socket.read_exact(&mut buffer)?;
    socket.write_all(&buffer)
}

/// Two threads wake each other in turn (futex(2)).
fn wakes(cores: [usize; 2], rounds: usize) -> Result<f64, LabError> {
    let turn = &AtomicUsize::new(0);
    let wait = |until: usize| -> io::Result<()> {
        let ends = Instant::now() + WAIT;
        while turn.load(Ordering::Acquire) < until {
            thread::park_timeout(WAIT);
            if Instant::now() >= ends {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    };
    let timed = thread::scope(|scope| {
        let timing = scope.spawn(move || {
            stay_on(cores[0])?;
            let waker = thread::current();
            thread::scope(|scope| {
                let other = scope.spawn(move || {
                    stay_on(cores[1])?;
                    for round in 0..rounds {
                        wait(2 * round + 1)?;
                        turn.store(2 * round + 2, Ordering::Release);
                        waker.unpark();
                    }
                    io::Result::Ok(())
                });
                let mut times = Vec::with_capacity(rounds);
                for round in 0..rounds {
                    let before = Instant::now();
                    turn.store(2 * round + 1, Ordering::Release);
                    other.thread().unpark();
                    wait(2 * round + 2)?;
                    times.push(before.elapsed());
                }
                io::Result::Ok(times)
            })
        });
        timing.join()
    });
    let times = timed.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    times.map(median_us).map_err(LabError::of("time wake-ups"))
}

fn median_us(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2);
    middle.map_or(0.0, |time| time.as_secs_f64() * 1e6)
}
