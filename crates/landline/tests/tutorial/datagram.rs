//! T10, T11 and T13: datagrams one way, echoed, and cut.

use std::net::UdpSocket;

use crate::stand::{DATAGRAMS, Folder, Process, Server, landline, patience, run, script};

#[test]
fn a_script_sends_to_print() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::listen(&folder.address(family), &["print"]);
        let sent_from = script("datagram_sender.py", &[&server.address, "hello", "中"]);
        let line = server.process.shows("hello");
        // ('127.0.0.1', 1234), ('::1', 1234, 0, 0) or a path: what tells one sender from another.
        let sender = sent_from
            .trim()
            .trim_end_matches(", 0, 0)")
            .trim_end_matches(')');
        let sender = sender.rsplit(", ").next().expect("a split has a last part");
        let all = format!("{line}{}", server.process.said());
        assert!(
            all.contains(sender) && all.contains('5'),
            "{family}: no {sender} in {all}"
        );
        server.process.shows("中");
        assert_eq!(server.stop().code, 0, "{family}");
    }
}

#[test]
fn call_sends_to_a_script_that_never_answers() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::python(
            "datagram_printer.py",
            &[&folder.address(family), "1024", "2"],
        );
        let arguments = ["call", &server.address, "--wait", "50ms"];
        let finished = run(&arguments, "hello\n中\n");
        assert_eq!(finished.text(), "", "{family}");
        assert_eq!(
            server.ended().text(),
            "b'hello'\nb'\\xe4\\xb8\\xad'\n",
            "{family}"
        );
    }
}

#[test]
fn a_script_is_echoed() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::listen(&folder.address(family), &["echo", "--upper"]);
        let seen = script(
            "datagram_echo_client.py",
            &[&server.address, "hello", "", "x"],
        );
        assert_eq!(seen, "b'HELLO'\nb''\nb'X'\n", "{family}");
    }
}

#[test]
fn call_is_echoed_by_a_script() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::python("datagram_echo_server.py", &[&folder.address(family)]);
        let finished = run(&["call", &server.address], "hello\n\nx\n").well();
        assert_eq!(finished.text(), "HELLO\nX\n", "{family}");
    }
}

#[test]
fn call_and_echo_agree() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::listen(&folder.address(family), &["echo", "--upper"]);
        let finished = run(&["call", &server.address], "hello\nx\n").well();
        assert_eq!(finished.text(), "HELLO\nX\n", "{family}");
    }
}

#[test]
fn print_says_each_time_that_a_datagram_was_cut() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let service = ["print", "--recv", "10"];
        let server = Server::listen(&folder.address(family), &service);
        script(
            "datagram_sender.py",
            &[&server.address, "hello678901", "exactly_10", "hello678902"],
        );
        server.process.shows("exactly_10");
        server.process.says_times("10", 2);
        let finished = server.stop();
        let text = finished.text();
        assert!(
            text.contains("hello67890") && !text.contains("hello678901"),
            "{family}: {text}"
        );
        let notes = finished
            .err
            .lines()
            .filter(|line| !line.contains("listening"))
            .count();
        assert_eq!(notes, 2, "{family}: {}", finished.err);
    }
}

#[test]
fn print_tells_a_newline_from_what_looks_like_one() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::listen(&folder.address(family), &["print"]);
        script("datagram_sender.py", &[&server.address, "a\nb", r"a\nb"]);
        server.process.shows("4 bytes");
        let text = server.stop().text();
        let ends: Vec<_> = text
            .lines()
            .filter_map(|line| line.split_once(" bytes: "))
            .map(|(_, end)| end)
            .collect();
        assert_eq!(ends, [r"a\nb", r"a\\nb"], "{family}");
    }
}

