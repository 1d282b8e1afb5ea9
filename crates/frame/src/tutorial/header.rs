//! Reads the JSON object before a file, which a stranger wrote. It checks each value on its own and
//! says which one is wrong; it does not know what the file is for.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::download::Download;
use super::header_error::{HeaderError, HeaderKey};

/// The most that a header may announce as its own length, in bytes: 64 KiB. The tutorial's headers
/// are near 100 bytes, and a name of 1,024 bytes takes 6 KiB at worst. A decoder holds this at most,
/// and only as much as has arrived.
pub const HEADER_BYTES_MAX: u32 = 64 * 1024;

/// The most that `file_data_len` may be: 2^63 - 1 bytes, the largest file that a system can name.
pub const FILE_DATA_LEN_MAX: u64 = i64::MAX as u64;

/// How much of a wrong number an error repeats, in bytes.
const SHOWN_BYTES_MAX: usize = 24;

pub(super) fn parse(bytes: &[u8]) -> Result<Download, HeaderError> {
    check_length(u32::try_from(bytes.len()).unwrap_or(u32::MAX))?;
    let text = std::str::from_utf8(bytes).map_err(|_| HeaderError::NotUtf8)?;
    let whole: &RawValue = serde_json::from_str(text).map_err(not_json)?;
    if !whole.get().starts_with('{') {
        return Err(HeaderError::NotAnObject);
    }
    let values: Values<'_> = serde_json::from_str(text).map_err(not_json)?;
    if let Some(key) = values.twice {
        return Err(HeaderError::KeyTwice { key });
    }
    Ok(Download {
        name: parse_name(values.get(HeaderKey::Name)?)?,
        md5: parse_md5(values.get(HeaderKey::Md5)?)?,
        file_data_len: parse_file_data_len(values.get(HeaderKey::FileDataLen)?)?,
    })
}

/// A header's length must be from one to [`HEADER_BYTES_MAX`] bytes.
pub(super) fn check_length(length: u32) -> Result<(), HeaderError> {
    match length {
        0 => Err(HeaderError::Empty),
        1..=HEADER_BYTES_MAX => Ok(()),
        _ => Err(HeaderError::TooLong { length }),
    }
}

fn not_json(error: serde_json::Error) -> HeaderError {
    HeaderError::NotJson {
        line: error.line(),
        column: error.column(),
    }
}

/// A name as text. A lone surrogate (`"\ud800"`, which Python writes for a name that is not UTF-8)
/// becomes U+FFFD, since the name is only ever shown.
fn parse_name(raw: &str) -> Result<String, HeaderError> {
    parse_text(raw, HeaderKey::Name)
}

fn parse_md5(raw: &str) -> Result<[u8; 16], HeaderError> {
    let text = parse_text(raw, HeaderKey::Md5)?;
    let digits: &[u8; 32] = text.as_bytes().try_into().map_err(|_| HeaderError::Md5)?;
    let mut md5 = [0; 16];
    for (byte, pair) in md5.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Ok(md5)
}

fn hex_digit(digit: u8) -> Result<u8, HeaderError> {
    let value = char::from(digit).to_digit(16).ok_or(HeaderError::Md5)?;
    Ok(value as u8)
}

/// Whole digits only: `5.0` and `5e0` are not what `json.dumps` writes for a count.
fn parse_file_data_len(raw: &str) -> Result<u64, HeaderError> {
    let shown = || raw[..raw.len().min(SHOWN_BYTES_MAX)].to_string();
    if !raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return Err(HeaderError::WrongType {
            key: HeaderKey::FileDataLen,
        });
    }
    if raw.starts_with('-') {
        return Err(HeaderError::FileDataLenNegative { value: shown() });
    }
    if raw.contains(['.', 'e', 'E']) {
        return Err(HeaderError::FileDataLenFractional { value: shown() });
    }
    raw.parse()
        .ok()
        .filter(|length| *length <= FILE_DATA_LEN_MAX)
        .ok_or_else(|| HeaderError::FileDataLenHuge { value: shown() })
}

fn parse_text(raw: &str, key: HeaderKey) -> Result<String, HeaderError> {
    let text: Text = serde_json::from_str(raw).map_err(|_| HeaderError::WrongType { key })?;
    Ok(text.0)
}

/// The three values as they stand in the text. Everything else is passed over, however deep.
#[derive(Default)]
struct Values<'a> {
    found: [Option<&'a str>; 3],
    twice: Option<HeaderKey>,
}

impl<'a> Values<'a> {
    fn get(&self, key: HeaderKey) -> Result<&'a str, HeaderError> {
        self.found[key as usize].ok_or(HeaderError::KeyMissing { key })
    }

    fn put(&mut self, key: HeaderKey, value: &'a str) {
        if self.found[key as usize].replace(value).is_some() {
            self.twice = self.twice.or(Some(key));
        }
    }
}

impl<'de> Deserialize<'de> for Values<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<'de>, A::Error> {
        let mut values = Values::default();
        while let Some(Text(name)) = map.next_key()? {
            match HeaderKey::named(&name) {
                Some(key) => values.put(key, map.next_value::<&RawValue>()?.get()),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// A JSON string whose lone surrogates have become U+FFFD: asked for as bytes, they come through
/// instead of being an error.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_string()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
    }
}
