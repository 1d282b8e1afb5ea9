//! Replies that `get` and `exec` must not believe. Each ends in one sentence, status 255, and a
//! folder as it was.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::stand::{Finished, Folder, clean, far_end, long, reset, run, sentence};

const MD5_OF_HELLO: &str = "5d41402abc4b2a76b9719d911017c592";

#[test]
fn a_length_that_is_negative_zero_or_huge() {
    for length in [-1, i32::MIN, 0, i32::MAX, 1 << 24] {
        not_got(length.to_ne_bytes(), "");
    }
}

#[test]
fn a_length_that_is_cut_short() {
    not_got([1, 0], "");
    not_got([], "");
}

#[test]
fn a_header_that_is_cut_short() {
    let whole = reply(&header("a.txt", MD5_OF_HELLO, "5"), b"");
    not_got(&whole[..20], "");
}

#[test]
fn a_header_that_is_not_a_json_object() {
    let deep = "[".repeat(100_000);
    for text in [
        "[1]", "\"x\"", "1", "null", "", " ", "{", "{}x", "nonsense", &deep,
    ] {
        not_got(reply(text, b"hello"), "");
    }
    not_got(framed(b"{\"name\": \"\xff\"}"), "");
}

#[test]
fn a_header_that_lacks_a_key() {
    not_got(reply("{}", b"hello"), "");
    let whole = header("a.txt", MD5_OF_HELLO, "5");
    for key in ["name", "md5", "file_data_len"] {
        not_got(reply(&whole.replace(key, "other"), b"hello"), key);
    }
}

#[test]
fn a_header_with_values_of_the_wrong_kind() {
    let whole = header("a.txt", MD5_OF_HELLO, "5");
    not_got(reply(&whole.replace("\"a.txt\"", "7"), b"hello"), "");
    not_got(
        reply(
            &whole.replace(&format!("\"{MD5_OF_HELLO}\""), "7"),
            b"hello",
        ),
        "",
    );
    not_got(reply(&header("a.txt", "not hex", "5"), b"hello"), "");
    for length in ["\"5\"", "5.5", "null", "[5]", "true"] {
        not_got(reply(&header("a.txt", MD5_OF_HELLO, length), b"hello"), "");
    }
}

#[test]
fn a_body_length_that_is_negative_or_huge() {
    for length in [
        "-1",
        "-9223372036854775809",
        "1e300",
        "18446744073709551615",
        &"9".repeat(400),
    ] {
        not_got(reply(&header("a.txt", MD5_OF_HELLO, length), b"hello"), "");
    }
}

#[test]
fn a_body_that_is_shorter_than_its_length() {
    not_got(reply(&header("a.txt", MD5_OF_HELLO, "6"), b"hello"), "");
    not_got(reply(&header("a.txt", MD5_OF_HELLO, "5"), b""), "");
    not_got(
        reply(&header("a.txt", MD5_OF_HELLO, "5000000000"), b"hello"),
        "",
    );
}

#[test]
fn an_md5_that_does_not_match() {
    not_got(reply(&header("a.txt", MD5_OF_HELLO, "5"), b"hallo"), "MD5");
}

#[test]
fn a_bad_reply_leaves_the_file_that_was_there() {
    let target = Folder::new();
    let path = target.file("a.txt", "mine");
    let bad = reply(&header("a.txt", MD5_OF_HELLO, "5"), b"hallo");
    let finished = got_into(&target, "a.txt", bad);
    assert_eq!(finished.code, 255);
    assert_eq!(fs::read(&path).expect("it is still there"), b"mine");
    let good = reply(&header("a.txt", MD5_OF_HELLO, "5"), b"hello");
    assert_eq!(got_into(&target, "a.txt", good).code, 0);
    assert_eq!(fs::read(&path).expect("it is still there"), b"hello");
    assert_eq!(target.names(), ["a.txt"]);
}

