//! T2, T3 and T5: the TCP echo, its client, and the client whose reads are too short.

use std::io::Write;

use crate::stand::{Folder, STREAMS, Server, dial, reset, run, script, sentence, take};

const TUTORIAL: [&str; 4] = ["echo", "--upper", "--suffix", "sb"];

#[test]
fn a_script_is_echoed() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::listen(&folder.address(family), &TUTORIAL);
        let words = [&server.address, "1024", "hello", "", "ümlaut 中", "x"];
        let seen = script("echo_client.py", &words);
        let upper = r"b'HELLOsb'
b'\xc3\xbcMLAUT \xe4\xb8\xadsb'
b'Xsb'
";
        assert_eq!(seen, upper, "{family}");
    }
}

#[test]
fn call_is_echoed_by_a_script() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::python("echo_server.py", &[&folder.address(family), "1"]);
        let finished = run(&["call", &server.address], "hello\n\n中\nlast").well();
        assert_eq!(finished.text(), "HELLOsb\n中sb\nLASTsb\n", "{family}");
        let seen = server.ended().text();
        assert_eq!(seen, "b'hello'\nb'\\xe4\\xb8\\xad'\nb'last'\n", "{family}");
    }
}

#[test]
fn a_plain_echo_changes_nothing() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    let mut line = dial(&server.address);
    let every_byte: Vec<u8> = (0..=255).collect();
    line.write_all(&every_byte).expect("the server reads");
    assert_eq!(take(&mut line, 256), every_byte);
}

#[test]
fn polling_changes_nothing_but_the_wait() {
    let folder = Folder::new();
    for family in STREAMS {
        let service = ["echo", "--upper", "--suffix", "sb", "--busy-poll", "50us"];
        let server = Server::listen(&folder.address(family), &service);
        let finished = run(&["call", &server.address], "one\ntwo\nthree\n").well();
        assert_eq!(finished.text(), "ONEsb\nTWOsb\nTHREEsb\n", "{family}");
        assert_eq!(server.stop().code, 0, "{family}");
    }
}

#[test]
fn many_clients_are_echoed_at_once() {
    let server = Server::listen("tcp://127.0.0.1:0", &TUTORIAL);
    let mut lines: Vec<_> = (0..50).map(|_| dial(&server.address)).collect();
    for line in lines.iter_mut().rev() {
        line.write_all(b"hi").expect("the server reads");
        assert_eq!(take(line, 4), b"HIsb");
    }
}

#[test]
fn a_client_that_resets_ends_its_own_line_only() {
    let server = Server::listen("tcp://127.0.0.1:0", &TUTORIAL);
    let mut stays = dial(&server.address);
    let mut leaves = dial(&server.address);
    leaves.write_all(b"gone").expect("the server reads");
    take(&mut leaves, 6);
    reset(leaves);
    drop(dial(&server.address));
    stays.write_all(b"here").expect("the server reads");
    assert_eq!(take(&mut stays, 6), b"HEREsb");
    let said = server.stop();
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_reply_above_the_sockets_buffers_is_written_whole() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--recv", "4000000"]);
    let mut line = dial(&server.address);
    let mut writer = line.try_clone().expect("a second handle");
    let bytes: Vec<u8> = (0..20_000_000u32).map(|at| at as u8).collect();
    let expected = bytes.clone();
    let writing = std::thread::spawn(move || writer.write_all(&bytes));
    assert!(
        take(&mut line, expected.len()) == expected,
        "the bytes differ"
    );
    writing.join().expect("no panic").expect("the server reads");
}

#[test]
fn call_says_when_the_other_end_hung_up() {
    let server = Server::python("phone_server.py", &["tcp://127.0.0.1:0"]);
    let finished = run(&["call", &server.address], "one\ntwo\nthree\n");
    assert_eq!(finished.text(), "hello\n");
    sentence(&finished.err);
    assert_eq!(
        finished.code, 255,
        "two messages went unanswered: {}",
        finished.err
    );
}

#[test]
fn a_short_read_leaves_its_rest_for_the_next_answer() {
    let folder = Folder::new();
    for family in STREAMS {
        let theirs = Server::python("echo_server.py", &[&folder.address(family)]);
        let ours = Server::listen(&folder.address(family), &TUTORIAL);
        for server in [theirs, ours] {
            let finished = run(&["call", &server.address, "--recv", "5"], "hello\nhi\n").well();
            let text = finished.text();
            let mut lines = text.lines();
            assert_eq!(lines.next(), Some("HELLO"), "{family}");
            // The second reply may have come before the second read: it sticks to the rest then.
            let second = lines.next().expect("each message has an answer");
            assert!(
                second.starts_with("sb") && second.len() <= 5,
                "{family}: {second}"
            );
        }
        let ours = Server::listen(&folder.address(family), &TUTORIAL);
        let seen = script("echo_client.py", &[&ours.address, "5", "hello", "hi"]);
        assert!(seen.starts_with("b'HELLO'\nb'sb"), "{family}: {seen}");
    }
}
