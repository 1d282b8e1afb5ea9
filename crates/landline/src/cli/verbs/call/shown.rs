//! Where a reply is shown: on standard output as it is, with a newline where it lacks one; on a
//! terminal without anything that could drive it.

use std::io::{self, IsTerminal, Write};

use crate::cli::escape::shown_bytes;
use crate::cli::input::Printer;

/// Standard output, or the lines above a prompt.
pub(super) struct Shown {
    on_terminal: bool,
    above_prompt: Option<Printer>,
}

impl Shown {
    /// Shows on standard output; above the prompt where there is one and both are the terminal.
    pub(super) fn new(above_prompt: Option<Printer>) -> Self {
        let on_terminal = io::stdout().is_terminal();
        Self {
            on_terminal,
            above_prompt: above_prompt.filter(|_| on_terminal),
        }
    }

    /// Shows one reply.
    pub(super) fn show(&mut self, reply: &[u8]) -> io::Result<()> {
        let mut line = if self.on_terminal {
            safe(reply)
        } else {
            reply.to_vec()
        };
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        if let Some(print) = &mut self.above_prompt {
            return print(String::from_utf8_lossy(&line).into_owned());
        }
        let mut out = io::stdout().lock();
        out.write_all(&line)?;
        out.flush()
    }
}

/// A reply as it may be shown on a terminal: its own line ends and tabs stay.
fn safe(reply: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(reply.len());
    for piece in reply.split_inclusive(|byte| matches!(byte, b'\n' | b'\t')) {
        let (text, end) = match piece.split_last() {
            Some((end @ (b'\n' | b'\t'), text)) => (text, Some(*end)),
            _ => (piece, None),
        };
        line.extend(shown_bytes(text).into_bytes());
        line.extend(end);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_tabs_stay_and_escapes_show() {
        assert_eq!(safe(b"a\tb\nc\x1b[1m"), b"a\tb\nc\\u{1b}[1m");
        assert_eq!(safe(b""), b"");
    }
}
