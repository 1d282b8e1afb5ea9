//! Signals, time limits and cancelling, and that nothing which a command started outlives it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::super::{
    CHUNK_BYTES_MAX, Command, CommandEnd, CommandPeer, CommandRequest, Control, KILL_GRACE,
};
use super::{Session, finish, open, program, shell, with_stdin};
use crate::process::HOLDERS_WAIT_MAX;
use crate::process::presence::{STUBBORN, all_end, eventually, lives};

/// A command that has said `ready`.
async fn ready(request: CommandRequest) -> Session {
    let session = open(request);
    session.peer.out.allow(6);
    assert_eq!(session.peer.out.take_at_least(6).await, b"ready\n");
    session
}

/// A command that says its number first, as `NUMBER` does, and whose output is not taken then.
async fn numbered(request: CommandRequest) -> (Session, u32) {
    let session = open(request);
    session.peer.out.allow(9);
    let text = session.peer.out.take_at_least(9).await;
    let text = String::from_utf8(text).expect("text");
    let number = text.trim_end().trim_start_matches('0');
    (session, number.parse().expect("a number"))
}

/// Says the shell's number in nine bytes.
const NUMBER: &str = "printf '%08d\\n' $$";

/// Waits until the process has ended. It is reaped with its command only.
async fn has_ended(pid: u32) {
    eventually(|| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        stat.expect("it is not reaped").contains(") Z ")
    })
    .await;
}

/// Waits until the process is `cat /dev/zero` and sleeps: that is only ever in a write.
async fn is_held_up(pid: u32) {
    eventually(|| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        stat.is_ok_and(|stat| stat.contains("(cat) S "))
    })
    .await;
}

async fn control(session: &Session, control: Control) {
    session
        .peer
        .controls
        .send(control)
        .await
        .expect("it listens");
}

#[tokio::test]
async fn each_signal_reaches_the_program() {
    let signals = [
        ("HUP", 1),
        ("INT", 2),
        ("QUIT", 3),
        ("USR1", 10),
        ("USR2", 12),
        ("TERM", 15),
    ];
    for (name, number) in signals {
        // No shell is deaf in a loop of its own; just before it waits for a child it is.
        let line =
            format!("trap 'echo got {name}; exit 6' {name}; echo ready; while :; do :; done");
        let session = ready(shell(&line)).await;
        control(&session, Control::Signal(number)).await;
        let finished = session.finish().await.expect("a shell");
        finished.ends(CommandEnd::Exit(6));
        assert_eq!(finished.out, format!("got {name}\n").as_bytes());
    }
}

#[tokio::test]
async fn a_signal_reaches_the_whole_group() {
    for number in [1, 9, 10, 12, 15] {
        let session = ready(shell("sleep 1000 & echo ready; exec sleep 1000")).await;
        let from = Instant::now();
        control(&session, Control::Signal(number)).await;
        let finished = session.finish().await.expect("a shell");
        finished.ends(CommandEnd::Signal(number));
        assert!(
            from.elapsed() < HOLDERS_WAIT_MAX,
            "the other one holds the pipes"
        );
    }
}

#[tokio::test]
async fn a_signal_that_is_none_of_these_does_nothing() {
    let session = ready(with_stdin(shell("echo ready; read line; exit $line"))).await;
    for number in [0, -1, -9, 19, 11, 64, 65, i32::MIN, i32::MAX] {
        control(&session, Control::Signal(number)).await;
    }
    assert!(session.peer.stdin.send("8\n").await);
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Exit(8));
}

