//! Bytes as lower-case hexadecimal text and back, for the values that people copy and files hold. It
//! does not know what the bytes mean.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// `bytes` in lower case, two digits each.
pub(crate) fn encode(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Exactly `N` bytes from digits in either case, and nothing else: no sign, no space, no prefix.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    // The length comes first, so that a long text costs nothing.
    if text.len() != 2 * N {
        return None;
    }
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}

/// Gives a type that wraps `[u8; $length]` its text: `Display` and `FromStr` as hex, and serde as
/// that text.
macro_rules! hex_text {
    ($name:ident, $length:literal, $error:ty, $wrong:expr) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&$crate::hex::encode(&self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                $crate::hex::decode::<$length>(text).map(Self).ok_or($wrong)
            }
        }

        $crate::hex::serde_text!($name);
    };
}

/// Gives a type that has `Display` and `FromStr` serde as that text.
macro_rules! serde_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = String::deserialize(input)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {hex_text, serde_text};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_of_the_right_number_are_bytes() {
        assert_eq!(decode::<2>("00fF"), Some([0, 255]));
        for wrong in ["", "00f", "00ff0", "0x00", "00 f", "+00f", "00fg", "é0f"] {
            assert_eq!(decode::<2>(wrong), None, "{wrong:?}");
        }
        assert_eq!(encode(&[0, 255]), "00ff");
    }
}
