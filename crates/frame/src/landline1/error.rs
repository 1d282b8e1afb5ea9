//! The one table of errors of landline/1: code, name, sentence, whose fault. Today it holds what
//! frames can do wrong; what calls and trust can do wrong joins it with them.

use super::kind::Class;

/// Whose fault an error is, seen from the side that noticed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The other side broke the protocol.
    Peer,
    /// This side failed.
    Ours,
    /// Who used this side asked for what cannot be.
    Caller,
}

/// Declares [`Code`] and [`CODES`] from one list.
macro_rules! codes {
    ($($variant:ident = $number:literal, $name:literal, $fault:ident, $sentence:literal;)*) => {
        /// What an ERROR frame can say. The numbers are the wire's and are never used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Code {
            $(#[doc = $sentence] $variant = $number,)*
        }

        /// Every code, by number.
        pub const CODES: &[Code] = &[$(Code::$variant),*];

        impl Code {
            /// Its name on the wire and in catalogues of messages.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means, in one sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// Whose fault it is.
            pub const fn fault(self) -> Fault {
                match self { $(Self::$variant => Fault::$fault,)* }
            }
        }
    };
}

codes! {
    Malformed = 1, "frame-malformed", Peer, "A frame's header breaks its own rules.";
    TooLong = 2, "frame-too-long", Peer, "A frame is longer than its kind allows.";
    Unsupported = 3, "frame-unsupported", Peer, "A frame of an unknown kind must not be passed over.";
    CutShort = 4, "frame-cut-short", Peer, "The line ended inside a frame.";
    Unsendable = 5, "frame-unsendable", Caller, "A payload is longer than one frame may be.";
}

impl Code {
    /// Its number on the wire.
    pub const fn number(self) -> u16 {
        self as u16
    }
}

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
            Self::KindUnknown { .. } => Code::Unsupported,
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

    #[test]
    fn codes_count_up_from_one_and_names_differ() {
        for (index, code) in CODES.iter().enumerate() {
            assert_eq!(usize::from(code.number()), index + 1);
            let same = CODES.iter().filter(|other| other.name() == code.name());
            assert_eq!(same.count(), 1, "{code:?}");
            assert!(code.sentence().ends_with('.'), "{code:?}");
        }
    }

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
