//! Commands through the library: exact words, streams apart, ends, signals, and nothing held.

use landline::frame::landline1::Code;
use landline::{CallError, ExecRequest, ExecStatus};

use crate::stand::{Stand, soon};

fn shell(line: &str) -> ExecRequest {
    ExecRequest {
        shell: true,
        ..ExecRequest::new([line])
    }
}

#[tokio::test]
async fn words_streams_and_the_end_are_exact() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let printf = ExecRequest::new(["printf", "[%s]", "a b", "", "\n", "\"'$x"]);
    let output = soon(line.run(&printf, "")).await.expect("it runs");
    assert_eq!(output.stdout, b"[a b][][\n][\"'$x]");
    assert_eq!(output.done.status, ExecStatus::Exit(0));
    let apart = soon(line.run(&shell("echo out; echo err >&2; exit 7"), "")).await;
    let apart = apart.expect("it runs");
    assert_eq!(
        (&apart.stdout[..], &apart.stderr[..]),
        (&b"out\n"[..], &b"err\n"[..])
    );
    assert_eq!(apart.done.status.code(), 7);
    assert_eq!((apart.done.out_bytes, apart.done.err_bytes), (4, 4));
    let killed = soon(line.run(&shell("kill -9 $$"), ""))
        .await
        .expect("it runs");
    assert_eq!(killed.done.status, ExecStatus::Signal("KILL".into()));
    assert_eq!(killed.done.status.code(), 137);
}

#[tokio::test]
async fn input_reaches_the_program_whole_and_need_not_be_taken() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let cat = ExecRequest::new(["cat"]);
    let sent = vec![b'x'; 2_000_000];
    let output = soon(line.run(&cat, sent.clone())).await.expect("it runs");
    assert!(output.stdout == sent);
    let mut deaf = ExecRequest::new(["true"]);
    deaf.stdin = true;
    for _ in 0..20 {
        let output = soon(line.run(&deaf, sent.clone())).await.expect("it runs");
        assert_eq!(output.done.status, ExecStatus::Exit(0));
    }
}

#[tokio::test]
async fn a_signal_passes_input_that_nobody_reads() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let mut sleep = shell("trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done");
    sleep.stdin = true;
    let mut running = line.exec(&sleep).await.expect("it is granted");
    assert_eq!(
        &soon(running.out.next()).await.expect("it is ready")[..],
        b"ready\n"
    );
    let mut stdin = running.stdin.take().expect("it was asked for");
    let feeding = async {
        // More than pipe and window hold: it waits until the program is gone.
        let _ = stdin.send(vec![0; 4_000_000]).await;
    };
    let ending = async {
        running.handle.signal("TERM");
        running.handle.wait().await.expect("the line stands")
    };
    let ((), done) = soon(async { tokio::join!(feeding, ending) }).await;
    assert_eq!(done.status, ExecStatus::Exit(9));
}

#[tokio::test]
async fn what_cannot_be_run_is_told_by_its_code() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let mut elsewhere = ExecRequest::new(["true"]);
    elsewhere.dir = Some("/no/such/folder".into());
    let mut smuggler = ExecRequest::new(["true"]);
    smuggler.env = vec![("LD_PRELOAD".into(), "/tmp/evil.so".into())];
    for (request, code) in [
        (
            ExecRequest::new(["no-such-program-here"]),
            Code::ProgramMissing,
        ),
        (
            ExecRequest::new(["/etc/passwd"]),
            Code::ProgramNotExecutable,
        ),
        (elsewhere, Code::DirMissing),
        (smuggler, Code::EnvRefused),
    ] {
        match soon(line.run(&request, "")).await {
            Err(CallError::Failed(failure)) => assert_eq!(failure.known(), Some(code)),
            other => panic!("{other:?}"),
        }
    }
    soon(line.run(&ExecRequest::new(["true"]), ""))
        .await
        .expect("the line goes on");
}

#[tokio::test]
async fn time_that_is_over_ends_the_program_and_is_told() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let mut sleep = ExecRequest::new(["sleep", "60"]);
    sleep.timeout = Some(std::time::Duration::from_millis(50));
    let output = soon(line.run(&sleep, "")).await.expect("it runs");
    assert!(output.done.timed_out);
    assert_eq!(output.done.status, ExecStatus::Signal("TERM".into()));
}

#[tokio::test]
async fn a_program_whose_output_nobody_takes_holds_nobody_up() {
    let stand = Stand::new(&["exec"]).await;
    let (mut one, mut two) = (stand.dial().await, stand.dial().await);
    let running = one.exec(&ExecRequest::new(["yes"])).await.expect("granted");
    let output = soon(two.run(&ExecRequest::new(["echo", "hi"]), "")).await;
    assert_eq!(output.expect("it runs").stdout, b"hi\n");
    running.handle.cancel();
    let done = soon(running.handle.wait()).await.expect("the line stands");
    assert_eq!(done.status, ExecStatus::Signal("TERM".into()));
}
