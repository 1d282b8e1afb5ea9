//! PROTOCOL.md against the code: every kind, limit, code, error and example that it names.

use landline_frame::landline1::{
    ARGS_BYTES_MAX, ARGS_COUNT_MAX, BODY_BYTES_MAX, CODES, CONTROL_BYTES_MAX, CREDIT_BYTES_MAX,
    Class, ENTRIES_OPEN_MAX, Fault, FrameDecoder, GROUP_BYTES, HANDSHAKE_MS_MAX, HOLE_BYTES_MIN,
    KEYS_MAX, Kind, Line, NAME_BYTES_MAX, NESTING_MAX, WINDOW_BYTES_FIRST,
};
use landline_frame::tutorial::{HEADER_BYTES_MAX, RequestError};
use serde_json::Value;

const PROTOCOL: &str = include_str!("../../../PROTOCOL.md");
const VECTORS: [&str; 2] = [
    include_str!("../vectors/tutorial.json"),
    include_str!("../vectors/landline1.json"),
];

#[track_caller]
fn says(text: &str) {
    assert!(PROTOCOL.contains(text), "PROTOCOL.md lacks: {text}");
}

#[test]
fn it_lists_every_kind() {
    for kind in Kind::ALL {
        let payload = match kind.class() {
            Class::Control => "control",
            Class::Body => "body",
        };
        let critical = if kind.is_critical() { "yes" } else { "no" };
        let (number, name) = (kind.number(), kind.name());
        says(&format!(
            "| `{number:#04x}` | {name} | {payload} | {critical} |"
        ));
    }
    let rows = PROTOCOL.lines().filter(|line| line.starts_with("| `0x"));
    assert_eq!(rows.count(), Kind::ALL.len());
}

#[test]
fn it_lists_every_code() {
    for code in CODES {
        let fault = match code.fault() {
            Fault::Peer => "peer",
            Fault::Ours => "ours",
            Fault::Caller => "caller",
        };
        let (number, name, sentence) = (code.number(), code.name(), code.sentence());
        let line = match code.line() {
            Line::Stays => "stays",
            Line::Ends => "ends",
        };
        says(&format!(
            "| {number} | `{name}` | {sentence} | {fault} | {line} |"
        ));
    }
}

#[test]
fn it_names_every_error_and_table_of_the_vectors() {
    for file in VECTORS {
        let tables: Value = serde_json::from_str(file).expect("the vectors are JSON");
        for (table, rows) in tables.as_object().expect("tables") {
            says(&format!("| `{table}` |"));
            for error in rows
                .as_array()
                .expect("rows")
                .iter()
                .filter_map(|row| row.get("error"))
            {
                says(&format!("`{}`", error.as_str().expect("a key")));
            }
        }
    }
    use RequestError::{FillsRead, Http, NotUtf8, Nul};
    for error in [FillsRead, Http, NotUtf8, Nul] {
        says(&format!("`{}`", error.key()));
    }
}

#[test]
fn its_limits_are_the_codes() {
    assert_eq!((CONTROL_BYTES_MAX, BODY_BYTES_MAX), (65_536, 1_048_576));
    assert_eq!(HEADER_BYTES_MAX, 65_536);
    says("| payload of a control frame (bit 6 is 0) | 65,536 |");
    says("| payload of a body frame (bit 6 is 1) | 1,048,576 |");
    says("the length is above 65,536");
    for (what, bound) in [
        (
            "| depth; keys of a control frame | 16; 64 |",
            NESTING_MAX == 16 && KEYS_MAX == 64,
        ),
        ("at most 2,097,152 bytes", ARGS_BYTES_MAX == 2_097_152),
        ("at most 131,072", ARGS_COUNT_MAX == 131_072),
        (
            "at most 16,777,216 (16 MiB)",
            CREDIT_BYTES_MAX == 16_777_216,
        ),
        (
            "| first window for commands | 262,144 bytes |",
            WINDOW_BYTES_FIRST == 262_144,
        ),
        ("| entries that are open | 512 |", ENTRIES_OPEN_MAX == 512),
        (
            "| a path or a name; a `source` | 4,096; 64 bytes |",
            NAME_BYTES_MAX == 4_096,
        ),
        (
            "its cost in credit | 4,096; 4,096 bytes |",
            HOLE_BYTES_MIN == 4_096,
        ),
        ("| a group | 1,048,576 bytes |", GROUP_BYTES == 1_048_576),
        ("| 10 s |", HANDSHAKE_MS_MAX == 10_000),
    ] {
        assert!(bound, "{what}");
        says(what);
    }
}

#[test]
fn its_example_frames_are_frames() {
    for (line, name) in [("03 00 ", "PING"), ("c1 00 ", "DATA")] {
        let example = PROTOCOL
            .lines()
            .find(|text| text.starts_with(line))
            .expect("an example");
        assert!(example.contains(name), "{example}");
        let digits = example.split_whitespace();
        let wire: Vec<u8> = digits
            .map_while(|byte| u8::from_str_radix(byte, 16).ok())
            .collect();
        let mut decoder = FrameDecoder::new();
        let mut input = &wire[..];
        while decoder.next(&mut input).expect("a frame").is_some() {}
        assert_eq!(decoder.finish(), Ok(()), "{example}");
    }
}
