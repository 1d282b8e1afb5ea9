//! What a caller of `exec` gets, and that nothing it started outlives its call: real shells on a
//! line in memory.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use landline_frame::tutorial::{Endian, decode_length};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::Exec;
use crate::call::{BoxFuture, Call, CallReader, Settings, StreamService};
use crate::journal::Kept;
use crate::process::presence::{STUBBORN, all_end, eventually, lives};

/// A service, its peer's end of one call, and what it noted.
struct Line {
    peer: DuplexStream,
    serving: JoinHandle<io::Result<()>>,
    exec: Arc<Exec>,
    kept: Arc<Kept>,
}

impl Line {
    fn open() -> Self {
        Self::with(|_| {}, |_| {})
    }

    fn with(set: impl FnOnce(&mut Exec), change: impl FnOnce(&mut Call)) -> Self {
        let kept = Arc::new(Kept::default());
        let settings = Settings {
            journal: kept.clone(),
            ..Settings::default()
        };
        let mut exec = Exec::new(settings).expect("this kernel has subreapers");
        set(&mut exec);
        let exec = Arc::new(exec);
        let (mut call, peer) = Call::pair();
        change(&mut call);
        let service = exec.clone();
        let serving = tokio::spawn(async move { service.serve(call).await });
        Self {
            peer,
            serving,
            exec,
            kept,
        }
    }

    async fn send(&mut self, command: impl AsRef<[u8]>) {
        self.peer
            .write_all(command.as_ref())
            .await
            .expect("the service reads");
    }

    async fn reply(&mut self) -> Vec<u8> {
        let mut length = [0; 4];
        self.peer.read_exact(&mut length).await.expect("a length");
        let length = decode_length(length, Endian::NATIVE).expect("not negative");
        let mut body = vec![0; length as usize];
        self.peer
            .read_exact(&mut body)
            .await
            .expect("as much as announced");
        body
    }

    async fn ask(&mut self, command: impl AsRef<[u8]>) -> Vec<u8> {
        self.send(command).await;
        self.reply().await
    }

    async fn ask_text(&mut self, command: &str) -> String {
        String::from_utf8(self.ask(command).await).expect("text")
    }

    /// The process numbers that the command writes to a file, one a line, once there are `count`.
    /// `{}` in the command stands for the file.
    async fn start(&mut self, command: &str, count: usize) -> Vec<u32> {
        let file = tempfile::NamedTempFile::new().expect("a place for a file");
        let path = file.path().to_str().expect("a plain path").to_owned();
        self.send(command.replace("{}", &path)).await;
        let mut pids = Vec::new();
        eventually(|| {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            pids = text.lines().filter_map(|line| line.parse().ok()).collect();
            pids.len() == count && text.ends_with('\n')
        })
        .await;
        pids
    }
}

/// Ten thousand idle calls are to take little.
#[tokio::test]
async fn an_idle_call_holds_no_room_for_a_command() {
    let exec = Exec::new(Settings::default()).expect("this kernel has subreapers");
    let (call, _peer) = Call::pair();
    let held = size_of_val(&exec.answer(call));
    assert!(held < 1024, "{held} bytes");
}

#[tokio::test]
async fn each_read_is_a_command_and_stderr_comes_before_stdout() {
    let mut line = Line::open();
    assert_eq!(line.ask("echo out; echo err >&2").await, b"err\nout\n");
    assert_eq!(line.ask("true").await, b"");
    assert_eq!(line.ask("echo 你好").await, "你好\n".as_bytes());
    drop(line.peer);
    line.serving.await.expect("no panic").expect("a clean end");
}

#[tokio::test]
async fn bytes_pass_untouched_and_stdin_is_empty() {
    let mut line = Line::open();
    assert_eq!(line.ask(r"printf 'a\0b\377\r\n'").await, b"a\0b\xff\r\n");
    assert_eq!(line.ask("cat; echo done").await, b"done\n");
    assert_eq!(line.ask("echo a; kill -9 $$; echo b").await, b"a\n");
}

#[tokio::test]
async fn a_line_that_begins_with_a_dash_is_no_option() {
    let said = Line::open().ask_text("-e echo hi").await;
    assert!(said.contains("-e"), "{said}");
    assert!(said.contains("not found"), "{said}");
}

