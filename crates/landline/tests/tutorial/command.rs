//! T6 and T7, the remote command: a length in the machine's own order, then all of stderr, then all
//! of stdout.

use std::io::Write;

use crate::stand::{Folder, STREAMS, Server, dial, run, script, take};

#[test]
fn a_script_runs_commands() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::listen(&folder.address(family), &["exec"]);
        let commands = [
            "echo out; echo err >&2",
            "true",
            "printf '\\377\\000'",
            "exit 3",
        ];
        let arguments = [&[server.address.as_str()], &commands[..]].concat();
        let seen = script("command_client.py", &arguments);
        assert_eq!(
            seen, "8 b'err\\nout\\n'\n0 b''\n2 b'\\xff\\x00'\n0 b''\n",
            "{family}"
        );
    }
}

#[test]
fn exec_runs_commands_of_a_script() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::python("command_server.py", &[&folder.address(family)]);
        let one = run(
            &[
                "exec",
                &server.address,
                "--",
                "echo",
                "a  b;",
                "echo",
                "$((1+1))",
            ],
            "",
        );
        assert_eq!(one.well().text(), "a b\n2\n", "{family}");
        let none = run(&["exec", &server.address, "--", "true"], "");
        assert_eq!(none.well().text(), "", "{family}");
    }
}

#[test]
fn exec_prompts_for_commands() {
    let server = Server::python("command_server.py", &["tcp://127.0.0.1:0"]);
    let finished = run(&["exec", &server.address], "echo a\n\nprintf b\necho 中");
    assert_eq!(
        (finished.code, finished.text().as_str()),
        (0, "a\nb中\n"),
        "{}",
        finished.err
    );
}

#[test]
fn the_length_is_in_this_machines_order() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let mut line = dial(&server.address);
    line.write_all(b"printf hello").expect("the server reads");
    assert_eq!(take(&mut line, 4), 5i32.to_ne_bytes());
    assert_eq!(take(&mut line, 5), b"hello");
}

#[test]
fn exec_reads_a_length_in_the_order_that_is_asked_for() {
    for (shape, endian) in [("<i", "little"), (">i", "big"), ("=i", "native")] {
        let server = Server::python("command_server.py", &["tcp://127.0.0.1:0", shape]);
        let finished = run(
            &["exec", &server.address, "--endian", endian, "--", "echo hi"],
            "",
        );
        assert_eq!(finished.well().text(), "hi\n", "{endian}");
    }
}

#[test]
fn exec_decodes_gbk_only_where_that_is_asked_for() {
    let arguments = ["tcp://127.0.0.1:0", "i", "gbk"];
    let server = Server::python("command_server.py", &arguments);
    let decoded = [
        "exec",
        &server.address,
        "--encoding",
        "gbk",
        "--",
        "echo 你好",
    ];
    assert_eq!(run(&decoded, "").well().text(), "你好\n");
    let untouched = run(&["exec", &server.address, "--", "echo 你好"], "").well();
    assert_eq!(untouched.out, b"\xc4\xe3\xba\xc3\n");
}

#[test]
fn exec_and_listen_exec_agree() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::listen(&folder.address(family), &["exec"]);
        let both = ["exec", &server.address, "--", "echo out; echo err >&2"];
        assert_eq!(run(&both, "").well().text(), "err\nout\n", "{family}");
    }
}

#[test]
fn a_command_of_1023_bytes_is_run() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let text = "x".repeat(1023 - "echo ".len());
    let finished = run(&["exec", &server.address, "--", "echo", &text], "").well();
    assert_eq!(finished.text().trim_end(), text);
}

/// A daemon that a command starts must not keep the server's port or its clients' lines open.
#[test]
fn a_command_gets_no_socket_of_the_server() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::listen(&folder.address(family), &["exec"]);
        let seen = run(&["exec", &server.address, "--", "ls -l /proc/self/fd"], "");
        let open = seen.well().text();
        assert!(!open.contains("socket:"), "{family}: {open}");
    }
}

#[test]
fn output_above_its_limit_is_an_error_text() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec", "--output-max", "1000"]);
    let finished = run(
        &["exec", &server.address, "--", "head -c 5000 /dev/zero"],
        "",
    );
    let text = finished.text();
    assert!(!text.contains('\0') && text.contains("1000"), "{text:?}");
    let next = run(
        &["exec", &server.address, "--", "head -c 1000 /dev/zero"],
        "",
    );
    assert_eq!(next.well().out, vec![0; 1000]);
}
