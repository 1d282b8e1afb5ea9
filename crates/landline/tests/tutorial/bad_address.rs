//! Addresses that cannot be bound or do not parse, and what is bound beyond loopback.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::stand::{
    Folder, Process, Server, as_nobody, nobodys_landline, root, run, sentence, usage,
};

#[test]
fn a_port_in_use() {
    for family in ["tcp", "udp"] {
        let first = Server::listen(&format!("{family}://127.0.0.1:0"), &["echo"]);
        let second = run(&["listen", &first.address, "echo"], "");
        assert_eq!(second.code, 255, "{family}");
        assert!(
            sentence(&second.err).contains(&first.address),
            "{}",
            second.err
        );
        assert_eq!(run(&["call", &first.address], "hi\n").well().text(), "hi\n");
    }
}

#[test]
fn an_address_that_does_not_parse() {
    for address in [
        "tcp://",
        "tcp://localhost",
        "tcp://localhost:",
        "tcp://localhost:x",
        "tcp://localhost:65536",
        "tcp://:-1",
        "tcp://[::1:80",
        "tcp://[::1]",
        "tcp://::1:80",
        "udp://",
        "udp://localhost",
        "http://localhost:80",
        "unix:",
        "unixgram:",
        "tcp:localhost:80",
        "",
    ] {
        for verb in [&["listen", address, "echo"][..], &["call", address]] {
            let finished = run(verb, "");
            assert_eq!(finished.code, 2, "{verb:?}: {}", finished.err);
            usage(&finished.err);
        }
    }
    for verb in ["exec", "get"] {
        assert_eq!(run(&[verb, "tcp://localhost"], "").code, 2, "{verb}");
        assert_eq!(run(&[verb, "udp://localhost:80"], "").code, 2, "{verb}");
    }
}

#[test]
fn a_socket_path_too_long_for_the_kernel() {
    let address = format!("unix:/tmp/{}", "x".repeat(200));
    let finished = run(&["listen", &address, "echo"], "");
    assert!([2, 255].contains(&finished.code), "{}", finished.code);
    sentence(&finished.err);
}

#[test]
fn no_permission_to_bind() {
    let folder = Folder::new();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("a free name");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("it is ours");
    let address = format!("unix:{}/socket", locked.display());
    let mut listen = Command::new(nobodys_landline(&folder));
    listen.args(["listen", &address, "echo"]);
    // Root may bind anywhere.
    let listen = if root() { as_nobody(&listen) } else { listen };
    let finished = Process::start(listen).finish();
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(
        sentence(&finished.err).contains("locked/socket"),
        "{}",
        finished.err
    );
}

#[test]
fn an_address_of_another_machine() {
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    let finished = run(&["listen", "tcp://192.0.2.1:0", "echo", "--insecure"], "");
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(finished.err.contains("192.0.2.1"), "{}", finished.err);
}

#[test]
fn nothing_but_loopback_is_bound_without_insecure() {
    for (address, service) in [
        ("tcp://0.0.0.0:0", "echo"),
        ("tcp://[::]:0", "exec"),
        ("tcp://192.0.2.1:0", "files"),
        ("udp://0.0.0.0:0", "relay"),
        ("udp://[::]:0", "echo"),
        ("tcp://[::ffff:0.0.0.0]:0", "echo"),
    ] {
        let finished = run(&["listen", address, service], "");
        assert_eq!(finished.code, 2, "{address}: {}", finished.err);
        assert!(
            sentence(&finished.err).contains("--insecure"),
            "{}",
            finished.err
        );
    }
}

#[test]
fn beyond_loopback_each_start_says_what_is_open() {
    let server = Server::listen("tcp://0.0.0.0:0", &["answer", "hi", "--insecure"]);
    let said = server.stop().err;
    let other = said.lines().find(|line| !line.starts_with("listening"));
    assert!(
        other.is_some_and(|line| line.split_whitespace().count() > 3),
        "{said}"
    );
}

#[test]
fn beyond_loopback_a_datagram_is_not_turned_on_others() {
    for service in [
        &["relay", "--insecure"][..],
        &["echo", "--suffix", "sb", "--insecure"],
    ] {
        let finished = run(&[&["listen", "udp://0.0.0.0:0"], service].concat(), "");
        assert_eq!(finished.code, 2, "{service:?}: {}", finished.err);
        sentence(&finished.err);
    }
    let allowed = ["relay", "--insecure", "--allow", "127.0.0.0/8"];
    let server = Server::listen("udp://0.0.0.0:0", &allowed);
    let port = server
        .address
        .rsplit(':')
        .next()
        .expect("a split has a last part");
    let place = format!("udp://127.0.0.1:{port}");
    assert_eq!(run(&["call", &place], "hi\n").well().text(), "hi\n");
    let said = server.stop().err;
    assert!(said.contains(" 127.0.0.0/8 and nothing else"), "{said}");
    assert!(!said.contains("every machine"), "{said}");
}

#[test]
fn a_host_name_is_an_address() {
    let server = Server::listen("tcp://localhost:0", &["echo"]);
    let port = server
        .address
        .rsplit(':')
        .next()
        .expect("a split has a last part");
    let place = format!("tcp://localhost:{port}");
    assert_eq!(run(&["call", &place], "hi\n").well().text(), "hi\n");
}