#[tokio::test]
async fn both_streams_flooding_at_once_in_either_order() {
    let mut line = Line::open();
    let flood = |stream| format!("head -c 1000000 /dev/zero | tr '\\0' {stream} >&{stream}");
    let expected = [vec![b'2'; 1_000_000], vec![b'1'; 1_000_000]].concat();
    for (first, second) in [(1, 2), (2, 1)] {
        let one_by_one = format!("{}; {}", flood(first), flood(second));
        assert!(line.ask(one_by_one).await == expected);
        let at_once = format!("{} & {}; wait", flood(first), flood(second));
        assert!(line.ask(at_once).await == expected);
    }
}

#[tokio::test]
async fn ten_megabytes_come_exactly() {
    let reply = Line::open().ask("yes | head -c 10000000").await;
    assert!(reply == b"y\n".repeat(5_000_000));
}

#[tokio::test]
async fn a_command_that_closes_its_streams_early_is_waited_for() {
    let mut line = Line::open();
    let from = Instant::now();
    assert_eq!(line.ask("echo a; exec >&- 2>&-; sleep 0.3").await, b"a\n");
    assert!(from.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn output_past_the_limit_ends_the_command_and_the_line_goes_on() {
    let mut line = Line::with(|exec| exec.output_max = 1000, |_| {});
    assert_eq!(line.ask("head -c 1000 /dev/zero").await, [0; 1000]);
    let said = line
        .ask_text("head -c 501 /dev/zero; head -c 500 /dev/zero >&2")
        .await;
    assert!(said.contains("longer than 1000 bytes"), "{said}");
    let said = line.ask_text("echo $$; exec yes").await;
    assert!(said.contains("longer than 1000 bytes"), "{said}");
    assert_eq!(line.ask("echo on").await, b"on\n");
    assert_eq!(line.kept.keys(), ["exec-too-long", "exec-too-long"]);
}

#[tokio::test]
async fn what_is_no_command_line_is_told_so_and_the_line_goes_on() {
    let mut line = Line::open();
    let said = String::from_utf8(line.ask(b"echo \xc4\xe3").await).expect("text");
    assert!(said.contains("not UTF-8"), "{said}");
    let said = line.ask_text("echo a\0b").await;
    assert!(said.contains("NUL"), "{said}");
    assert_eq!(line.ask("echo on").await, b"on\n");
    assert_eq!(line.kept.keys(), ["exec-not-utf8", "exec-nul"]);
}

#[tokio::test]
async fn a_read_that_fills_the_buffer_is_never_run_and_hangs_up() {
    let mut line = Line::open();
    let command = format!("{:1024}", "kill -9 $PPID;");
    let said = line.ask_text(&command).await;
    assert!(said.contains("cut short"), "{said}");
    assert_eq!(line.peer.read(&mut [0]).await.expect("hung up"), 0);
    assert_eq!(line.kept.keys(), ["exec-fills-read"]);
}

#[tokio::test]
async fn a_browser_is_hung_up_on_without_a_word() {
    let mut line = Line::open();
    line.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    assert_eq!(line.peer.read(&mut [0]).await.expect("hung up"), 0);
    assert_eq!(line.kept.keys(), ["exec-http"]);
}

#[tokio::test]
async fn a_stopping_server_ends_an_idle_call_at_once() {
    let mut stop = None;
    let mut line = Line::with(|_| {}, |call| stop = Some(call.stop().clone()));
    assert_eq!(line.ask("echo on").await, b"on\n");
    stop.expect("a call has one").cancel();
    assert_eq!(line.peer.read(&mut [0]).await.expect("hung up"), 0);
    line.serving.await.expect("no panic").expect("a clean end");
}

#[tokio::test]
async fn who_holds_the_pipes_after_the_shell_is_waited_for_a_while_then_ended() {
    let mut line = Line::open();
    let from = Instant::now();
    let said = line.ask_text("sleep 1000 & echo $!").await;
    assert!(from.elapsed() >= crate::process::HOLDERS_WAIT_MAX);
    all_end(&[said.trim().parse().expect("a number")]).await;
    // One that ends in time is part of the reply.
    assert_eq!(
        line.ask("(sleep 0.2; echo late) & echo soon").await,
        b"soon\nlate\n"
    );
}

#[tokio::test]
async fn who_stays_without_the_pipes_is_ended_without_being_waited_for() {
    let mut line = Line::open();
    let from = Instant::now();
    let said = line
        .ask_text("setsid sleep 1000 >/dev/null 2>&1 & echo $!")
        .await;
    assert!(from.elapsed() < Duration::from_secs(1));
    all_end(&[said.trim().parse().expect("a number")]).await;
}

#[tokio::test]
async fn a_dropped_call_ends_all_that_its_command_started() {
    for command in STUBBORN {
        let mut line = Line::open();
        let pids = line.start(command, 2).await;
        assert!(pids.iter().all(|pid| lives(*pid)), "{command}");
        line.serving.abort();
        all_end(&pids).await;
    }
}

/// A reader whose peer leaves on a word of the test.
struct Leaver(DuplexStream, Arc<Notify>);

impl AsyncRead for Leaver {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl CallReader for Leaver {
    fn peer_gone(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.1.notified())
    }
}

/// Whether a process has the variable in its environment.
fn anybody_has(variable: &str) -> bool {
    let processes = std::fs::read_dir("/proc")
        .expect("/proc is there")
        .flatten();
    let environments = processes.map(|entry| std::fs::read(entry.path().join("environ")));
    environments.flatten().any(|environment| {
        let mut variables = environment.split(|byte| *byte == 0);
        variables.any(|one| one == variable.as_bytes())
    })
}

/// Each process starts the next in a session of its own and ends, 5,000 times (some ten seconds):
/// no look around finds one that is still there when it is signalled.
#[tokio::test]
async fn a_chain_of_daemons_is_ended() {
    const CHAIN: &str = "export CHAIN={}; trap '' TERM; echo $$ > {}; \
        next='[ $1 -gt 0 ] && setsid sh -c \"$0\" \"$0\" $(($1 - 1)) >/dev/null 2>&1 & exit'; \
        sh -c \"$next\" \"$next\" 5000; sleep 1000";
    let file = tempfile::NamedTempFile::new().expect("a place for a file");
    let path = file.path().to_str().expect("a plain path");
    let mut line = Line::open();
    line.start(&CHAIN.replace("CHAIN={}", &format!("CHAIN={path}")), 1)
        .await;
    let variable = format!("CHAIN={path}");
    eventually(|| anybody_has(&variable)).await;
    line.serving.abort();
    let mut quiet_looks = 0;
    eventually(|| {
        quiet_looks = if anybody_has(&variable) {
            0
        } else {
            quiet_looks + 1
        };
        quiet_looks == 20
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_leaves_ends_its_command() {
    let (near, far) = tokio::io::duplex(1024);
    let leave = Arc::new(Notify::new());
    let leaver = Box::new(Leaver(near, leave.clone()));
    let mut line = Line::with(|_| {}, |call| call.reader = leaver);
    line.peer = far;
    let pids = line.start(STUBBORN[1], 2).await;
    leave.notify_one();
    all_end(&pids).await;
    line.serving.await.expect("no panic").expect("a clean end");
    assert_eq!(line.kept.keys(), ["exec-peer-left"]);
}

#[tokio::test]
async fn a_server_that_waits_for_the_end_leaves_nobody() {
    let mut line = Line::open();
    let pids = line.start(STUBBORN[2], 2).await;
    line.serving.abort();
    let _ = line.serving.await;
    line.exec.ended().await;
    assert!(!pids.iter().any(|pid| lives(*pid)));
}

#[test]
fn a_runtime_that_goes_takes_everything_with_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let command = STUBBORN[5];
    let pids = runtime.block_on(async { Line::open().start(command, 2).await });
    assert!(pids.iter().all(|pid| lives(*pid)));
    drop(runtime);
    // Where tests share a process, the runtime of another one may end them instead.
    let from = Instant::now();
    while pids.iter().any(|pid| lives(*pid)) {
        assert!(from.elapsed() < Duration::from_secs(1), "{command}");
        // sleeps: nothing tells that an orphan of an orphan has gone
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn an_orphan_that_ends_while_its_command_runs_is_reaped() {
    let mut line = Line::open();
    let pids = line
        .start("(sleep 0.01 & echo $! > {}); sleep 1000", 1)
        .await;
    eventually(|| !pids.iter().any(|pid| lives(*pid))).await;
    assert!(!line.serving.is_finished());
    line.serving.abort();
}

#[tokio::test]
async fn commands_on_many_lines_leave_each_other_alone() {
    let mut keeps = Line::open();
    keeps.send("setsid sh -c 'sleep 1; echo kept'").await;
    let mut goes = Line::open();
    let pids = goes.start(STUBBORN[3], 2).await;
    goes.serving.abort();
    all_end(&pids).await;
    assert_eq!(keeps.reply().await, b"kept\n");
}
