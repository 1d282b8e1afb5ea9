//! Paths and names: bytes that JSON cannot always hold as text. It does not know where they lead.

use data_encoding::BASE64;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::super::error::ControlError;
use super::super::object::Object;

/// The longest path or name, in bytes: PATH_MAX of Linux without its NUL, rounded up (limits.h(0p)).
pub const NAME_BYTES_MAX: usize = 4096;

/// A path or a name, as the system has it: bytes without NUL, in text or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Vec<u8>);

impl Name {
    /// The name, unless it holds a NUL or is longer than [`NAME_BYTES_MAX`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() <= NAME_BYTES_MAX && !bytes.contains(&0)).then_some(Self(bytes))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its parts, as `/` divides them.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'/')
    }

    /// Whether it leads down and nowhere else: no part is empty, `.` or `..`.
    pub fn is_plain(&self) -> bool {
        self.parts().all(|part| !matches!(part, b"" | b"." | b".."))
    }

    pub(super) fn read(object: &Object<'_>, key: &'static str) -> Result<Self, ControlError> {
        let text = object.text(key).ok_or(ControlError::KeyMissing { key })?;
        Self::parse(text, key)
    }

    /// A list of names, at least one.
    pub(super) fn read_list(
        object: &Object<'_>,
        key: &'static str,
    ) -> Result<Vec<Self>, ControlError> {
        let text = object.text(key).ok_or(ControlError::KeyMissing { key })?;
        let list: Vec<&RawValue> =
            serde_json::from_str(text).map_err(|_| ControlError::WrongType { key })?;
        if list.is_empty() {
            return Err(ControlError::OutOfRange { key });
        }
        list.iter().map(|raw| Self::parse(raw.get(), key)).collect()
    }

    /// Takes the JSON of a name: its text, or `{"b64":"..."}` with its bytes.
    fn parse(json: &str, key: &'static str) -> Result<Self, ControlError> {
        let wrong = |_| ControlError::WrongType { key };
        let bytes = if json.starts_with('{') {
            let text: String = Object::read(json.as_bytes())
                .and_then(|object| object.need("b64"))
                .map_err(|_| ControlError::WrongType { key })?;
            let decoded = BASE64.decode(text.as_bytes());
            decoded.map_err(|_| ControlError::OutOfRange { key })?
        } else {
            serde_json::from_str::<String>(json)
                .map_err(wrong)?
                .into_bytes()
        };
        Self::new(bytes).ok_or(ControlError::OutOfRange { key })
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Ok(text) = std::str::from_utf8(&self.0) {
            return serializer.serialize_str(text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("b64", &BASE64.encode(&self.0))?;
        map.end()
    }
}
