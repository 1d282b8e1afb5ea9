//! `--json`: one object a line, with a version, for the same facts that people are told.

use serde_json::Value;

use crate::stand::{Process, Server, dial, landline, reset, run};

#[test]
fn listening_is_an_event() {
    let server = Process::start(landline(&["--json", "listen", "tcp://127.0.0.1:0", "exec"]));
    let event = object(&server.says("listening"));
    assert_eq!(event["event"], "listening");
    let address = event["address"].as_str().expect("an address is a string");
    let mut line = dial(address);
    std::io::Write::write_all(&mut line, b"GET / HTTP/1.1\r\n\r\n").expect("the server reads");
    let note = object(&server.says("HTTP"));
    assert!(
        note["peer"]
            .as_str()
            .is_some_and(|peer| peer.contains("127.0.0.1")),
        "{note}"
    );
    reset(line);
}

#[test]
fn an_error_is_one_object() {
    let finished = run(&["call", "--json", "tcp://127.0.0.1:1"], "");
    assert_eq!((finished.code, finished.out.len()), (255, 0));
    let error = object(finished.err.trim_end());
    assert_eq!(error["event"], "error");
    let message = error["message"].as_str().expect("a message is a string");
    assert!(message.contains("tcp://127.0.0.1:1"), "{error}");
}

#[test]
fn quiet_says_errors_only() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec", "-q"]);
    let mut line = dial(&server.address);
    std::io::Write::write_all(&mut line, b"GET / HTTP/1.1\r\n\r\n").expect("the server reads");
    crate::stand::take_to_end(&mut line);
    let finished = server.stop();
    assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
    assert_eq!(
        run(&["call", "-q", "tcp://127.0.0.1:1"], "")
            .err
            .lines()
            .count(),
        1
    );
}

fn object(line: &str) -> Value {
    let object: Value = serde_json::from_str(line).expect("a line is an object");
    assert_eq!(object["v"], 1, "{object}");
    object
}
