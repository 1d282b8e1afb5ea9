//! Data on standard output, a line at a time. It does not know what the lines say.

use std::fmt::Display;
use std::io::Write;

use super::ending::Ending;

/// Prints one line, and has it out before it returns.
pub(crate) fn print_line(line: impl Display) -> Result<(), Ending> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(Ending::output)
}
