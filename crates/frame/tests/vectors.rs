//! Both wires against the golden vectors, which Python's standard library made.

use landline_frame::landline1::{Arrival, FrameDecoder, FramePart, Header, Kind};
use landline_frame::tutorial::{
    Download, DownloadDecoder, DownloadPart, Endian, ReplyDecoder, ReplyPart, decode_length,
    encode_length,
};
use serde_json::Value;

const ENDIANS: [(&str, Endian); 2] = [("little", Endian::Little), ("big", Endian::Big)];

fn rows(file: &str, table: &str) -> Vec<Value> {
    let mut tables: Value = serde_json::from_str(file).expect("the vectors are JSON");
    let rows = tables[table].take();
    let rows = rows.as_array().expect("a table is a list");
    assert!(!rows.is_empty(), "{table}");
    rows.clone()
}

fn tutorial(table: &str) -> Vec<Value> {
    rows(include_str!("../vectors/tutorial.json"), table)
}

fn landline1(table: &str) -> Vec<Value> {
    rows(include_str!("../vectors/landline1.json"), table)
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().expect("a string")
}

fn number(row: &Value, key: &str) -> u64 {
    row[key].as_u64().expect("a whole number")
}

fn bytes(row: &Value, key: &str) -> Vec<u8> {
    let digits = text(row, key).as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).expect("hexadecimal");
        u8::from_str_radix(pair, 16).expect("hexadecimal")
    });
    pairs.collect()
}

fn array<const N: usize>(row: &Value, key: &str) -> [u8; N] {
    bytes(row, key).try_into().expect("so many bytes")
}

fn download(row: &Value) -> Download {
    Download {
        name: text(row, "name").to_string(),
        md5: array(row, "md5"),
        file_data_len: number(row, "file_data_len"),
    }
}

#[test]
fn lengths() {
    for (row, (word, endian)) in pairs(tutorial("lengths")) {
        let value = number(&row, "value") as u32;
        assert_eq!(encode_length(value as i32, endian), array(&row, word));
        assert_eq!(decode_length(array(&row, word), endian), Ok(value));
    }
}

#[test]
fn lengths_below_zero() {
    for (row, (word, endian)) in pairs(tutorial("lengths_refused")) {
        let value = row["value"].as_i64().expect("a whole number");
        let error = decode_length(array(&row, word), endian).unwrap_err();
        assert_eq!(error.key(), text(&row, "error"));
        assert!(error.to_string().contains(&value.to_string()), "{error}");
    }
}

#[test]
fn replies() {
    for (row, (word, endian)) in pairs(tutorial("replies")) {
        let (wire, expected) = (bytes(&row, word), bytes(&row, "bytes"));
        let mut decoder = ReplyDecoder::new(endian);
        let mut input = &wire[..];
        let mut next = || decoder.next(&mut input).unwrap();
        assert_eq!(next(), Some(ReplyPart::Length(expected.len() as u32)));
        if !expected.is_empty() {
            assert_eq!(next(), Some(ReplyPart::Bytes(&expected)));
        }
        assert_eq!(next(), Some(ReplyPart::End));
        assert_eq!(next(), None);
    }
}

#[test]
fn downloads_are_what_json_dumps_writes() {
    for (row, (word, endian)) in pairs(tutorial("downloads")) {
        let (wire, download) = (bytes(&row, word), download(&row));
        let encoded = download.encode(endian);
        assert_eq!(&encoded[4..], text(&row, "json").as_bytes());
        assert_eq!(encoded, wire, "{row}");
        let mut decoder = DownloadDecoder::new(endian);
        let part = decoder.next(&mut &wire[..]).unwrap();
        assert_eq!(part, Some(DownloadPart::Header(download)), "{row}");
    }
}

#[test]
fn headers_taken() {
    for row in tutorial("headers_taken") {
        let read = Download::from_json(text(&row, "json").as_bytes());
        assert_eq!(read, Ok(download(&row)), "{row}");
    }
}

#[test]
fn headers_refused() {
    for row in tutorial("headers_refused") {
        let json = match row.get("json") {
            Some(_) => text(&row, "json").as_bytes().to_vec(),
            None => bytes(&row, "hex"),
        };
        let error = Download::from_json(&json).expect_err(&row.to_string());
        assert_eq!(error.key(), text(&row, "error"), "{row}");
        assert!(error.to_string().len() < 160, "{error}");
        let wire = [&encode_length(json.len() as i32, Endian::Big)[..], &json].concat();
        let decoded = DownloadDecoder::new(Endian::Big).next(&mut &wire[..]);
        assert_eq!(decoded, Err(error), "{row}");
    }
}

#[test]
fn kinds() {
    let rows = landline1("kinds");
    assert_eq!(rows.len(), Kind::ALL.len());
    for (row, kind) in rows.iter().zip(Kind::ALL) {
        assert_eq!(kind.name(), text(row, "name"));
        assert_eq!(u64::from(kind.number()), number(row, "number"));
        assert_eq!(u64::from(kind.class().bytes_max()), number(row, "max"));
    }
}

#[test]
fn frames() {
    for row in landline1("frames") {
        let (wire, payload) = (bytes(&row, "hex"), bytes(&row, "payload"));
        let mut input = &wire[..];
        let mut decoder = FrameDecoder::new();
        let header = Header::new(kind(&row), number(&row, "flags") as u8, payload.len()).unwrap();
        assert_eq!(header.encode(), wire[..8], "{row}");
        let part = decoder.next(&mut input).unwrap();
        assert_eq!(part, Some(FramePart::Header(header)), "{row}");
        let mut held = Vec::new();
        while let Some(part) = decoder.next(&mut input).unwrap() {
            match part {
                FramePart::Control(bytes) => held.extend_from_slice(&bytes),
                FramePart::Body(bytes) => held.extend_from_slice(bytes),
                FramePart::End => {}
                part => panic!("{part:?} in {row}"),
            }
        }
        assert_eq!((held, decoder.finish()), (payload, Ok(())), "{row}");
    }
}

#[test]
fn frame_headers() {
    for row in landline1("headers_taken") {
        let header = Header::new(kind(&row), 0, number(&row, "length") as usize).unwrap();
        let arrival = Arrival::decode(array(&row, "hex"));
        assert_eq!(arrival, Ok(Arrival::Frame(header)), "{row}");
    }
    for row in landline1("headers_skipped") {
        let kind = number(&row, "number") as u8;
        let length = number(&row, "length") as u32;
        let arrival = Arrival::decode(array(&row, "hex"));
        assert_eq!(arrival, Ok(Arrival::Skip { kind, length }), "{row}");
    }
    for row in landline1("headers_refused") {
        let error = Arrival::decode(array(&row, "hex")).unwrap_err();
        assert_eq!(error.key(), text(&row, "error"), "{row}");
    }
}

fn kind(row: &Value) -> Kind {
    let named = |kind: &&Kind| kind.name() == text(row, "kind");
    *Kind::ALL.iter().find(named).expect("a kind of this name")
}

fn pairs(rows: Vec<Value>) -> impl Iterator<Item = (Value, (&'static str, Endian))> {
    rows.into_iter()
        .flat_map(|row| ENDIANS.map(|endian| (row.clone(), endian)))
}
