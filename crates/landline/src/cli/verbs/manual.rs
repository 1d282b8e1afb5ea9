//! `completions` and `man`: the grammar told in other ways.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Command, CommandFactory};

use crate::cli::arguments::Arguments;
use crate::cli::ending::Ending;

/// Prints the completions for `shell`.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Ending> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "landline", &mut text);
    print(&text)
}

/// Prints the manual page, in the form of man(7): the program, then each verb, and the verbs of a verb
/// behind it.
pub(crate) fn man() -> Result<ExitCode, Ending> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    let mut text = Vec::new();
    page(program, &mut text).map_err(Ending::output)?;
    print(&text)
}

fn page(command: Command, text: &mut Vec<u8>) -> io::Result<()> {
    let own = command.clone().disable_help_subcommand(true);
    clap_mangen::Man::new(own).render(text)?;
    if let Some(examples) = command.get_before_help() {
        text.extend(section_of(&examples.to_string()).bytes());
    }
    for verb in command.get_subcommands() {
        // A verb that has verbs has clap's own `help` for them, too.
        if verb.get_name() != "help" {
            page(verb.clone(), text)?;
        }
    }
    Ok(())
}

/// What stands in front of a help, as a section of its own: a title and lines that begin with a space.
fn section_of(examples: &str) -> String {
    let mut lines = examples.lines();
    let title = lines.next().unwrap_or_default().trim_end_matches(':');
    let escaped = |line: &str| line.replace('\\', "\\e").replace('-', "\\-") + "\n";
    let lines: String = lines.map(escaped).collect();
    format!(".SH {}\n.nf\n{lines}.fi\n", title.to_uppercase())
}

fn print(text: &[u8]) -> Result<ExitCode, Ending> {
    std::io::stdout().write_all(text).map_err(Ending::output)?;
    Ok(ExitCode::SUCCESS)
}
