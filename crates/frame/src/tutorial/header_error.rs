//! What can be wrong with the header of a file, each with a key and a sentence. All of it is the
//! peer's fault. No text of the peer's is repeated but the digits of a number.

use std::fmt;

use super::header::{FILE_DATA_LEN_MAX, HEADER_BYTES_MAX};
use super::length::LengthError;

/// A key that every header has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderKey {
    /// `name`, a string.
    Name,
    /// `md5`, a string of 32 hexadecimal digits.
    Md5,
    /// `file_data_len`, a whole number.
    FileDataLen,
}

impl HeaderKey {
    /// As it stands in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Md5 => "md5",
            Self::FileDataLen => "file_data_len",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Name, Self::Md5, Self::FileDataLen]
            .into_iter()
            .find(|key| key.as_str() == name)
    }

    fn wanted(self) -> &'static str {
        match self {
            Self::Name | Self::Md5 => "a string",
            Self::FileDataLen => "a whole number",
        }
    }
}

impl fmt::Display for HeaderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why a header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Its length is no length.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Its length is zero: there is no header.
    #[error("the header has a length of 0: there is no header")]
    Empty,
    /// Its length is above [`HEADER_BYTES_MAX`].
    #[error(
        "the header announces {length} bytes, and at most {HEADER_BYTES_MAX} are taken (is the byte order right?)"
    )]
    TooLong {
        /// The length that it announces.
        length: u32,
    },
    /// Its bytes are not UTF-8.
    #[error("the header is not UTF-8")]
    NotUtf8,
    /// Its text is not JSON.
    #[error("the header is not JSON (line {line}, column {column})")]
    NotJson {
        /// The line of the first character that does not fit, from 1.
        line: usize,
        /// Its column in bytes, from 1; 0 when the text ends too early.
        column: usize,
    },
    /// It is JSON, but not an object.
    #[error("the header is not a JSON object")]
    NotAnObject,
    /// It lacks a key.
    #[error("the header lacks the key `{key}`")]
    KeyMissing {
        /// The key.
        key: HeaderKey,
    },
    /// It has a key more than once.
    #[error("the header has the key `{key}` twice")]
    KeyTwice {
        /// The key.
        key: HeaderKey,
    },
    /// A value is of another type.
    #[error("`{key}` in the header is not {}", key.wanted())]
    WrongType {
        /// The value's key.
        key: HeaderKey,
    },
    /// The MD5 is not 32 hexadecimal digits.
    #[error("`md5` in the header is not 32 hexadecimal digits")]
    Md5,
    /// The file's length is below zero.
    #[error("`file_data_len` in the header is {value}, which is below zero")]
    FileDataLenNegative {
        /// The number's first digits.
        value: String,
    },
    /// The file's length is not written as a whole number.
    #[error("`file_data_len` in the header is {value}, which is not a whole number")]
    FileDataLenFractional {
        /// The number's first digits.
        value: String,
    },
    /// The file's length is above [`FILE_DATA_LEN_MAX`].
    #[error(
        "`file_data_len` in the header is {value}, and no file is longer than {FILE_DATA_LEN_MAX} bytes"
    )]
    FileDataLenHuge {
        /// The number's first digits.
        value: String,
    },
}

impl HeaderError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Length(error) => error.key(),
            Self::Empty => "header-empty",
            Self::TooLong { .. } => "header-too-long",
            Self::NotUtf8 => "header-not-utf8",
            Self::NotJson { .. } => "header-not-json",
            Self::NotAnObject => "header-not-an-object",
            Self::KeyMissing { .. } => "header-key-missing",
            Self::KeyTwice { .. } => "header-key-twice",
            Self::WrongType { .. } => "header-wrong-type",
            Self::Md5 => "header-md5-malformed",
            Self::FileDataLenNegative { .. } => "file-data-len-negative",
            Self::FileDataLenFractional { .. } => "file-data-len-fractional",
            Self::FileDataLenHuge { .. } => "file-data-len-huge",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Length(error) => error.values(),
            Self::TooLong { length } => vec![
                ("length", length.to_string()),
                ("max", HEADER_BYTES_MAX.to_string()),
            ],
            Self::NotJson { line, column } => {
                vec![("line", line.to_string()), ("column", column.to_string())]
            }
            Self::KeyMissing { key } | Self::KeyTwice { key } | Self::WrongType { key } => {
                vec![("field", key.to_string())]
            }
            Self::FileDataLenNegative { value }
            | Self::FileDataLenFractional { value }
            | Self::FileDataLenHuge { value } => vec![("value", value.clone())],
            Self::Empty | Self::NotUtf8 | Self::NotAnObject | Self::Md5 => Vec::new(),
        }
    }
}
