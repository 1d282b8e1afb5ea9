//! Verbs that the contract reserves, and words that are no verbs.

use std::ffi::OsString;

use crate::cli::ending::Ending;

const RESERVED: [&str; 2] = ["shell", "chat"];

/// Says that `words` name a verb that is not there yet, or none at all.
pub(crate) fn refuse(words: &[OsString]) -> Ending {
    let verb = words
        .first()
        .map(|word| word.to_string_lossy())
        .unwrap_or_default();
    match is_reserved(&verb) {
        true => not_yet(&verb),
        false => Ending::usage("unknown-verb").with("verb", verb),
    }
}

/// Whether the contract reserves a verb of this name.
pub(crate) fn is_reserved(verb: &str) -> bool {
    RESERVED.contains(&verb)
}

/// Says that `what`, as it is typed, comes with a later version.
pub(crate) fn not_yet(what: &str) -> Ending {
    Ending::usage("not-yet").with("verb", what)
}
