//! Joins a datagram socket to what a service sees of it, a [`Post`].

use std::io;
use std::net::IpAddr;

use landline_line::{self as line, Datagrams, Peer};
use landline_service::{Batch, DatagramService, Message, Post, Run, Stop, Unsent};

/// Lets `service` answer what comes to `datagrams` until `stop`, or one datagram where `once`. An
/// error is the socket's own: no peer can cause one.
pub async fn serve_datagrams(
    datagrams: Datagrams,
    service: &impl DatagramService,
    stop: Stop,
    once: bool,
) -> io::Result<()> {
    service.serve(Office(datagrams), stop, once).await
}

struct Office(Datagrams);

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
        Drained(self.0.batch(messages, recv))
    }

    async fn drain(&mut self, batch: &mut Drained) -> io::Result<()> {
        self.0.drain(&mut batch.0).await
    }

    async fn send_run(&mut self, member: &Peer, run: Run<'_>) -> Result<(), Unsent> {
        let sent = self.0.send_run(member, run.bytes(), run.sizes()).await;
        sent.map_err(|line::Unsent { taken, error }| Unsent { taken, error })
    }

    fn source_ip(member: &Peer) -> Option<IpAddr> {
        member.ip()
    }
}
