//! Variables in place of options: each long option has one, `LANDLINE_` and its name. Where several verbs
//! have an option of that name, it is for all of them. It does not know which options there are.

use std::ffi::OsStr;

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command};

/// What each variable begins with.
const PREFIX: &str = "LANDLINE_";

/// Options that ask for something, and set nothing.
const NOT_SETTINGS: [&str; 3] = ["help", "version", "shell"];

/// Variables that stand for no option: where the home is, and a ticket.
const NOT_OPTIONS: [&str; 2] = ["LANDLINE_HOME", "LANDLINE_CODE"];

/// `command`, whose options are also what their variables say. An empty variable is as good as none.
pub(crate) fn read(command: Command) -> Command {
    // Mostly there is none, and the grammar is large: to go through it takes longer than to parse.
    let is_option = |name: &OsStr| {
        let name = name.to_string_lossy();
        name.starts_with(PREFIX) && !NOT_OPTIONS.contains(&name.as_ref())
    };
    match std::env::vars_os().any(|(name, _)| is_option(&name)) {
        true => through(command),
        false => command,
    }
}

fn through(command: Command) -> Command {
    command.mut_args(with_variable).mut_subcommands(through)
}

fn with_variable(option: Arg) -> Arg {
    let long = option.get_long().filter(|_| !option.is_hide_set());
    let Some(name) = long.and_then(name) else {
        return option;
    };
    let option = match option.get_action() {
        ArgAction::SetTrue => option.value_parser(flag),
        _ => option,
    };
    match std::env::var_os(&name).as_deref().map(OsStr::is_empty) {
        None => option,
        Some(true) => option.env(Resettable::Reset),
        Some(false) => {
            let is_told = option.get_env().is_some();
            option.env(name).hide_env(!is_told)
        }
    }
}

/// The variable of the option `--long`.
pub(crate) fn name(long: &str) -> Option<String> {
    let is_setting = !NOT_SETTINGS.contains(&long);
    is_setting.then(|| format!("{PREFIX}{}", long.to_uppercase().replace('-', "_")))
}

/// What a variable says of an option that takes no value.
fn flag(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("write 1 or 0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_called_as_its_option_is() {
        assert_eq!(name("busy-poll").as_deref(), Some("LANDLINE_BUSY_POLL"));
        assert_eq!(name("shell"), None);
    }

    #[test]
    fn a_mark_is_set_as_people_set_variables() {
        for on in ["1", "true", "yes", "ON"] {
            assert_eq!(flag(on), Ok(true), "{on}");
        }
        for off in ["0", "false", "no", "off"] {
            assert_eq!(flag(off), Ok(false), "{off}");
        }
        assert!(flag("2").is_err());
    }
}
