//! Reads one JSON object that a stranger wrote: bounded in depth and in keys, no key twice, values
//! typed one by one. It does not know which keys mean what.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::kind::CONTROL_BYTES_MAX;
use super::error::ControlError;

/// How deep the objects and lists of a control frame may nest, the outermost counted. Nothing that
/// is defined needs more than 2.
pub const NESTING_MAX: usize = 16;

/// How many keys a control frame's object may have. Nothing that is defined has more than 12; each
/// costs a node in a map while the frame is read.
pub const KEYS_MAX: usize = 64;

/// How many characters of a wrong key an error repeats.
const SHOWN_MAX: usize = 24;

/// The values of an object, as they stand in its text.
#[derive(Default)]
pub(super) struct Object<'a> {
    values: BTreeMap<String, &'a RawValue>,
    wrong: Option<ControlError>,
}

impl<'a> Object<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ControlError> {
        if bytes.len() > CONTROL_BYTES_MAX as usize {
            return Err(ControlError::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ControlError::NotUtf8)?;
        check_nesting(bytes)?;
        let whole: &RawValue = serde_json::from_str(text).map_err(not_json)?;
        if !whole.get().starts_with('{') {
            return Err(ControlError::NotAnObject);
        }
        let mut object: Object<'_> = serde_json::from_str(text).map_err(not_json)?;
        object.wrong.take().map_or(Ok(object), Err)
    }

    /// The value of a key that must be there.
    pub(super) fn need<T: DeserializeOwned>(&self, key: &'static str) -> Result<T, ControlError> {
        self.maybe(key)?.ok_or(ControlError::KeyMissing { key })
    }

    /// The value of a key that may be missing, which `null` says too.
    pub(super) fn maybe<T: DeserializeOwned>(
        &self,
        key: &'static str,
    ) -> Result<Option<T>, ControlError> {
        let Some(raw) = self.text(key) else {
            return Ok(None);
        };
        let value = serde_json::from_str(raw).map_err(|_| ControlError::WrongType { key })?;
        Ok(Some(value))
    }

    /// The JSON of a value that is not `null`.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        let raw = self.values.get(key)?.get();
        (raw != "null").then_some(raw)
    }

    fn put(&mut self, key: String, value: &'a RawValue) {
        let full = self.values.len() == KEYS_MAX;
        match self.values.entry(key) {
            Entry::Occupied(entry) => {
                let key = entry.key().chars().take(SHOWN_MAX).collect();
                self.wrong = Some(ControlError::KeyTwice { key });
            }
            Entry::Vacant(_) if full => self.wrong = Some(ControlError::TooManyKeys),
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
        }
    }
}

/// Counts brackets outside of strings, so that no parser ever sees a deep text.
fn check_nesting(bytes: &[u8]) -> Result<(), ControlError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return Err(ControlError::TooDeep);
        }
    }
    Ok(())
}

pub(super) fn not_json(error: serde_json::Error) -> ControlError {
    ControlError::NotJson {
        line: error.line(),
        column: error.column(),
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut object = Object::default();
        while let Some(key) = map.next_key()? {
            if object.wrong.is_some() {
                map.next_value::<IgnoredAny>()?;
            } else {
                object.put(key, map.next_value()?);
            }
        }
        Ok(object)
    }
}
