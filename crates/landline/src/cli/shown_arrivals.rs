//! What `listen print` shows: a line for each arrival on standard output, its bytes made visible, or
//! an object with `--json`.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use landline::service::{Arrival, Sink, Stop};
use serde_json::{Value, json};

use super::ending::Ending;
use super::escape::{shown_data, shown_object};
use super::ui::{JSON_VERSION, Ui};

/// Standard output as `print` writes to it. Once it cannot be written, the server is stopped: nobody
/// sees what arrives.
pub(crate) struct ShownArrivals {
    ui: Arc<Ui>,
    stop: Stop,
    lost: Mutex<Option<io::Error>>,
}

impl ShownArrivals {
    /// As the habits of the command line ask, for a server that `stop` stops.
    pub(crate) fn new(ui: &Arc<Ui>, stop: Stop) -> Self {
        Self {
            ui: ui.clone(),
            stop,
            lost: Mutex::default(),
        }
    }

    /// How the run ends if standard output could not be written.
    pub(crate) fn ending(&self) -> Result<(), Ending> {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        match lost.take() {
            Some(error) => Err(Ending::output(error)),
            None => Ok(()),
        }
    }

    fn write(&self, line: &dyn Display) -> io::Result<()> {
        write_line(line).map_err(|error| {
            let kind = error.kind();
            let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.get_or_insert(error);
            self.stop.cancel();
            kind.into()
        })
    }
}

impl Sink for ShownArrivals {
    fn show(&self, arrival: &Arrival<'_>) -> io::Result<()> {
        match self.ui.json() {
            true => self.write(&shown_object(&object(arrival))),
            false => self.write(&line(arrival, &self.ui)),
        }
    }

    fn ended(&self, peer: &str) -> io::Result<()> {
        match self.ui.json() {
            true => {
                let left = json!({"v": JSON_VERSION, "event": "left", "peer": peer});
                self.write(&shown_object(&left))
            }
            false => {
                let values = [("peer", peer.to_owned())];
                self.write(&self.ui.sentence("arrivals-ended", &values))
            }
        }
    }
}

fn write_line(line: &dyn Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn line(arrival: &Arrival<'_>, ui: &Ui) -> String {
    let nobody = || ui.sentence("arrival-nobody", &[]);
    let peer = arrival.peer.map_or_else(nobody, ToString::to_string);
    let kept = arrival.bytes.len();
    let size = arrival.cut_from.unwrap_or(kept).to_string();
    let bytes = shown_data(arrival.bytes);
    let mut values = vec![("peer", peer), ("size", size), ("bytes", bytes)];
    if arrival.cut_from.is_none() {
        return ui.sentence("arrival-whole", &values);
    }
    values.push(("kept", kept.to_string()));
    ui.sentence("arrival-cut", &values)
}

/// Bytes that are no text go as hex, so that an object always says exactly what arrived.
fn object(arrival: &Arrival<'_>) -> Value {
    let mut object = json!({
        "v": JSON_VERSION,
        "event": "arrival",
        "peer": arrival.peer.map(|peer| peer.to_string()),
        "size": arrival.cut_from.unwrap_or(arrival.bytes.len()),
        "kept": arrival.bytes.len(),
    });
    let (name, bytes) = text_or_hex(arrival.bytes);
    object[name] = bytes.into();
    object
}

/// `bytes` as an object has them, and the name of the key.
pub(crate) fn text_or_hex(bytes: &[u8]) -> (&'static str, String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => ("text", text.to_owned()),
        Err(_) => {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            ("hex", digits.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::{Colour, Habits};
    use crate::cli::words::Language;

    fn spoken_in(language: Language) -> Ui {
        Ui::new(&Habits {
            quiet: false,
            verbose: 0,
            json: false,
            color: Colour::Never,
            lang: Some(language),
            no_input: true,
        })
    }

    fn arrival<'a>(bytes: &'a [u8], cut_from: Option<usize>) -> Arrival<'a> {
        Arrival {
            peer: Some(&"127.0.0.1:5"),
            bytes,
            cut_from,
        }
    }

    #[test]
    fn a_line_says_who_how_much_and_what() {
        let ui = spoken_in(Language::En);
        let check = |bytes, cut_from, expected: &str| {
            assert_eq!(line(&arrival(bytes, cut_from), &ui), expected);
        };
        check(b"hi\n", None, "127.0.0.1:5 3 bytes: hi\\n");
        check(br"hi\n", None, r"127.0.0.1:5 4 bytes: hi\\n");
        check(b"", None, "127.0.0.1:5 0 bytes: ");
        check(
            b"hello worl",
            Some(11),
            "127.0.0.1:5 11 bytes, cut to 10: hello worl",
        );
        let nobody = Arrival {
            peer: None,
            bytes: b"x",
            cut_from: None,
        };
        assert_eq!(line(&nobody, &ui), "(no address) 1 bytes: x");
        check(b"\x1b\xff", None, "127.0.0.1:5 2 bytes: \\u{1b}\\xff");
    }

    #[test]
    fn a_line_is_in_the_readers_language() {
        let ui = spoken_in(Language::ZhCn);
        let cut = arrival(b"hello worl", Some(11));
        let expected = "127.0.0.1:5 11 字节，截断为 10 字节：hello worl";
        assert_eq!(line(&cut, &ui), expected);
        let nobody = Arrival {
            peer: None,
            bytes: b"x",
            cut_from: None,
        };
        assert_eq!(line(&nobody, &ui), "（无地址） 1 字节：x");
    }

    #[test]
    fn an_object_holds_text_or_hex() {
        assert_eq!(object(&arrival(b"hi", None))["text"], "hi");
        assert_eq!(object(&arrival(b"\xff\x00", None))["hex"], "ff00");
        assert_eq!(object(&arrival(b"h", Some(9)))["size"], 9);
    }
}
