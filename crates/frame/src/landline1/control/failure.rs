//! ERROR: why a call or a line has failed.

use serde::Serialize;

use super::super::code::{Code, Line};
use super::error::ControlError;
use super::object::Object;

/// Why a call or a line has failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Failure {
    /// A name of the table of errors, or one that this code does not know yet.
    pub code: String,
    /// A sentence for people, in English. From a peer it is to be escaped before it is shown.
    pub message: String,
    /// Whether the same call may succeed when it is made again.
    pub retry: bool,
}

impl Failure {
    /// A failure of a known code; `message` is a sentence for people. Only `busy` asks to be tried
    /// again.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code: code.name().to_string(),
            message: message.into(),
            retry: code == Code::Busy,
        }
    }

    /// Its row in the table of errors, if this code knows it.
    pub fn known(&self) -> Option<Code> {
        Code::from_name(&self.code)
    }

    /// What becomes of the line. After a code that is not known it ends.
    pub fn line(&self) -> Line {
        self.known().map_or(Line::Ends, Code::line)
    }

    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        Ok(Self {
            code: object.need("code")?,
            message: object.need("message")?,
            retry: object.maybe("retry")?.unwrap_or(false),
        })
    }
}
