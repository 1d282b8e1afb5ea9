//! The four bytes before every reply: a signed length in the byte order of the machine that
//! answers. It does not know what follows them.

use std::str::FromStr;

/// How many bytes a length takes.
pub const LENGTH_BYTES: usize = 4;

/// The most that one length can announce, in bytes: 2 GiB less one.
pub const REPLY_BYTES_MAX: u32 = i32::MAX as u32;

/// The order of a length's bytes.
///
/// The tutorial's programs use their machine's own (Python's `struct.pack("i", n)`), which is little
/// on x86 and ARM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// The lowest byte first.
    Little,
    /// The highest byte first.
    Big,
}

impl Endian {
    /// This machine's own order.
    pub const NATIVE: Self = if cfg!(target_endian = "little") {
        Self::Little
    } else {
        Self::Big
    };
}

impl FromStr for Endian {
    type Err = EndianError;

    fn from_str(word: &str) -> Result<Self, EndianError> {
        match word {
            "little" => Ok(Self::Little),
            "big" => Ok(Self::Big),
            "native" => Ok(Self::NATIVE),
            _ => Err(EndianError),
        }
    }
}

/// A word that names no byte order. The caller's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a byte order is `little`, `big` or `native`")]
pub struct EndianError;

impl EndianError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        "endian-unknown"
    }
}

/// A length that no reply can have. The peer's fault, or a wrong byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LengthError {
    /// It is below zero.
    #[error(
        "the reply announces a length of {value}, which is below zero (is the byte order right?)"
    )]
    Negative {
        /// The length as it came.
        value: i32,
    },
}

impl LengthError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Negative { .. } => "length-negative",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Negative { value } => vec![("value", value.to_string())],
        }
    }
}

/// The four bytes that announce `length`.
///
/// It takes what the wire can carry: a caller that has more than [`REPLY_BYTES_MAX`] to say cannot
/// say it on this wire.
pub fn encode_length(length: i32, endian: Endian) -> [u8; LENGTH_BYTES] {
    match endian {
        Endian::Little => length.to_le_bytes(),
        Endian::Big => length.to_be_bytes(),
    }
}

/// The length that four bytes announce, at most [`REPLY_BYTES_MAX`].
pub fn decode_length(bytes: [u8; LENGTH_BYTES], endian: Endian) -> Result<u32, LengthError> {
    let value = match endian {
        Endian::Little => i32::from_le_bytes(bytes),
        Endian::Big => i32::from_be_bytes(bytes),
    };
    u32::try_from(value).map_err(|_| LengthError::Negative { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_length_is_named() {
        let bytes = encode_length(-5, Endian::Little);
        let error = decode_length(bytes, Endian::Little).unwrap_err();
        assert_eq!(error, LengthError::Negative { value: -5 });
        assert!(error.to_string().contains("-5"));
        assert_eq!(error.values(), [("value", "-5".to_string())]);
    }

    #[test]
    fn the_byte_order_has_three_words() {
        assert_eq!("little".parse(), Ok(Endian::Little));
        assert_eq!("big".parse(), Ok(Endian::Big));
        assert_eq!("native".parse(), Ok(Endian::NATIVE));
        assert_eq!("Little".parse::<Endian>(), Err(EndianError));
        assert_eq!(encode_length(1, Endian::NATIVE), 1_i32.to_ne_bytes());
    }
}
