//! A command and what it started end within a second of its client's leaving, whatever they do.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use rustix::process::Signal;

use crate::stand::{Fifo, Folder, Process, Server, dial, gone_within, landline, reset, run, take};

/// "Within a second", and what a busy machine adds. By itself no command here ends at all.
const SOON: Duration = Duration::from_secs(3);

#[test]
fn a_command_whose_child_ignores_sigterm() {
    let (server, line, ids) = stubborn("");
    drop(line);
    all_gone(&ids);
    still_serves(&server);
}

#[test]
fn a_child_in_a_session_of_its_own() {
    let (server, line, ids) = stubborn("setsid");
    drop(line);
    all_gone(&ids);
    still_serves(&server);
}

#[test]
fn a_client_that_resets() {
    let (server, line, ids) = stubborn("");
    reset(line);
    all_gone(&ids);
    still_serves(&server);
}

#[test]
fn a_client_that_half_closes_is_gone() {
    let (server, line, ids) = stubborn("");
    line.shutdown(Shutdown::Write).expect("it is connected");
    all_gone(&ids);
    still_serves(&server);
}

#[test]
fn a_client_that_is_killed() {
    let folder = Folder::new();
    let mut fifo = Fifo::new(&folder, "fifo");
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let command = stubborn_line("", &fifo.name);
    let client = Process::start(landline(&["exec", &server.address, "--", &command]));
    let ids = [fifo.process_id(), fifo.process_id()];
    client.signal(Signal::KILL);
    all_gone(&ids);
    still_serves(&server);
}

#[test]
fn a_server_that_is_stopped() {
    let (server, _line, ids) = stubborn("");
    let finished = server.stop();
    assert_eq!(finished.code, 0, "{}", finished.err);
    all_gone(&ids);
}

#[test]
fn a_child_left_behind_that_holds_the_pipes() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut line = dial(&server.address);
    line.write_all(b"trap '' TERM; sleep 1000 & echo $!")
        .expect("the server reads");
    let length = take(&mut line, 4).try_into().expect("four bytes");
    let text = take(
        &mut line,
        i32::from_ne_bytes(length).unsigned_abs() as usize,
    );
    let id = String::from_utf8(text)
        .expect("a number")
        .trim()
        .parse()
        .expect("a number");
    assert!(
        gone_within(id, SOON),
        "what still runs when the reply is sent is ended"
    );
    still_serves(&server);
}

/// A server, a client, and the ids of the client's command and of a child of that: neither ends for
/// SIGTERM, nor by itself. `launcher` starts the child.
fn stubborn(launcher: &str) -> (Server, TcpStream, [u32; 2]) {
    let folder = Folder::new();
    let mut fifo = Fifo::new(&folder, "fifo");
    let server = Server::listen("tcp://127.0.0.1:0", &["exec", "--grace", "100ms"]);
    let mut line = dial(&server.address);
    let command = stubborn_line(launcher, &fifo.name);
    line.write_all(command.as_bytes())
        .expect("the server reads");
    let ids = [fifo.process_id(), fifo.process_id()];
    (server, line, ids)
}

fn stubborn_line(launcher: &str, fifo: &str) -> String {
    format!(
        "trap '' TERM INT HUP; \
         {launcher} sh -c 'echo $$ > {fifo}; while :; do sleep 1000; done' & \
         echo $$ > {fifo}; while :; do sleep 1000; done"
    )
}

#[track_caller]
fn all_gone(ids: &[u32]) {
    for id in ids {
        assert!(gone_within(*id, SOON), "process {id} still runs");
    }
}

#[track_caller]
fn still_serves(server: &Server) {
    let finished = run(&["exec", &server.address, "--", "echo", "still here"], "");
    assert_eq!(finished.well().text(), "still here\n");
}
