//! What holds for every input: cuts change nothing, what was encoded comes back, nothing panics.

use landline_frame::landline1::{Arrival, Class, FrameDecoder, FramePart, Header, Kind};
use landline_frame::tutorial::{
    Download, DownloadDecoder, DownloadPart, Endian, FILE_DATA_LEN_MAX, ReplyDecoder, ReplyPart,
    command_line, decode_length, encode_length, file_name, is_safe_name, last_part,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What a decoder gave, with neighbouring pieces joined, so that cuts do not show.
type Events = Vec<(String, Vec<u8>)>;

/// Feeds `wire` in the pieces that `cuts` make of it.
fn feed(
    wire: &[u8],
    cuts: &[Index],
    mut step: impl FnMut(&mut &[u8], &mut Events) -> bool,
) -> Events {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
    ends.push(wire.len());
    ends.sort_unstable();
    let mut events = Events::new();
    let mut start = 0;
    for end in ends {
        let mut input = &wire[start..end];
        while step(&mut input, &mut events) {}
        start = end;
    }
    events
}

fn note(events: &mut Events, what: impl ToString) -> bool {
    events.push((what.to_string(), Vec::new()));
    true
}

fn piece(events: &mut Events, bytes: &[u8]) -> bool {
    match events.last_mut() {
        Some((what, held)) if what == "bytes" => held.extend_from_slice(bytes),
        _ => events.push(("bytes".to_string(), bytes.to_vec())),
    }
    true
}

/// An error ends the feeding of a piece; it is noted once, since the decoder repeats it.
fn failed(events: &mut Events, error: impl ToString) -> bool {
    let what = format!("error: {}", error.to_string());
    if events.last().is_none_or(|(last, _)| *last != what) {
        note(events, what);
    }
    false
}

fn replies(wire: &[u8], endian: Endian, cuts: &[Index]) -> Events {
    let mut decoder = ReplyDecoder::new(endian);
    feed(wire, cuts, |input, events| match decoder.next(input) {
        Ok(Some(ReplyPart::Length(length))) => note(events, length),
        Ok(Some(ReplyPart::Bytes(bytes))) => piece(events, bytes),
        Ok(Some(ReplyPart::End)) => note(events, "end"),
        Ok(None) => false,
        Err(error) => failed(events, error),
    })
}

fn downloads(wire: &[u8], endian: Endian, cuts: &[Index]) -> Events {
    let mut decoder = DownloadDecoder::new(endian);
    feed(wire, cuts, |input, events| match decoder.next(input) {
        Ok(Some(DownloadPart::Header(download))) => note(events, format!("{download:?}")),
        Ok(Some(DownloadPart::Bytes(bytes))) => piece(events, bytes),
        Ok(Some(DownloadPart::End)) => note(events, "end"),
        Ok(None) => false,
        Err(error) => failed(events, error),
    })
}

fn frames(wire: &[u8], cuts: &[Index]) -> Events {
    let mut decoder = FrameDecoder::new();
    let mut events = feed(wire, cuts, |input, events| match decoder.next(input) {
        Ok(Some(FramePart::Header(header))) => note(events, format!("{header:?}")),
        Ok(Some(FramePart::Control(bytes))) => piece(events, &bytes) && note(events, "end"),
        Ok(Some(FramePart::Body(bytes))) => piece(events, bytes),
        Ok(Some(FramePart::End)) => note(events, "end"),
        Ok(Some(FramePart::Skipped { kind, length })) => note(events, format!("{kind} {length}")),
        Ok(None) => false,
        Err(error) => failed(events, error),
    });
    note(&mut events, format!("{:?}", decoder.finish()));
    events
}

fn endian() -> impl Strategy<Value = Endian> {
    select(vec![Endian::Little, Endian::Big])
}

fn cuts() -> impl Strategy<Value = Vec<Index>> {
    vec(any::<Index>(), 0..12)
}

/// A name of any characters, with those that need care more often than chance would bring them.
fn name() -> impl Strategy<Value = String> {
    let careful = select(
        "\"\\\n\r\t\u{8}\u{c}\0\u{1b}\u{7f}\u{80}/.é文\u{2028}\u{ffff}😀\u{10ffff}"
            .chars()
            .collect::<Vec<_>>(),
    );
    vec(prop_oneof![any::<char>(), careful], 0..24).prop_map(|name| name.into_iter().collect())
}

fn download() -> impl Strategy<Value = Download> {
    let length = prop_oneof![0..40_u64, 0..=FILE_DATA_LEN_MAX];
    (name(), any::<[u8; 16]>(), length).prop_map(|(name, md5, file_data_len)| Download {
        name,
        md5,
        file_data_len,
    })
}

/// A frame of any kind, known or to be passed over, as bytes.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let kinds: Vec<u8> = Kind::ALL
        .iter()
        .map(|kind| kind.number())
        .chain([0x3f, 0x7f])
        .collect();
    (select(kinds), any::<u8>(), vec(any::<u8>(), 0..40)).prop_map(|(kind, flags, payload)| {
        let length = payload.len() as u8;
        [&[kind, flags, 0, 0, 0, 0, 0, length], &payload[..]].concat()
    })
}

