//! The two stages of a tap's stop, as its connections hear of them.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

/// The sender's side: tells the connections to end.
pub(super) struct Stopper(watch::Sender<bool>);

/// A connection's side.
pub(super) struct Stopping {
    asked: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_asked: bool,
}

impl Stopper {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// One more ear.
    pub(super) fn ear(&self) -> Stopping {
        let mut told = self.0.subscribe();
        let asked = async move {
            // The stopper is gone with the tap: then it is over, too.
            let _ = told.wait_for(|stop| *stop).await;
        };
        Stopping {
            asked: Box::pin(asked),
            is_asked: false,
        }
    }

    /// Asks all to end: who holds nothing ends at once, the others have `grace` or until `end_now`.
    pub(super) async fn stop(
        self,
        mut connections: JoinSet<()>,
        grace: Duration,
        end_now: impl Future<Output = ()>,
    ) {
        self.0.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        tokio::select! {
            () = ended => {}
            () = end_now => {}
            () = tokio::time::sleep(grace) => {}
        }
        connections.shutdown().await;
    }
}

impl Stopping {
    /// Resolves once it was asked to end.
    pub(super) async fn asked(&mut self) {
        poll_fn(|cx| match self.poll(cx) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }

    /// Whether it was asked to end; wakes the task when it is.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.is_asked && self.asked.as_mut().poll(cx) == Poll::Ready(()) {
            self.is_asked = true;
        }
        self.is_asked
    }
}
