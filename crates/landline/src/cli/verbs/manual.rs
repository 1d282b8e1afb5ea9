//! `completions` and `man`: the grammar told in other ways.

use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;

use crate::cli::arguments::Arguments;
use crate::cli::ending::Ending;

/// Prints the completions for `shell`.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Ending> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "landline", &mut text);
    print(&text)
}

/// Prints the manual page, in the form of man(7): the program, then each verb.
pub(crate) fn man() -> Result<ExitCode, Ending> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    let mut text = Vec::new();
    let verbs = program.get_subcommands().cloned().collect::<Vec<_>>();
    for command in std::iter::once(program).chain(verbs) {
        clap_mangen::Man::new(command)
            .render(&mut text)
            .map_err(Ending::output)?;
    }
    print(&text)
}

fn print(text: &[u8]) -> Result<ExitCode, Ending> {
    std::io::stdout().write_all(text).map_err(Ending::output)?;
    Ok(ExitCode::SUCCESS)
}
