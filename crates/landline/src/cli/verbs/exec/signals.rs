//! Signals to this program, for the command: passed on at once, whatever the streams wait for. Ctrl-C
//! again and again, or SIGTERM, says that the command does not heed it.

use std::io;
use std::time::Duration;

use landline::ExecHandle;
use tokio::time::Instant;

use crate::cli::ending::Ending;
use crate::cli::signals::{self, status_of};
use crate::cli::ui::Ui;

/// The signals that are passed on, by POSIX's name.
const PASSED: [&str; 6] = ["HUP", "INT", "QUIT", "USR1", "USR2", "TERM"];

/// Two presses of Ctrl-C are one after the other within this time; later they are two first ones.
const AGAIN_MAX: Duration = Duration::from_secs(1);

/// Within this time they are one, and so are two SIGTERM: a terminal tells a whole group of programs, of which some pass it
/// on to others of the group.
const ONE_PRESS: Duration = Duration::from_millis(50);

/// The signals that came and come.
pub(super) struct Signals(signals::Signals);

impl Signals {
    /// Takes them from now on.
    pub(super) fn take() -> io::Result<Self> {
        signals::Signals::take(&PASSED).map(Self)
    }

    /// Passes them on to the command, until somebody does not want to wait for its end any more:
    /// that is how this run ends then.
    pub(super) async fn pass(&mut self, command: &ExecHandle<'_>, host: &str, ui: &Ui) -> Ending {
        let mut presses = Presses::default();
        loop {
            let name = self.0.next().await;
            if is_over(command).await {
                // Only our own output is waited for.
                return Ending::quietly(status_of(name));
            }
            command.signal(name);
            let Some(again_max) = again_max(name) else {
                continue;
            };
            match presses.press(Instant::now(), again_max) {
                Meant::Interrupt => {}
                Meant::End => {
                    command.cancel();
                    ui.note("exec-ending", &[("host", host.to_owned())]);
                }
                Meant::Leave => return Ending::quietly(status_of(name)),
            }
        }
    }
}

/// Until when the same signal again says that the first one did not help; `None`: it says no such
/// thing. Programs are interrupted now and then and go on, but nobody asks twice to terminate one
/// that may go on.
fn again_max(name: &str) -> Option<Duration> {
    match name {
        "INT" => Some(AGAIN_MAX),
        "TERM" => Some(Duration::MAX),
        _ => None,
    }
}

async fn is_over(command: &ExecHandle<'_>) -> bool {
    tokio::select! {
        biased;
        _ = command.wait() => true,
        () = std::future::ready(()) => false,
    }
}

/// How often Ctrl-C was pressed lately, or SIGTERM sent.
#[derive(Default)]
struct Presses {
    last: Option<Instant>,
    count: u32,
}

/// What a press means.
#[derive(Debug, PartialEq, Eq)]
enum Meant {
    /// The command is to get the signal, as if it ran here.
    Interrupt,
    /// The command is to end.
    End,
    /// Nobody wants to wait for that.
    Leave,
}

impl Presses {
    fn press(&mut self, at: Instant, again_max: Duration) -> Meant {
        let since = self.last.map(|last| at.duration_since(last));
        self.last = Some(at);
        match since {
            Some(since) if since < ONE_PRESS => return Meant::Interrupt,
            Some(since) if since <= again_max || self.count >= 2 => self.count += 1,
            _ => self.count = 1,
        }
        match self.count {
            1 => Meant::Interrupt,
            2 => Meant::End,
            _ => Meant::Leave,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_press_interrupts_two_end_and_three_leave() {
        let check = |at_ms: &[u64], expected: &[Meant]| {
            let (mut presses, start) = (Presses::default(), Instant::now());
            let press = |ms: &u64| presses.press(start + Duration::from_millis(*ms), AGAIN_MAX);
            let meant: Vec<Meant> = at_ms.iter().map(press).collect();
            assert_eq!(meant, expected, "{at_ms:?}");
        };
        use Meant::{End, Interrupt, Leave};
        check(&[0, 300, 600], &[Interrupt, End, Leave]);
        check(&[0, 2000, 4000], &[Interrupt, Interrupt, Interrupt]);
        // Once it was asked to end, the next press leaves, however late it comes.
        check(&[0, 500, 9000], &[Interrupt, End, Leave]);
        check(&[0, 1, 2, 3], &[Interrupt, Interrupt, Interrupt, Interrupt]);
        check(&[0, 1, 400, 401], &[Interrupt, Interrupt, End, Interrupt]);
    }
}
