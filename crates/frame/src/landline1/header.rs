//! The eight bytes before every payload, and every rule that can be checked on them alone. A header
//! that exists is within its limits. It does not know the payload.

use super::error::FrameError;
use super::kind::{Class, Kind, is_critical};

/// How many bytes a header takes.
pub const HEADER_BYTES: usize = 8;

/// The header of a frame whose kind is known and whose length is within its limit.
///
/// Big-endian: `kind u8 | flags u8 | reserved u16 = 0 | length u32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    kind: Kind,
    flags: u8,
    length: u32,
}

impl Header {
    /// A header for a payload of `length` bytes, or [`FrameError::Unsendable`]. No flag is defined
    /// yet: `flags` is 0.
    pub fn new(kind: Kind, flags: u8, length: usize) -> Result<Self, FrameError> {
        let unsendable = FrameError::Unsendable {
            kind: kind.number(),
            length: length as u64,
        };
        match u32::try_from(length) {
            Ok(length) if length <= kind.class().bytes_max() => Ok(Self {
                kind,
                flags,
                length,
            }),
            _ => Err(unsendable),
        }
    }

    /// What the frame is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The flags as they came. A receiver ignores those it does not know.
    pub fn flags(&self) -> u8 {
        self.flags
    }

    /// How many bytes follow.
    pub fn length(&self) -> u32 {
        self.length
    }

    /// The header's bytes.
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = self.kind.number();
        bytes[1] = self.flags;
        bytes[4..].copy_from_slice(&self.length.to_be_bytes());
        bytes
    }
}

/// What a peer's header announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A frame to be taken.
    Frame(Header),
    /// A frame of an unknown kind that may be passed over: so many bytes are to be dropped, at most
    /// what [`Class::of`] its kind allows.
    Skip {
        /// The kind's number.
        kind: u8,
        /// How many bytes follow.
        length: u32,
    },
}

impl Arrival {
    /// Reads a header's bytes and checks the reserved bytes, then the kind, then the length.
    pub fn decode(bytes: [u8; HEADER_BYTES]) -> Result<Self, FrameError> {
        let [kind, flags, reserved_high, reserved_low, length @ ..] = bytes;
        let value = u16::from_be_bytes([reserved_high, reserved_low]);
        let length = u32::from_be_bytes(length);
        let known = Kind::from_number(kind);
        match known {
            _ if value != 0 => Err(FrameError::Reserved { value }),
            _ if kind == 0 => Err(FrameError::KindZero),
            None if is_critical(kind) => Err(FrameError::KindUnknown { kind }),
            _ if length > Class::of(kind).bytes_max() => Err(FrameError::TooLong { kind, length }),
            None => Ok(Self::Skip { kind, length }),
            Some(kind) => Ok(Self::Frame(Header {
                kind,
                flags,
                length,
            })),
        }
    }

    /// How many bytes follow.
    pub fn length(&self) -> u32 {
        match self {
            Self::Frame(header) => header.length,
            Self::Skip { length, .. } => *length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landline1::{BODY_BYTES_MAX, CONTROL_BYTES_MAX};

    #[track_caller]
    fn check(bytes: [u8; 8], expected: Result<Arrival, FrameError>) {
        assert_eq!(Arrival::decode(bytes), expected);
    }

    #[test]
    fn limits_go_by_kind() {
        for kind in Kind::ALL {
            let most = kind.class().bytes_max() as usize;
            let header = Header::new(*kind, 0, most).unwrap();
            check(header.encode(), Ok(Arrival::Frame(header)));
            let kind = kind.number();
            let length = most as u64 + 1;
            let error = Header::new(header.kind(), 0, most + 1).unwrap_err();
            assert_eq!(error, FrameError::Unsendable { kind, length });
        }
        check(
            [0x82, 0, 0, 0, 0, 1, 0, 1],
            Err(FrameError::TooLong {
                kind: 0x82,
                length: CONTROL_BYTES_MAX + 1,
            }),
        );
        check(
            [0xc1, 0, 0, 0, 0, 0x10, 0, 1],
            Err(FrameError::TooLong {
                kind: 0xc1,
                length: BODY_BYTES_MAX + 1,
            }),
        );
    }

    #[test]
    fn unknown_kinds_are_errors_or_passed_over_within_bounds() {
        check([0xbf; 8], Err(FrameError::Reserved { value: 0xbfbf }));
        check([0; 8], Err(FrameError::KindZero));
        let unknown = FrameError::KindUnknown { kind: 0xbf };
        check([0xbf, 0, 0, 0, 0xff, 0, 0, 0], Err(unknown));
        let skip = |kind, length| Ok(Arrival::Skip { kind, length });
        check([0x3f, 0, 0, 0, 0, 1, 0, 0], skip(0x3f, CONTROL_BYTES_MAX));
        check([0x7f, 9, 0, 0, 0, 0x10, 0, 0], skip(0x7f, BODY_BYTES_MAX));
        let (kind, length) = (0x3f, CONTROL_BYTES_MAX + 1);
        check(
            [0x3f, 0, 0, 0, 0, 1, 0, 1],
            Err(FrameError::TooLong { kind, length }),
        );
    }
}
