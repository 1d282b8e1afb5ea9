//! What the two ends of a files call say to each other: calls, entries, answers, ends. It does not
//! know what is on either disk, nor in which order they are said.

mod call;
mod entry;
mod file_end;
mod have;
mod name;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::error::FrameError;
use super::super::kind::Kind;
use super::error::ControlError;
use super::failure::Failure;
use super::object::Object;

pub use call::{DigestKind, FilesCall, FilesOpened, GetCall, ListCall, PutCall};
pub use entry::{Entry, EntryKind, Mtime};
pub use file_end::FileEnd;
pub use have::{Answer, Have};
pub use name::{NAME_BYTES_MAX, Name};

/// The most entries that are open at once: announced, and not yet passed over or ended. Each side
/// holds that many names at worst: 2 MiB.
pub const ENTRIES_OPEN_MAX: u64 = 512;

/// How many bytes a HOLE stands for at least, unless the file ends with it, and how much credit it
/// costs.
pub const HOLE_BYTES_MIN: u64 = 4096;

/// How many bytes of a file are verified together: 1 MiB.
pub const GROUP_BYTES: u64 = 1024 * 1024;

/// The most bytes of a file: what a signed offset of 64 bits reaches.
const FILE_BYTES_MAX: u64 = i64::MAX as u64;

/// How many bytes are kept of what is said about one entry: of hundreds it may wait at once.
const MESSAGE_BYTES_KEPT: usize = 1024;

/// How many bytes are kept of a code: more than any has.
const CODE_BYTES_KEPT: usize = 64;

/// What goes over a files call beside bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferFrame {
    /// From the sender: there is a file or a folder. Kind ENTRY.
    Entry(Entry),
    /// From the receiver: what it wants of entries. Kind HAVE, key `through`.
    Have(Have),
    /// From the sender, before the first byte of a file that is resumed, where fewer groups of the
    /// receiver's are right than it has: the bytes begin after these. Kind HAVE, key `entry`.
    Begin {
        /// The entry, by its number.
        entry: u64,
        /// How many groups stay.
        groups: u64,
    },
    /// From the sender: so many bytes of the file are zero. Kind HOLE.
    Hole {
        /// How many, [`HOLE_BYTES_MIN`] at least unless the file ends there.
        bytes: u64,
    },
    /// From either side: a file has ended. Kind END, key `entry`.
    FileEnd(FileEnd),
}

impl TransferFrame {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Entry(_) => Kind::Entry,
            Self::Have(_) | Self::Begin { .. } => Kind::Have,
            Self::Hole { .. } => Kind::Hole,
            Self::FileEnd(_) => Kind::End,
        }
    }

    /// The whole frame.
    pub(in super::super) fn encode(&self) -> Result<Vec<u8>, FrameError> {
        super::frame(self.kind(), self)
    }

    pub(super) fn read_entry(object: &Object<'_>) -> Result<Self, ControlError> {
        Ok(Self::Entry(Entry::read(object)?))
    }

    pub(super) fn read_have(object: &Object<'_>) -> Result<Self, ControlError> {
        have::read(object)
    }

    pub(super) fn read_hole(object: &Object<'_>) -> Result<Self, ControlError> {
        let bytes = object.need("bytes")?;
        let hole = Self::Hole { bytes };
        hole.check()?;
        Ok(hole)
    }

    /// Whether every value is one that the other end takes: what is read is checked by the same
    /// rules.
    pub(in super::super) fn check(&self) -> Result<(), ControlError> {
        match self {
            Self::Entry(entry) => entry.check(),
            Self::Have(have) => have.check(),
            Self::Begin { groups, .. } => have::check_groups(*groups),
            Self::Hole { bytes } if !(1..=FILE_BYTES_MAX).contains(bytes) => {
                Err(ControlError::OutOfRange { key: "bytes" })
            }
            Self::Hole { .. } | Self::FileEnd(_) => Ok(()),
        }
    }
}

impl Serialize for TransferFrame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let numbers = match self {
            Self::Entry(entry) => return entry.serialize(serializer),
            Self::Have(have) => return have.serialize(serializer),
            Self::FileEnd(end) => return end.serialize(serializer),
            Self::Begin { entry, groups } => [Some(("entry", entry)), Some(("groups", groups))],
            Self::Hole { bytes } => [Some(("bytes", bytes)), None],
        };
        let mut map = serializer.serialize_map(None)?;
        for (key, number) in numbers.into_iter().flatten() {
            map.serialize_entry(key, number)?;
        }
        map.end()
    }
}

/// Why something was not done, where a frame says so.
fn read_failure(object: &Object<'_>) -> Result<Option<Failure>, ControlError> {
    match ["code", "message"]
        .iter()
        .any(|key| object.text(key).is_some())
    {
        true => {
            let mut failure = Failure::read(object)?;
            shorten(&mut failure.code, CODE_BYTES_KEPT);
            shorten(&mut failure.message, MESSAGE_BYTES_KEPT);
            Ok(Some(failure))
        }
        false => Ok(None),
    }
}

/// Leaves so many bytes of a text at most, and no half of a character.
fn shorten(text: &mut String, bytes_max: usize) {
    if text.len() > bytes_max {
        let end = (0..=bytes_max).rfind(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
        text.shrink_to_fit();
    }
}

fn write_failure<M: SerializeMap>(map: &mut M, failure: &Failure) -> Result<(), M::Error> {
    map.serialize_entry("code", &failure.code)?;
    map.serialize_entry("message", &failure.message)?;
    if failure.retry {
        map.serialize_entry("retry", &true)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_an_entry_is_kept_in_short() {
        let long = "ä".repeat(10_000);
        let end = format!(r#"{{"entry":1,"code":"{long}","message":"x{long}"}}"#);
        let object = Object::read(end.as_bytes()).expect("an object");
        let failure = read_failure(&object).expect("it is right");
        let failure = failure.expect("it is one");
        assert_eq!(failure.code, "ä".repeat(CODE_BYTES_KEPT / 2));
        let message = "ä".repeat(MESSAGE_BYTES_KEPT / 2 - 1);
        assert_eq!(failure.message, format!("x{message}"));
    }
}
