//! T12, the group chat: each datagram goes, unchanged, to everyone who ever sent.

use std::net::UdpSocket;
use std::time::Duration;

use crate::stand::{DATAGRAMS, Folder, PATIENCE, Process, Server, landline, script};

const EVERYONE: &str = "\
[b'join 0', b'join 1', b'join 2', b'word 0', b'word 1', b'word 2']
[b'join 1', b'join 2', b'word 0', b'word 1', b'word 2']
[b'join 2', b'word 0', b'word 1', b'word 2']
";

const EVERYONE_ELSE: &str = "\
[b'join 1', b'join 2', b'word 1', b'word 2']
[b'join 2', b'word 0', b'word 2']
[b'word 0', b'word 1']
";

#[test]
fn scripts_chat_through_relay() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::listen(&folder.address(family), &["relay"]);
        let seen = script("relay_client.py", &[&server.address, "3"]);
        assert_eq!(seen, EVERYONE, "{family}");
    }
}

#[test]
fn no_self_leaves_the_sender_out() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::listen(&folder.address(family), &["relay", "--no-self"]);
        let seen = script("relay_client.py", &[&server.address, "3", "no-self"]);
        assert_eq!(seen, EVERYONE_ELSE, "{family}");
    }
}

#[test]
fn calls_chat_through_a_script() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        let server = Server::python("relay_server.py", &[&folder.address(family)]);
        let duplex = ["call", &server.address, "--duplex"];
        let mut members: Vec<_> = (0..2).map(|_| Process::start(landline(&duplex))).collect();
        members[0].type_in("one\n");
        members[0].shows("one");
        members[1].type_in("two\n");
        members[1].shows("two");
        members[0].shows("two");
        members[0].type_in("three\n");
        for member in &members {
            member.shows("three");
        }
        let expected = ["one\ntwo\nthree\n", "two\nthree\n"];
        for (member, expected) in members.into_iter().zip(expected) {
            let finished = member.finish();
            assert_eq!(
                (finished.code, finished.text().as_str()),
                (0, expected),
                "{family}"
            );
        }
    }
}

#[test]
fn one_member_more_than_the_limit_is_not_let_in() {
    let server = Server::listen("udp://127.0.0.1:0", &["relay", "--members", "1"]);
    let place = server.address.trim_start_matches("udp://");
    let (first, second) = (member(), member());
    first.send_to(b"in", place).expect("it is sent");
    assert_eq!(heard(&first), b"in");
    second.send_to(b"left out", place).expect("it is sent");
    // Whoever is not let in is told to the person who runs the relay.
    server
        .process
        .says(&second.local_addr().expect("it is bound").to_string());
    second
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a timeout");
    assert!(
        second.recv(&mut [0; 10]).is_err(),
        "a stranger hears nothing"
    );
}

#[test]
fn a_silent_member_expires() {
    let server = Server::listen(
        "udp://127.0.0.1:0",
        &["relay", "--members", "1", "--expire", "100ms"],
    );
    let place = server.address.trim_start_matches("udp://");
    let (silent, next) = (member(), member());
    silent.send_to(b"in", place).expect("it is sent");
    heard(&silent);
    // The seat of the silent one is free once it has expired: knock until then.
    next.set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a timeout");
    let let_in = (0..100).any(|_| {
        next.send_to(b"knock", place).expect("it is sent");
        next.recv(&mut [0; 10]).is_ok()
    });
    assert!(let_in, "{}", server.process.said());
}

fn member() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback has a free port");
    socket
        .set_read_timeout(Some(PATIENCE))
        .expect("a timeout of seconds");
    socket
}

fn heard(member: &UdpSocket) -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    let count = member.recv(&mut bytes).expect("it comes back");
    bytes.truncate(count);
    bytes
}
