//! T1, the phone call: one read, one answer, both ends hang up.

use crate::stand::{Folder, STREAMS, Server, run, script};

#[test]
fn a_script_calls_answer() {
    let folder = Folder::new();
    for family in STREAMS {
        let address = folder.address(family);
        let server = Server::listen(&address, &["answer", "hello", "--once"]);
        let seen = script("phone_client.py", &[&server.address, "hi"]);
        assert_eq!(seen, "b'hello'\nb''\n", "{family}");
        let finished = server.ended();
        assert_eq!(finished.code, 0, "{family}: {}", finished.err);
    }
}

#[test]
fn call_calls_a_script() {
    let folder = Folder::new();
    for family in STREAMS {
        let server = Server::python("phone_server.py", &[&folder.address(family)]);
        let finished = run(&["call", &server.address], "hi\n").well();
        assert_eq!(finished.text(), "hello\n", "{family}");
        assert_eq!(server.ended().text(), "b'hi'\n", "{family}");
    }
}

#[test]
fn any_text_is_an_answer_to_one_client_after_another() {
    let server = Server::listen("tcp://127.0.0.1:0", &["answer", "再见 ' \\n"]);
    for _ in 0..2 {
        let seen = run(&["call", &server.address], "hi\n").well();
        assert_eq!(seen.text(), "再见 ' \\n\n");
    }
}
