//! What ends a connection, and that none of it ends the tap.

use crate::stand::{Folder, Listening, call, landline, seen, sentence};

#[test]
fn a_target_that_refuses_and_then_is_there() {
    let folder = Folder::new();
    for family in ["tcp://127.0.0.1:0", "unix"] {
        let address = match family {
            "unix" => folder.address(family),
            _ => {
                let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
                format!("tcp://{}", free.local_addr().expect("it is bound"))
            }
        };
        let tap = Listening::tap(&folder, &address, &[]);
        let read = call(&tap.address, &["all"]);
        let expected = if family == "unix" { "end\n" } else { "reset\n" };
        assert_eq!(read, expected, "{family}");
        tap.process.says("could not be reached");
        let target = Listening::of(landline(&["listen", &address, "answer", "hello", "--once"]));
        assert_eq!(
            call(&tap.address, &["say=x", "all"]),
            "b'hello'\nend\n",
            "{family}"
        );
        target.process.finish();
        tap.stop();
    }
}

#[test]
fn quiet_says_that_a_target_refuses() {
    let folder = Folder::new();
    let tap = Listening::tap(&folder, "tcp://127.0.0.1:1", &["-q"]);
    call(&tap.address, &["all"]);
    tap.process.says("could not be reached");
    assert_eq!(tap.stop().text(), "");
}

#[test]
fn a_target_that_closes_at_once() {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["close", "next", "hear", "say=y"]);
    let tap = Listening::tap(&folder, &target.address, &[]);
    assert_eq!(call(&tap.address, &["all"]), "end\n");
    assert_eq!(call(&tap.address, &["say=x", "hear"]), "b'y'\n");
    seen(target);
    tap.stop();
}

#[test]
fn a_client_that_resets_while_it_is_answered() {
    let folder = Folder::new();
    let words = ["hear", "bulk=400000", "all", "next", "hear", "say=y"];
    let target = Listening::target("tcp://127.0.0.1:0", &words);
    let tap = Listening::tap(&folder, &target.address, &["--delay", "to-client:50ms"]);
    call(&tap.address, &["say=x", "hear", "reset"]);
    assert_eq!(call(&tap.address, &["say=x", "hear"]), "b'y'\n");
    assert!(seen(target).contains("reset"));
    tap.stop();
}

#[test]
fn a_signal_ends_it_at_once_unless_bytes_wait() {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["hear", "all"]);
    let tap = Listening::tap(&folder, &target.address, &["--delay", "to-server:700ms"]);
    let place = tap.address.strip_prefix("tcp://").expect("a tcp tap");
    let mut line = std::net::TcpStream::connect(place).expect("the tap listens");
    std::io::Write::write_all(&mut line, b"last words").expect("the tap reads");
    tap.process.shows("read 10: last words");
    let said = tap.stop().text();
    assert!(said.contains("write 10: last words"), "{said}");
    assert!(seen(target).starts_with("b'last words'\n"));
}

#[test]
fn what_is_held_when_the_grace_is_over_is_told() {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["all"]);
    let options = ["--delay", "to-server:1h", "--grace", "50ms", "--json"];
    let tap = Listening::tap(&folder, &target.address, &options);
    let place = tap.address.strip_prefix("tcp://").expect("a tcp tap");
    let mut line = std::net::TcpStream::connect(place).expect("the tap listens");
    std::io::Write::write_all(&mut line, b"last words").expect("the tap reads");
    tap.process.shows("last words");
    let said = tap.stop().text();
    let last: Vec<serde_json::Value> = said
        .lines()
        .rev()
        .take(3)
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    let events: Vec<_> = last.iter().map(|it| it["event"].as_str()).collect();
    assert_eq!(events, [Some("summary"), Some("closed"), Some("held")]);
    assert_eq!(last[2]["size"], 10);
    seen(target);
}

#[test]
fn a_reader_of_its_output_that_leaves_ends_it() {
    let folder = Folder::new();
    let target = Listening::of(landline(&["listen", "tcp://127.0.0.1:0", "echo"]));
    let script = "exec 3>&1; \"$0\" tap tcp://127.0.0.1:0 \"$1\" | head -n 1 >&3";
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args([
        "-c",
        script,
        env!("CARGO_BIN_EXE_landline"),
        &target.address,
    ]);
    let tap = Listening::of(shell);
    for _ in 0..3 {
        // The first word is shown to the one who leaves; a later one finds nobody.
        let mut client = crate::stand::python("peer.py", &["call", &tap.address, "say=x", "hear"]);
        client.stderr(std::process::Stdio::null());
        client.stdout(std::process::Stdio::null());
        client.status().expect("python is there");
    }
    tap.process.finish();
    drop(folder);
}

#[test]
fn a_place_in_use_is_said() {
    let taken = Listening::of(landline(&["listen", "tcp://127.0.0.1:0", "echo"]));
    let finished = crate::stand::run(&["tap", &taken.address, "tcp://127.0.0.1:1"]);
    assert_eq!((finished.code, finished.text().as_str()), (255, ""));
    assert!(
        sentence(&finished.err).contains("in use"),
        "{}",
        finished.err
    );
}
