//! Lines of standard input, one at a time: typed at a prompt with history when it is a terminal,
//! read as they are when it is not. A thread of its own waits for them, so that nothing else does.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Read};
use std::sync::atomic::Ordering;

use rustyline::error::ReadlineError;
use rustyline::{Behavior, Config, DefaultEditor, ExternalPrinter};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::ending::Ending;
use super::terminal::Terminal;
use super::ui::Ui;

/// The longest line that is taken, in bytes; it bounds the memory of a line without an end.
pub(crate) const LINE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A text that leaves the cursor where it was, up a line and down again: written above a prompt it
/// has it drawn anew.
const NOTHING: &str = "\x1b[A\n";

/// What one look at the input gave.
pub(crate) enum Line {
    /// A line without its newline.
    Text(Vec<u8>),
    /// The input is at its end.
    End,
    /// Ctrl-C at the prompt.
    Interrupted,
}

/// Writes above the prompt while somebody types.
pub(crate) type Printer = Box<dyn FnMut(String) -> io::Result<()> + Send>;

/// The lines of standard input.
pub(crate) struct Input {
    /// Whether somebody types them.
    pub(crate) typed: bool,
    /// Writes above the prompt, where there is one.
    pub(crate) printer: Option<Printer>,
    asks: Sender<()>,
    lines: Receiver<io::Result<Line>>,
    asked: bool,
    terminal: Option<Terminal>,
}

impl Input {
    /// Starts the thread that reads, with `prompt` in front of what is typed. Nothing is asked of
    /// somebody who does not want to be.
    pub(crate) fn start(prompt: &str, ui: &Ui) -> Result<Self, Ending> {
        if io::stdin().is_terminal() && !ui.asks() {
            return Err(Ending::usage("input-needed"));
        }
        Self::start_thread(prompt).map_err(Ending::input)
    }

    fn start_thread(prompt: &str) -> io::Result<Self> {
        let (asks, asked_for) = channel(1);
        let (found, lines) = channel(1);
        let typed = io::stdin().is_terminal();
        let mut terminal = typed.then(Terminal::remember).transpose()?;
        let printer = if let Some(terminal) = &mut terminal {
            let mut editor = editor()?;
            terminal.resume_with(drawing(printer(&mut editor)))?;
            let printer = printer(&mut editor);
            let (prompt, prompts) = (prompt.to_owned(), terminal.prompts().clone());
            let mut typed = typist(editor, prompt);
            let line = move || {
                let line = typed();
                prompts.store(false, Ordering::SeqCst);
                line
            };
            std::thread::spawn(move || answer(asked_for, found, line));
            printer
        } else {
            std::thread::spawn(move || answer(asked_for, found, read_line));
            None
        };
        Ok(Self {
            typed,
            printer,
            asks,
            lines,
            asked: false,
            terminal,
        })
    }

    /// The next line. Dropping the future loses none: the next call gives it.
    pub(crate) async fn next(&mut self) -> Result<Line, Ending> {
        self.receive().await.map_err(Ending::input)
    }

    async fn receive(&mut self) -> io::Result<Line> {
        if !self.asked {
            if let Some(terminal) = &self.terminal {
                terminal.prompts().store(true, Ordering::SeqCst);
            }
            // The thread ends only after it gave an end or an error.
            let Ok(()) = self.asks.send(()).await else {
                return Ok(Line::End);
            };
            self.asked = true;
        }
        let line = self.lines.recv().await;
        self.asked = false;
        line.unwrap_or(Ok(Line::End))
    }
}

fn answer(
    mut asked_for: Receiver<()>,
    found: Sender<io::Result<Line>>,
    mut next: impl FnMut() -> io::Result<Line>,
) {
    while asked_for.blocking_recv().is_some() {
        if found.blocking_send(next()).is_err() {
            return;
        }
    }
}

fn read_line() -> io::Result<Line> {
    let mut line = Vec::new();
    let input = io::stdin().lock();
    input
        .take(LINE_BYTES_MAX as u64 + 1)
        .read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(Line::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LINE_BYTES_MAX {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a line of more than 64 MiB",
        ));
    }
    Ok(Line::Text(line))
}

/// The prompt stands on the terminal itself, so that standard output carries data alone.
fn editor() -> io::Result<DefaultEditor> {
    let config = Config::builder()
        .behavior(Behavior::PreferTerm)
        .auto_add_history(true)
        .build();
    DefaultEditor::with_config(config).map_err(io::Error::other)
}

fn printer(editor: &mut DefaultEditor) -> Option<Printer> {
    let mut printer = editor.create_external_printer().ok()?;
    Some(Box::new(move |text| {
        printer.print(text).map_err(io::Error::other)
    }))
}

/// What has the prompt drawn anew. A printer waits until the prompt looks up from the keys, and this
/// thread has other things to do.
fn drawing(printer: Option<Printer>) -> impl FnMut() + Send {
    let (ask, asked) = std::sync::mpsc::sync_channel(1);
    if let Some(mut print) = printer {
        std::thread::spawn(move || {
            // A prompt that is gone needs no drawing.
            while asked.recv().is_ok() && print(NOTHING.to_owned()).is_ok() {}
        });
    }
    move || {
        // Where one waits already, that is enough.
        let _ = ask.try_send(());
    }
}

fn typist(mut editor: DefaultEditor, prompt: String) -> impl FnMut() -> io::Result<Line> {
    // A paste comes as one text, and is as many lines as it would be out of a pipe.
    let mut pasted = VecDeque::new();
    move || {
        if let Some(line) = pasted.pop_front() {
            return Ok(Line::Text(line));
        }
        match editor.readline(&prompt) {
            Ok(text) => {
                pasted.extend(text.split('\n').map(|line| line.as_bytes().to_vec()));
                Ok(Line::Text(pasted.pop_front().unwrap_or_default()))
            }
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
            Err(ReadlineError::Io(error)) => Err(error),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}
