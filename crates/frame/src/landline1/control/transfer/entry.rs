//! ENTRY: one file or folder. It does not know what is on either disk.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::error::ControlError;
use super::super::failure::Failure;
use super::super::object::Object;
use super::name::Name;
use super::{FILE_BYTES_MAX, read_failure, write_failure};

/// The longest [`Entry::source`], in bytes.
const SOURCE_BYTES_MAX: usize = 64;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, which is never sent.
    Link,
    /// A device, a pipe or a socket, which are never sent.
    Other,
}

/// A time of the system's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mtime {
    /// Seconds since 1970.
    pub s: i64,
    /// Nanoseconds, less than 1,000,000,000.
    pub ns: u32,
}

/// One file or folder. The first entry of a call has the number 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is to stand, from the folder that everything goes to. It leads down
    /// ([`Name::is_plain`]); folders come before what is in them.
    pub name: Name,
    /// What it is.
    pub kind: EntryKind,
    /// Which of the call's paths it belongs to, from 0.
    pub ask: u32,
    /// How many bytes it has. A folder has none; a file without is a stream whose length nobody
    /// knows yet.
    pub size: Option<u64>,
    /// How many bytes it takes on the disk, when that is less: the rest is holes.
    pub stored: Option<u64>,
    /// The permission bits, at most 0o777.
    pub mode: u32,
    /// When its content changed last.
    pub mtime: Mtime,
    /// What else tells that the source is the same file in the same state: 1 to 64 of `a` to `z`,
    /// `0` to `9` and `-`, of which the receiver knows no more. Only a file has it.
    pub source: Option<String>,
    /// Why the sender passes it over, if it does: then nothing more comes of it.
    pub passed_over: Option<Failure>,
}

impl EntryKind {
    const ALL: [Self; 4] = [Self::File, Self::Folder, Self::Link, Self::Other];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Other => "other",
        }
    }

    fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let (key, mut all) = ("type", Self::ALL.into_iter());
        let name: String = object.need(key)?;
        all.find(|kind| kind.name() == name)
            .ok_or(ControlError::OutOfRange { key })
    }
}

impl Entry {
    /// Whether its content is sent when the receiver wants it.
    pub fn is_sent(&self) -> bool {
        self.kind == EntryKind::File && self.passed_over.is_none()
    }

    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let entry = Self {
            name: Name::read(object, "name")?,
            kind: EntryKind::read(object)?,
            ask: object.maybe("ask")?.unwrap_or(0),
            size: object.maybe("size")?,
            stored: object.maybe("stored")?,
            mode: object.need("mode")?,
            mtime: Mtime {
                s: object.need("mtime")?,
                ns: object.maybe("mtime_ns")?.unwrap_or(0),
            },
            source: object.maybe("source")?,
            passed_over: read_failure(object)?,
        };
        entry.check()?;
        Ok(entry)
    }

    pub(super) fn check(&self) -> Result<(), ControlError> {
        let is_file = self.kind == EntryKind::File;
        let bytes = self.size.unwrap_or(0);
        let key = match self {
            entry if !entry.name.is_plain() => "name",
            _ if bytes > FILE_BYTES_MAX => "size",
            entry if entry.kind == EntryKind::Folder && entry.size.is_some() => "size",
            entry
                if entry
                    .stored
                    .is_some_and(|stored| !is_file || stored > bytes) =>
            {
                "stored"
            }
            entry if entry.mode > 0o777 => "mode",
            entry if entry.mtime.ns >= 1_000_000_000 => "mtime_ns",
            entry
                if entry
                    .source
                    .as_ref()
                    .is_some_and(|it| !is_file || !is_source(it)) =>
            {
                "source"
            }
            _ => return Ok(()),
        };
        Err(ControlError::OutOfRange { key })
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("type", self.kind.name())?;
        if self.ask > 0 {
            map.serialize_entry("ask", &self.ask)?;
        }
        if let Some(size) = self.size {
            map.serialize_entry("size", &size)?;
        }
        if let Some(stored) = self.stored {
            map.serialize_entry("stored", &stored)?;
        }
        map.serialize_entry("mode", &self.mode)?;
        map.serialize_entry("mtime", &self.mtime.s)?;
        if self.mtime.ns > 0 {
            map.serialize_entry("mtime_ns", &self.mtime.ns)?;
        }
        if let Some(source) = &self.source {
            map.serialize_entry("source", source)?;
        }
        if let Some(failure) = &self.passed_over {
            write_failure(&mut map, failure)?;
        }
        map.end()
    }
}

fn is_source(text: &str) -> bool {
    let may = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=SOURCE_BYTES_MAX).contains(&text.len()) && text.bytes().all(may)
}
