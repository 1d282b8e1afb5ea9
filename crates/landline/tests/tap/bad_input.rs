//! Addresses, moves and files that make no sense, each with a sentence and a status.

use crate::stand::{Folder, Process, clean, landline, patience, run, sentence};

const TCP: [&str; 2] = ["tcp://127.0.0.1:0", "tcp://127.0.0.1:1"];
const UDP: [&str; 2] = ["udp://127.0.0.1:0", "udp://127.0.0.1:1"];

#[track_caller]
fn check(places: [&str; 2], options: &[&str], code: i32, needle: &str) {
    for lang in ["en", "zh-CN"] {
        let words = [&["tap", places[0], places[1], "--lang", lang], options].concat();
        let finished = run(&words);
        assert_eq!(
            (finished.code, finished.text().as_str()),
            (code, ""),
            "{options:?}"
        );
        let line = sentence_of(&finished.err);
        assert!(lang != "en" || line.contains(needle), "{line}");
    }
}

/// The first line: clap adds help behind its own.
#[track_caller]
fn sentence_of(err: &str) -> &str {
    clean(err);
    err.lines().next().unwrap_or_default()
}

#[test]
fn streams_and_datagrams_do_not_mix() {
    check([TCP[0], UDP[1]], &[], 2, "cannot be joined");
    check([UDP[0], "unix:/tmp/x"], &[], 2, "cannot be joined");
}

#[test]
fn moves_go_with_the_family() {
    check(TCP, &["--drop", "0.1"], 2, "--drop is for datagrams");
    check(
        TCP,
        &["--reorder", "to-client:1"],
        2,
        "--reorder is for datagrams",
    );
    check(UDP, &["--split", "3"], 2, "--split is for streams");
    check(UDP, &["--reset", "3"], 2, "--reset is for streams");
    check([TCP[0], "unix:/x"], &["--reset", "3"], 2, "to-server");
    check(TCP, &["--only", "to-client"], 2, "--only is for moves");
    check(TCP, &["--split", "0"], 2, "--split");
    check(TCP, &["--delay", "soon"], 2, "--delay");
    check(TCP, &["--drop", "2"], 2, "--drop");
    check(TCP, &["--cut", "up:2"], 2, "--cut");
    check(TCP, &["--hunt", "--runs", "0", "--", "true"], 2, "--runs");
}

#[test]
fn places_that_are_none() {
    check(
        [TCP[0], "tcp://nobody.invalid:1"],
        &[],
        255,
        "nobody.invalid",
    );
    check(["tcp://0.0.0.0:0", TCP[1]], &[], 2, "--insecure");
    check(["localhost:9000", TCP[1]], &[], 2, "names no wire");
    check([TCP[0], "tcp://localhost"], &[], 2, "names no port");
    check(
        TCP,
        &["--write", "/nowhere/x.pcapng"],
        255,
        "/nowhere/x.pcapng",
    );
}

#[test]
fn one_sentence_is_enough() {
    let finished = run(&["tap", TCP[0], UDP[1]]);
    sentence(&finished.err);
}

/// A tap that is its own target would call itself until no file is left.
#[test]
fn a_target_that_is_the_tap_itself_is_refused() {
    let folder = Folder::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("it is bound").port();
    drop(free);
    let tcp = format!("tcp://127.0.0.1:{port}");
    let refused = |words: &[&str]| {
        let process = Process::start(landline(&[&["tap"], words].concat()));
        assert!(process.ends_within(patience()), "{words:?} goes on");
        let finished = process.finish();
        assert_eq!(finished.code, 2, "{words:?}: {}", finished.err);
        assert!(sentence(&finished.err).contains("itself"), "{words:?}");
    };
    for target in [
        &tcp,
        &format!("tcp://localhost:{port}"),
        &format!("tcp://0.0.0.0:{port}"),
    ] {
        refused(&[&tcp, target]);
    }
    refused(&["--hunt", &tcp, &tcp, "--", "true"]);
    let udp = format!("udp://[::1]:{port}");
    refused(&[&udp, &udp]);
    for family in ["unix", "unixgram"] {
        let path = folder.address(family);
        refused(&[&path, &path]);
        refused(&[&path, &path.replacen(':', ":/proc/self/root", 1)]);
        assert!(folder.names().is_empty(), "{:?}", folder.names());
    }
}

#[test]
fn a_target_with_port_0_is_refused() {
    check([TCP[0], "tcp://127.0.0.1:0"], &[], 2, "port 0");
    check([UDP[0], "udp://127.0.0.1:0"], &[], 2, "port 0");
}

#[test]
fn a_number_that_is_too_large_is_told_apart_from_none() {
    let large = "18446744073709551616";
    check(TCP, &["--cut", large], 2, "too large");
    check(TCP, &["--split", "4294967296"], 2, "too large");
    check(TCP, &["--cut", "x"], 2, "write a whole number");
}
