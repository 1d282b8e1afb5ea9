//! The terminal that somebody types at: as it was before a prompt, it is again however the run ends. A
//! prompt takes keys one by one and shows none by itself; left so, the next program could not be used.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::task::JoinHandle;

use super::signals::{AtOnce, Signals, status_of};

/// Ends the marks around what is pasted, which a prompt asks for.
const NO_MARKS: &[u8] = b"\x1b[?2004l\r\n";

/// The signals that end a program at a prompt.
const ENDING: [&str; 4] = ["HUP", "INT", "QUIT", "TERM"];

/// How long a prompt that was asked for may take until it stands, on a busy machine.
const PROMPT_MAX: Duration = Duration::from_millis(200);

/// Puts the terminal back when it is dropped, or when a signal ends the program before. After that
/// a signal that ends programs ends this one as if there had been no prompt.
pub(crate) struct Terminal {
    state: State,
    watching: JoinHandle<()>,
    at_once: AtOnce,
}

impl Terminal {
    /// Takes note of how the terminal at standard input is now.
    pub(crate) fn remember() -> io::Result<Self> {
        let state = State {
            before: tcgetattr(io::stdin())?,
            prompts: Arc::default(),
        };
        let at_once = AtOnce::take(&ENDING)?;
        let mut signals = Signals::take(&ENDING)?;
        let at_signal = state.clone();
        let watching = tokio::spawn(async move {
            let name = signals.next().await;
            at_signal.put_back();
            std::process::exit(status_of(name).into());
        });
        Ok(Self {
            state,
            watching,
            at_once,
        })
    }

    /// Whether a prompt stands or is about to: whoever asks for one sets it, whoever reads it takes
    /// it away.
    pub(crate) fn prompts(&self) -> &Arc<AtomicBool> {
        &self.state.prompts
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.watching.abort();
        self.state.put_back();
        self.at_once.ask();
    }
}

#[derive(Clone)]
struct State {
    before: Termios,
    prompts: Arc<AtomicBool>,
}

impl State {
    /// A prompt that another thread is about to show is waited for: it would change the terminal
    /// after us.
    fn put_back(&self) {
        let give_up_at = Instant::now() + PROMPT_MAX;
        while self.is_as_before() {
            if !self.prompts.load(Ordering::SeqCst) || Instant::now() > give_up_at {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        // If it cannot be done there is nobody to be told.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
        if io::stderr().is_terminal() {
            let _ = io::stderr().write_all(NO_MARKS);
        } else if let Ok(mut terminal) = OpenOptions::new().write(true).open("/dev/tty") {
            let _ = terminal.write_all(NO_MARKS);
        }
    }

    fn is_as_before(&self) -> bool {
        let now = tcgetattr(io::stdin());
        // One that is gone needs nothing.
        now.map_or(true, |now| now.local_modes == self.before.local_modes)
    }
}
