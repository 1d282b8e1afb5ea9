//! Commands that say so much that their pipe is read on a thread of its own.

use std::fs;

use super::super::{CHUNK_BYTES_MAX, CommandEnd, CommandError};
use super::{Session, come_to_rest, counted_zeros, done_bytes, open, shell};
use crate::process::HOLDERS_WAIT_MAX;
use crate::process::presence::eventually;

/// So many bytes make a pipe wide.
const MUCH: usize = 4_000_000;

/// A command of which [`MUCH`] was taken, and no more is until the test says so.
async fn wide(line: &str) -> Session {
    let session = open(shell(line));
    session.peer.out.allow(MUCH);
    assert_eq!(session.peer.out.take_at_least(MUCH).await.len(), MUCH);
    assert_eq!(readers(), 1);
    session
}

/// How many threads of this process read output. Each test has a process of its own.
fn readers() -> usize {
    let threads = fs::read_dir("/proc/self/task").expect("Linux");
    let name = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("comm"));
    let names = threads.flatten().map(name);
    names
        .filter(|it| matches!(it, Ok(it) if it == "output\n"))
        .count()
}

/// A wide command that is over while its last bytes wait to be taken, and longer ago than anybody else
/// is waited for.
async fn over_long_ago(after: &str) -> Session {
    // Without the line's own process there is nothing to look for.
    let file = tempfile::NamedTempFile::new().expect("a place for a file");
    let path = file.path().to_str().expect("a plain path");
    let line = format!("head -c 4500000 /dev/zero; {after} echo > {path}; exit 5");
    let session = wide(&line).await;
    eventually(|| file.as_file().metadata().expect("it is there").len() > 0).await;
    tokio::time::pause();
    tokio::time::advance(2 * HOLDERS_WAIT_MAX).await;
    tokio::time::resume();
    session
}

#[tokio::test]
async fn a_peer_that_takes_nothing_more_stops_the_program() {
    let (line, file) = counted_zeros();
    let session = wide(&line).await;
    let done = come_to_rest(|| done_bytes(&file)).await;
    let ahead = usize::try_from(done).expect("it is small") - MUCH;
    // What is being sent, what waits, what the thread has, and the pipe.
    assert!(ahead <= 6 * CHUNK_BYTES_MAX, "{ahead} bytes");
    session.peer.out.break_off();
    let error = session.running.await.expect("no panic");
    assert!(matches!(error, Err(CommandError::Line(_))));
    eventually(|| readers() == 0).await;
}

#[tokio::test]
async fn a_slow_peer_gets_all_that_a_wide_program_said() {
    let finished = over_long_ago("").await.finish().await.expect("a shell");
    finished.ends(CommandEnd::Exit(5));
    assert_eq!(finished.out.len(), 500_000);
    eventually(|| readers() == 0).await;
}

#[tokio::test]
async fn a_slow_peer_does_not_get_for_ever_what_others_say_through_a_wide_pipe() {
    let session = over_long_ago("yes &").await;
    session.peer.out.allow_all();
    let finished = session.finish().await.expect("a shell");
    finished.ends(CommandEnd::Exit(5));
    assert!(finished.out[500_000..].starts_with(b"y\n"));
    assert!(finished.out.len() < 500_000 + 8 * CHUNK_BYTES_MAX);
    eventually(|| readers() == 0).await;
}

#[tokio::test]
async fn who_holds_a_wide_pipe_is_waited_for_as_long_as_any_other() {
    let session = open(shell(
        "head -c 4000000 /dev/zero; (sleep 0.2; echo late) & exit 3",
    ));
    let finished = session.finish().await.expect("a shell");
    finished.ends(CommandEnd::Exit(3));
    assert!(finished.out[MUCH..] == *b"late\n");
}

#[tokio::test]
async fn a_program_that_is_dropped_is_read_no_more() {
    let session = wide("cat /dev/zero").await;
    session.running.abort();
    assert!(
        session
            .running
            .await
            .expect_err("it was dropped")
            .is_cancelled()
    );
    eventually(|| readers() == 0).await;
}