/// Bytes that come near to JSON more often than chance would.
fn near_json() -> impl Strategy<Value = Vec<u8>> {
    let token = select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\u",
        "d800",
        "\\",
        "null",
        "true",
        "1",
        "-",
        "e",
        ".",
        "\"name\"",
        "\"md5\"",
        "\"file_data_len\"",
        "\"00112233445566778899aabbccddeeff\"",
        " ",
        "é",
    ]);
    vec(token, 0..24).prop_map(|tokens| tokens.concat().into_bytes())
}

proptest! {
    #[test]
    fn a_length_comes_back(length in 0..=i32::MAX, endian in endian()) {
        prop_assert_eq!(decode_length(encode_length(length, endian), endian), Ok(length as u32));
    }

    #[test]
    fn a_download_comes_back(download in download(), endian in endian()) {
        let wire = download.encode(endian);
        prop_assert!(wire[4..].is_ascii());
        let mut decoder = DownloadDecoder::new(endian);
        let part = decoder.next(&mut &wire[..]);
        prop_assert_eq!(part, Ok(Some(DownloadPart::Header(download))));
    }

    #[test]
    fn a_frame_header_comes_back(kind in select(Kind::ALL), flags: u8, length: Index) {
        let length = length.index(kind.class().bytes_max() as usize + 1);
        let header = Header::new(kind, flags, length).unwrap();
        prop_assert_eq!(Arrival::decode(header.encode()), Ok(Arrival::Frame(header)));
    }

    #[test]
    fn cuts_change_no_reply(bodies in vec(vec(any::<u8>(), 0..40), 0..4), endian in endian(), cuts in cuts()) {
        let wire: Vec<u8> = bodies
            .iter()
            .flat_map(|body| [&encode_length(body.len() as i32, endian)[..], body].concat())
            .collect();
        let whole = replies(&wire, endian, &[]);
        let lengths = whole.iter().filter(|(what, _)| what == "end").count();
        prop_assert_eq!(lengths, bodies.len());
        prop_assert_eq!(replies(&wire, endian, &cuts), whole);
    }

    #[test]
    fn cuts_change_no_download(files in vec((name(), vec(any::<u8>(), 0..40)), 0..4), endian in endian(), cuts in cuts()) {
        let mut wire = Vec::new();
        let mut expected = Events::new();
        for (name, data) in &files {
            let file_data_len = data.len() as u64;
            let download = Download { name: name.clone(), md5: [9; 16], file_data_len };
            wire.extend([&download.encode(endian)[..], data].concat());
            note(&mut expected, format!("{download:?}"));
            if !data.is_empty() {
                piece(&mut expected, data);
            }
            note(&mut expected, "end");
        }
        prop_assert_eq!(downloads(&wire, endian, &cuts), expected);
    }

    #[test]
    fn cuts_change_no_frame(wires in vec(frame(), 0..5), cut_short: Index, cuts in cuts()) {
        let wire = wires.concat();
        prop_assert_eq!(frames(&wire, &cuts), frames(&wire, &[]));
        let wire = &wire[..cut_short.index(wire.len() + 1)];
        prop_assert_eq!(frames(wire, &cuts), frames(wire, &[]));
    }

    #[test]
    fn cuts_change_nothing_of_arbitrary_bytes(wire in vec(any::<u8>(), 0..200), endian in endian(), cuts in cuts()) {
        prop_assert_eq!(replies(&wire, endian, &cuts), replies(&wire, endian, &[]));
        prop_assert_eq!(downloads(&wire, endian, &cuts), downloads(&wire, endian, &[]));
        prop_assert_eq!(frames(&wire, &cuts), frames(&wire, &[]));
    }

    #[test]
    fn small_lengths_before_arbitrary_bytes(length in 0_u8..60, rest in vec(any::<u8>(), 0..200), cuts in cuts()) {
        let wire = [&[0, 0, 0, length], &rest[..]].concat();
        prop_assert_eq!(replies(&wire, Endian::Big, &cuts), replies(&wire, Endian::Big, &[]));
        prop_assert_eq!(downloads(&wire, Endian::Big, &cuts), downloads(&wire, Endian::Big, &[]));
    }

    #[test]
    fn no_parser_panics(bytes in prop_oneof![vec(any::<u8>(), 0..80), near_json()], recv in 0_usize..100) {
        if let Ok(download) = Download::from_json(&bytes) {
            prop_assert!(download.file_data_len <= FILE_DATA_LEN_MAX);
        }
        for parse in [command_line, file_name] {
            if let Ok(text) = parse(&bytes, recv) {
                prop_assert!(text.len() < recv);
            }
        }
    }

    #[test]
    fn a_safe_name_is_its_own_last_part(name in name()) {
        prop_assert!(!is_safe_name(&name) || last_part(&name) == Some(&name));
        if let Some(last) = last_part(&name) {
            prop_assert!(!last.contains(['/', '\\']) && !matches!(last, "" | "." | ".."));
        }
    }

    #[test]
    fn any_header_is_refused_or_within_its_bound(bytes: [u8; 8]) {
        if let Ok(arrival) = Arrival::decode(bytes) {
            prop_assert!(arrival.length() <= Class::of(bytes[0]).bytes_max());
        }
    }
}