#[tokio::test]
async fn a_signal_comes_through_while_all_streams_are_full() {
    let line = format!("{NUMBER}; cat /dev/zero >&2 & exec cat /dev/zero");
    let (session, pid) = numbered(with_stdin(shell(&line))).await;
    let CommandPeer {
        stdin,
        out,
        err,
        controls,
    } = session.peer;
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let flood = tokio::spawn(async move {
        while stdin.send(vec![0; 1_000_000]).await {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    // One piece fills the pipe, one more the line.
    eventually(|| taken.load(Ordering::Relaxed) == 2).await;
    is_held_up(pid).await;
    controls
        .send(Control::Signal(15))
        .await
        .expect("it listens");
    has_ended(pid).await;
    assert_eq!(taken.load(Ordering::Relaxed), 2);
    out.allow_all();
    err.allow_all();
    let done = session.running.await.expect("no panic").expect("it ran");
    assert_eq!(done.end, CommandEnd::Signal(15));
    flood.await.expect("no panic");
}

#[tokio::test]
async fn a_cancelled_command_is_ended_even_if_it_will_not_listen() {
    let session = ready(shell("echo ready; sleep 1000")).await;
    control(&session, Control::Cancel).await;
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Signal(15));

    let session = ready(shell(
        "trap '' TERM; echo ready; while :; do sleep 1000; done",
    ))
    .await;
    let from = Instant::now();
    control(&session, Control::Cancel).await;
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Signal(9));
    assert!(from.elapsed() >= KILL_GRACE && from.elapsed() < 2 * KILL_GRACE);
}

#[tokio::test]
async fn who_cancels_need_not_take_what_is_left() {
    let session = open(program(&["yes"]));
    session.peer.out.allow(1000);
    session.peer.out.take_at_least(1000).await;
    let from = Instant::now();
    control(&session, Control::Cancel).await;
    let done = session.running.await.expect("no panic").expect("it ran");
    assert_eq!(done.end, CommandEnd::Signal(15));
    assert!(from.elapsed() < HOLDERS_WAIT_MAX + Duration::from_secs(1));
}

#[tokio::test]
async fn a_program_whose_time_is_over_is_told_then_killed() {
    const LIMIT: Duration = Duration::from_secs(1000);
    let cases = [
        (
            "trap 'echo late; exit 9' TERM",
            CommandEnd::Exit(9),
            "late\n",
        ),
        ("trap '' TERM", CommandEnd::Signal(9), ""),
        ("true", CommandEnd::Signal(15), ""),
    ];
    for (line, end, said) in cases {
        let session = ready(CommandRequest {
            timeout: Some(LIMIT),
            ..shell(&format!("{line}; echo ready; while :; do :; done"))
        })
        .await;
        tokio::time::pause();
        tokio::time::advance(LIMIT).await;
        tokio::time::resume();
        let from = Instant::now();
        let finished = session.finish().await.expect("a shell");
        assert!(finished.done.timed_out, "{line}");
        assert_eq!(finished.done.end, end, "{line}");
        assert_eq!(finished.out, said.as_bytes());
        assert!(from.elapsed() < KILL_GRACE + Duration::from_secs(1));
    }
}

#[tokio::test]
async fn a_program_that_ends_in_its_time_is_not_timed_out() {
    for timeout in [Duration::from_secs(1000), Duration::MAX] {
        let limited = CommandRequest {
            timeout: Some(timeout),
            ..shell("exit 5")
        };
        finish(limited).await.ends(CommandEnd::Exit(5));
    }
}

#[tokio::test]
async fn time_runs_while_the_peer_takes_nothing() {
    let (session, pid) = numbered(CommandRequest {
        timeout: Some(Duration::from_millis(100)),
        ..shell(&format!("{NUMBER}; exec yes"))
    })
    .await;
    has_ended(pid).await;
    let finished = session.finish().await.expect("a shell");
    assert!(finished.done.timed_out);
    assert_eq!(finished.done.end, CommandEnd::Signal(15));
}

#[tokio::test]
async fn who_holds_the_pipes_is_waited_for_a_while_then_ended() {
    let from = Instant::now();
    let finished = finish(shell("sleep 1000 & echo $!; exit 3")).await;
    finished.ends(CommandEnd::Exit(3));
    assert!(from.elapsed() >= HOLDERS_WAIT_MAX);
    let text = String::from_utf8(finished.out).expect("text");
    all_end(&[text.trim().parse().expect("a number")]).await;

    let finished = finish(shell("(sleep 0.2; echo late) & echo soon")).await;
    assert_eq!(finished.out, b"soon\nlate\n");
}

#[tokio::test]
async fn who_talks_for_ever_after_the_program_is_cut_short() {
    let from = Instant::now();
    let finished = finish(shell("echo first; yes & exit 4")).await;
    finished.ends(CommandEnd::Exit(4));
    assert!(finished.out.starts_with(b"first\ny\ny\n"));
    assert!(from.elapsed() < HOLDERS_WAIT_MAX + Duration::from_secs(1));
}

/// A command that has ended while 5,000 bytes and its number were taken, and longer ago than anybody
/// else is waited for.
async fn ended_long_ago(line: &str) -> Session {
    let (session, pid) = numbered(shell(&format!("{NUMBER}; {line}"))).await;
    has_ended(pid).await;
    // Whoever is to speak has begun to.
    session.peer.out.allow(5000);
    assert_eq!(session.peer.out.take_at_least(5000).await.len(), 5000);
    tokio::time::pause();
    tokio::time::advance(2 * HOLDERS_WAIT_MAX).await;
    tokio::time::resume();
    session
}

#[tokio::test]
async fn a_slow_peer_gets_all_that_the_program_said() {
    let session = ended_long_ago("head -c 60000 /dev/zero; exit 5").await;
    let finished = session.finish().await.expect("a shell");
    finished.ends(CommandEnd::Exit(5));
    assert_eq!(finished.out.len(), 55_000);
}

#[tokio::test]
async fn a_slow_peer_does_not_get_what_others_say_for_ever() {
    let session = ended_long_ago("yes & exit 4").await;
    let mut bytes = 0;
    while !session.peer.out.has_ended() {
        session.peer.out.allow(10_000);
        bytes += session.peer.out.take_at_least(10_000).await.len();
        // sleeps: nothing tells that the pipe is full again
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(bytes < 4 * CHUNK_BYTES_MAX);
    }
    session
        .finish()
        .await
        .expect("a shell")
        .ends(CommandEnd::Exit(4));
}

#[tokio::test]
async fn who_stays_without_the_pipes_is_ended_without_being_waited_for() {
    let from = Instant::now();
    let finished = finish(shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!")).await;
    assert!(from.elapsed() < Duration::from_secs(1));
    let text = String::from_utf8(finished.out).expect("text");
    all_end(&[text.trim().parse().expect("a number")]).await;
}

#[tokio::test]
async fn a_dropped_command_takes_all_that_it_started_along() {
    for command in STUBBORN {
        let file = tempfile::NamedTempFile::new().expect("a place for a file");
        let path = file.path().to_str().expect("a plain path");
        let session = open(with_stdin(shell(&command.replace("{}", path))));
        let mut pids: Vec<u32> = Vec::new();
        eventually(|| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            pids = text.lines().filter_map(|line| line.parse().ok()).collect();
            pids.len() == 2 && text.ends_with('\n')
        })
        .await;
        assert!(pids.iter().all(|pid| lives(*pid)), "{command}");
        session.running.abort();
        all_end(&pids).await;
    }
}

#[tokio::test]
async fn a_program_that_was_started_and_never_attended_is_ended() {
    let command = Command::new().expect("this kernel has subreapers");
    let file = tempfile::NamedTempFile::new().expect("a place for a file");
    let path = file.path().to_str().expect("a plain path");
    let request = shell(&format!("echo $$ > {path}; sleep 1000"));
    let running = command.start(&request).await.expect("a shell");
    let mut pid = None;
    eventually(|| {
        pid = std::fs::read_to_string(path)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        pid.is_some()
    })
    .await;
    drop(running);
    all_end(&[pid.expect("a number")]).await;
    command.ended().await;
}

#[tokio::test]
async fn the_controls_may_go_while_the_program_runs() {
    let session = open(with_stdin(shell("read line; exit $line")));
    let CommandPeer {
        stdin,
        out,
        err,
        controls,
    } = session.peer;
    out.allow_all();
    err.allow_all();
    drop(controls);
    assert!(stdin.send("2\n").await);
    let done = session.running.await.expect("no panic").expect("it ran");
    assert_eq!(done.end, CommandEnd::Exit(2));
}

/// Runs itself again from a shell that ignores these signals, as one does for its background.
#[tokio::test]
async fn a_program_heeds_signals_that_the_server_was_started_to_ignore() {
    const AGAIN: &str = "LANDLINE_TEST_AGAIN";
    let name =
        "command::tests::ends::a_program_heeds_signals_that_the_server_was_started_to_ignore";
    if std::env::var_os(AGAIN).is_none() {
        let mut again = std::process::Command::new("/bin/sh");
        again.args(["-c", "trap '' HUP INT QUIT CHLD; exec \"$@\"", "sh"]);
        again.arg(std::env::current_exe().expect("it runs"));
        again.args(["--exact", name]).env(AGAIN, "1");
        let output = again.output().expect("a shell");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{text}"
        );
        return;
    }
    for number in [1, 2, 3] {
        let session = ready(shell("ulimit -c 0; echo ready; exec sleep 1000")).await;
        control(&session, Control::Signal(number)).await;
        let finished = session.finish().await.expect("a shell");
        finished.ends(CommandEnd::Signal(number));
    }
}
