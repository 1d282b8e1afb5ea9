//! The golden vectors as bytes to start from. It does not know what the rows mean.

use serde_json::Value;

/// Vectors of landline/1.
const LANDLINE1: &str = include_str!("../../../crates/frame/vectors/landline1.json");

/// Vectors of the tutorial's wire.
const TUTORIAL: &str = include_str!("../../../crates/frame/vectors/tutorial.json");

/// The rows of one table of landline/1.
pub(crate) fn landline1(table: &str) -> Vec<Value> {
    rows(LANDLINE1, table)
}

/// The rows of one table of the tutorial's wire.
pub(crate) fn tutorial(table: &str) -> Vec<Value> {
    rows(TUTORIAL, table)
}

/// What one side of each session of landline/1 sends; and the same with frames in between that are
/// passed over: an EVENT, a RESIZE, and one of an unknown kind.
pub(crate) fn lines_from(side: &str) -> Vec<Vec<u8>> {
    let passed_over = b"\x01\0\0\0\0\0\0\x02{}\x02\0\0\0\0\0\0\x02{}\x7f\0\0\0\0\0\0\x03abc";
    let mut lines = Vec::new();
    for session in landline1("sessions") {
        let steps = session["steps"].as_array().into_iter().flatten();
        let steps = steps.filter(|step| step["from"] == side);
        let frames: Vec<_> = steps.map(|step| bytes(step, "hex")).collect();
        lines.push(frames.concat());
        lines.push(frames.join(&passed_over[..]));
    }
    lines
}

/// The bytes that stand under `key` in hexadecimal digits; none where there is no such key.
pub(crate) fn bytes(row: &Value, key: &str) -> Vec<u8> {
    let digits = row[key].as_str().unwrap_or_default().as_bytes();
    let decoded = data_encoding::HEXLOWER.decode(digits);
    decoded.expect("bytes of a vector are hexadecimal digits")
}

/// The text that stands under `key`.
pub(crate) fn text(row: &Value, key: &str) -> String {
    let text = row[key].as_str();
    text.expect("the vector has such a text").to_owned()
}

fn rows(file: &str, table: &str) -> Vec<Value> {
    let mut tables: Value = serde_json::from_str(file).expect("the vectors are JSON");
    match tables[table].take() {
        Value::Array(rows) => rows,
        other => panic!("{table} is {other} and not a table"),
    }
}
