//! `--json`: one object a line, with a version, for the same facts that people are told.

use std::io::Write;

use serde_json::{Value, json};

use crate::stand::{Folder, Process, Server, dial, far_end, landline, reset, run, take};

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
fn replies_are_objects() {
    let server = Server::listen("udp://127.0.0.1:0", &["echo"]);
    let call = ["call", "--json", "--recv", "3", &server.address];
    let finished = run(&call, b"hello\n\xff\n".to_vec());
    let lines: Vec<Value> = finished.text().lines().map(object).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    let reply = |size, kept, text| json!({"v": 1, "event": "reply", "size": size, "kept": kept, "text": text});
    assert_eq!(lines[0], reply(5, 3, "hel"));
    assert_eq!(
        (&lines[1]["hex"], &lines[1]["size"]),
        (&json!("ff"), &json!(1))
    );
}

#[test]
fn what_a_command_wrote_is_in_objects_and_so_is_its_end() {
    let server = Server::listen("tcp://127.0.0.1:0", &["exec"]);
    let exec = [
        "exec",
        "--json",
        &server.address,
        "--",
        "printf 'a\\303\\244'; printf '\\377' >&2",
    ];
    let finished = run(&exec, "").well();
    let lines: Vec<Value> = finished.text().lines().map(object).collect();
    let events: Vec<&Value> = lines.iter().map(|line| &line["event"]).collect();
    assert_eq!(events, ["output", "done"], "{lines:?}");
    assert_eq!(
        (&lines[0]["data_b64"], &lines[1]["bytes"]),
        (&json!("/2HDpA=="), &json!(4))
    );
    let (address, peer) = far_end(|mut line| {
        take(&mut line, 1);
        line.write_all(&[5, 0, 0, 0, b'a']).expect("it reads");
    });
    let cut = run(&["exec", "--json", &address, "--", "x"], "");
    let lines: Vec<Value> = cut.text().lines().map(object).collect();
    assert_eq!((cut.code, &lines[0]["data"]), (255, &json!("a")));
    assert_eq!(
        (&lines[1]["event"], &lines[1]["code"]),
        (&json!("failed"), &json!("reply-cut"))
    );
    peer.join().expect("it ended");
}

#[test]
fn what_became_of_each_file_is_an_object_and_so_is_the_end() {
    let (shared, target) = (Folder::new(), Folder::new());
    shared.file("a.txt", "hello");
    let server = Server::listen("tcp://127.0.0.1:0", &["files", "--root", shared.name()]);
    let get = ["get", "--json", &server.address, "--to", target.name()];
    let finished = run(&[&get[..], &["a.txt", "none"]].concat(), "");
    let lines: Vec<Value> = finished.text().lines().map(object).collect();
    assert_eq!((finished.code, finished.err.as_str()), (255, ""));
    let (md5, path) = (
        "5d41402abc4b2a76b9719d911017c592",
        target.path().join("a.txt"),
    );
    let placed = json!({
        "v": 1, "event": "placed", "name": "a.txt", "path": path, "size": 5, "md5": md5,
    });
    assert_eq!(lines[0], placed);
    let failed = &lines[1];
    assert_eq!(
        (
            &failed["event"],
            &failed["name"],
            failed["code"].is_string()
        ),
        (&json!("failed"), &json!("none"), true)
    );
    let done = &lines[2];
    assert_eq!(
        (
            &done["event"],
            &done["files"],
            &done["failed"],
            &done["bytes"],
            &done["status"]
        ),
        (&json!("done"), &json!(1), &json!(1), &json!(5), &json!(255))
    );
    assert_eq!(lines.len(), 3, "{lines:?}");
    let nobody = run(&["get", "--json", "tcp://127.0.0.1:1", "a.txt"], "");
    let said = object(nobody.text().trim_end());
    assert_eq!((nobody.code, &said["event"]), (255, &json!("failed")));
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
