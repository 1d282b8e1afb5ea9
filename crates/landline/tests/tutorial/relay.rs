//! T12, the group chat: each datagram goes, unchanged, to everyone who ever sent.

use std::net::UdpSocket;
use std::time::Duration;

use crate::stand::{DATAGRAMS, Folder, Process, Server, landline, patience, script};

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
        let duplex = ["call", &server.address, "--duplex", "--wait", "200ms"];
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

#[test]
fn runs_of_mixed_sizes_arrive_whole_and_in_order() {
    let server = Server::listen("udp://127.0.0.1:0", &["relay", "--recv", "65535"]);
    let place = server.address.trim_start_matches("udp://");
    let members: Vec<_> = (0..3).map(|_| member()).collect();
    for (number, joining) in members.iter().enumerate() {
        joining.send_to(b"in", place).expect("it is sent");
        for member in &members[..=number] {
            heard(member);
        }
    }
    // Equal ones in a row may leave as one run; a shorter one ends it, an empty one stands alone.
    let sizes = [
        64, 64, 64, 64, 10, 10, 0, 0, 1200, 1200, 1200, 1, 1201, 9000, 9000, 40000,
    ];
    for round in 0..20u8 {
        let messages = sizes.map(|size| vec![round; size]);
        for message in &messages {
            members[usize::from(round) % 3]
                .send_to(message, place)
                .expect("it is sent");
        }
        for member in &members {
            for message in &messages {
                let heard = heard(member);
                assert!(
                    &heard == message,
                    "{} came for {}",
                    heard.len(),
                    message.len()
                );
            }
        }
    }
}

#[test]
fn a_member_that_is_gone_does_not_stop_the_others() {
    let server = Server::listen("udp://127.0.0.1:0", &["relay"]);
    let place = server.address.trim_start_matches("udp://");
    for _ in 0..50 {
        // What is relayed to it meets a closed port.
        member().send_to(b"in", place).expect("it is sent");
    }
    let (one, two) = (member(), member());
    for joining in [&one, &two] {
        joining.send_to(b"in", place).expect("it is sent");
        while heard(joining) != b"in" {}
    }
    for number in 0..100u8 {
        one.send_to(&[number], place).expect("it is sent");
        while heard(&two) != [number] {}
    }
}

#[test]
fn only_allowed_sources_are_heard() {
    let service = ["relay", "--allow", "127.0.0.2/32"];
    let server = Server::listen("udp://127.0.0.1:0", &service);
    let place = server.address.trim_start_matches("udp://");
    let allowed = UdpSocket::bind("127.0.0.2:0").expect("loopback is a whole network");
    allowed
        .set_read_timeout(Some(patience()))
        .expect("a timeout of seconds");
    let stranger = member();
    stranger.send_to(b"let me in", place).expect("it is sent");
    allowed.send_to(b"hello", place).expect("it is sent");
    assert_eq!(heard(&allowed), b"hello", "and nothing before it");
    stranger
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a timeout");
    assert!(
        stranger.recv(&mut [0; 10]).is_err(),
        "a stranger hears nothing"
    );
}

fn member() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback has a free port");
    socket
        .set_read_timeout(Some(patience()))
        .expect("a timeout of seconds");
    socket
}

fn heard(member: &UdpSocket) -> Vec<u8> {
    let mut bytes = vec![0; 65535];
    let count = member.recv(&mut bytes).expect("it comes back");
    bytes.truncate(count);
    bytes
}
