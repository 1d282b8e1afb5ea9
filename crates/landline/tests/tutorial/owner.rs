//! Who may: on loopback, `listen exec` serves the user who runs it, and root, and nobody else.
//! These tests need root, who can play another user; without it they have nothing to check.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::stand::{
    Finished, Folder, Process, Server, as_nobody, nobodys_landline, patience, python, root, run,
    sentence,
};

#[test]
fn another_user_is_refused() {
    if !root() {
        return;
    }
    let folder = Folder::new();
    for address in ["tcp://127.0.0.1:0", "tcp://[::1]:0"] {
        let server = Server::listen(address, &["exec"]);
        let finished = nobody_runs(&folder, &server);
        assert_eq!(
            (finished.code, finished.out.len()),
            (255, 0),
            "{address}: {}",
            finished.err
        );
        sentence(&finished.err);
        sentence(&server.process.says("65534"));
        let own = run(&["exec", &server.address, "--", "echo mine"], "");
        assert_eq!(own.well().text(), "mine\n");
    }
}

/// As after setpriv(1), which leaves the variables as they were.
#[test]
fn another_users_home_is_no_hindrance_on_a_plain_socket() {
    if !root() {
        return;
    }
    let folder = Folder::new();
    let program = nobodys_landline(&folder);
    let home = folder.path().join("home");
    fs::create_dir(&home).expect("a free name");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    for inherited in [home.clone(), home.join("deeper")] {
        let mut call = Command::new(&program);
        call.args(["call", &server.address]);
        let mut call = as_nobody(&call);
        call.env("LANDLINE_HOME", inherited);
        let finished = Process::start(call).finish_with("hello\n");
        assert_eq!(finished.well().text(), "hello\n");
    }
}

/// Of a socket that its process closed, the kernel says that root owned it.
#[test]
fn another_user_who_is_gone_when_asked_about_is_not_root() {
    if !root() {
        return;
    }
    let folder = Folder::new();
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let marker = format!("touch {}/ran", folder.name());
    // The server looks only once the other user has spoken and left.
    server.process.signal(Signal::STOP);
    let mut leaver = Command::new("/usr/bin/env");
    let script = python("leaver.py", &[&server.address, &marker]);
    leaver.arg(script.get_program()).args(script.get_args());
    let left = Process::start(as_nobody(&leaver)).finish();
    assert_eq!(left.code, 0, "{}", left.err);
    until_closed(&server);
    server.process.signal(Signal::CONT);
    sentence(&server.process.says("refused"));
    assert_eq!(server.stop().code, 0);
    assert!(folder.names().is_empty(), "another user's command was run");
}

#[test]
fn another_user_is_let_in_with_insecure() {
    if !root() {
        return;
    }
    let folder = Folder::new();
    let server = Server::listen("tcp://127.0.0.1:0", &["exec", "--insecure"]);
    assert_eq!(nobody_runs(&folder, &server).well().text(), "ran\n");
}

#[test]
fn root_is_let_in_by_a_users_server() {
    if !root() {
        return;
    }
    let folder = Folder::new();
    let mut listen = Command::new(nobodys_landline(&folder));
    listen.args(["listen", "tcp://127.0.0.1:0", "exec"]);
    let server = Server::of(as_nobody(&listen));
    assert_eq!(
        run(&["exec", &server.address, "--", "id -u"], "")
            .well()
            .text(),
        "65534\n"
    );
    assert_eq!(nobody_runs(&folder, &server).well().text(), "ran\n");
}

#[test]
fn a_socket_file_keeps_others_out() {
    if !root() {
        return;
    }
    let folder = Folder::new();
    let server = Server::listen(&folder.address("unix"), &["exec"]);
    let finished = nobody_runs(&folder, &server);
    assert_eq!(finished.code, 255);
    sentence(&finished.err);
}

/// Waits until the kernel has forgotten who held the client's socket (proc_pid_net(5): state
/// FIN_WAIT2, 05), which it does with the server's delayed acknowledgement.
fn until_closed(server: &Server) {
    let port: u16 = server
        .address
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let to = format!("0100007F:{port:04X} 05 ");
    let deadline = Instant::now() + patience();
    while !fs::read_to_string("/proc/net/tcp")
        .expect("Linux has it")
        .contains(&to)
    {
        assert!(Instant::now() < deadline, "the client does not leave");
        // sleeps: nothing tells of this change but another look
        thread::sleep(Duration::from_millis(5));
    }
}

fn nobody_runs(folder: &Folder, server: &Server) -> Finished {
    let mut exec = Command::new(nobodys_landline(folder));
    exec.args(["exec", &server.address, "--", "echo ran"]);
    Process::start(as_nobody(&exec)).finish()
}
