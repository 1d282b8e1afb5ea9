//! Why a control frame's payload is not what its kind asks for.

use super::super::code::Code;
use super::object::{KEYS_MAX, NESTING_MAX};

/// What is wrong with a control frame's payload.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// It is longer than a control frame may be.
    #[error("the payload is longer than a control frame may be")]
    TooLong,
    /// It is not UTF-8.
    #[error("the payload is not UTF-8")]
    NotUtf8,
    /// It is not JSON, or something follows the JSON.
    #[error("the payload is not JSON (line {line}, column {column})")]
    NotJson {
        /// The line where it stops to be JSON, from 1.
        line: usize,
        /// The column there.
        column: usize,
    },
    /// It is JSON, but not an object.
    #[error("the payload is not a JSON object")]
    NotAnObject,
    /// It nests deeper than [`NESTING_MAX`].
    #[error("the payload nests deeper than {NESTING_MAX} levels")]
    TooDeep,
    /// It has more than [`KEYS_MAX`] keys.
    #[error("the payload has more than {KEYS_MAX} keys")]
    TooManyKeys,
    /// A key stands twice.
    #[error("the key {key:?} stands twice")]
    KeyTwice {
        /// The key, of which 24 characters are repeated at most.
        key: String,
    },
    /// A key that the kind needs is not there.
    #[error("the key \"{key}\" is missing")]
    KeyMissing {
        /// The key.
        key: &'static str,
    },
    /// A value is not of the type that its key asks for.
    #[error("the value of \"{key}\" has the wrong type")]
    WrongType {
        /// The key.
        key: &'static str,
    },
    /// A value has the right type, but not one of the values that its key allows.
    #[error("the value of \"{key}\" is not one that is allowed")]
    OutOfRange {
        /// The key.
        key: &'static str,
    },
}

impl ControlError {
    /// Its row in the table of errors.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLong => Code::TooLong,
            _ => Code::Protocol,
        }
    }

    /// Its name in PROTOCOL.md and in the vectors.
    pub fn key(&self) -> &'static str {
        match self {
            Self::TooLong => "control-too-long",
            Self::NotUtf8 => "control-not-utf8",
            Self::NotJson { .. } => "control-not-json",
            Self::NotAnObject => "control-not-an-object",
            Self::TooDeep => "control-too-deep",
            Self::TooManyKeys => "control-too-many-keys",
            Self::KeyTwice { .. } => "control-key-twice",
            Self::KeyMissing { .. } => "control-key-missing",
            Self::WrongType { .. } => "control-wrong-type",
            Self::OutOfRange { .. } => "control-out-of-range",
        }
    }
}
