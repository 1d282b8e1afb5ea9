//! Signals to this program. Two stages of a server's stop: the first Ctrl-C, SIGTERM or hang-up of the
//! terminal asks for a clean one, the second ends at once; and which signals are not to be taken at all.

use std::fs::File;
use std::future::poll_fn;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use landline::service::Stop;
use landline::signal_number;
use signal_hook::flag;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// More than the kernel ever tells of a process, in bytes; today it is 1,500.
const STATUS_BYTES_MAX: usize = 8 * 1024;

/// The two stages of a stop.
pub(crate) struct Stages {
    /// Idle lines close, busy calls have their grace.
    pub(crate) stop: Stop,
    /// Everything ends.
    pub(crate) end_now: Stop,
}

/// Watches from now on for the signals that stop a server. A terminal that hangs up is one: else the
/// server would be gone, and its socket file and the commands that it runs would stay.
pub(crate) fn watch() -> io::Result<Stages> {
    stages(Signals::take(&["HUP"])?)
}

/// The same, for a server to which a hang-up means something else.
pub(crate) fn watch_but_hang_up() -> io::Result<Stages> {
    stages(Signals::default())
}

fn stages(mut signals: Signals) -> io::Result<Stages> {
    // Even where a shell has a script's background ignore them: nothing else stops a server.
    for (name, kind) in [
        ("TERM", SignalKind::terminate()),
        ("INT", SignalKind::interrupt()),
    ] {
        signals.0.push((name, signal(kind)?));
    }
    let stages = Stages {
        stop: Stop::new(),
        end_now: Stop::new(),
    };
    let (stop, end_now) = (stages.stop.clone(), stages.end_now.clone());
    tokio::spawn(async move {
        signals.next().await;
        stop.cancel();
        signals.next().await;
        end_now.cancel();
    });
    Ok(stages)
}

/// From now on a write past the limit on the length of files (RLIMIT_FSIZE) fails, and does not end
/// this program (SIGXFSZ).
pub(crate) fn outlive_file_lengths() -> io::Result<()> {
    // Taken once it stays taken.
    signal(SignalKind::from_raw(
        signal_number("XFSZ").unwrap_or_default(),
    ))
    .map(drop)
}

/// Signals that are taken, by POSIX's name.
#[derive(Default)]
pub(crate) struct Signals(Vec<(&'static str, Signal)>);

impl Signals {
    /// Takes those with these names from now on. What this program was started to ignore stays
    /// ignored (nohup(1), and a shell's background).
    pub(crate) fn take(names: &[&'static str]) -> io::Result<Self> {
        let taken =
            heeded(names).map(|(name, number)| Ok((name, signal(SignalKind::from_raw(number))?)));
        Ok(Self(taken.collect::<io::Result<_>>()?))
    }

    /// The name of the next one that comes.
    pub(crate) async fn next(&mut self) -> &'static str {
        poll_fn(|cx| {
            for (name, signal) in &mut self.0 {
                if signal.poll_recv(cx).is_ready() {
                    return Poll::Ready(*name);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Signals that end the program at once, whatever its threads do, from when that is asked for: one that
/// was taken never again does by itself what it does to other programs.
pub(crate) struct AtOnce {
    is_asked: Arc<AtomicBool>,
    /// The exit status for a signal that came before; zero where none did.
    status: Arc<AtomicUsize>,
}

impl AtOnce {
    /// Those with these names, but what this program was started to ignore.
    pub(crate) fn take(names: &[&'static str]) -> io::Result<Self> {
        let (is_asked, status) = <(Arc<AtomicBool>, Arc<AtomicUsize>)>::default();
        for (name, number) in heeded(names) {
            let ended = status_of(name);
            flag::register_usize(number, status.clone(), ended.into())?;
            flag::register_conditional_shutdown(number, ended.into(), is_asked.clone())?;
        }
        Ok(Self { is_asked, status })
    }

    /// From now on they do, and one that came before does now.
    pub(crate) fn ask(&self) {
        self.is_asked.store(true, Ordering::SeqCst);
        let status = self.status.load(Ordering::SeqCst);
        if status != 0 {
            std::process::exit(i32::try_from(status).unwrap_or(i32::MAX));
        }
    }
}

/// Those of these signals that this program was not started to ignore, with their numbers.
fn heeded(names: &[&'static str]) -> impl Iterator<Item = (&'static str, i32)> {
    let ignored = ignored(&own_status().unwrap_or_default());
    let numbered = names
        .iter()
        .map(|name| (*name, signal_number(name).unwrap_or_default()));
    numbered.filter(move |(_, number)| ignored >> (number - 1) & 1 == 0)
}

/// The exit status of a program that such a signal ended, as a shell has it.
pub(crate) fn status_of(name: &str) -> u8 {
    let number = signal_number(name).and_then(|number| u8::try_from(number).ok());
    128 + number.unwrap_or_default()
}

/// What the kernel tells of this process, read at one go.
fn own_status() -> io::Result<String> {
    let mut text = vec![0; STATUS_BYTES_MAX];
    let count = File::open("/proc/self/status")?.read(&mut text)?;
    Ok(String::from_utf8_lossy(&text[..count]).into_owned())
}

/// The ignored signals out of a process's status (proc_pid_status(5)), the first in the lowest bit.
fn ignored(status: &str) -> u64 {
    let mut lines = status.lines();
    let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_of_ignored_signals_is_found() {
        let status = "SigBlk:\tffff\nSigIgn:\t0000000000001006\nSigCgt:\t01\n";
        assert_eq!(ignored(status), 0x1006);
        assert_eq!(ignored(""), 0);
        assert_eq!(ignored("SigIgn:\tx"), 0);
    }

    #[test]
    fn the_status_is_as_a_shell_has_it() {
        assert_eq!((status_of("INT"), status_of("TERM")), (130, 143));
    }
}
