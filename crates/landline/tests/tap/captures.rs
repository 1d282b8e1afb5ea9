//! `--write`: a capture that others read. The reader here is a page of Python; where tshark is there,
//! it is asked, too.

use std::process::Command;

use crate::stand::{Folder, Listening, Process, call, python, seen, sentence};

/// The packets of a capture that carry bytes: interface, addresses, bytes.
#[track_caller]
fn packets(path: &str) -> Vec<(String, String, Vec<u8>)> {
    let read = Process::start(python("pcapng.py", &[path])).finish();
    assert_eq!(read.code, 0, "{}", read.err);
    let text = read.text();
    let lines = text.lines().filter_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let bytes = words.get(7).filter(|hex| !hex.is_empty())?;
        let bytes = (0..bytes.len() / 2)
            .map(|at| u8::from_str_radix(&bytes[2 * at..2 * at + 2], 16).expect("hex"))
            .collect();
        Some((words[0].to_owned(), words[1..4].join(" "), bytes))
    });
    lines.collect()
}

/// The bytes of one direction of one side, put together by their numbers.
fn followed(path: &str, interface: &str, from_port: &str) -> Vec<u8> {
    let packets = packets(path);
    let wanted = packets.iter().filter(|it| {
        it.0 == interface
            && it
                .1
                .split(' ')
                .next()
                .is_some_and(|from| from.ends_with(from_port))
    });
    wanted.flat_map(|it| it.2.clone()).collect()
}

#[test]
fn both_sides_are_kept_with_their_edges() {
    let folder = Folder::new();
    let path = format!("{}/x.pcapng", folder.name());
    let target = Listening::target("tcp://127.0.0.1:0", &["hear=6", "say=world!", "all"]);
    let options = ["-q", "--write", &path, "--split", "to-server:3"];
    let tap = Listening::tap(&folder, &target.address, &options);
    call(&tap.address, &["say=hello!", "hear=6"]);
    let port = |address: &str| address.rsplit(':').next().unwrap_or_default().to_owned();
    let (listen, far) = (port(&tap.address), port(&target.address));
    tap.stop();
    let all = packets(&path);
    let bytes: Vec<_> = all
        .iter()
        .map(|it| (it.0.as_str(), it.2.as_slice()))
        .collect();
    let up = [("0", &b"hello!"[..]), ("1", b"hel"), ("1", b"lo!")];
    assert_eq!(bytes[..3], up);
    assert_eq!(bytes[3..], [("1", &b"world!"[..]), ("0", b"world!")]);
    assert!(all[0].1.ends_with(&format!(":{listen}")), "{all:?}");
    assert!(all[1].1.ends_with(&format!(":{far}")), "{all:?}");
    assert_eq!(followed(&path, "1", &far), b"world!");
    asked_of_tshark(&path);
}

#[test]
fn datagrams_and_unix_lines_are_kept() {
    let folder = Folder::new();
    let path = format!("{}/x.pcapng", folder.name());
    let target = Listening::target(&folder.address("unix"), &["hear=2", "close"]);
    let tap = Listening::tap(&folder, &target.address, &["-q", "--write", &path]);
    call(&tap.address, &["say=hi", "all"]);
    seen(target);
    tap.stop();
    assert_eq!(packets(&path).len(), 2);
    let target = Listening::of(python("mail.py", &["listen", "udp://[::1]:0", "1"]));
    let tap = Listening::tap(&folder, &target.address, &["-q", "--write", &path]);
    let client = python("mail.py", &["call", &tap.address, "1", "hey"]);
    assert_eq!(Process::start(client).finish().code, 0);
    tap.stop();
    let bytes: Vec<_> = packets(&path).into_iter().map(|it| it.2).collect();
    assert_eq!(bytes, [&b"hey"[..], b"hey", b"HEY", b"HEY"]);
}

/// Each packet of a capture: how many bytes are kept of what it carried, how many are not, and what is
/// said of it.
#[track_caller]
fn lengths(path: &str) -> Vec<(usize, usize, String)> {
    let read = Process::start(python("pcapng.py", &[path])).finish();
    assert_eq!(read.code, 0, "{}", read.err);
    let lengths = read.text().lines().map(str::to_owned).collect::<Vec<_>>();
    let lengths = lengths.iter().map(|line| {
        let words: Vec<&str> = line.splitn(10, ' ').collect();
        let missing = words[8].parse().expect("a number");
        (words[7].len() / 2, missing, words[9].to_owned())
    });
    lengths.collect()
}