#[test]
fn another_name_on_the_wire_is_a_warning() {
    for name in [
        "../up",
        "/etc/passwd",
        "x\\\\y",
        "..",
        "",
        "\\u001b[2Jx\\r\\n",
        "\\u202egpj.exe",
        "b",
    ] {
        let target = Folder::new();
        let good = reply(&header(name, MD5_OF_HELLO, "5"), b"hello");
        let finished = got_into(&target, "a.txt", good);
        assert_eq!(finished.code, 0, "{name}: {}", finished.err);
        sentence(&finished.err);
        assert!(
            !finished.err.contains('\u{202e}'),
            "a bidi override was shown"
        );
        assert_eq!(target.names(), ["a.txt"], "{name}");
    }
}

#[test]
fn a_file_is_named_after_the_last_part_of_what_was_asked_for() {
    for asked in [
        "sub/a.txt",
        "sub\\a.txt",
        "/abs/a.txt",
        "C:\\x\\a.txt",
        "../a.txt",
        "..\\a.txt",
    ] {
        let target = Folder::new();
        let wire = asked.replace('\\', "\\\\");
        let good = reply(&header(&wire, MD5_OF_HELLO, "5"), b"hello");
        let finished = got_into(&target, asked, good);
        finished.well();
        assert_eq!(target.names(), ["a.txt"], "{asked}");
    }
}

#[test]
fn a_name_without_a_last_part_is_not_asked_for() {
    for asked in ["..", ".", "sub/", "sub\\..", "/"] {
        let target = Folder::new();
        let to = target.name();
        let finished = run(&["get", "tcp://127.0.0.1:1", asked, "--to", to], "");
        assert_eq!(finished.code, 2, "{asked}: {}", finished.err);
        sentence(&finished.err);
        assert!(target.names().is_empty(), "{asked}");
    }
}

#[test]
fn a_folder_that_takes_no_file() {
    let target = Folder::new();
    let missing = format!("{}/missing", target.name());
    let finished = run(&["get", "tcp://127.0.0.1:1", "a.txt", "--to", &missing], "");
    assert_eq!(finished.code, 255, "{}", finished.err);
    sentence(&finished.err);
    assert!(target.names().is_empty());
}

#[test]
fn a_name_too_long_for_a_file() {
    let asked = "x".repeat(1000);
    let target = Folder::new();
    let good = reply(&header(&asked, MD5_OF_HELLO, "5"), b"hello");
    let finished = got_into(&target, &asked, good);
    assert_eq!(finished.code, 255, "{}", finished.err);
    sentence(&finished.err);
    assert!(target.names().is_empty());
}

#[test]
fn get_takes_one_byte_at_a_time() {
    let target = Folder::new();
    let bytes = reply(&header("a.txt", MD5_OF_HELLO, "5"), b"hello");
    let (address, serving) = far_end(move |mut line| {
        asked(&mut line);
        trickle(&mut line, &bytes);
    });
    let finished = run(&["get", &address, "a.txt", "--to", target.name()], "");
    serving.join().expect("the far end plays its part");
    assert_eq!(finished.code, 0, "{}", finished.err);
    assert_eq!(target.names(), ["a.txt"]);
}

#[test]
fn exec_takes_one_byte_at_a_time() {
    let (address, serving) = far_end(|mut line| {
        asked(&mut line);
        trickle(&mut line, &framed(b"hello"));
    });
    let finished = run(&["exec", &address, "--", "any"], "");
    serving.join().expect("the far end plays its part");
    assert_eq!(finished.well().text(), "hello");
}

#[test]
fn exec_is_told_a_length_that_is_negative_huge_or_cut_short() {
    for bytes in [
        &(-1i32).to_ne_bytes()[..],
        &i32::MAX.to_ne_bytes(),
        &[1, 0],
        &[],
    ] {
        let finished = executed(bytes.to_vec());
        assert_eq!((finished.code, finished.out.len()), (255, 0), "{bytes:?}");
        sentence(&finished.err);
    }
}

#[test]
fn exec_is_told_a_length_of_zero() {
    assert_eq!(executed(framed(b"")).well().text(), "");
}

