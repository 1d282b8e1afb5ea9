//! Those who never read: clients that ask and do not take the answers, and programs that do not take
//! their input. What a server holds for them is bounded, and nobody else waits.

use std::time::Duration;

use landline::frame::landline1::Kind;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::stand::{Line, Opponent, Serving, Stand, call, frame, soon, until};

fn control(kind: Kind, value: &Value) -> Vec<u8> {
    frame(kind.number(), value.to_string().as_bytes())
}

fn exec(argv: &[&str], window: u64) -> Vec<u8> {
    let asked = json!({"service": "exec", "args": argv.len(), "window": window, "stdin": true});
    let words: String = argv.iter().map(|word| format!("{word}\0")).collect();
    let end = control(Kind::End, &json!({"stream": "args"}));
    [
        call(&asked),
        frame(Kind::Args.number(), words.as_bytes()),
        end,
    ]
    .concat()
}

async fn line(stand: &Stand, serving: &Serving) -> Line {
    Opponent::of(&stand.identity("caller"))
        .greet(&serving.address)
        .await
        .0
}

/// The memory of the server once it does not grow any more.
pub(crate) async fn settled(serving: &Serving) -> u64 {
    let (mut before, mut same) = (0, 0);
    until(|| {
        let now = serving.rss_anon_kib();
        same = if now == before { same + 1 } else { 0 };
        before = now;
        (same == 40).then_some(now)
    })
    .await
}

/// What one line may hold at the server for a client that does not read, in KiB: what waits to go out
/// (512 KiB), the pieces of a stream that was read ahead (four of 256 KiB), one of the other (256 KiB), what
/// TLS holds (512 KiB), and the allocator's share.
const DEAF_KIB_MAX: u64 = 2560;

#[tokio::test]
async fn programs_whose_output_is_never_read() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    let before = settled(&serving).await;
    let mut lines = Vec::new();
    for _ in 0..8 {
        let mut line = line(&stand, &serving).await;
        // All the credit that there is.
        line.send(&exec(&["yes"], 16 << 20)).await;
        lines.push(line);
    }
    until(|| (serving.children().len() == 8).then_some(())).await;
    let growth = settled(&serving).await.saturating_sub(before);
    assert!(growth < 8 * DEAF_KIB_MAX, "{growth} KiB for 8 lines");
    stand.check_served().await;
    drop(lines);
    soon(serving.without_children()).await;
}

/// How a flood came to its end.
#[derive(Debug, PartialEq, Eq)]
enum Flood {
    /// The server does not read on.
    Stalled,
    /// The server has closed the line.
    Ended,
}

/// Sends `question` again and again without reading a single answer, until the server takes no more.
/// One that has hung up takes what comes for a second, and drops it. No send ends where a question does,
/// so that the server is always within one.
async fn flood(line: &mut Line, question: &[u8]) -> Flood {
    let (first, rest) = question.split_at(5);
    line.send(first).await;
    let many = [rest, first]
        .concat()
        .repeat(64 * 1024 / question.len() + 1);
    loop {
        // Without room for a byte for so long, the server does not read.
        match timeout(Duration::from_millis(500), line.send(&many)).await {
            Ok(true) => {}
            Ok(false) => return Flood::Ended,
            Err(_) => return Flood::Stalled,
        }
    }
}

#[tokio::test]
async fn questions_whose_answers_are_never_read() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    let before = settled(&serving).await;
    let mut lines = Vec::new();
    for (question, ends) in [
        (
            control(Kind::Ping, &json!({"data": "x".repeat(500)})),
            Flood::Stalled,
        ),
        (
            control(Kind::Ping, &json!({"data": "x".repeat(60_000)})),
            Flood::Stalled,
        ),
        // A call before the answer to the last breaks the protocol.
        (call(&json!({"service": "status"})), Flood::Ended),
        (call(&json!({"service": "none", "window": 0})), Flood::Ended),
    ] {
        let mut line = line(&stand, &serving).await;
        assert_eq!(soon(flood(&mut line, &question)).await, ends);
        lines.push(line);
    }
    let growth = settled(&serving).await.saturating_sub(before);
    assert!(growth < 4 * DEAF_KIB_MAX, "{growth} KiB for 4 lines");
    stand.check_served().await;
}

#[tokio::test]
async fn questions_that_come_all_at_once_are_all_answered() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    let mut line = line(&stand, &serving).await;
    // More than wait to go out before the line is read no further, and fewer than the network holds.
    let question = control(Kind::Ping, &json!({"data": "x".repeat(500)}));
    let count = 4 * 64 * 1024 / question.len();
    soon(line.send(&question.repeat(count))).await;
    for _ in 0..count {
        soon(line.expect(Kind::Pong)).await;
    }
}

#[tokio::test]
async fn a_program_that_never_reads_still_gets_its_signals() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec"]);
    let mut line = line(&stand, &serving).await;
    let script = "trap 'exit 7' USR1; echo ready; while :; do sleep 0.02; done";
    line.send(&exec(&["sh", "-c", script], 1000)).await;
    let window = line.expect(Kind::Reply).await["window"].as_u64();
    let (kind, bytes) = line.frame().await.expect("it says that it is ready");
    assert_eq!((kind, &bytes[..]), (Kind::Data.number(), &b"ready\n"[..]));
    // Everything that it may send, of which the program takes none.
    let mut credit = window.expect("a number");
    let signal = control(Kind::Signal, &json!({"signal": "USR1"}));
    loop {
        let piece = credit.min(65_536);
        credit -= piece;
        let piece = usize::try_from(piece).expect("it is small");
        line.send(&frame(Kind::Data.number(), &vec![b'x'; piece]))
            .await;
        if credit == 0 {
            break;
        }
    }
    line.send(&signal).await;
    let done = loop {
        let (kind, payload) = soon(line.frame()).await.expect("the line stands");
        if kind == Kind::Done.number() {
            break serde_json::from_slice::<Value>(&payload).expect("an object");
        }
    };
    assert_eq!(done["exit"], 7);
    // And the line takes the next call.
    line.send(&control(Kind::Ping, &json!({"data": "next"})))
        .await;
    assert_eq!(soon(line.expect(Kind::Pong)).await["data"], "next");
}

#[tokio::test]
async fn a_program_that_ignores_its_end_is_ended_with_its_line() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec"]);
    let mut line = line(&stand, &serving).await;
    let script =
        "trap '' TERM HUP INT; (setsid sleep 1000 &) ; echo ready; while :; do sleep 1; done";
    line.send(&exec(&["sh", "-c", script], 1000)).await;
    line.expect(Kind::Reply).await;
    soon(line.frame()).await.expect("it says that it is ready");
    drop(line);
    soon(serving.without_children()).await;
}
