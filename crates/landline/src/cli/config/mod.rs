//! The config file: the long names of options, and what they are where neither argv nor a variable
//! says. Its values become the defaults of the grammar, so that clap itself keeps the order: what was
//! typed, then `LANDLINE_*`, then the file. No option is known here by its name.
//!
//! ```toml
//! color = "never"            # a habit: an option that every verb has
//!
//! [listen]                   # a table for each verb
//! recv = 4096
//! one-at-a-time = true
//!
//! [trust.invite]             # and for each verb of a verb
//! grant = ["echo", "files:ro:/srv"]
//! ```
//!
//! Numbers stand for numbers, `true` and `false` for options without a value, text for all others; an
//! option that may be given again takes a list. What is no option, or no value of it, is an error.

mod defaults;
mod place;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Command;
use landline::trust::{FileError, Home, TrustError, read_edited};
use rustix::process::geteuid;
use toml::de::DeTable;

use self::place::Place;
use super::arguments::Arguments;
use super::ending::Ending;
use super::trust_ending::trust_ending;

/// The arguments of this process, read again with the values of a config file as the defaults:
/// `file`, which must be there, or else the one in the home, which need not. `None` where there is no
/// file: then what was typed is all there is.
///
/// # Errors
/// When the file cannot be read or others could have changed it; when it is no TOML, names an option
/// that is none, or has a value that will not do: the sentence names file, line and key.
pub(crate) fn arguments(file: Option<&Path>) -> Result<Option<Arguments>, Ending> {
    let Some((path, text)) = read(file).map_err(trust_ending)? else {
        return Ok(None);
    };
    parse_over(&path, &text, std::env::args_os()).map(Some)
}

/// The file's path and text.
fn read(file: Option<&Path>) -> Result<Option<(PathBuf, String)>, TrustError> {
    if let Some(path) = file {
        let text = read_edited(path)?.ok_or_else(|| FileError::Read {
            path: path.to_owned(),
            error: rustix::io::Errno::NOENT.into(),
        })?;
        return Ok(Some((path.to_owned(), text)));
    }
    let path = match Home::from_environment() {
        Ok(home) => home.config_file(),
        // Who has no home has no settings there, and needs none to use a plain socket.
        Err(TrustError::NoHome) => return Ok(None),
        Err(error) => return Err(error),
    };
    match read_edited(&path) {
        // A home that was inherited from another user, as after setpriv(1), has no settings of ours.
        Err(FileError::Read { error, .. }) if is_closed(&error) && is_anothers(&path) => Ok(None),
        read => Ok(read?.map(|text| (path, text))),
    }
}

fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Whether the folder of `path` is somebody else's, or lies where this user may not even look.
fn is_anothers(path: &Path) -> bool {
    let folder = path.parent().map(fs::metadata);
    folder.is_some_and(|found| match found {
        Ok(folder) => folder.uid() != geteuid().as_raw(),
        Err(error) => is_closed(&error),
    })
}

/// The arguments that `argv` gives over the `text` of the file at `path`.
fn parse_over(
    path: &Path,
    text: &str,
    argv: impl IntoIterator<Item = OsString>,
) -> Result<Arguments, Ending> {
    let place = Place { path, text };
    let matches = over(Arguments::grammar(), &place)?.try_get_matches_from(argv);
    let arguments = matches.and_then(|matches| Arguments::of(&matches));
    arguments.map_err(|error| place.refused(&error))
}

/// `command` with the file's values as its defaults.
fn over(command: Command, place: &Place<'_>) -> Result<Command, Ending> {
    let table = DeTable::parse(place.text).map_err(|error| place.no_toml(&error))?;
    let called = command.get_name().to_owned();
    defaults::give(command, &called, table.get_ref(), place)
}
