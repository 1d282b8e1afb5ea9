//! END of a file: what became of it, as one of the two ends says it.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::digest;
use super::super::error::ControlError;
use super::super::failure::Failure;
use super::super::object::Object;
use super::{read_failure, write_failure};

/// A file that was wanted has ended: the sender says that all of it has gone, and its digest; the
/// receiver that it stands where it should, and the digest of what came. Or either says why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEnd {
    /// The entry, by its number.
    pub entry: u64,
    /// What became of it.
    pub outcome: Result<[u8; 32], Failure>,
    /// The receiver has not placed it: the same file stood there already. It means nothing beside a
    /// failure, or from the sender.
    pub is_same: bool,
}

impl FileEnd {
    /// Reads the END of a file. `None`: it is that of a stream.
    pub(in super::super) fn read(object: &Object<'_>) -> Result<Option<Self>, ControlError> {
        let Some(entry) = object.maybe("entry")? else {
            return Ok(None);
        };
        if object.text("stream").is_some() {
            return Err(ControlError::OutOfRange { key: "stream" });
        }
        let outcome = match read_failure(object)? {
            None => Ok(digest::read(object, "digest")?),
            Some(failure) if object.text("digest").is_none() => Err(failure),
            Some(_) => return Err(ControlError::OutOfRange { key: "digest" }),
        };
        let is_same = outcome.is_ok() && object.maybe("same")?.unwrap_or(false);
        Ok(Some(Self {
            entry,
            outcome,
            is_same,
        }))
    }
}

impl Serialize for FileEnd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("entry", &self.entry)?;
        match &self.outcome {
            Ok(digest) => {
                map.serialize_entry("digest", &digest::text(digest))?;
                if self.is_same {
                    map.serialize_entry("same", &true)?;
                }
            }
            Err(failure) => write_failure(&mut map, failure)?,
        }
        map.end()
    }
}
