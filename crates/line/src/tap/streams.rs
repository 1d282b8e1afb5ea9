//! The accept loop of a tap on streams. Its connections know nothing of each other.

use std::future::Future;
use std::pin::pin;

use tokio::task::JoinSet;

use super::record::What;
use super::stopping::Stopper;
use super::watch::Watch;
use super::{ACCEPT_PAUSE, Tap, connection};
use crate::listener::{Listener, is_fleeting};

impl Tap {
    /// Taps the streams that come to `listener` until `stop`: then connections that hold nothing
    /// close at once, the others within the grace, or at once when `end_now` follows.
    pub async fn run(
        self,
        listener: Listener,
        stop: impl Future<Output = ()>,
        end_now: impl Future<Output = ()>,
    ) {
        let watch = Watch::new(self.watcher.clone());
        let stopper = Stopper::new();
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        let mut count = 0;
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok(client) => {
                        count += 1;
                        let ears = connection::ears(&stopper);
                        let (target, schedule) = (self.target.clone(), self.schedule.clone());
                        connections.spawn(
                            connection::serve(client, target, schedule, watch.of(count), ears));
                    }
                    Err(error) if is_fleeting(&error) => {}
                    Err(error) => {
                        watch.note(What::AcceptFailed(&error));
                        tokio::select! {
                            () = &mut stop => break,
                            () = tokio::time::sleep(ACCEPT_PAUSE) => {}
                        }
                    }
                },
            }
        }
        drop(listener);
        stopper.stop(connections, self.grace, end_now).await;
    }
}
