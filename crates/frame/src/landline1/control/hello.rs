//! HELLO: the first frame of each side.

use serde::Serialize;

use super::error::ControlError;
use super::object::Object;

/// The version of the protocol that this code speaks.
pub const VERSION: u32 = 1;

/// What each side says first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hello {
    /// The version that the sender speaks.
    pub version: u32,
    /// The sender's name and version, for people.
    pub software: String,
    /// Said by the server alone: whether it knows the client's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
}

impl Hello {
    /// A HELLO of [`VERSION`].
    pub fn new(software: &str, known: Option<bool>) -> Self {
        Self {
            version: VERSION,
            software: software.to_string(),
            known,
        }
    }

    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        Ok(Self {
            version: object.need("version")?,
            software: object.need("software")?,
            known: object.maybe("known")?,
        })
    }
}
