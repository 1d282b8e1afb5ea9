//! Signals to this program. Two stages of a server's stop: the first Ctrl-C, SIGTERM or hang-up of the
//! terminal asks for a clean one, the second ends at once; and which signals are not to be taken at all.

use std::fs::File;
use std::future::poll_fn;
use std::io::{self, Read};
use std::task::Poll;

use landline::service::Stop;
use landline::signal_number;
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
        let ignored = ignored(&own_status().unwrap_or_default());
        let numbered = names
            .iter()
            .map(|name| (*name, signal_number(name).unwrap_or_default()));
        let heeded = numbered.filter(|(_, number)| ignored >> (number - 1) & 1 == 0);
        let taken = heeded.map(|(name, number)| Ok((name, signal(SignalKind::from_raw(number))?)));
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
