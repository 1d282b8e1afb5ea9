//! Claims and shapes that are meant to cost memory or stack, which are too long for the vectors.

use landline_frame::tutorial::{
    Download, DownloadDecoder, Endian, HEADER_BYTES_MAX, HeaderError, encode_length,
};

const GOOD: &str = r#""name": "a", "md5": "5d41402abc4b2a76b9719d911017c592", "file_data_len": 5}"#;

fn error_of(json: &str) -> &'static str {
    let error = Download::from_json(json.as_bytes()).expect_err("a hostile header");
    error.key()
}

#[test]
fn the_longest_header_is_taken_and_one_byte_more_is_not() {
    let most = HEADER_BYTES_MAX as usize;
    let padded = format!("{{{GOOD:>width$}", width = most - 1);
    assert_eq!(padded.len(), most);
    assert!(Download::from_json(padded.as_bytes()).is_ok());
    assert_eq!(error_of(&format!("{padded} ")), "header-too-long");
}

#[test]
fn a_claim_is_refused_before_its_bytes_come() {
    for length in [HEADER_BYTES_MAX + 1, i32::MAX as u32] {
        let mut decoder = DownloadDecoder::new(Endian::Little);
        let claim = encode_length(length as i32, Endian::Little);
        let error = HeaderError::TooLong { length };
        assert_eq!(decoder.next(&mut &claim[..]), Err(error.clone()));
        assert_eq!(decoder.next(&mut &b"{"[..]), Err(error), "an error stays");
    }
    let mut decoder = DownloadDecoder::new(Endian::Little);
    let error = decoder.next(&mut &[0xff; 4][..]).unwrap_err();
    assert_eq!(error.key(), "length-negative");
    let mut decoder = DownloadDecoder::new(Endian::Little);
    assert_eq!(decoder.next(&mut &[0; 4][..]), Err(HeaderError::Empty));
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
    assert!(Download::from_json(format!("{{\"x\": {deep}, {GOOD}").as_bytes()).is_ok());
    assert_eq!(error_of(&deep), "header-not-an-object");
    assert_eq!(error_of(&"[".repeat(60_000)), "header-not-json");
    assert_eq!(error_of(&"{\"a\":".repeat(12_000)), "header-not-json");
    let typed = format!("{{\"name\": {deep}, {GOOD}");
    assert_eq!(error_of(&typed), "header-key-twice");
    let typed = typed.replace("\"name\": \"a\", ", "");
    assert_eq!(error_of(&typed), "header-wrong-type");
}

#[test]
fn a_lone_surrogate_is_shown_as_a_replacement() {
    let json = format!("{{{}", GOOD.replace("\"a\"", "\"\\udcff.txt\""));
    let download = Download::from_json(json.as_bytes()).unwrap();
    assert!(download.name.starts_with('\u{fffd}') && download.name.ends_with(".txt"));
}

#[test]
fn a_wrong_number_is_not_repeated_whole() {
    let json = format!(
        "{{{}",
        GOOD.replace("5}", &format!("-{}}}", "9".repeat(60_000)))
    );
    let error = Download::from_json(json.as_bytes()).unwrap_err();
    assert_eq!(error.key(), "file-data-len-negative");
    assert!(error.to_string().len() < 100);
}

#[test]
fn what_a_download_owes_at_each_step() {
    let download = Download {
        name: "a".to_string(),
        md5: [7; 16],
        file_data_len: 3,
    };
    let wire = [&download.encode(Endian::Big)[..], b"abc"].concat();
    let header_bytes = wire.len() as u64 - 7;
    let mut decoder = DownloadDecoder::new(Endian::Big);
    assert_eq!(decoder.owed(), None);
    let mut taken = 0;
    for (until, owed) in [
        (1, 3),
        (4, header_bytes),
        (5, header_bytes - 1),
        (wire.len() - 3, 3),
        (wire.len() - 1, 1),
        (wire.len(), 0),
    ] {
        decoder.next(&mut &wire[taken..until]).unwrap();
        taken = until;
        assert_eq!(decoder.owed(), Some(owed), "after {until} bytes");
    }
    decoder.next(&mut &b""[..]).unwrap();
    assert_eq!(decoder.owed(), None);
}
