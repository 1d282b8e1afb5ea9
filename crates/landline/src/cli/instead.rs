//! What is said in place of a run: help, the version, and what is wrong with what was typed. The grammar
//! found it; how it is told is as the habits ask, as far as those can be made out.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};

use super::arguments::{Colour, Habits, variable, with_variables};
use super::ending::Ending;
use super::ui::Ui;
use super::verbs::later;

/// The option that the contract has in place of HOST, and a later version brings.
const MANY_HOSTS: &str = "--on";

/// Says what `error` is, and how the program ends.
pub(crate) fn say(error: &clap::Error) -> ExitCode {
    let ui = Ui::new(&habits(std::env::args_os().skip(1)));
    if let Some(reserved) = reserved(error) {
        return later::not_yet(&reserved).tell(&ui);
    }
    let text = error.render();
    if error.use_stderr() {
        ui.wrong_usage(&text);
        if let Some(name) = variable_of(error) {
            ui.error("variable-wrong", &[("name", name)]);
        }
        if is_program_without_dashes(error) {
            ui.error("exec-dashes-needed", &[]);
        }
        return ExitCode::from(2);
    }
    let text = match ui.paints_output() {
        true => text.ansi().to_string(),
        false => text.to_string(),
    };
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => Ending::output(error).tell(&ui),
    }
}

/// What was typed and comes with a later version.
fn reserved(error: &clap::Error) -> Option<String> {
    let (kind, is_reserved): (_, fn(&str) -> bool) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, |option| option == MANY_HOSTS),
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, later::is_reserved),
        _ => return None,
    };
    match error.get(kind) {
        Some(ContextValue::String(word)) if is_reserved(word) => Some(word.clone()),
        _ => None,
    }
}

/// Whether `exec` got a program as ssh takes one, without `--` in front.
fn is_program_without_dashes(error: &clap::Error) -> bool {
    let is_word = matches!(error.get(ContextKind::InvalidArg),
        Some(ContextValue::String(word)) if !word.starts_with('-'));
    let mut typed = std::env::args_os();
    error.kind() == ErrorKind::UnknownArgument && is_word && typed.any(|word| word == "exec")
}

/// The variable that a wrong value comes from, and not from argv.
fn variable_of(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        _ => None,
    };
    // As help has it: `--recv <BYTES>`.
    let option = text(ContextKind::InvalidArg)?.split(' ').next()?;
    let is_typed = std::env::args().any(|word| word.split('=').next() == Some(option));
    let name = variable(option.strip_prefix("--")?)?;
    let value = std::env::var(&name).ok()?;
    (!is_typed && text(ContextKind::InvalidValue) == Some(&value)).then_some(name)
}

/// The habits alone.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Only {
    #[command(flatten)]
    habits: Habits,
}

fn parse<Word>(words: impl IntoIterator<Item = Word>) -> Result<Only, clap::Error>
where
    Word: Into<OsString> + Clone,
{
    Only::from_arg_matches(&with_variables(Only::command()).try_get_matches_from(words)?)
}

/// The habits among `typed`, whatever else is wrong with it.
fn habits(typed: impl Iterator<Item = OsString>) -> Habits {
    let mut found = Vec::new();
    let mut typed = typed.take_while(|word| word != "--");
    while let Some(word) = typed.next() {
        let text = word.to_string_lossy();
        let name = text.split('=').next().unwrap_or_default();
        match name {
            "--json" | "--quiet" | "-q" | "--no-input" => found.push(word),
            "--color" | "--lang" if text.contains('=') => found.push(word),
            "--color" | "--lang" => found.extend([Some(word), typed.next()].into_iter().flatten()),
            _ => {}
        }
    }
    // Where one of them is wrong itself, or a variable is: as if there were none but --json.
    let json = || found.iter().filter(|word| *word == "--json");
    let only = parse(&found).or_else(|_| parse(json()));
    only.map(|only| only.habits).unwrap_or_else(|_| Habits {
        quiet: false,
        verbose: 0,
        json: json().next().is_some(),
        color: Colour::Auto,
        lang: None,
        no_input: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_are_found_in_any_line() {
        let check = |line: &str, json: bool, is_never: bool| {
            let found = habits(line.split(' ').map(OsString::from));
            let never = matches!(found.color, Colour::Never);
            assert_eq!((found.json, never), (json, is_never), "{line}");
        };
        check("listen --nonsense", false, false);
        check("--json listen --nonsense --color=never", true, true);
        check("--color never --help", false, true);
        check("exec office --color never -- --json", false, true);
        check("exec -- --color never", false, false);
        check("--color purple --json", true, false);
        check("listen --color", false, false);
    }
}
