//! What an error of the system is to the other end. It does not know where it came up.

use landline_frame::landline1::{Code, Failure, Name};
use rustix::io::Errno;

use super::super::placer::shown;

/// Why a file or a folder cannot be written. `kept` says that what came stays.
pub(super) fn unwritable(name: &Name, error: Errno, kept: bool) -> Failure {
    if !is_full(error) {
        // Whoever tells of it names it, and says that it cannot be written.
        let why = std::io::Error::from(error);
        return Failure::new(Code::Unwritable, why.to_string());
    }
    let rest = if kept {
        "; what came is kept, and the next transfer goes on from there"
    } else {
        ""
    };
    let why = match error {
        Errno::FBIG => "it is larger than files may be there",
        Errno::DQUOT => "the quota is used up",
        _ => "the disk is full",
    };
    let shown = shown(name);
    Failure::new(Code::DiskFull, format!("{shown} has no room: {why}{rest}"))
}

/// Why something is kept where `name` should go. With `force` it is replaced.
pub(super) fn exists(name: &Name, why: &str) -> Failure {
    Failure::new(Code::Exists, format!("{} {why}", shown(name)))
}

/// The failure of what goes where something stands that is kept, with `force` or without. Whoever tells of
/// it names it.
pub(super) fn not_replaced(what: &str) -> Failure {
    Failure::new(Code::NotReplaced, format!("{what} stands there already"))
}

/// The failure of what goes by a name that came before in the same transfer.
pub(super) fn clash(name: &Name) -> Failure {
    let why = "came before in this transfer, under this name or one that is the same here";
    Failure::new(Code::NameTwice, format!("{} {why}", shown(name)))
}

/// Whether there was no room.
fn is_full(error: Errno) -> bool {
    matches!(error, Errno::NOSPC | Errno::DQUOT | Errno::FBIG)
}

/// The system's error within one of the standard library.
pub(super) fn errno_of(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}
