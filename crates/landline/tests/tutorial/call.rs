//! `call` in a pipe: one line one message, one read one reply, and how it ends.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::stand::{
    Process, Server, clean, far_end, landline, patience, run, sentence, take, take_to_end,
};

#[test]
fn to_wait_for_ever_is_no_mistake() {
    let server = Server::listen("tcp://127.0.0.1:0", &["answer", "hello"]);
    let wait = format!("{}s", u64::MAX);
    let finished = run(
        &["call", "--duplex", "--wait", &wait, &server.address],
        "x\n",
    );
    assert_eq!(finished.well().text(), "hello\n");
}

#[test]
fn raw_tells_a_full_disk_from_a_broken_line() {
    let server = Server::listen("tcp://127.0.0.1:0", &["answer", "hello"]);
    let full = File::options().write(true).open("/dev/full");
    let mut command = landline(&["call", "--raw", &server.address]);
    command
        .stdin(Stdio::piped())
        .stdout(full.expect("it is there"))
        .stderr(Stdio::piped());
    let mut call = Process::start_as_it_is(command);
    call.type_in("x");
    let finished = call.finish();
    assert_eq!(finished.code, 255);
    assert!(
        sentence(&finished.err).contains("standard output"),
        "{}",
        finished.err
    );
}

#[test]
fn bytes_that_are_not_text_pass_untouched() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    let input: Vec<u8> = (0..=255).filter(|byte| *byte != b'\n').collect();
    let finished = run(&["call", &server.address], [&input[..], b"\n"].concat()).well();
    assert_eq!(finished.out, [&input[..], b"\n"].concat());
}

#[test]
fn a_newline_is_added_only_when_lacking() {
    let (address, serving) = far_end(|mut line| {
        for reply in ["a", "b\n", "c\n\n"] {
            take(&mut line, 1);
            line.write_all(reply.as_bytes()).expect("the client reads");
        }
        take_to_end(&mut line)
    });
    let finished = run(&["call", &address], "1\n2\n3\n").well();
    assert_eq!(finished.text(), "a\nb\nc\n\n");
    assert_eq!(serving.join().expect("it plays its part"), b"");
}

#[test]
fn a_long_line_is_one_message() {
    let (address, serving) = far_end(|mut line| {
        let got = take(&mut line, 3_000_000);
        line.write_all(b"all").expect("the client reads");
        got
    });
    let finished = run(&["call", &address], "x".repeat(3_000_000)).well();
    assert_eq!(finished.text(), "all\n");
    assert!(
        serving
            .join()
            .expect("it plays its part")
            .iter()
            .all(|byte| *byte == b'x')
    );
}

#[test]
fn past_its_wait_it_says_so_and_goes_on() {
    let (address, serving) = far_end(|mut line| {
        take(&mut line, 3);
        take(&mut line, 3);
        line.write_all(b"late").expect("the client reads");
        take_to_end(&mut line)
    });
    let start = Instant::now();
    let finished = run(&["call", &address, "--wait", "150ms"], "one\ntwo\n");
    assert!(start.elapsed() >= Duration::from_millis(150));
    assert_eq!(finished.text(), "late\n");
    let mut notes = finished.err.lines();
    let note = notes.next().expect("a note on the first message");
    clean(note);
    assert!(note.contains("150ms"), "{note}");
    assert_eq!(serving.join().expect("it plays its part"), b"");
}

/// It once said at the end, too, that it went on.
#[test]
fn replies_that_never_came_are_told_once_at_the_end() {
    for (input, count) in [("one\n", 1), ("one\ntwo\n", 2)] {
        let (address, serving) = far_end(|mut line| take_to_end(&mut line));
        let finished = run(&["call", &address, "--wait", "50ms"], input);
        serving.join().expect("it plays its part");
        assert_eq!((finished.code, finished.text().as_str()), (0, ""));
        let notes: Vec<&str> = finished.err.lines().collect();
        let (last, late) = notes.split_last().expect("notes");
        assert_eq!(late.len(), count, "{notes:?}");
        assert!(late.iter().all(|note| note.contains("50ms")), "{notes:?}");
        let expected = format!("did not come: {count}; hanging up");
        assert!(last.contains(&expected), "{notes:?}");
    }
}

#[test]
fn at_the_end_of_input_it_takes_what_is_owed() {
    let (tell, told) = channel();
    let (address, serving) = far_end(move |mut line| {
        take(&mut line, 6);
        line.write_all(b"first").expect("the client reads");
        // Each by itself, so that they do not stick together.
        told.recv_timeout(patience()).expect("the first is shown");
        line.write_all(b"second").expect("the client reads");
        take_to_end(&mut line)
    });
    let mut client = Process::start(landline(&["call", &address, "--wait", "1s"]));
    client.type_in("one\ntwo\n");
    client.end_input();
    client.shows("first");
    tell.send(()).expect("the far end listens");
    let finished = client.finish();
    assert_eq!(
        (finished.code, finished.text().as_str()),
        (0, "first\nsecond\n")
    );
    assert_eq!(serving.join().expect("it plays its part"), b"");
}

