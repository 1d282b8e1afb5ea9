//! HAVE: what a receiver wants of entries. It does not know which entries there are.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::digest;
use super::super::error::ControlError;
use super::super::failure::Failure;
use super::super::object::Object;
use super::{FILE_BYTES_MAX, GROUP_BYTES, TransferFrame, read_failure, write_failure};

/// What the receiver says to entries: to all that it has not spoken of yet, up to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Have {
    /// The last of the entries, by its number.
    pub through: u64,
    /// What it says to each of them.
    pub answer: Answer,
}

/// What the receiver wants of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The file, whole. To a folder it says that the folder is there; one that was passed over is
    /// taken note of.
    Want,
    /// Nothing: it has the same.
    Skip,
    /// What follows its first groups, which it has. Of one entry only.
    Resume {
        /// How many groups, at least one, fewer bytes than the file has.
        groups: u64,
        /// The chaining values of the subtrees that they make, the largest first: as many as
        /// `groups` has binary ones.
        values: Vec<[u8; 32]>,
    },
    /// Nothing: it cannot take it. Of one entry only.
    Refuse(Failure),
}

/// Reads either sort of HAVE: a receiver's answer, or the sender's word before a file's first byte.
pub(super) fn read(object: &Object<'_>) -> Result<TransferFrame, ControlError> {
    let Some(entry) = object.maybe("entry")? else {
        return Ok(TransferFrame::Have(Have::read(object)?));
    };
    if object.text("through").is_some() {
        return Err(ControlError::OutOfRange { key: "entry" });
    }
    let groups = object.need("groups")?;
    check_groups(groups)?;
    Ok(TransferFrame::Begin { entry, groups })
}

/// So many groups fit into a file.
pub(super) fn check_groups(groups: u64) -> Result<(), ControlError> {
    if groups > FILE_BYTES_MAX / GROUP_BYTES {
        return Err(ControlError::OutOfRange { key: "groups" });
    }
    Ok(())
}

impl Have {
    fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let through = object.need("through")?;
        let skips = object.maybe("skip")?.unwrap_or(false);
        let answer = match (read_failure(object)?, Answer::read_resume(object)?) {
            (None, None) if skips => Answer::Skip,
            (None, None) => Answer::Want,
            (Some(_), Some(_)) => return Err(ControlError::OutOfRange { key: "code" }),
            (_, _) if skips => return Err(ControlError::OutOfRange { key: "skip" }),
            (Some(failure), None) => Answer::Refuse(failure),
            (None, Some(resume)) => resume,
        };
        let have = Self { through, answer };
        have.check()?;
        Ok(have)
    }

    pub(super) fn check(&self) -> Result<(), ControlError> {
        let Answer::Resume { groups, values } = &self.answer else {
            return Ok(());
        };
        check_groups(*groups)?;
        let key = match groups {
            0 => "groups",
            groups if groups.count_ones() as usize != values.len() => "values",
            _ => return Ok(()),
        };
        Err(ControlError::OutOfRange { key })
    }
}

impl Answer {
    fn read_resume(object: &Object<'_>) -> Result<Option<Self>, ControlError> {
        let key = "values";
        let Some(groups) = object.maybe("groups")? else {
            return match object.text(key) {
                Some(_) => Err(ControlError::KeyMissing { key: "groups" }),
                None => Ok(None),
            };
        };
        let texts: Vec<String> = object.need(key)?;
        let values = texts.iter().map(|text| digest::parse(text));
        let values = values.collect::<Option<Vec<_>>>();
        let values = values.ok_or(ControlError::OutOfRange { key })?;
        Ok(Some(Self::Resume { groups, values }))
    }
}

impl Serialize for Have {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("through", &self.through)?;
        match &self.answer {
            Answer::Want => {}
            Answer::Skip => map.serialize_entry("skip", &true)?,
            Answer::Resume { groups, values } => {
                let values: Vec<_> = values.iter().map(digest::text).collect();
                map.serialize_entry("groups", groups)?;
                map.serialize_entry("values", &values)?;
            }
            Answer::Refuse(failure) => write_failure(&mut map, failure)?,
        }
        map.end()
    }
}
