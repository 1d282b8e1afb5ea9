//! Who gets in, and what happens to those who no longer may.

use landline::{CallError, DialError, ExecRequest, LineEnded};

use crate::stand::{Stand, soon};

#[tokio::test]
async fn an_unknown_key_gets_no_line() {
    let stand = Stand::new(&["echo"]).await;
    stand.revoke();
    let dialed = soon(landline::dial(&stand.caller_home, "office")).await;
    assert!(matches!(dialed.err(), Some(DialError::Unknown { .. })));
}

#[tokio::test]
async fn another_key_than_the_expected_is_told_and_gets_nothing() {
    let stand = Stand::new(&["echo"]).await;
    let other = stand.caller();
    stand.know("home", other);
    match soon(landline::dial(&stand.caller_home, "home")).await.err() {
        Some(DialError::WrongKey {
            expected, found, ..
        }) => {
            assert_eq!((expected, found), (vec![other], stand.server.peer_id()));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_machine_that_is_not_in_the_book_is_not_called() {
    let stand = Stand::new(&["echo"]).await;
    let dialed = soon(landline::dial(&stand.caller_home, "nobody")).await;
    assert!(matches!(dialed.err(), Some(DialError::NotInBook { .. })));
}

#[tokio::test]
async fn revoking_ends_an_idle_line_and_a_call_that_runs() {
    let stand = Stand::new(&["exec"]).await;
    let (idle, mut busy) = (stand.dial().await, stand.dial().await);
    let running = busy.exec(&ExecRequest::new(["sleep", "60"])).await;
    let running = running.expect("it is granted");
    stand.revoke();
    match soon(running.handle.done()).await {
        Err(CallError::Failed(failure)) => assert_eq!(failure.code, "unknown-peer"),
        other => panic!("{other:?}"),
    }
    let mut idle = idle;
    let pinged = soon(async { while idle.ping().await.is_ok() {} });
    pinged.await;
}

#[tokio::test]
async fn a_grant_that_shrinks_ends_what_it_allowed() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let running = line.exec(&ExecRequest::new(["sleep", "60"])).await;
    let running = running.expect("it is granted");
    stand.revoke();
    stand.grant(stand.caller(), &["echo"]);
    assert!(soon(running.handle.done()).await.is_err());
}

#[tokio::test]
async fn a_grant_that_grows_counts_at_the_next_call() {
    let stand = Stand::new(&[]).await;
    let mut line = stand.dial().await;
    assert!(line.call("echo", None).await.is_err());
    stand.grant(stand.caller(), &["echo"]);
    assert!(line.call("echo", None).await.is_ok());
}

#[tokio::test]
async fn a_stop_ends_idle_lines_at_once_and_gives_calls_their_grace() {
    let mut stand = Stand::new(&["exec"]).await;
    let (mut idle, mut busy) = (stand.dial().await, stand.dial().await);
    let request = ExecRequest {
        shell: true,
        ..ExecRequest::new(["sleep 0.2; echo done"])
    };
    let running = busy.exec(&request).await.expect("it is granted");
    stand.stop.cancel();
    let ended = soon(idle.ping()).await;
    assert!(matches!(
        ended,
        Err(CallError::Ended(LineEnded::Closed | LineEnded::Protocol(_)))
    ));
    assert_eq!(
        soon(running.out.collect()).await.expect("it has its grace"),
        b"done\n"
    );
    soon(&mut stand.running).await.expect("the server ends");
}

#[tokio::test]
async fn a_call_that_outlasts_its_grace_is_told_so() {
    let stand = Stand::new(&["exec"]).await;
    let mut line = stand.dial().await;
    let running = line.exec(&ExecRequest::new(["sleep", "60"])).await;
    let running = running.expect("it is granted");
    stand.stop.cancel();
    match soon(running.handle.done()).await {
        Err(CallError::Failed(failure)) => {
            assert!(
                failure.retry && failure.message.contains("stopped"),
                "{failure}"
            );
        }
        other => panic!("{other:?}"),
    }
}
