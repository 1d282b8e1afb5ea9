//! A JSON value that is carried and not looked into.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::error::ControlError;

/// The text of one JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// Takes a text that is one JSON value.
    pub fn parse(text: &str) -> Result<Self, ControlError> {
        let raw: &RawValue = serde_json::from_str(text).map_err(super::object::not_json)?;
        Ok(Self::of(raw.get()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a text that has been found to be one JSON value.
    pub(super) fn of(text: &str) -> Self {
        Self(text.to_string())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}
