//! Commands that say so much that their pipe is read on a thread of its own.

use std::fs;

use super::super::{CHUNK_BYTES_MAX, CommandEnd, CommandError};
use super::{Session, come_to_rest, counted_zeros, done_bytes, finish, open, shell};
use crate::process::HOLDERS_WAIT_MAX;
use crate::process::presence::eventually;

/// A command whose output was taken until its pipe was wide, and is not since; and how much was.
async fn wide(line: &str) -> (Session, usize) {
    let session = open(shell(line));
    let mut taken = 0;
    eventually(|| {
        taken += more_of(&session);
        readers() == 1
    })
    .await;
    (session, taken)
}

/// Lets a little more come, and tells how much has.
fn more_of(session: &Session) -> usize {
    session.peer.out.allow(65_536);
    session.peer.out.take().len()
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

/// What comes of a wide command that is over while its last bytes wait to be taken, and longer ago than
/// anybody else is waited for. It says zeros, and does that last; how many came before, what comes then,
/// and how many zeros there are.
async fn over_long_ago(last: &str) -> (usize, Vec<u8>, usize) {
    let folder = tempfile::tempdir().expect("a place");
    let at = |name: &str| folder.path().join(name);
    let place = folder.path().to_str().expect("a plain path");
    let line = format!(
        "cd {place}; while [ ! -e stop ]; do printf x >> count; \
         head -c 65536 /dev/zero; done; {last} exit 5"
    );
    let (session, mut taken) = wide(&line).await;
    fs::write(at("stop"), "").expect("a free name");
    eventually(|| {
        taken += more_of(&session);
        // The thread is stopped once the program's end was seen.
        readers() == 0
    })
    .await;
    tokio::time::pause();
    tokio::time::advance(2 * HOLDERS_WAIT_MAX).await;
    tokio::time::resume();
    let said = fs::metadata(at("count")).expect("it is there").len() * 65_536;
    let finished = session.finish().await.expect("a shell");
    finished.ends(CommandEnd::Exit(5));
    eventually(|| readers() == 0).await;
    let said = usize::try_from(said).expect("it is small");
    (taken, finished.out, said)
}

#[tokio::test]
async fn a_peer_that_takes_nothing_more_stops_the_program() {
    let (line, file) = counted_zeros();
    let (session, taken) = wide(&line).await;
    let done = come_to_rest(|| done_bytes(&file)).await;
    let ahead = usize::try_from(done).expect("it is small") - taken - session.peer.out.take().len();
    // What is being sent, what waits, what the thread has, and the pipe.
    assert!(ahead <= 6 * CHUNK_BYTES_MAX, "{ahead} bytes");
    session.peer.out.break_off();
    let error = session.running.await.expect("no panic");
    assert!(matches!(error, Err(CommandError::Line(_))));
    eventually(|| readers() == 0).await;
}

#[tokio::test]
async fn a_slow_peer_gets_all_that_a_wide_program_said() {
    let (taken, out, said) = over_long_ago("").await;
    assert_eq!(taken + out.len(), said);
}

#[tokio::test]
async fn a_slow_peer_does_not_get_for_ever_what_others_say_through_a_wide_pipe() {
    let (taken, out, said) = over_long_ago("yes &").await;
    let of_others = &out[said.saturating_sub(taken)..];
    assert!(of_others.iter().all(|it| b"y\n".contains(it)));
    assert!(of_others.len() < 8 * CHUNK_BYTES_MAX, "{}", of_others.len());
}

#[tokio::test]
async fn who_holds_a_wide_pipe_is_waited_for_as_long_as_any_other() {
    let line = "head -c 4000000 /dev/zero; (sleep 0.2; echo late) & exit 3";
    let finished = finish(shell(line)).await;
    finished.ends(CommandEnd::Exit(3));
    assert!(finished.out[4_000_000..] == *b"late\n");
}

#[tokio::test]
async fn a_program_that_is_dropped_is_read_no_more() {
    let (session, _) = wide("cat /dev/zero").await;
    session.running.abort();
    let dropped = session.running.await.expect_err("it was dropped");
    assert!(dropped.is_cancelled());
    eventually(|| readers() == 0).await;
}
