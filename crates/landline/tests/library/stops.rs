//! A server that is stopped: what its callers are told, and what it leaves of the process around it.

use std::io;
use std::process::Command;
use std::time::Duration;

use landline::frame::landline1::Code;
use landline::line::Listener;
use landline::service::{BoxFuture, Call, Stop};
use landline::trust::Home;
use landline::{CallError, Offer, SecureServer, Service};
use rustix::process::child_subreaper;

use crate::stand::{Stand, soon};

/// Set for the process that `a_server_without_commands_adopts_nobody` starts.
const ALONE: &str = "LANDLINE_TEST_ALONE";

#[tokio::test]
async fn a_call_that_a_stop_cut_short_has_no_good_end() {
    let stand = Stand::new(&["echo"]).await;
    let mut line = stand.dial().await;
    let mut call = line.call("echo", None).await.expect("echo is granted");
    call.input.send("half").await.expect("the line stands");
    assert_eq!(
        &soon(call.output.next()).await.expect("it echoes")[..],
        b"half"
    );
    stand.stop.cancel();
    match soon(call.finish()).await {
        Err(CallError::Failed(failure)) => {
            assert_eq!(failure.known(), Some(Code::Internal));
            assert!(failure.retry, "{failure:?}");
        }
        other => panic!("{other:?}"),
    }
}

/// Waits until its caller has nothing more to say, and says so without having taken any of it.
struct Sleeper;

impl Service for Sleeper {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            call.reader.peer_gone().await;
            call.send(b"gone").await
        })
    }
}

#[tokio::test]
async fn the_end_of_what_comes_counts_as_gone() {
    let offer = Offer::new().service("sleeper", Sleeper).expect("a name");
    let stand = Stand::offering(offer, &["service:sleeper"]).await;
    let mut line = stand.dial().await;
    let call = line.call("sleeper", None).await.expect("granted");
    let said = soon(call.exchange("never taken")).await;
    assert_eq!(said.expect("it ends"), b"gone");
}

/// Serves until it is stopped, at once.
async fn serve_for_a_moment(grace: Duration) {
    let folder = tempfile::tempdir().expect("a place for files");
    let home = Home::in_folder(folder.path().to_owned());
    let server = SecureServer::new(&home, Offer::new(), grace).expect("a new home is good");
    let any = "127.0.0.1:0".parse().expect("an address");
    let listener = Listener::tcp(any, 1).expect("a port is free");
    let stop = Stop::new();
    stop.cancel();
    soon(server.run(listener, stop, Stop::new())).await;
}

#[tokio::test]
async fn a_grace_may_be_endless() {
    serve_for_a_moment(Duration::MAX).await;
}

/// In a process of its own: other tests run commands in this one.
#[tokio::test]
async fn a_server_without_commands_adopts_nobody() {
    if std::env::var_os(ALONE).is_some() {
        serve_for_a_moment(Duration::ZERO).await;
        assert!(child_subreaper().expect("it tells").is_none());
        return;
    }
    let mut alone = Command::new(std::env::current_exe().expect("this runs from a file"));
    alone.args(["--exact", "stops::a_server_without_commands_adopts_nobody"]);
    let output = alone.env(ALONE, "1").output().expect("it can be run again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
