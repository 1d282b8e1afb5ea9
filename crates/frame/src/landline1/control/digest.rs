//! 32 bytes as 64 hexadecimal digits. It does not know what was digested.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::Serializer;

use super::error::ControlError;
use super::object::Object;

/// Lower-case digits.
pub(super) fn text(bytes: &[u8; 32]) -> String {
    HEXLOWER.encode(bytes)
}

/// For serde's `serialize_with`.
pub(super) fn write<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(bytes))
}

pub(super) fn read(object: &Object<'_>, key: &'static str) -> Result<[u8; 32], ControlError> {
    let text: String = object.need(key)?;
    parse(&text).ok_or(ControlError::OutOfRange { key })
}

/// Takes digits in either case.
pub(super) fn parse(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    let decoded = HEXLOWER_PERMISSIVE.decode_mut(digits, &mut bytes).ok();
    decoded.map(|_| bytes)
}
