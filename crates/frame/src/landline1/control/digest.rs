//! 32 bytes as 64 hexadecimal digits. It does not know what was digested.

use serde::Serializer;

use super::error::ControlError;
use super::object::Object;

/// For serde's `serialize_with`: lower-case digits.
pub(super) fn write<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&digits)
}

pub(super) fn read(object: &Object<'_>, key: &'static str) -> Result<[u8; 32], ControlError> {
    let text: String = object.need(key)?;
    parse(text.as_bytes()).ok_or(ControlError::OutOfRange { key })
}

fn parse(text: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}
