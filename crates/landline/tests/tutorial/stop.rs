//! A clean stop: idle lines close at once, busy calls get `--grace`, a second signal ends at once,
//! and socket files are taken away.

use std::fs::File;
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::stand::{
    DATAGRAMS, Fifo, Folder, Process, STREAMS, Server, dial, gone_within, landline, run, take,
    take_to_end,
};

/// "At once", and what a busy machine adds; far below each grace given here.
const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn an_idle_server_ends_at_once_and_leaves_nothing() {
    let folder = Folder::new();
    for family in STREAMS.iter().chain(&DATAGRAMS) {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            let server = Server::listen(&folder.address(family), &["echo", "--grace", "60s"]);
            server.process.signal(signal);
            assert!(server.process.ends_within(AT_ONCE), "{family} {signal:?}");
            assert_eq!(server.ended().code, 0, "{family} {signal:?}");
            assert!(folder.names().is_empty(), "{family}: {:?}", folder.names());
        }
    }
}

#[test]
fn idle_lines_close_at_once() {
    for service in [
        &["echo"][..],
        &["exec"],
        &["files"],
        &["print"],
        &["answer", "x"],
    ] {
        let server = Server::listen(
            "tcp://127.0.0.1:0",
            &[service, &["--grace", "60s"]].concat(),
        );
        let mut idle = dial(&server.address);
        if service == ["echo"] {
            idle.write_all(b"x").expect("the server reads");
            take(&mut idle, 1);
        }
        server.process.signal(Signal::TERM);
        assert!(server.process.ends_within(AT_ONCE), "{service:?}");
        assert_eq!(take_to_end(&mut idle), b"", "{service:?}");
        assert_eq!(server.ended().code, 0, "{service:?}");
    }
}

#[test]
fn a_busy_call_gets_its_grace() {
    let (server, mut line, mut fifo, _) = busy("60s");
    server.process.signal(Signal::TERM);
    refuses_others(&server);
    fifo.release();
    assert_eq!(take(&mut line, 8)[4..], *b"done");
    assert_eq!(take_to_end(&mut line), b"", "it is idle now");
    assert!(server.process.ends_within(AT_ONCE));
    assert_eq!(server.ended().code, 0);
}

#[test]
fn a_busy_call_ends_with_its_grace() {
    let (server, _line, _fifo, id) = busy("300ms");
    let start = Instant::now();
    server.process.signal(Signal::INT);
    assert!(server.process.ends_within(AT_ONCE));
    assert!(
        start.elapsed() >= Duration::from_millis(250),
        "{:?}",
        start.elapsed()
    );
    assert!(gone_within(id, AT_ONCE), "the command still runs");
}

#[test]
fn a_second_signal_ends_at_once() {
    for second in [Signal::TERM, Signal::INT] {
        let (server, _line, _fifo, id) = busy("60s");
        server.process.signal(Signal::TERM);
        refuses_others(&server);
        assert!(!server.process.ends_within(Duration::ZERO));
        server.process.signal(second);
        assert!(server.process.ends_within(AT_ONCE), "{second:?}");
        assert!(gone_within(id, AT_ONCE), "the command still runs");
    }
}

#[test]
fn a_socket_file_is_gone_after_a_second_signal() {
    let folder = Folder::new();
    let server = Server::listen(&folder.address("unix"), &["exec", "--grace", "60s"]);
    let path = server.address.trim_start_matches("unix:");
    let around = Folder::new();
    let mut fifo = Fifo::new(&around, "fifo");
    let mut line = UnixStream::connect(path).expect("it listens");
    let command = format!("echo $$ > {}; sleep 1000", fifo.name);
    line.write_all(command.as_bytes())
        .expect("the server reads");
    let id = fifo.process_id();
    server.process.signal(Signal::TERM);
    server.process.signal(Signal::INT);
    assert!(server.process.ends_within(AT_ONCE));
    assert!(gone_within(id, AT_ONCE), "the command still runs");
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn once_serves_one_client() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::listen(&folder.address(family), &["echo", "--once"]);
        assert_eq!(
            run(&["call", &server.address], "a\nb\n").well().text(),
            "a\nb\n"
        );
        let address = server.address.clone();
        assert_eq!(server.ended().code, 0, "{family}");
        assert_eq!(run(&["call", &address], "hi\n").code, 255, "{family}");
        assert!(folder.names().is_empty(), "{family}");
    }
}

#[test]
fn print_ends_when_nobody_can_see_it() {
    for address in ["tcp://127.0.0.1:0", "udp://127.0.0.1:0"] {
        let full = File::options().write(true).open("/dev/full");
        let mut command = landline(&["listen", address, "print"]);
        command
            .stdout(full.expect("it is there"))
            .stderr(Stdio::piped());
        let server = Process::start_as_it_is(command);
        let said = server.says("listening ");
        let address = said.rsplit(' ').next().expect("it says where");
        run(&["call", address, "--wait", "0s"], "lost\n");
        assert!(server.ends_within(AT_ONCE), "{address}");
        let finished = server.finish();
        assert_eq!(finished.code, 255, "{address}: {}", finished.err);
        assert!(finished.err.contains("standard output"), "{}", finished.err);
    }
}

/// Under nohup(1) a terminal that goes away is nobody's business.
#[test]
fn a_hang_up_that_was_ignored_from_the_start_stays_ignored() {
    let inner = landline(&["listen", "tcp://127.0.0.1:0", "echo"]);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]);
    command.arg(inner.get_program()).args(inner.get_args());
    let server = Server::of(command);
    server.process.signal(Signal::HUP);
    let mut line = dial(&server.address);
    line.write_all(b"here").expect("the server reads");
    assert_eq!(take(&mut line, 4), b"here");
    assert_eq!(server.stop().code, 0);
}

/// A server, a client whose command waits for a word through the FIFO, and the command's id.
fn busy(grace: &str) -> (Server, TcpStream, Fifo, u32) {
    let folder = Folder::new();
    let mut starts = Fifo::new(&folder, "starts");
    let goes_on = Fifo::new(&folder, "goes-on");
    let server = Server::listen("tcp://127.0.0.1:0", &["exec", "--grace", grace]);
    let mut line = dial(&server.address);
    let command = format!(
        "exec 3< {}; echo $$ > {}; read x <&3; printf done",
        goes_on.name, starts.name
    );
    line.write_all(command.as_bytes())
        .expect("the server reads");
    let id = starts.process_id();
    (server, line, goes_on, id)
}

/// Waits until the server, which was told to stop, takes no more clients.
fn refuses_others(server: &Server) {
    let deadline = Instant::now() + AT_ONCE;
    let place = server.address.trim_start_matches("tcp://");
    while TcpStream::connect(place).is_ok() {
        assert!(Instant::now() < deadline, "a stopping server takes clients");
    }
}
