//! Where a reply is shown: on standard output as it is, with a newline where it lacks one; on a
//! terminal without anything that could drive it; with `--json` as an object.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use crate::cli::escape::{shown_bytes, shown_object};
use crate::cli::input::Printer;
use crate::cli::shown_arrivals::text_or_hex;
use crate::cli::ui::{JSON_VERSION, Ui};

/// Standard output, or the lines above a prompt.
pub(super) struct Shown {
    as_objects: bool,
    on_terminal: bool,
    above_prompt: Option<Printer>,
}

impl Shown {
    /// Shows on standard output; above the prompt where there is one and both are the terminal.
    pub(super) fn new(above_prompt: Option<Printer>, ui: &Ui) -> Self {
        let on_terminal = io::stdout().is_terminal();
        Self {
            as_objects: ui.json(),
            on_terminal,
            above_prompt: above_prompt.filter(|_| on_terminal),
        }
    }

    /// Shows one reply, which is all that is kept of one that had `size` bytes.
    pub(super) fn show(&mut self, reply: &[u8], size: usize) -> io::Result<()> {
        let mut line = match (self.as_objects, self.on_terminal) {
            (true, _) => shown_object(&object(reply, size)).into_bytes(),
            (false, true) => safe(reply),
            (false, false) => reply.to_vec(),
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

fn object(reply: &[u8], size: usize) -> Value {
    let (name, text) = text_or_hex(reply);
    json!({
        "v": JSON_VERSION, "event": "reply", "size": size, "kept": reply.len(), name: text,
    })
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
    fn an_object_says_how_much_there_was() {
        let expected = json!({"v": 1, "event": "reply", "size": 9, "kept": 2, "text": "hi"});
        assert_eq!(object(b"hi", 9), expected);
        assert_eq!(object(b"\xff", 1)["hex"], "ff");
    }

    #[test]
    fn lines_and_tabs_stay_and_escapes_show() {
        assert_eq!(safe(b"a\tb\nc\x1b[1m"), b"a\tb\nc\\u{1b}[1m");
        assert_eq!(safe(b""), b"");
    }
}
