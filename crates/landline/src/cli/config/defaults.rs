//! Values of the config file as defaults of a grammar: any command of clap, whatever options it has.

use std::any::TypeId;

use clap::{Arg, ArgAction, Command};
use toml::de::{DeInteger, DeTable, DeValue};

use super::place::{Place, first_words};
use crate::cli::ending::Ending;

/// Options that ask for something else than the verb's work, or name the file itself.
const NOT_SETTINGS: [&str; 3] = ["help", "version", "config"];

/// `command`, which a person calls `called`, with what `table` says as the defaults of its options and
/// of those of its verbs.
pub(super) fn give(
    command: Command,
    called: &str,
    table: &DeTable<'_>,
    place: &Place<'_>,
) -> Result<Command, Ending> {
    let options = command.get_arguments().filter(|it| it.is_global_set());
    let every_verb: Vec<String> = options
        .filter_map(Arg::get_long)
        .filter(|long| !NOT_SETTINGS.contains(long))
        .map(str::to_owned)
        .collect();
    give_in(command, &every_verb, called, table, place)
}

/// The same for `command` somewhere in a grammar that has these options for `every_verb`.
fn give_in(
    mut command: Command,
    every_verb: &[String],
    called: &str,
    table: &DeTable<'_>,
    place: &Place<'_>,
) -> Result<Command, Ending> {
    for (key, value) in table {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        let verb = command
            .get_subcommands()
            .find(|it| it.get_name() == name)
            .cloned();
        command = match (option(&command, name), verb, value.get_ref()) {
            (Some(option), _, value) => {
                let texts = texts(option, name, value, place, at)?;
                let id = option.get_id().clone();
                command.mut_arg(id, |option| option.default_values(texts))
            }
            (None, Some(verb), DeValue::Table(inner)) => {
                let verb = give_in(verb, every_verb, &format!("{called} {name}"), inner, place)?;
                command.mut_subcommand(name, |_| verb)
            }
            (None, Some(_), _) => return Err(place.wrong("config-needs-table", name, at)),
            (None, None, _) if every_verb.iter().any(|it| it == name) => {
                return Err(place.wrong("config-every-verb", name, at));
            }
            (None, None, _) => {
                let unknown = place.wrong("config-unknown", name, at);
                return Err(unknown.with("verb", called));
            }
        };
    }
    Ok(command)
}

/// The option whose long name is `name`.
fn option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    let mut options = command.get_arguments();
    options.find(|it| it.get_long() == Some(name) && !NOT_SETTINGS.contains(&name))
}

/// What `value` would be on the command line, if it is of the option's kind and the option takes it.
fn texts(
    option: &Arg,
    name: &str,
    value: &DeValue<'_>,
    place: &Place<'_>,
    at: usize,
) -> Result<Vec<String>, Ending> {
    let kind = Kind::of(option);
    let texts = match value {
        DeValue::Array(values) if matches!(option.get_action(), ArgAction::Append) => values
            .iter()
            .map(|value| kind.text(value.get_ref()))
            .collect(),
        value => kind.text(value).map(|text| vec![text]),
    };
    let texts = texts.ok_or_else(|| place.wrong(kind.sentence(option), name, at))?;
    for text in &texts {
        check(option, name, text).map_err(|error| {
            let wrong = place.wrong("config-bad-value", name, at);
            wrong.with("error", first_words(&error))
        })?;
    }
    Ok(texts)
}

/// Has clap read the value as if it had been typed: it would read a default without a word of where
/// it comes from.
fn check(option: &Arg, name: &str, text: &str) -> Result<(), clap::Error> {
    if matches!(Kind::of(option), Kind::Flag) {
        return Ok(());
    }
    let alone = Arg::new("value")
        .long(name.to_owned())
        .value_parser(option.get_value_parser().clone());
    let command = Command::new("config").no_binary_name(true).arg(alone);
    let typed = format!("--{name}={text}");
    command.try_get_matches_from([typed]).map(|_| ())
}

/// What stands in the file for an option.
#[derive(Clone, Copy)]
enum Kind {
    Flag,
    Number,
    Text,
}

impl Kind {
    fn of(option: &Arg) -> Self {
        let holds = option.get_value_parser().type_id();
        let numbers = [
            TypeId::of::<u8>(),
            TypeId::of::<u16>(),
            TypeId::of::<u32>(),
            TypeId::of::<u64>(),
            TypeId::of::<usize>(),
            TypeId::of::<i64>(),
        ];
        match option.get_action() {
            ArgAction::SetTrue | ArgAction::SetFalse => Self::Flag,
            _ if numbers.iter().any(|number| holds == *number) => Self::Number,
            _ => Self::Text,
        }
    }

    /// What `value` would be on the command line, if it is of this kind.
    fn text(self, value: &DeValue<'_>) -> Option<String> {
        match (self, value) {
            (Self::Flag, DeValue::Boolean(on)) => Some(on.to_string()),
            (Self::Number, DeValue::Integer(number)) => Some(decimal(number)),
            (Self::Text, DeValue::String(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    /// The sentence that says what stands for the option.
    fn sentence(self, option: &Arg) -> &'static str {
        match (self, option.get_action()) {
            (Self::Flag, _) => "config-needs-flag",
            (Self::Number, _) => "config-needs-number",
            (Self::Text, ArgAction::Append) => "config-needs-texts",
            (Self::Text, _) => "config-needs-text",
        }
    }
}

/// The number in digits; one that no option could hold, as it is written.
fn decimal(number: &DeInteger<'_>) -> String {
    let read = i128::from_str_radix(number.as_str(), number.radix());
    read.map_or_else(|_| number.as_str().to_owned(), |read| read.to_string())
}
