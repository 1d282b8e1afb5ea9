//! What frames can do wrong. What calls can do wrong on top of that is not known here.

use super::code::Code;
use super::kind::Class;

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The header's reserved bytes are not zero.
    #[error("a frame's reserved bytes are {value:#06x} and must be 0")]
    Reserved {
        /// What they are.
        value: u16,
    },
    /// The kind is 0, which never is one.
    #[error("a frame has kind 0, which is never used")]
    KindZero,
    /// The kind is not known and says that it must not be passed over.
    #[error("a frame has the unknown kind {kind:#04x}, which must not be passed over")]
    KindUnknown {
        /// The kind's number.
        kind: u8,
    },
    /// The payload that a peer announces is longer than its kind allows.
    #[error("a frame of kind {kind:#04x} announces {length} bytes, and at most {} are taken", Class::of(*.kind).bytes_max())]
    TooLong {
        /// The kind's number.
        kind: u8,
        /// The length that the frame announces.
        length: u32,
    },
    /// The line ended inside a frame.
    #[error("the line ended inside a frame, with {owed} bytes still to come")]
    CutShort {
        /// How many bytes were still to come.
        owed: u64,
    },
    /// The payload to be sent is longer than its kind allows.
    #[error("{length} bytes do not fit into one frame of kind {kind:#04x}, which holds at most {}", Class::of(*.kind).bytes_max())]
    Unsendable {
        /// The kind's number.
        kind: u8,
        /// The payload's length.
        length: u64,
    },
}

impl FrameError {
    /// Its row in the table.
    pub fn code(&self) -> Code {
        match self {
            Self::Reserved { .. } | Self::KindZero => Code::Malformed,
            Self::KindUnknown { .. } => Code::FrameUnsupported,
            Self::TooLong { .. } => Code::TooLong,
            Self::CutShort { .. } => Code::CutShort,
            Self::Unsendable { .. } => Code::Unsendable,
        }
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Reserved { .. } => "frame-reserved",
            Self::KindZero => "frame-kind-zero",
            Self::KindUnknown { .. } => "frame-kind-unknown",
            Self::TooLong { .. } => "frame-too-long",
            Self::CutShort { .. } => "frame-cut-short",
            Self::Unsendable { .. } => "frame-unsendable",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let kind_and_length = |kind: u8, length: u64| {
            vec![
                ("kind", format!("{kind:#04x}")),
                ("length", length.to_string()),
                ("max", Class::of(kind).bytes_max().to_string()),
            ]
        };
        match *self {
            Self::Reserved { value } => vec![("value", format!("{value:#06x}"))],
            Self::KindZero => Vec::new(),
            Self::KindUnknown { kind } => vec![("kind", format!("{kind:#04x}"))],
            Self::TooLong { kind, length } => kind_and_length(kind, u64::from(length)),
            Self::Unsendable { kind, length } => kind_and_length(kind, length),
            Self::CutShort { owed } => vec![("owed", owed.to_string())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landline1::Fault;

    #[test]
    fn sentences_name_the_limit() {
        let error = FrameError::TooLong {
            kind: 0x81,
            length: 70_000,
        };
        let sentence = "a frame of kind 0x81 announces 70000 bytes, and at most 65536 are taken";
        assert_eq!(error.to_string(), sentence);
        assert_eq!(error.code().fault(), Fault::Peer);
    }
}
