//! Who may: on loopback, `listen exec` serves the user who runs it, and root, and nobody else.
//! These tests need root, who can play another user; without it they have nothing to check.

use std::process::Command;

use crate::stand::{
    Finished, Folder, Process, Server, as_nobody, nobodys_landline, root, run, sentence,
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

fn nobody_runs(folder: &Folder, server: &Server) -> Finished {
    let mut exec = Command::new(nobodys_landline(folder));
    exec.args(["exec", &server.address, "--", "echo ran"]);
    Process::start(as_nobody(&exec)).finish()
}