#[test]
fn it_never_half_closes() {
    let (tell, told) = channel();
    let (address, serving) = far_end(move |mut line| {
        take(&mut line, 2);
        told.recv_timeout(patience())
            .expect("the client's input has ended");
        // If it had said so on the line, the end would be read here.
        line.set_read_timeout(Some(Duration::from_millis(50)))
            .expect("a timeout");
        let nothing = line.read(&mut [0]).expect_err("neither a byte nor an end");
        assert!(matches!(
            nothing.kind(),
            ErrorKind::WouldBlock | ErrorKind::TimedOut
        ));
        line.set_read_timeout(Some(patience())).expect("a timeout");
        line.write_all(b"yes").expect("the client still reads");
        take_to_end(&mut line)
    });
    let mut client = Process::start(landline(&["call", &address, "--wait", "1s"]));
    client.type_in("hi\n");
    client.end_input();
    // Past the wait it reads on, finds the end of its input, and waits for what it is owed.
    client.says("1s");
    tell.send(()).expect("the far end listens");
    let finished = client.finish();
    assert_eq!((finished.code, finished.text().as_str()), (0, "yes\n"));
    assert_eq!(serving.join().expect("it plays its part"), b"");
}

#[test]
fn without_input_it_closes() {
    let (address, serving) = far_end(|mut line| take_to_end(&mut line));
    assert_eq!(run(&["call", &address], "").well().text(), "");
    assert_eq!(run_empty_lines(), "");
    assert_eq!(serving.join().expect("it plays its part"), b"");
}

fn run_empty_lines() -> String {
    let (address, serving) = far_end(|mut line| take_to_end(&mut line));
    let finished = run(&["call", &address], "\n\n\n").well();
    assert_eq!(serving.join().expect("it plays its part"), b"");
    finished.text()
}

#[test]
fn raw_carries_10_mb_both_ways() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo", "--recv", "65536"]);
    let input: Vec<u8> = (0..10_000_000u32).map(|at| (at % 251) as u8).collect();
    let finished = run(&["call", "--raw", &server.address], input.clone()).well();
    assert!(
        finished.out == input,
        "{} bytes came back",
        finished.out.len()
    );
}

#[test]
fn raw_half_closes_at_the_end_of_input() {
    let (address, serving) = far_end(|mut line| {
        let got = take_to_end(&mut line);
        line.write_all(&vec![b'r'; 10_000_000])
            .expect("the client reads on");
        got
    });
    let finished = run(&["call", "--raw", &address], "question\n\n").well();
    assert!(
        finished.out == vec![b'r'; 10_000_000],
        "{} bytes came",
        finished.out.len()
    );
    assert_eq!(serving.join().expect("it plays its part"), b"question\n\n");
}

#[test]
fn raw_goes_on_sending_when_the_far_end_half_closes() {
    let (address, serving) = far_end(|mut line| {
        line.write_all(b"my last word").expect("the client reads");
        line.shutdown(Shutdown::Write).expect("it is connected");
        take_to_end(&mut line).len()
    });
    let finished = run(&["call", "--raw", &address], vec![b'x'; 10_000_000]).well();
    assert_eq!(finished.text(), "my last word");
    assert_eq!(serving.join().expect("it plays its part"), 10_000_000);
}

#[test]
fn duplex_prints_what_nobody_asked_for() {
    let (address, serving) = far_end(|mut line: TcpStream| {
        line.write_all(b"unasked\n").expect("the client reads");
        take(&mut line, 2);
        line.write_all(b"once\n").expect("the client reads");
        line.write_all(b"twice\n").expect("the client reads");
        take_to_end(&mut line)
    });
    let mut client = Process::start(landline(&["call", &address, "--duplex"]));
    client.shows("unasked");
    client.type_in("hi\n");
    client.shows("twice");
    let finished = client.finish();
    assert_eq!(
        (finished.code, finished.text().as_str()),
        (0, "unasked\nonce\ntwice\n")
    );
    assert_eq!(serving.join().expect("it plays its part"), b"");
}

#[test]
fn nobody_reads_its_output() {
    let server = Server::listen("tcp://127.0.0.1:0", &["echo"]);
    let mut shell = Command::new("sh");
    let line = "for i in 1 2 3 4 5 6 7 8 9; do echo $i; done | \"$0\" \"$@\" | head -n 1";
    shell.args([
        "-c",
        line,
        env!("CARGO_BIN_EXE_landline"),
        "call",
        &server.address,
    ]);
    let finished = Process::start(shell).finish();
    assert_eq!(finished.text(), "1\n");
    clean(&finished.err);
}

#[test]
fn nobody_listens() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("loopback has a free port")
        .port();
    let tcp = format!("tcp://127.0.0.1:{port}");
    let missing = "unix:/no/such/socket";
    let nowhere = "tcp://no-such-host.invalid:1";
    for arguments in [
        ["call", &tcp],
        ["exec", &tcp],
        ["get", &tcp],
        ["call", missing],
    ] {
        let finished = run(&arguments, "hi\n");
        assert_eq!(finished.code, 255, "{arguments:?}");
        assert!(
            sentence(&finished.err).contains(arguments[1]),
            "{}",
            finished.err
        );
    }
    let finished = run(&["call", nowhere], "hi\n");
    assert_eq!(finished.code, 255);
    assert!(
        sentence(&finished.err).contains("no-such-host.invalid"),
        "{}",
        finished.err
    );
}