#[test]
fn a_datagram_is_kept_whole_or_its_true_length_is() {
    let folder = Folder::new();
    let path = format!("{}/x.pcapng", folder.name());
    let check = |family: &str, bytes: usize, kept: usize| {
        let target = Listening::of(python("mail.py", &["listen", &folder.address(family), "1"]));
        let tap = Listening::tap(&folder, &target.address, &["-q", "--write", &path]);
        let text = format!("*{bytes}");
        let client = python("mail.py", &["call", &tap.address, "1", &text]);
        assert_eq!(Process::start(client).finish().code, 0, "{family}");
        seen(target);
        tap.stop();
        let comment = match bytes - kept {
            0 => String::new(),
            _ => format!(
                "a datagram of {bytes} bytes, of which the first {kept} have room in a packet"
            ),
        };
        assert_eq!(
            lengths(&path),
            vec![(kept, bytes - kept, comment); 4],
            "{family}"
        );
        lengths_of_tshark(&path, bytes);
    };
    // The longest that there is on either, and a longer one, which only unixgram has.
    check("udp://127.0.0.1:0", 65_507, 65_507);
    check("udp://[::1]:0", 65_527, 65_527);
    check("unixgram", 65_507, 65_507);
    check("unixgram", 150_000, 65_507);
}

#[test]
fn a_full_disk_ends_the_capture_and_nothing_else() {
    let folder = Folder::new();
    let path = format!("{}/x.pcapng", folder.name());
    let target = Listening::target("tcp://127.0.0.1:0", &["bulk=400000", "end", "all"]);
    // The limit on the length of files (RLIMIT_FSIZE) plays the disk.
    let script = "ulimit -f 200; exec \"$0\" tap tcp://127.0.0.1:0 \"$@\"";
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_landline")]);
    shell.args([&target.address, "-q", "--write", &path]);
    let tap = Listening::of(shell);
    let read = call(&tap.address, &["count", "end"]);
    assert!(read.contains("400000 "), "{read}");
    tap.process.says("the traffic goes on");
    tap.stop();
    let kept: usize = packets(&path).iter().map(|it| it.2.len()).sum();
    assert!(
        (1..400_000).contains(&kept),
        "whole packets, and not all: {kept}"
    );
}

#[test]
fn a_capture_goes_down_a_pipe() {
    let folder = Folder::new();
    let path = format!("{}/x.pcapng", folder.name());
    let target = Listening::target("tcp://127.0.0.1:0", &["hear=2", "close"]);
    let tap = Listening::tap(&folder, &target.address, &["-q", "--write", "-"]);
    call(&tap.address, &["say=hi", "all"]);
    std::fs::write(&path, tap.stop().out).expect("the folder takes a file");
    assert_eq!(packets(&path).len(), 2);
    let mixed = crate::stand::run(&["tap", "tcp://127.0.0.1:0", &target.address, "--write", "-"]);
    assert_eq!((mixed.code, mixed.text().as_str()), (2, ""));
    assert!(sentence(&mixed.err).contains("-q"), "{}", mixed.err);
}

/// What tshark says of the capture, where it is there, and whether it ended well.
fn tshark(path: &str, words: &[&str]) -> Option<(bool, String)> {
    let mut command = Command::new("tshark");
    let output = command.args(["-r", path]).args(words).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some((output.status.success(), text))
}

/// Whether tshark takes the capture for good and follows the stream, where it is there.
fn asked_of_tshark(path: &str) {
    let follow = ["-q", "-z", "follow,tcp,ascii,0"];
    let checked = ["-o", "tcp.check_checksum:TRUE"];
    let Some((is_well, text)) = tshark(path, &[&follow[..], &checked].concat()) else {
        return;
    };
    assert!(is_well && text.contains("hello!"), "{text}");
    let expert = ["-Y", "_ws.expert.severity >= 0x600000"];
    let (_, text) = tshark(path, &expert).expect("it was there before");
    assert_eq!(text, "", "tshark warns");
}

/// Whether tshark tells the true length of each datagram, where it is there.
fn lengths_of_tshark(path: &str, bytes: usize) {
    let fields = ["-T", "fields", "-e", "frame.len", "-e", "ip.version"];
    let Some((is_well, text)) = tshark(path, &fields) else {
        return;
    };
    assert!(is_well, "{text}");
    assert_eq!(text.lines().count(), 4, "{text}");
    for line in text.lines() {
        let headers = if line.ends_with('4') { 28 } else { 48 };
        let told = line.split('\t').next().unwrap_or_default();
        assert_eq!(told, (bytes + headers).to_string(), "{text}");
    }
}