#[test]
fn exec_gets_less_than_its_length() {
    let mut short = framed(b"hello");
    short.pop();
    let finished = executed(short);
    assert_eq!((finished.code, finished.text().as_str()), (255, "hell"));
    sentence(&finished.err);
}

#[test]
fn the_far_end_resets_at_every_step() {
    let whole = reply(&header("a.txt", MD5_OF_HELLO, "5"), b"hello");
    for step in [0, 2, 4, 30, whole.len() - 2] {
        let target = Folder::new();
        let sent = whole[..step].to_vec();
        let (address, serving) = far_end(move |mut line| {
            asked(&mut line);
            line.write_all(&sent).expect("the client reads");
            reset(line);
        });
        let finished = run(&["get", &address, "a.txt", "--to", target.name()], "");
        serving.join().expect("the far end plays its part");
        assert_eq!(finished.code, 255, "{step}");
        sentence(&finished.err);
        assert!(target.names().is_empty(), "{step}: {:?}", target.names());
    }
    for arguments in [&["call"][..], &["exec"], &["get"]] {
        let (address, serving) = far_end(reset);
        let target = Folder::new();
        let to: &[&str] = if arguments == ["get"] {
            &["--to", target.name()]
        } else {
            &[]
        };
        let finished = run(&[arguments, &[&address], to].concat(), "hi\nho\n");
        serving.join().expect("the far end plays its part");
        assert_eq!(finished.code, 255, "{arguments:?}: {}", finished.err);
        clean(&finished.err);
        assert!(
            !finished.err.is_empty() && target.names().is_empty(),
            "{arguments:?}"
        );
    }
}

/// Gets `a.txt` from a far end that answers with `bytes` and hangs up: nothing may come of it but a
/// sentence with `hint` in it.
#[track_caller]
fn not_got(bytes: impl Into<Vec<u8>>, hint: &str) {
    let bytes = bytes.into();
    let shown = bytes.escape_ascii().to_string();
    let target = Folder::new();
    let finished = got_into(&target, "a.txt", bytes);
    assert_eq!(finished.code, 255, "{shown:.200}: {}", finished.err);
    let said = sentence(&finished.err);
    assert!(said.contains(hint) && said.len() < 600, "{said}");
    assert!(
        finished.out.is_empty() && target.names().is_empty(),
        "{:?}",
        target.names()
    );
}

fn got_into(target: &Folder, name: &str, bytes: Vec<u8>) -> Finished {
    let (address, serving) = far_end(move |line| answer(line, &bytes));
    let finished = run(&["get", &address, name, "--to", target.name()], "");
    serving.join().expect("the far end plays its part");
    finished
}

fn executed(bytes: Vec<u8>) -> Finished {
    let (address, serving) = far_end(move |line| answer(line, &bytes));
    let finished = run(&["exec", &address, "--", "any"], "");
    serving.join().expect("the far end plays its part");
    finished
}

fn answer(mut line: TcpStream, bytes: &[u8]) {
    asked(&mut line);
    // A client that has seen enough may have hung up.
    line.write_all(bytes).unwrap_or_default();
}

/// Reads what the client asks for.
fn asked(line: &mut TcpStream) {
    let mut request = [0; 2048];
    std::io::Read::read(line, &mut request).expect("the client asks");
}

/// A slow peer's pace: one byte a second in the long form, else as long as it takes for each byte to
/// be a read of its own.
fn trickle(line: &mut TcpStream, bytes: &[u8]) {
    let pace = Duration::from_millis(if long() { 1000 } else { 2 });
    for byte in bytes {
        line.write_all(&[*byte]).expect("the client reads");
        // sleeps: a peer that is slow on purpose
        thread::sleep(pace);
    }
}

fn header(name: &str, md5: &str, length: &str) -> String {
    format!(r#"{{"name": "{name}", "md5": "{md5}", "file_data_len": {length}}}"#)
}

fn reply(header: &str, body: &[u8]) -> Vec<u8> {
    [framed(header.as_bytes()), body.to_vec()].concat()
}

fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = i32::try_from(bytes.len()).expect("a short one");
    [&length.to_ne_bytes(), bytes].concat()
}
