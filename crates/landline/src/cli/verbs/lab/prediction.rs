//! What the reader thinks will come, asked before the kernel is.

use std::io::IsTerminal;

use landline_lab::Experiment;

use super::shown;
use crate::cli::ending::Ending;
use crate::cli::escape;
use crate::cli::input::{Input, Line};
use crate::cli::printed::print_line;
use crate::cli::ui::Ui;

/// The prediction, if somebody is there who may be asked and types one.
pub(super) async fn ask(experiment: &Experiment, ui: &Ui) -> Result<Option<String>, Ending> {
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    // Who reads the question elsewhere, as in a pager, is not at the prompt.
    let is_there = stdin.is_terminal() && stdout.is_terminal() && stderr.is_terminal();
    if !is_there || !ui.asks() {
        return Ok(None);
    }
    let question = ui.sentence(experiment.predict, &[]);
    print_line(shown::paragraph(&question).join("\n"))?;
    let mut input = Input::start(&ui.sentence("lab-prompt", &[]), ui)?;
    let typed = match input.next().await? {
        Line::Text(line) => escape::shown_bytes(line.trim_ascii()),
        Line::End => String::new(),
        Line::Interrupted => return Err(Ending::interrupted()),
    };
    Ok(Some(typed).filter(|typed| !typed.is_empty()))
}
