//! A terminal of a test's own, with somebody at it who plays a part. It does not know what is said there.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::inside::inside;

/// `command` at such a terminal, with its variables and in its folder: `part` is played to it, and what came
/// of it is printed as JSON (see `terminal.py`). Its standard output is a `pipe` or the `terminal`.
pub(crate) fn at_a_terminal(command: &Command, part: &Value, stdout: &str) -> Command {
    let stage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tutorial/terminal.py");
    let mut played = Command::new("python3");
    played.arg("-B").arg(stage);
    played.args([&part.to_string(), stdout]);
    let mut played = inside(played, command);
    played.env("TERM", "xterm");
    played
}
