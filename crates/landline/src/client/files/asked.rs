//! What was named and cannot come, by the name that it was given. It does not know what else was named.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use landline_frame::landline1::{Code, Failure, Name};
use landline_service::asked_for;

/// The path with the number `ask`, if it is that which an entry of this name stands for and `failure`
/// is about.
pub(super) fn named_as_asked(
    paths: &[Name],
    ask: u32,
    name: &Name,
    failure: &Failure,
) -> Option<Name> {
    let path = usize::try_from(ask).ok().and_then(|ask| paths.get(ask))?;
    let is_of_path = match failure.known()? {
        Code::PathMissing | Code::PathRefused | Code::ShareMissing | Code::NotGranted => true,
        // What has no name of its own, such as `.`, is a folder.
        Code::NotRegular => path.as_bytes().ends_with(name.as_bytes()),
        _ => false,
    };
    is_of_path.then(|| asked_for(path, name)).flatten()
}

/// Paths of this machine as names. One that is too long is called by its last part.
pub(super) fn names(paths: &[PathBuf]) -> Vec<Name> {
    let name = |path: &PathBuf| {
        let last = path.file_name().unwrap_or_default();
        let name = Name::new(path.as_os_str().as_bytes());
        name.or_else(|| Name::new(last.as_bytes()))
            .unwrap_or_default()
    };
    paths.iter().map(name).collect()
}
