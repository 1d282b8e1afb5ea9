//! A post in memory, for tests: members are numbers, and each test says who takes how much.

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use crate::post::{Batch, Message, Post, Unsent};
use crate::run::Run;

/// A datagram on its way in: its sender, its bytes, and its whole size if it was cut.
pub(crate) type Incoming = (Option<u8>, Vec<u8>, Option<usize>);

/// Both sides of the post; clones share it.
#[derive(Clone, Default)]
pub(crate) struct MemoryPost {
    shared: Arc<Mutex<Shared>>,
    arrived: Arc<Notify>,
}

#[derive(Default)]
struct Shared {
    incoming: VecDeque<Incoming>,
    delivered: HashMap<u8, Vec<Vec<u8>>>,
    room: HashMap<u8, usize>,
    gone: HashSet<u8>,
    refused: HashSet<Vec<u8>>,
    sends: usize,
}

impl MemoryPost {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().expect("no test panics inside")
    }

    /// Puts a datagram in line.
    pub(crate) fn arrive(&self, incoming: Incoming) {
        self.shared().incoming.push_back(incoming);
        self.arrived.notify_one();
    }

    /// What `member` got since it was last asked.
    pub(crate) fn delivered(&self, member: u8) -> Vec<Vec<u8>> {
        self.shared().delivered.remove(&member).unwrap_or_default()
    }

    /// From now on `member` takes only `count` more datagrams.
    pub(crate) fn leave_room(&self, member: u8, count: usize) {
        self.shared().room.insert(member, count);
    }

    pub(crate) fn die(&self, member: u8) {
        self.shared().gone.insert(member);
    }

    /// Nobody can be sent `datagram`.
    pub(crate) fn refuse(&self, datagram: &[u8]) {
        self.shared().refused.insert(datagram.to_vec());
    }

    /// How many runs were sent.
    pub(crate) fn sends(&self) -> usize {
        self.shared().sends
    }

    fn take(&self, member: u8, run: Run<'_>) -> Result<(), Unsent> {
        let mut shared = self.shared();
        shared.sends += 1;
        for (taken, datagram) in run.iter().enumerate() {
            let refusal = if shared.gone.contains(&member) {
                Some(io::ErrorKind::ConnectionRefused)
            } else if shared.room.get(&member) == Some(&0) {
                Some(io::ErrorKind::WouldBlock)
            } else if shared.refused.contains(datagram) {
                Some(io::ErrorKind::InvalidInput)
            } else {
                None
            };
            if let Some(kind) = refusal {
                let error = kind.into();
                return Err(Unsent { taken, error });
            }
            if let Some(room) = shared.room.get_mut(&member) {
                *room -= 1;
            }
            let delivered = shared.delivered.entry(member).or_default();
            delivered.push(datagram.to_vec());
        }
        Ok(())
    }
}

/// What a drain brought.
#[derive(Default)]
pub(crate) struct MemoryBatch {
    pub(crate) messages: Vec<Incoming>,
    messages_max: usize,
}

impl Batch<u8> for MemoryBatch {
    fn len(&self) -> usize {
        self.messages.len()
    }

    fn message(&self, index: usize) -> Message<'_, u8> {
        let (sender, bytes, cut_from) = &self.messages[index];
        Message {
            bytes,
            sender: sender.as_ref(),
            cut_from: *cut_from,
        }
    }
}

impl Post for MemoryPost {
    type Member = u8;
    type Batch = MemoryBatch;

    fn batch(&self, messages_max: usize, _: usize) -> MemoryBatch {
        MemoryBatch {
            messages: Vec::new(),
            messages_max,
        }
    }

    async fn drain(&mut self, batch: &mut MemoryBatch) -> io::Result<()> {
        loop {
            {
                let mut shared = self.shared();
                let count = shared.incoming.len().min(batch.messages_max);
                batch.messages = shared.incoming.drain(..count).collect();
            }
            if !batch.messages.is_empty() {
                return Ok(());
            }
            self.arrived.notified().await;
        }
    }

    fn send_run(
        &mut self,
        member: &u8,
        run: Run<'_>,
    ) -> impl Future<Output = Result<(), Unsent>> + Send {
        std::future::ready(self.take(*member, run))
    }

    /// Member 7 lives at 10.0.0.7; those from 200 on have no IP address.
    fn source_ip(member: &u8) -> Option<IpAddr> {
        (*member < 200).then(|| Ipv4Addr::new(10, 0, 0, *member).into())
    }
}
