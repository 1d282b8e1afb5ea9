//! The programs of a test: the binary, and scripts on the system's Python, with nothing in their
//! environment that would change their words.

use std::path::PathBuf;
use std::process::Command;

/// The binary under test.
pub(crate) fn landline(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_landline"));
    command.args(arguments);
    plain(&mut command);
    command
}

/// A script of the tests, by its path among them.
pub(crate) fn script_at(path: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    command.arg("-B").arg(tests.join(path)).args(arguments);
    plain(&mut command);
    command
}

fn plain(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("LC_") || name.starts_with("LANDLINE_") || name == "LANGUAGE" {
            command.env_remove(name);
        }
    }
    command.env("LANG", "C.UTF-8").env("NO_COLOR", "1");
    command
        .env("PYTHONWARNINGS", "ignore")
        .env("LANDLINE_HOME", env!("CARGO_TARGET_TMPDIR"));
}
