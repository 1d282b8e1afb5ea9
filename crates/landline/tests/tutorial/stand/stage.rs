//! A terminal of a test's own, with somebody at it who plays a part. It does not know what is said there.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// `command` at such a terminal, with its variables and in its folder: `part` is played to it, and what came
/// of it is printed as JSON (see `terminal.py`). Its standard output is a `pipe` or the `terminal`.
pub(crate) fn at_a_terminal(command: &Command, part: &Value, stdout: &str) -> Command {
    let stage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tutorial/terminal.py");
    let mut played = Command::new("python3");
    played.arg("-B").arg(stage);
    played.args([&part.to_string(), stdout]);
    played.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => played.env(name, value),
            None => played.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        played.current_dir(folder);
    }
    played.env("TERM", "xterm");
    played
}
