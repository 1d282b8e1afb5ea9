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
    let key = if RESERVED.contains(&verb.as_ref()) {
        "not-yet"
    } else {
        "unknown-verb"
    };
    Ending::usage(key).with("verb", verb)
}
