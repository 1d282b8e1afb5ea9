//! T14, the families: every stream service over tcp, IPv6 and unix, every datagram service over udp,
//! IPv6 and unixgram, and what a socket file is while its server runs and after.

use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::{fs, path::Path};

use rustix::process::Signal;

use crate::stand::{DATAGRAMS, Folder, STREAMS, Server, run, sentence};

/// A service, what a client says to it, and what stands on the client's stdout then.
type Row = (&'static [&'static str], &'static str, &'static str);

const STREAM_SERVICES: [Row; 4] = [
    (&["answer", "hello"], "hi\n", "hello\n"),
    (&["echo"], "hi\n", "hi\n"),
    (&["echo", "--upper", "--suffix", "sb"], "hi\n", "HIsb\n"),
    (&["print"], "seen\n", ""),
];

const DATAGRAM_SERVICES: [Row; 4] = [
    (&["echo"], "hi\n", "hi\n"),
    (&["echo", "--upper"], "hi\n", "HI\n"),
    (&["relay"], "hi\n", "hi\n"),
    (&["print"], "seen\n", ""),
];

#[test]
fn every_stream_service_on_every_stream() {
    check_services(&STREAMS, &STREAM_SERVICES);
}

#[test]
fn every_datagram_service_on_every_datagram_line() {
    check_services(&DATAGRAMS, &DATAGRAM_SERVICES);
}

/// Calls each service on each family. `exec` and `files`, whose answers come in two parts, go
/// through every stream in `command.rs` and `file.rs`.
fn check_services(families: &[&str], services: &[Row]) {
    let folder = Folder::new();
    for family in families {
        for (service, said, expected) in services {
            let server = Server::listen(&folder.address(family), service);
            let scheme = server.address.split(':').next();
            assert_eq!(scheme, family.split(':').next(), "{}", server.address);
            // Only `print` keeps its caller waiting, and that in vain.
            let wait = if expected.is_empty() { "50ms" } else { "10s" };
            let finished = run(&["call", &server.address, "--wait", wait], *said);
            assert_eq!(
                finished.text(),
                *expected,
                "{family} {service:?}: {}",
                finished.err
            );
            if service == &["print"] {
                server.process.shows("seen");
            }
            assert_eq!(server.stop().code, 0, "{family} {service:?}");
        }
    }
}

#[test]
fn services_that_make_no_sense_on_a_family_are_wrong_usage() {
    let folder = Folder::new();
    for (family, service) in [
        ("udp://127.0.0.1:0", "exec"),
        ("udp://127.0.0.1:0", "files"),
        ("unixgram", "exec"),
        ("tcp://127.0.0.1:0", "relay"),
        ("unix", "relay"),
    ] {
        let finished = run(&["listen", &folder.address(family), service], "");
        assert_eq!(finished.code, 2, "{family} {service}: {}", finished.err);
        sentence(&finished.err);
    }
    assert!(folder.names().is_empty());
}

#[test]
fn a_socket_file_is_private_and_gone_after_its_server() {
    let folder = Folder::new();
    for family in ["unix", "unixgram"] {
        let server = Server::listen(&folder.address(family), &["echo"]);
        let path = path_of(&server.address).to_owned();
        let meta = fs::symlink_metadata(&path).expect("it is bound");
        assert!(meta.file_type().is_socket());
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{family}");
        assert_eq!(server.stop().code, 0, "{family}");
        assert!(folder.names().is_empty(), "{family}: {:?}", folder.names());
    }
}

#[test]
fn a_stale_socket_file_is_replaced() {
    let folder = Folder::new();
    for family in ["unix", "unixgram"] {
        let address = folder.address(family);
        let killed = Server::listen(&address, &["echo"]);
        killed.process.signal(Signal::KILL);
        assert_eq!(killed.process.finish().code, 128 + 9);
        assert!(
            Path::new(path_of(&address)).exists(),
            "nobody could clear up"
        );
        let next = Server::listen(&address, &["echo"]);
        let finished = run(&["call", &next.address], "hi\n").well();
        assert_eq!(finished.text(), "hi\n", "{family}");
    }
}

#[test]
fn two_servers_on_one_socket_file() {
    let folder = Folder::new();
    for family in ["unix", "unixgram"] {
        let first = Server::listen(&folder.address(family), &["echo"]);
        let second = run(&["listen", &first.address, "echo"], "");
        assert_eq!(second.code, 255, "{family}");
        assert!(
            sentence(&second.err).contains(path_of(&first.address)),
            "{}",
            second.err
        );
        let finished = run(&["call", &first.address], "hi\n").well();
        assert_eq!(finished.text(), "hi\n", "{family}");
    }
}

#[test]
fn a_file_that_is_no_socket_is_not_replaced() {
    let folder = Folder::new();
    let path = folder.file("precious", "data");
    for family in ["unix", "unixgram"] {
        let address = format!("{family}:{}", path.display());
        let finished = run(&["listen", &address, "echo"], "");
        assert_eq!(finished.code, 255, "{family}");
        assert!(
            sentence(&finished.err).contains("precious"),
            "{}",
            finished.err
        );
        assert_eq!(fs::read(&path).expect("it is still there"), b"data");
    }
}

fn path_of(address: &str) -> &str {
    address.split_once(':').expect("an address has a scheme").1
}
