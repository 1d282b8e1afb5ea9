//! The terminal that somebody types at: as it was before a prompt, it is again however the run ends. A
//! prompt takes keys one by one and shows none by itself; left so, the next program could not be used.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::getpgrp;
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp,
    tcsetattr,
};
use tokio::task::JoinHandle;

use super::signals::{AtOnce, Signals, status_of};

/// Begins the marks around what is pasted, as the prompt itself does.
const MARKS: &[u8] = b"\x1b[?2004h";

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
    resuming: Option<JoinHandle<()>>,
    at_once: AtOnce,
}

impl Terminal {
    /// Takes note of how the terminal at standard input is now. Once in a run: a signal that ended a
    /// second prompt would end it as it does after the first one, and not put the terminal back.
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
            resuming: None,
            at_once,
        })
    }

    /// From now on a prompt that was stopped (Ctrl-Z) takes keys again when it goes on (`fg`), and
    /// `draw_again` is called: the shell has used the terminal meanwhile, and set it for lines. The
    /// editor that suspends itself is too early for that: another thread of ours may be the one that
    /// takes the stop, a moment later.
    pub(crate) fn resume_with(
        &mut self,
        mut draw_again: impl FnMut() + Send + 'static,
    ) -> io::Result<()> {
        let mut signals = Signals::take(&["CONT"])?;
        let state = self.state.clone();
        self.resuming = Some(tokio::spawn(async move {
            loop {
                signals.next().await;
                if state.take_keys() {
                    draw_again();
                }
            }
        }));
        Ok(())
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
        if let Some(resuming) = &self.resuming {
            resuming.abort();
        }
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
        write_marks(NO_MARKS);
    }

    /// Sets the terminal as a prompt needs it, if one stands. Whether it does.
    fn take_keys(&self) -> bool {
        // In the background (`bg`) the terminal is another's.
        let is_ours = tcgetpgrp(io::stdin()).is_ok_and(|group| group == getpgrp());
        if !is_ours || !self.prompts.load(Ordering::SeqCst) {
            return false;
        }
        let mut keys = self.before.clone();
        keys.input_modes -= InputModes::BRKINT
            | InputModes::ICRNL
            | InputModes::INPCK
            | InputModes::ISTRIP
            | InputModes::IXON;
        keys.local_modes -=
            LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN | LocalModes::ISIG;
        keys.special_codes[SpecialCodeIndex::VMIN] = 1;
        keys.special_codes[SpecialCodeIndex::VTIME] = 0;
        let is_set = tcsetattr(io::stdin(), OptionalActions::Now, &keys).is_ok();
        write_marks(MARKS);
        is_set
    }

    fn is_as_before(&self) -> bool {
        let now = tcgetattr(io::stdin());
        // One that is gone needs nothing.
        now.map_or(true, |now| now.local_modes == self.before.local_modes)
    }
}

fn write_marks(marks: &[u8]) {
    // If it cannot be done there is nobody to be told.
    if io::stderr().is_terminal() {
        let _ = io::stderr().write_all(marks);
    } else if let Ok(mut terminal) = OpenOptions::new().write(true).open("/dev/tty") {
        let _ = terminal.write_all(marks);
    }
}
