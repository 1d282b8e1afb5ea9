//! A tap on datagrams: each client has a socket of its own to the target, so that answers find back.
//! Clients are known by their address, expire when silent, and are bounded in number.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Tap;
use super::client::Client;
use super::moves::Direction;
use super::record::{Loss, What};
use super::stopping::Stopper;
use super::watch::Watch;
use crate::datagram::{Datagrams, Peer};

/// The most clients at once: each has a socket, and holds at most 2 MiB and what its queue does.
pub const CLIENTS_MAX: usize = 1024;

/// A client that is silent this long, and hears nothing, is forgotten.
pub const CLIENT_SILENT_MAX: Duration = Duration::from_secs(120);

/// The longest datagram that passes whole, in bytes; a longer one is cut to this, and none on UDP
/// is.
pub const DATAGRAM_BYTES_MAX: usize = 256 * 1024;

/// How many datagrams wait for a client's task: what its socket's buffer would hold without a tap.
const CLIENT_QUEUE_MAX: usize = 256;

/// How many datagrams one drain takes.
const BATCH_DATAGRAMS: usize = 8;

impl Tap {
    /// Taps the datagrams that come to `socket` until `stop`: then clients that hold nothing are
    /// forgotten at once, the others within the grace, or at once when `end_now` follows.
    ///
    /// # Errors
    /// The socket broke.
    pub async fn run_datagrams(
        self,
        socket: Datagrams,
        stop: impl Future<Output = ()>,
        end_now: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        let mut post = Post {
            watch: Watch::new(self.watcher.clone()),
            socket: Arc::new(socket),
            stopper: Stopper::new(),
            clients: HashMap::new(),
            tasks: JoinSet::new(),
            count: 0,
        };
        let mut batch = post.socket.batch(BATCH_DATAGRAMS, DATAGRAM_BYTES_MAX);
        let mut stop = pin!(stop);
        let outcome = loop {
            tokio::select! {
                biased;
                () = &mut stop => break Ok(()),
                Some(_) = post.tasks.join_next() => {
                    post.clients.retain(|_, queue| !queue.is_closed());
                    continue;
                }
                drained = post.socket.drain(&mut batch) => if let Err(error) = drained {
                    break Err(error);
                },
            }
            for index in 0..batch.len() {
                let peer = batch.sender(index).cloned();
                post.deliver(&self, peer, batch.bytes(index).to_vec());
            }
            // Those who took something have their turn before more is taken.
            tokio::task::yield_now().await;
        };
        drop(post.clients);
        post.stopper.stop(post.tasks, self.grace, end_now).await;
        outcome
    }
}

/// The clients by their addresses; `None` is all who have none and cannot be answered.
struct Post {
    watch: Watch,
    socket: Arc<Datagrams>,
    stopper: Stopper,
    clients: HashMap<Option<Peer>, mpsc::Sender<Vec<u8>>>,
    tasks: JoinSet<()>,
    count: u64,
}

impl Post {
    fn deliver(&mut self, tap: &Tap, peer: Option<Peer>, bytes: Vec<u8>) {
        let lost = |bytes: &[u8], loss| {
            let what = What::Lost(Direction::ToServer, bytes, loss);
            self.watch.note(what);
        };
        let known = self.clients.get(&peer).filter(|queue| !queue.is_closed());
        if known.is_none() && self.clients.len() >= CLIENTS_MAX {
            return lost(&bytes, Loss::NoClient);
        }
        let sent = match known {
            Some(queue) => queue.try_send(bytes),
            None => self.welcome(tap, peer).try_send(bytes),
        };
        if let Err(unsent) = sent {
            let what = &unsent.into_inner();
            self.watch
                .note(What::Lost(Direction::ToServer, what, Loss::NoRoom));
        }
    }

    fn welcome(&mut self, tap: &Tap, peer: Option<Peer>) -> mpsc::Sender<Vec<u8>> {
        self.count += 1;
        let (queue, mail) = mpsc::channel(CLIENT_QUEUE_MAX);
        let client = Client {
            peer: peer.clone(),
            socket: self.socket.clone(),
            target: tap.target.clone(),
            watch: self.watch.of(self.count),
        };
        let ear = self.stopper.ear();
        self.tasks
            .spawn(client.run(tap.schedule.clone(), mail, ear));
        self.clients.insert(peer, queue.clone());
        queue
    }
}
