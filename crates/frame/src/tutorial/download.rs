//! What goes before a file: a length and a JSON object, byte for byte as Python's `json.dumps`
//! writes it. It does not know the file.

use std::fmt::Write;

use super::header;
use super::header_error::HeaderError;
use super::length::{Endian, LENGTH_BYTES, encode_length};

/// The header of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// The file's name as the server puts it. Hostile: it never decides where a file goes.
    pub name: String,
    /// The MD5 of all its bytes.
    pub md5: [u8; 16],
    /// How many bytes follow the header, at most [`FILE_DATA_LEN_MAX`](super::FILE_DATA_LEN_MAX).
    pub file_data_len: u64,
}

impl Download {
    /// The length and the JSON object in one buffer, ready for one write.
    ///
    /// # Panics
    /// When the object would take 2 GiB: a name comes out of one read, and one byte of it becomes
    /// six at most.
    pub fn encode(&self, endian: Endian) -> Vec<u8> {
        let json = self.to_json();
        let length = i32::try_from(json.len()).expect("a header is shorter than 2 GiB");
        let mut bytes = Vec::with_capacity(LENGTH_BYTES + json.len());
        bytes.extend_from_slice(&encode_length(length, endian));
        bytes.extend_from_slice(json.as_bytes());
        bytes
    }

    /// Reads the JSON object, without the length before it. Any order of keys, further keys and any
    /// whitespace will do.
    pub fn from_json(bytes: &[u8]) -> Result<Self, HeaderError> {
        header::parse(bytes)
    }

    fn to_json(&self) -> String {
        let mut json = String::from("{\"name\": ");
        push_string(&mut json, &self.name);
        json.push_str(", \"md5\": \"");
        for byte in self.md5 {
            push_formatted(&mut json, format_args!("{byte:02x}"));
        }
        push_formatted(
            &mut json,
            format_args!("\", \"file_data_len\": {}}}", self.file_data_len),
        );
        json
    }
}

/// A JSON string as `json.dumps` writes it with `ensure_ascii`: only space to `~` stand as they are.
fn push_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            ' '..='~' => json.push(character),
            _ => push_escaped(json, character),
        }
    }
    json.push('"');
}

/// `\uXXXX` for each UTF-16 unit: a pair of surrogates above U+FFFF.
fn push_escaped(json: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        push_formatted(json, format_args!("\\u{unit:04x}"));
    }
}

fn push_formatted(json: &mut String, arguments: std::fmt::Arguments<'_>) {
    json.write_fmt(arguments)
        .expect("a string takes whatever is written to it");
}