#[test]
fn echo_says_each_time_that_a_datagram_was_cut() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let service = ["echo", "--recv", "10"];
        let server = Server::listen(&folder.address(family), &service);
        let words = [&server.address, "hello678901", "exactly_10", "hello678902"];
        let seen = script("datagram_echo_client.py", &words);
        assert_eq!(
            seen, "b'hello67890'\nb'exactly_10'\nb'hello67890'\n",
            "{family}"
        );
        server.process.says_times("10", 2);
    }
}

#[test]
fn a_script_cuts_without_a_word() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::python("datagram_printer.py", &[&folder.address(family), "10", "1"]);
        run(
            &["call", &server.address, "--wait", "10ms"],
            "hello678901\n",
        );
        assert_eq!(server.ended().text(), "b'hello67890'\n", "{family}");
    }
}

#[test]
fn call_says_that_an_answer_was_cut() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::python("datagram_echo_server.py", &[&folder.address(family)]);
        let arguments = ["call", &server.address, "--recv", "10"];
        let finished = run(&arguments, "hello678901\nexactly_10\nhello678902\n");
        assert_eq!(
            finished.text(),
            "HELLO67890\nEXACTLY_10\nHELLO67890\n",
            "{family}"
        );
        assert_eq!(
            finished.err.lines().count(),
            2,
            "{family}: {}",
            finished.err
        );
        assert_eq!(finished.code, 0, "{family}");
    }
}

#[test]
fn once_is_one_datagram() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        for service in ["print", "echo"] {
            let server = Server::listen(&folder.address(family), &[service, "--once"]);
            run(&["call", &server.address, "--wait", "50ms"], "hi\n");
            assert_eq!(server.ended().code, 0, "{family} {service}");
        }
    }
}

#[test]
fn a_sender_that_is_gone_does_not_stop_the_echo() {
    let server = Server::listen("udp://127.0.0.1:0", &["echo"]);
    let place = server.address.trim_start_matches("udp://");
    for _ in 0..100 {
        // The reply meets a closed port, and the kernel tells the server so by ICMP.
        let gone = UdpSocket::bind("127.0.0.1:0").expect("loopback has a free port");
        gone.send_to(b"nobody hears this", place)
            .expect("it is sent");
    }
    let finished = run(&["call", &server.address], "still there\n").well();
    assert_eq!(finished.text(), "still there\n");
}

#[test]
fn a_sender_without_a_path_does_not_stop_the_echo() {
    let folder = Folder::new();
    let server = Server::listen(&folder.address("unixgram"), &["echo"]);
    let path = server.address.trim_start_matches("unixgram:");
    let nameless = std::os::unix::net::UnixDatagram::unbound().expect("a socket");
    nameless.send_to(b"who am I", path).expect("it is sent");
    let finished = run(&["call", &server.address], "still there\n").well();
    assert_eq!(finished.text(), "still there\n");
}

#[test]
fn a_datagram_of_every_size_is_echoed() {
    let server = Server::listen("udp://127.0.0.1:0", &["echo", "--recv", "65535"]);
    let place = server.address.trim_start_matches("udp://");
    let client = UdpSocket::bind("127.0.0.1:0").expect("loopback has a free port");
    client
        .set_read_timeout(Some(patience()))
        .expect("a timeout of seconds");
    for size in [0, 1, 1472, 1473, 9000, 65507] {
        let sent = vec![b'x'; size];
        client.send_to(&sent, place).expect("it is sent");
        let mut got = vec![0; 65535];
        let count = client.recv(&mut got).expect("it comes back");
        assert!(got[..count] == sent, "{size} bytes came back as {count}");
    }
}

#[test]
fn duplex_prints_datagrams_as_they_come() {
    let server = Server::listen("udp://127.0.0.1:0", &["relay"]);
    let mut members: Vec<_> = (0..2)
        .map(|_| Process::start(landline(&["call", &server.address, "--duplex"])))
        .collect();
    members[0].type_in("from one\n");
    members[0].shows("from one");
    members[1].type_in("from two\n");
    for member in &members {
        member.shows("from two");
    }
}
