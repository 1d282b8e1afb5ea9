//! Joins a datagram socket to what a service sees of it, a [`Post`].

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use landline_line::{self as line, BusyPoll, Datagrams, Peer};
use landline_service::{Batch, DatagramService, Message, Post, Run, Stop, Unsent};

/// Lets `service` answer what comes to `datagrams` until `stop`, or one datagram where `once`. After
/// each, the runtime polls for the time of `busy_poll` before it sleeps. An error is the socket's
/// own: no peer can cause one.
pub async fn serve_datagrams(
    datagrams: Datagrams,
    service: &impl DatagramService,
    stop: Stop,
    once: bool,
    busy_poll: Option<Duration>,
) -> io::Result<()> {
    let busy_poll = busy_poll.map(BusyPoll::start);
    service
        .serve(
            Office {
                datagrams,
                busy_poll,
            },
            stop,
            once,
        )
        .await
}

struct Office {
    datagrams: Datagrams,
    busy_poll: Option<BusyPoll>,
}

struct Drained(line::Batch);

impl Batch<Peer> for Drained {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn message(&self, index: usize) -> Message<'_, Peer> {
        Message {
            bytes: self.0.bytes(index),
            sender: self.0.sender(index),
            cut_from: self.0.cut_from(index),
        }
    }
}

impl Post for Office {
    type Member = Peer;
    type Batch = Drained;

    fn batch(&self, messages: usize, recv: usize) -> Drained {
        Drained(self.datagrams.batch(messages, recv))
    }

    async fn drain(&mut self, batch: &mut Drained) -> io::Result<()> {
        let drained = self.datagrams.drain(&mut batch.0).await;
        if let Some(busy_poll) = &self.busy_poll {
            busy_poll.touch();
        }
        drained
    }

    async fn send_run(&mut self, member: &Peer, run: Run<'_>) -> Result<(), Unsent> {
        let sent = self
            .datagrams
            .send_run(member, run.bytes(), run.sizes())
            .await;
        sent.map_err(|line::Unsent { taken, error }| Unsent { taken, error })
    }

    fn source_ip(member: &Peer) -> Option<IpAddr> {
        member.ip()
    }
}
