//! The three streams: every byte in order, as fast as the other side takes it and no faster.

use bytes::Bytes;

use super::super::{CHUNK_BYTES_MAX, CommandEnd, CommandError, Control};
use super::{
    come_to_rest, counted_zeros, done_bytes, finish, open, program, refuse, shell, with_stdin,
};

/// How often what must never fail is tried.
fn rounds() -> usize {
    match std::env::var_os("LANDLINE_TEST_LONG") {
        Some(value) if value == "1" => 1000,
        _ => 20,
    }
}

#[tokio::test]
async fn ten_megabytes_come_exactly_each_time() {
    for round in 0..rounds() {
        let finished = finish(shell("yes | head -c 10000000")).await;
        finished.ends(CommandEnd::Exit(0));
        assert!(finished.out == b"y\n".repeat(5_000_000), "round {round}");
        assert_eq!(finished.err, b"");
    }
}

#[tokio::test]
async fn streams_are_apart_and_a_full_one_does_not_stop_the_other() {
    let mut session = open(shell(
        "head -c 1000000 /dev/zero | tr '\\0' 2 >&2; head -c 1000000 /dev/zero | tr '\\0' 1",
    ));
    session.peer.err.allow_all();
    let err = session.peer.err.take_at_least(1_000_000).await;
    assert!(err == [b'2'; 1_000_000]);
    session = open(shell(
        "head -c 1000000 /dev/zero | tr '\\0' 2 >&2 & head -c 1000000 /dev/zero | tr '\\0' 1",
    ));
    session.peer.out.allow_all();
    let out = session.peer.out.take_at_least(1_000_000).await;
    assert!(out == [b'1'; 1_000_000]);
    assert_eq!(session.peer.err.take(), b"");
    let finished = session.finish().await.expect("a shell");
    assert!(finished.err == [b'2'; 1_000_000]);
}

#[tokio::test]
async fn bytes_of_every_value_go_through_both_ways() {
    let session = open(with_stdin(program(&["cat"])));
    session.peer.out.allow_all();
    let bytes: Vec<u8> = (0..3_000_001_u32).map(|n| (n % 251) as u8).collect();
    let mut rest = Bytes::from(bytes.clone());
    let mut size = 1;
    while !rest.is_empty() {
        assert!(
            session
                .peer
                .stdin
                .send(rest.split_to(size.min(rest.len())))
                .await
        );
        size = (size * 3).min(1_000_000);
    }
    let finished = session.finish().await.expect("a program");
    finished.ends(CommandEnd::Exit(0));
    assert!(finished.out == bytes);
}

#[tokio::test]
async fn stdin_ends_when_the_peer_ends_it_and_the_program_runs_on() {
    let session = open(with_stdin(shell(
        "read line; echo got $line; cat; echo end; exit 3",
    )));
    assert!(session.peer.stdin.send("a line\n").await);
    session.peer.out.allow_all();
    assert_eq!(session.peer.out.take_at_least(11).await, b"got a line\n");
    let finished = session.finish().await.expect("a shell");
    finished.ends(CommandEnd::Exit(3));
    assert_eq!(finished.out, b"end\n");
}

#[tokio::test]
async fn a_program_may_say_much_before_it_reads_anything() {
    let session = open(with_stdin(shell("yes | head -c 10000000; cat >&2")));
    session.peer.out.allow_all();
    session.peer.err.allow_all();
    let sent = vec![b'x'; 1_000_000];
    for _ in 0..5 {
        assert!(session.peer.stdin.send(sent.clone()).await);
    }
    let finished = session.finish().await.expect("a shell");
    assert_eq!(
        (finished.out.len(), finished.err.len()),
        (10_000_000, 5_000_000)
    );
}

#[tokio::test]
async fn a_program_that_takes_no_stdin_is_no_reason_to_wait() {
    let session = open(with_stdin(shell(
        "exec <&-; echo closed; read x <&2; exit 4",
    )));
    session.peer.out.allow_all();
    assert_eq!(session.peer.out.take_at_least(7).await, b"closed\n");
    // One piece fits in the memory of the line; then it is known that nobody takes any.
    while session.peer.stdin.send("x").await {}
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Exit(4));
    let session = open(with_stdin(program(&["true"])));
    while session.peer.stdin.send(vec![b'x'; 100_000]).await {}
    session
        .finish()
        .await
        .expect("a program")
        .ends(CommandEnd::Exit(0));
}

#[tokio::test]
async fn a_program_that_closes_its_output_runs_on_to_its_own_end() {
    let session = open(with_stdin(shell(
        "echo a; echo b >&2; exec >&- 2>&-; read line; exit $line",
    )));
    session.peer.out.allow_all();
    session.peer.err.allow_all();
    assert_eq!(session.peer.out.take_at_least(usize::MAX).await, b"a\n");
    assert_eq!(session.peer.err.take_at_least(usize::MAX).await, b"b\n");
    assert!(!session.running.is_finished());
    assert!(session.peer.stdin.send("7\n").await);
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Exit(7));
}

#[tokio::test]
async fn a_peer_that_takes_nothing_stops_the_program_and_not_the_server() {
    let (line, file) = counted_zeros();
    let session = open(shell(&line));
    let done = come_to_rest(|| done_bytes(&file)).await;
    assert!(done <= 4 * CHUNK_BYTES_MAX as u64, "{done} bytes");
    assert_eq!(finish(shell("echo others")).await.out, b"others\n");
    session.peer.out.allow(10_000_000);
    let count = session.peer.out.take_at_least(10_000_000).await.len();
    assert_eq!(count, 10_000_000);
    session
        .peer
        .controls
        .send(Control::Signal(9))
        .await
        .expect("it listens");
    let finished = session.finish().await.expect("a shell");
    finished.ends(CommandEnd::Signal(9));
}

#[tokio::test]
async fn small_pieces_are_said_at_once() {
    let session = open(with_stdin(shell(
        "while read line; do echo got $line; done",
    )));
    session.peer.out.allow_all();
    for n in 0..50 {
        assert!(session.peer.stdin.send(format!("{n}\n")).await);
        let expected = format!("got {n}\n");
        assert_eq!(
            session.peer.out.take_at_least(expected.len()).await,
            expected.as_bytes()
        );
    }
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Exit(0));
}

#[tokio::test]
async fn a_broken_line_ends_the_command() {
    let session = open(program(&["yes"]));
    session.peer.out.allow(1);
    session.peer.out.take_at_least(1).await;
    session.peer.out.break_off();
    let error = session
        .running
        .await
        .expect("no panic")
        .expect_err("it broke");
    assert!(matches!(error, CommandError::Line(_)));
    assert!(matches!(
        refuse(program(&[])).await,
        CommandError::Malformed(_)
    ));
}
