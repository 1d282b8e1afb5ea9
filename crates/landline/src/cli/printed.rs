//! Data on standard output, a line at a time. It does not know what the lines say.

use std::fmt::Display;
use std::io::Write;

use serde_json::Value;

use super::ending::Ending;
use super::escape;

/// Prints one object on a line, with nothing in it that drives a terminal.
pub(crate) fn print_object(object: &Value) -> Result<(), Ending> {
    print_line(escape::shown_object(object))
}

/// Prints one line, and has it out before it returns.
pub(crate) fn print_line(line: impl Display) -> Result<(), Ending> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(Ending::output)
}
