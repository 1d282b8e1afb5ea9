//! Commands that `listen exec` must not run, or not choke on. After each, it serves the next client.

use std::io::Write;
use std::net::{Shutdown, TcpStream};

use crate::stand::{Fifo, Folder, Server, clean, dial, run, take, take_to_end};

#[test]
fn not_utf_8() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut line = dial(&server.address);
    send(&mut line, b"echo \xff\xfe");
    let text = framed(&mut line);
    clean(&text);
    assert!(text.contains("UTF-8"), "{text}");
    still_serves(&server);
}

#[test]
fn an_empty_read() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut line = dial(&server.address);
    line.shutdown(Shutdown::Write).expect("it is connected");
    assert_eq!(take_to_end(&mut line), b"");
    still_serves(&server);
}

#[test]
fn a_command_that_fills_the_read() {
    let folder = Folder::new();
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut line = dial(&server.address);
    let command = format!("touch {}/ran;", folder.name());
    // 1,025 bytes: what is read is cut, and might be a command that nobody meant.
    send(&mut line, format!("{command:<1025}").as_bytes());
    let text = framed(&mut line);
    clean(&text);
    assert!(text.contains("cut"), "{text}");
    assert_eq!(take_to_end(&mut line), b"", "the line is hung up");
    assert!(folder.names().is_empty(), "it was run");
    complains(&server, &line);
    still_serves(&server);
}

#[test]
fn a_command_that_just_fills_the_read() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec", "--recv", "10"]);
    let mut line = dial(&server.address);
    send(&mut line, b"echo 67890");
    let text = framed(&mut line);
    assert!(text.contains("cut"), "{text}");
    assert_eq!(take_to_end(&mut line), b"");
}

#[test]
fn nul_in_a_command() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut line = dial(&server.address);
    send(&mut line, b"echo a\0b");
    let text = framed(&mut line);
    clean(&text);
    assert!(text.split_whitespace().count() >= 3, "{text:?}");
    still_serves(&server);
}

#[test]
fn an_http_request() {
    let folder = Folder::new();
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    for start in [
        "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE",
    ] {
        let mut line = dial(&server.address);
        let marker = format!("{}/ran", folder.name());
        let request = format!("{start} /;touch${{IFS}}{marker}; HTTP/1.1\r\nHost: x\r\n\r\n");
        send(&mut line, request.as_bytes());
        let reply = take_to_end(&mut line);
        assert!(!reply.starts_with(b"HTTP"), "{start}");
        assert!(folder.names().is_empty(), "{start} was run");
        let said = complains(&server, &line);
        assert!(said.contains("HTTP"), "{start}: {said}");
    }
    still_serves(&server);
}

#[test]
fn one_byte_a_second() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut slow = dial(&server.address);
    // Each byte is a read of its own, and so a command line: that is this wire.
    for byte in b": :" {
        send(&mut slow, &[*byte]);
        still_serves(&server);
        framed(&mut slow);
    }
}

#[test]
fn a_client_that_does_not_take_its_reply() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut lazy = dial(&server.address);
    send(&mut lazy, b"head -c 30000000 /dev/zero");
    take(&mut lazy, 4);
    still_serves(&server);
    drop(lazy);
    still_serves(&server);
}

#[test]
fn a_command_that_reads_its_input() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let finished = run(
        &["exec", &server.address, "--", "cat; echo done"],
        "not for the command",
    );
    assert_eq!(finished.well().text(), "done\n");
}

#[test]
fn the_next_command_may_come_while_one_runs() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let folder = Folder::new();
    let (mut starts, mut goes_on) = (Fifo::new(&folder, "starts"), Fifo::new(&folder, "goes-on"));
    let mut line = dial(&server.address);
    let command = format!(
        "echo > {}; read word < {}; echo one $word",
        starts.name, goes_on.name
    );
    send(&mut line, command.as_bytes());
    starts.line();
    send(&mut line, b"echo two");
    goes_on.release();
    assert_eq!(framed(&mut line), "one go\n");
    assert_eq!(framed(&mut line), "two\n");
}

fn send(line: &mut TcpStream, bytes: &[u8]) {
    line.write_all(bytes).expect("the server reads");
}

/// One reply: a length and that many bytes, which are text.
#[track_caller]
fn framed(line: &mut TcpStream) -> String {
    let length = take(line, 4).try_into().expect("four bytes");
    let length = usize::try_from(i32::from_ne_bytes(length)).expect("a length is not negative");
    String::from_utf8(take(line, length)).expect("the reply is text")
}

/// What the server says of the peer at the other end of `line`.
#[track_caller]
fn complains(server: &Server, line: &TcpStream) -> String {
    let port = line.local_addr().expect("it is bound").port();
    let said = server.process.says(&format!(":{port}"));
    clean(&said);
    said
}

#[track_caller]
fn still_serves(server: &Server) {
    let finished = run(&["exec", &server.address, "--", "echo", "still here"], "");
    assert_eq!(finished.well().text(), "still here\n");
}
