//! Each format: whole, cut anywhere, stuck together, and broken.

use super::*;
use crate::tap::{GAP, Move, Moves, pieces};

/// The labels of what `bytes` hold, which must not depend on how they come.
#[track_caller]
fn check(format: Format, direction: Direction, bytes: &[u8], expected: &[&str]) {
    let mut splits = vec![Moves::default()];
    splits.extend((1..4).map(|bytes| Moves::new([Move::Split { bytes, gap: GAP }])));
    splits.extend((1..bytes.len() as u64).map(|at| Moves::new([Move::SplitAt { at, gap: GAP }])));
    for moves in splits {
        let mut decoder = Decoder::new(format, direction);
        let mut labels = Vec::new();
        let mut at = 0;
        for piece in pieces(bytes, &moves, 0) {
            for message in decoder.handle_bytes(&piece).messages {
                assert_eq!(message.start, at, "{moves:?}");
                at = message.end;
                labels.push(message.label);
            }
        }
        assert_eq!(labels, expected, "{moves:?}");
        assert_eq!(at, bytes.len() as u64, "{moves:?}");
    }
}

const DOWN: Direction = Direction::ToClient;

#[test]
fn lines_end_with_a_newline() {
    check(
        Format::Lines,
        DOWN,
        b"one\n\nthree\r\n",
        &["one", "", "three\r"],
    );
}

#[test]
fn a_length_goes_before() {
    let big = b"\0\0\0\x03abc\0\0\0\0\0\0\0\x01x";
    let labels = ["4+3 bytes", "4+0 bytes", "4+1 bytes"];
    check(Format::U32Be, DOWN, big, &labels);
    let little = b"\x03\0\0\0abc\0\0\0\0\x01\0\0\0x";
    check(Format::U32Le, DOWN, little, &labels);
}

#[test]
fn the_tutorials_replies_and_files() {
    let length = |count: usize| (count as i32).to_ne_bytes().to_vec();
    let header =
        br#"{"name": "a.txt", "md5": "5d41402abc4b2a76b9719d911017c592", "file_data_len": 5}"#;
    let empty = br#"{"name": "b", "md5": "d41d8cd98f00b204e9800998ecf8427e", "file_data_len": 0}"#;
    let bytes = [
        length(2),
        b"hi".to_vec(),
        length(header.len()),
        header.to_vec(),
        b"hello".to_vec(),
        length(empty.len()),
        empty.to_vec(),
        length(0),
    ];
    let labels = [
        "reply 4+2 bytes",
        "file a.txt, 5 bytes",
        "file b, 0 bytes",
        "reply 4+0 bytes",
    ];
    check(Format::Tutorial, DOWN, &bytes.concat(), &labels);
    let mut asks = Decoder::new(Format::Tutorial, Direction::ToServer);
    assert_eq!(asks.handle_bytes(b"ls -l").messages[0].label, "ls -l");
    assert_eq!(asks.handle_bytes(b"pwd").messages[0].start, 5);
}

#[test]
fn frames_of_landline_and_records_of_tls() {
    let frames = b"\x03\0\0\0\0\0\0\x02{}\xc1\0\0\0\0\0\0\x03abc\xc1\0\0\0\0\0\0\0";
    check(
        Format::Landline,
        DOWN,
        frames,
        &["PING 8+2", "DATA 8+3", "DATA 8+0"],
    );
    let records = b"\x16\x03\x01\0\x02hi\x17\x03\x03\0\x01x";
    let labels = ["TLS handshake 5+2", "TLS application data 5+1"];
    check(Format::Landline, DOWN, records, &labels);
}

#[test]
fn a_whole_message_tells_what_became_of_its_edges() {
    let mut decoder = Decoder::new(Format::Lines, DOWN);
    let mut check = |read: &str, expected: &[(&str, bool, bool)], unfinished: u64| {
        let marks = decoder.handle_bytes(read.as_bytes());
        let told: Vec<_> = marks
            .messages
            .iter()
            .map(|it| (it.label.as_str(), it.is_cut, it.is_stuck))
            .collect();
        assert_eq!((told.as_slice(), marks.unfinished), (expected, unfinished));
    };
    check("one\ntw", &[("one", false, false)], 2);
    // Stuck where it began, and cut where it ended.
    let second = [("two", true, true), ("three", false, true)];
    check("o\nthree\nfour", &second, 4);
    check("-", &[], 1);
    check("and\n", &[("four-and", true, true)], 0);
    check("five", &[], 4);
    check("\nsix\n", &[("five", true, false), ("six", false, true)], 0);
    check("seven\n", &[("seven", false, false)], 0);
}

#[test]
fn what_is_no_message_is_said_once_and_held_never() {
    let mut decoder = Decoder::new(Format::Landline, DOWN);
    let marks = decoder.handle_bytes(b"GET / HTTP/1.1\r\n");
    assert!(marks.lost.is_some() && marks.messages.is_empty());
    assert_eq!(decoder.handle_bytes(b"more"), Marks::default());
    let mut reply = Decoder::new(Format::Tutorial, DOWN);
    let marks = reply.handle_bytes(&(-5_i32).to_ne_bytes());
    assert_eq!(marks.lost.as_deref(), Some("a reply of -5 bytes"));
    let mut long = Decoder::new(Format::Lines, DOWN);
    long.handle_bytes(&vec![b'x'; 1_000_000]);
    let State::Lines(held) = &long.state else {
        panic!("lines")
    };
    assert_eq!(held.len(), LABEL_BYTES_MAX);
}
