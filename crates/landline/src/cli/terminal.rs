//! The terminal that somebody types at: as it was before a prompt, it is again however the run ends. A
//! prompt takes keys one by one and shows none by itself; left so, the next program could not be used.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::task::JoinHandle;

use super::signals::{Signals, status_of};

/// Ends the marks around what is pasted, which a prompt asks for.
const NO_MARKS: &[u8] = b"\x1b[?2004l\r\n";

/// The signals that end a program at a prompt.
const ENDING: [&str; 4] = ["HUP", "INT", "QUIT", "TERM"];

/// Puts the terminal back when it is dropped, or when a signal ends the program before.
pub(crate) struct Terminal {
    before: Before,
    watching: JoinHandle<()>,
}

impl Terminal {
    /// Takes note of how the terminal at standard input is now.
    pub(crate) fn remember() -> io::Result<Self> {
        let before = Before(tcgetattr(io::stdin())?);
        let mut signals = Signals::take(&ENDING)?;
        let at_signal = before.clone();
        let watching = tokio::spawn(async move {
            let name = signals.next().await;
            at_signal.put_back();
            std::process::exit(status_of(name).into());
        });
        Ok(Self { before, watching })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.watching.abort();
        self.before.put_back();
    }
}

#[derive(Clone)]
struct Before(Termios);

impl Before {
    fn put_back(&self) {
        let now = tcgetattr(io::stdin());
        if now.is_ok_and(|now| now.local_modes == self.0.local_modes) {
            return;
        }
        // If it cannot be done there is nobody to be told.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
        if io::stderr().is_terminal() {
            let _ = io::stderr().write_all(NO_MARKS);
        } else if let Ok(mut terminal) = OpenOptions::new().write(true).open("/dev/tty") {
            let _ = terminal.write_all(NO_MARKS);
        }
    }
}
