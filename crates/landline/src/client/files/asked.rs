//! What could not be found, by the name that it was asked for. It does not know what else was asked for.

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
    let is_of_path = matches!(
        failure.known(),
        Some(Code::PathMissing | Code::PathRefused | Code::ShareMissing | Code::NotGranted)
    );
    let path = usize::try_from(ask).ok().and_then(|ask| paths.get(ask));
    path.filter(|_| is_of_path)
        .and_then(|path| asked_for(path, name))
}
