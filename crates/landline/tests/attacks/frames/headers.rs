//! Headers that break the rules by themselves, whatever would follow.

use landline::frame::landline1::Kind;

use super::{Attack, check, claim};

const CALL: u8 = Kind::Call.number();
const DATA: u8 = Kind::Data.number();

#[tokio::test]
async fn a_length_that_is_too_long() {
    let attacks: Vec<Attack> = vec![
        ("2^32-1 of JSON", claim(CALL, u32::MAX)),
        ("2^32-1 of bytes", claim(DATA, u32::MAX)),
        ("2^32-1 to be passed over", claim(0x3f, u32::MAX)),
        ("one byte of JSON too many", claim(CALL, 65_537)),
        ("one byte too many", claim(DATA, 1_048_577)),
        ("one too many to pass over", claim(0x7f, 1_048_577)),
    ];
    check("frame-too-long", attacks).await;
}

#[tokio::test]
async fn reserved_bytes_and_what_is_no_header() {
    let attacks: Vec<Attack> = vec![
        ("the first reserved byte", vec![CALL, 0, 1, 0, 0, 0, 0, 0]),
        ("the second reserved byte", vec![CALL, 0, 0, 1, 0, 0, 0, 0]),
        ("zeros", vec![0; 8]),
        ("HTTP", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
    ];
    check("frame-malformed", attacks).await;
}

#[tokio::test]
async fn unknown_kinds_that_must_not_be_passed_over() {
    let attacks: Vec<Attack> = vec![
        ("control", claim(0xbf, 0)),
        ("body", claim(0xff, 0)),
        ("with a length", claim(0xbf, u32::MAX)),
    ];
    check("frame-unsupported", attacks).await;
}
