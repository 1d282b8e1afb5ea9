//! What a peer sent, made safe to show: control and bidi characters become visible escapes.

use serde_json::Value;

/// `text` with every character that could drive a terminal or reorder a line written as an escape.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

/// `bytes` as text where they are UTF-8, each other byte as `\xNN`, and all of it safe to show.
pub(crate) fn shown_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(&shown(chunk.valid()));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}

/// `bytes` in the same way, and each backslash as `\\`: what is shown stands for these bytes and for no
/// others, since a peer can send what looks like an escape. For data only: a name or a path with a
/// backslash stays as people write it.
pub(crate) fn shown_data(bytes: &[u8]) -> String {
    // No byte of another letter in UTF-8 is a backslash.
    let parts = bytes.split(|byte| *byte == b'\\');
    let parts: Vec<_> = parts.map(shown_bytes).collect();
    parts.join("\\\\")
}

/// An object on one line, with every such character written as JSON's own escape: it means the same to
/// a program, and does nothing to a terminal that it is shown on.
pub(crate) fn shown_object(object: &Value) -> String {
    let text = object.to_string();
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) {
            // Each of them has one unit of UTF-16. JSON writes them within strings only.
            out.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    out
}

/// Controls (C0, DEL, C1), the line and paragraph separators, and the characters that set or
/// override direction (UAX #9) or join invisibly.
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_stays_and_what_drives_a_terminal_shows() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(shown_bytes(bytes), expected);
        check("plain, 你好, é".as_bytes(), "plain, 你好, é");
        check(b"\x1b[2J", "\\u{1b}[2J");
        check(b"a\nb\r\t\x7f", "a\\nb\\r\\t\\u{7f}");
        check("\u{9b}31m".as_bytes(), "\\u{9b}31m");
        check("\u{202e}txt.exe".as_bytes(), "\\u{202e}txt.exe");
        check(b"\xff\xfeok", "\\xff\\xfeok");
    }

    #[test]
    fn data_is_told_from_what_looks_like_an_escape() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(shown_data(bytes), expected);
        check(b"a\nb", r"a\nb");
        check(br"a\nb", r"a\\nb");
        check(b"\xff", r"\xff");
        check(br"\xff", r"\\xff");
        check("\\你\\\\\x1b".as_bytes(), r"\\你\\\\\u{1b}");
        check(b"", "");
        // Names stay.
        assert_eq!(shown_bytes(br"C:\x"), r"C:\x");
    }

    #[test]
    fn an_object_means_the_same_and_drives_nothing() {
        let hostile = "a\x1b[2J\u{9b}31m\x7f\u{202e}\u{2066}\n你好, é \"\\";
        let object = json!({"name": hostile, hostile: [hostile, 1]});
        let shown = shown_object(&object);
        assert!(!shown.contains(is_unsafe), "{shown}");
        assert!(shown.contains("你好, é"), "{shown}");
        assert_eq!(serde_json::from_str::<Value>(&shown).ok(), Some(object));
        assert_eq!(shown_object(&json!({"a": "b"})), r#"{"a":"b"}"#);
    }
}
