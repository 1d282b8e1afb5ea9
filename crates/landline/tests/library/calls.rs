//! Calls of services: bytes both ways under credit, one call after the other, status and ping.

use std::io;

use landline::frame::landline1::Code;
use landline::service::{BoxFuture, Call};
use landline::{CallError, Offer, Service};
use tokio::io::AsyncReadExt;

use crate::stand::{Stand, soon};

#[tokio::test]
async fn echo_gives_every_byte_back_however_many() {
    let stand = Stand::new(&["echo"]).await;
    let mut line = stand.dial().await;
    let sent: Vec<u8> = (0..3_000_000_u32).map(|it| (it * 7 % 251) as u8).collect();
    for _ in 0..2 {
        let call = line.call("echo", None).await.expect("echo is granted");
        let (mut input, mut output) = (call.input, call.output);
        let bytes = sent.clone();
        let sending = async move {
            input.send(bytes).await.expect("the line stands");
        };
        let receiving = async {
            let mut came = Vec::new();
            output
                .read_to_end(&mut came)
                .await
                .expect("the line stands");
            came
        };
        let ((), came) = soon(async { tokio::join!(sending, receiving) }).await;
        assert!(came == sent, "{} bytes came", came.len());
    }
}

#[tokio::test]
async fn an_exchange_takes_what_comes_while_it_sends() {
    let stand = Stand::new(&["echo"]).await;
    let mut line = stand.dial().await;
    let sent = vec![7; 4_000_000];
    for sent in [&sent[..], b"", b"few"] {
        let call = line.call("echo", None).await.expect("echo is granted");
        let came = soon(call.exchange(sent.to_vec())).await;
        assert!(came.expect("it ends") == sent);
    }
}

#[tokio::test]
async fn what_is_not_offered_or_not_granted_is_refused_and_the_line_goes_on() {
    let stand = Stand::offering(Offer::new(), &[]).await;
    let mut line = stand.dial().await;
    for (service, code) in [("echo", Code::NotGranted), ("nothing", Code::Unsupported)] {
        match line.call(service, None).await.err() {
            Some(CallError::Failed(failure)) => assert_eq!(failure.known(), Some(code)),
            other => panic!("{other:?}"),
        }
    }
    let refused = line.run(&landline::ExecRequest::new(["true"]), "").await;
    assert!(refused.unwrap_err().to_string().contains("--allow-exec"));
    assert_eq!(line.status().await.expect("status is for all").lines, 1);
}

#[tokio::test]
async fn status_counts_lines_and_calls() {
    let stand = Stand::new(&["echo"]).await;
    let (mut one, mut two) = (stand.dial().await, stand.dial().await);
    let call = one.call("echo", None).await.expect("echo is granted");
    let status = two.status().await.expect("status is for all");
    assert_eq!((status.peers, status.lines, status.calls), (1, 2, 2));
    assert_eq!(soon(call.finish()).await.expect("it ends"), b"");
    let after = two.status().await.expect("status is for all");
    assert_eq!((after.calls, after.calls_total), (1, 3));
    assert!(after.software.starts_with("landline/"));
}

#[tokio::test]
async fn what_holds_a_line_can_be_shown() {
    let stand = Stand::new(&["echo"]).await;
    let unknown = landline::dial(&stand.caller_home, "nobody").await;
    unknown.expect_err("nobody is known by that name");
    let mut line = stand.dial().await;
    assert_eq!(format!("{line:?}"), "Line { .. }");
    let call = line.call("echo", None).await.expect("echo is granted");
    assert_eq!(format!("{call:?}"), "StreamCall { .. }");
    assert_eq!(
        format!("{:?}", Offer::new()),
        r#"Offer(["echo", "status"])"#
    );
}

#[tokio::test]
async fn ping_goes_there_and_back_between_calls() {
    let stand = Stand::new(&["echo"]).await;
    let mut line = stand.dial().await;
    for _ in 0..100 {
        soon(line.ping()).await.expect("the line stands");
    }
    line.call("echo", None).await.expect("the line is free");
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_leaves_the_line_free() {
    let stand = Stand::new(&["echo", "exec"]).await;
    let mut line = stand.dial().await;
    let endless = landline::ExecRequest::new(["yes"]);
    drop(line.exec(&endless).await.expect("it is granted"));
    let mut call = soon(line.call("echo", None))
        .await
        .expect("the line is free");
    call.input
        .send("still here")
        .await
        .expect("the line stands");
    assert_eq!(soon(call.finish()).await.expect("it ends"), b"still here");
}

/// Says what it was asked, and fails if that is nothing.
struct Parrot;

impl Service for Parrot {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let asked = call.parameters().map(str::to_owned);
            let asked = asked.ok_or(io::ErrorKind::InvalidInput)?;
            call.send(asked.as_bytes()).await
        })
    }
}

#[tokio::test]
async fn a_service_gets_its_parameters_and_may_fail() {
    let offer = Offer::new().service("parrot", Parrot).expect("a good name");
    let stand = Stand::offering(offer, &["service:parrot"]).await;
    let mut line = stand.dial().await;
    let asked = r#"{"say":"hello"}"#;
    let call = line.call("parrot", Some(asked)).await.expect("granted");
    assert_eq!(
        soon(call.finish()).await.expect("it ends"),
        asked.as_bytes()
    );
    let call = line.call("parrot", None).await.expect("granted");
    match soon(call.finish()).await {
        Err(CallError::Failed(failure)) => assert_eq!(failure.known(), Some(Code::Internal)),
        other => panic!("{other:?}"),
    }
    line.status().await.expect("the line goes on");
    assert!(line.call("parrot", Some("{")).await.is_err(), "no JSON");
}
