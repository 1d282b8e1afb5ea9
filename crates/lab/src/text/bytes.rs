//! Bytes in hexadecimal, one line or more for each field, with its name beside it.

use std::ops::Range;

use super::columns::cut;

/// How many bytes stand on a line: a wide terminal has room for twice as many.
const BYTES_A_LINE: [usize; 2] = [8, 16];
const WIDE_COLUMNS: usize = 100;

/// Draws all fields by their place, and the bytes between them that have no name.
pub(super) fn draw(bytes: &[u8], fields: &[(Range<usize>, String)], width: usize) -> Vec<String> {
    let a_line = BYTES_A_LINE[usize::from(width >= WIDE_COLUMNS)];
    let mut lines = Vec::new();
    for (range, name) in named(bytes.len(), fields) {
        for (at, chunk) in bytes[range.clone()].chunks(a_line).enumerate() {
            let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
            let start = format!(
                "{:04x}  {:<hex_width$}",
                range.start + at * a_line,
                hex.join(" "),
                hex_width = a_line * 3 + 1
            );
            let name = if at == 0 { name } else { "" };
            let room = width.saturating_sub(start.len());
            lines.push(format!("{start}{}", cut(name, room)).trim_end().to_owned());
        }
    }
    lines
}

/// The fields in order, with the gaps between them.
pub(crate) fn named(count: usize, fields: &[(Range<usize>, String)]) -> Vec<(Range<usize>, &str)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(range, _)| range.start);
    let mut all = Vec::new();
    let mut done = 0;
    for (range, name) in fields {
        let range = range.start.max(done).min(count)..range.end.min(count);
        if range.is_empty() {
            continue;
        }
        if done < range.start {
            all.push((done..range.start, ""));
        }
        done = range.end;
        all.push((range, name.as_str()));
    }
    if done < count {
        all.push((done..count, ""));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_its_bytes_and_its_name() {
        let bytes: Vec<u8> = (0..13).collect();
        let fields = [(10..12, "port 11".to_owned()), (0..9, "ipv4".to_owned())];
        let expected = [
            "0000  00 01 02 03 04 05 06 07  ipv4",
            "0008  08",
            "0009  09",
            "000a  0a 0b                    port 11",
            "000c  0c",
        ];
        assert_eq!(draw(&bytes, &fields, 80), expected);
    }
}
