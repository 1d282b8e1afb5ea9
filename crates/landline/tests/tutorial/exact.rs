//! Every byte of a command's output, every time.

use crate::stand::{Folder, STREAMS, Server, long, run};

#[test]
fn ten_million_bytes_are_exact_each_time() {
    let folder = Folder::new();
    let servers = STREAMS.map(|family| Server::listen(&folder.address(family), &["exec"]));
    let expected = b"y\n".repeat(5_000_000);
    let rounds = if long() { 1000 } else { 20 };
    for round in 0..rounds {
        let address = &servers[round % servers.len()].address;
        let finished = run(&["exec", address, "--", "yes | head -c 10000000"], "").well();
        assert!(
            finished.out == expected,
            "round {round}: {} bytes",
            finished.out.len()
        );
    }
}

#[test]
fn both_pipes_flooded_are_all_of_stderr_then_all_of_stdout() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let flood = "head -c 3000000 /dev/zero | tr '\\0' o & head -c 3000000 /dev/zero | tr '\\0' e >&2; \
                 wait; head -c 1000000 /dev/zero | tr '\\0' e >&2; printf O";
    let finished = run(&["exec", &server.address, "--", flood], "").well();
    let expected = [vec![b'e'; 4_000_000], vec![b'o'; 3_000_000], b"O".to_vec()].concat();
    assert!(finished.out == expected, "{} bytes", finished.out.len());
}

#[test]
fn stdout_flooded_before_stderr_and_stderr_before_stdout() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    for line in [
        "head -c 2000000 /dev/zero; head -c 2000000 /dev/zero >&2",
        "head -c 2000000 /dev/zero >&2; head -c 2000000 /dev/zero",
    ] {
        let finished = run(&["exec", &server.address, "--", line], "").well();
        assert!(
            finished.out == vec![0; 4_000_000],
            "{line}: {} bytes",
            finished.out.len()
        );
    }
}

#[test]
fn a_file_is_exact() {
    let (shared, target) = (Folder::new(), Folder::new());
    let bytes: Vec<u8> = (0..10_000_000u32).map(|at| (at % 253) as u8).collect();
    shared.file("large", &bytes);
    let servers = STREAMS
        .map(|family| Server::listen(&target.address(family), &["files", "--root", shared.name()]));
    for server in &servers {
        let came = Folder::new();
        let finished = run(&["get", &server.address, "large", "--to", came.name()], "");
        assert_eq!(finished.code, 0, "{}", finished.err);
        assert!(std::fs::read(came.path().join("large")).expect("it came") == bytes);
    }
}
