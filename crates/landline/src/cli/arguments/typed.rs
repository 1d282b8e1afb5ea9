//! Which options a command line has, apart from what a variable or the config file says: a verb with
//! two kinds of places has options for one kind only, and a setting speaks for both. It does not know
//! which options those are.

use clap::ArgMatches;
use clap::parser::ValueSource;

/// The options that were typed, as they are written.
#[derive(Debug, Default)]
pub(crate) struct Typed(Vec<String>);

impl Typed {
    /// Those of `matches`.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        let ids = matches.ids().map(clap::Id::as_str);
        let typed = ids.filter(|id| matches.value_source(id) == Some(ValueSource::CommandLine));
        Self(typed.map(|id| format!("--{id}")).collect())
    }

    /// The first of `options` that was typed.
    pub(super) fn first_of(&self, options: &[&'static str]) -> Option<&'static str> {
        let is_typed = |option: &&&str| self.0.iter().any(|typed| typed == **option);
        options.iter().find(is_typed).copied()
    }
}
