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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use landline_line::dial_datagrams;
    use landline_service::{Relay, Settings};

    use super::*;

    /// What `member` gets until it has `count` datagrams; a lost one ends the test, not the wait.
    async fn take(member: &Datagrams, count: usize) -> Vec<Vec<u8>> {
        let mut batch = member.batch(64, 1024);
        let mut taken = Vec::new();
        while taken.len() < count {
            let drained = member.drain(&mut batch);
            let drained = tokio::time::timeout(Duration::from_secs(10), drained).await;
            drained
                .expect("nothing is lost")
                .expect("the socket is whole");
            taken.extend((0..batch.len()).map(|index| batch.bytes(index).to_vec()));
        }
        taken
    }

    /// Three members, of whom the first tells the others more than a batch holds.
    async fn check(server: Datagrams) {
        const COUNT: usize = 300;
        let address = server.address().clone();
        let (relay, stop) = (Relay::new(Settings::default()), Stop::new());
        let serving = serve_datagrams(server, &relay, stop.clone(), false, None);
        let talking = async {
            let mut members = Vec::new();
            for number in 0..3u8 {
                let member = dial_datagrams(&address).await.expect("a way to the relay");
                member.send(&[number]).await.expect("a first word");
                members.push(member);
                for member in &members {
                    assert_eq!(take(member, 1).await, [[number]], "{address}");
                }
            }
            let words: Vec<Vec<u8>> = (0..COUNT).map(|n| n.to_string().into_bytes()).collect();
            let speaking = async {
                for word in &words {
                    members[0].send(word).await.expect("another word");
                }
            };
            let [zero, one, two] = [0, 1, 2].map(|place| take(&members[place], COUNT));
            let ((), zero, one, two) = tokio::join!(speaking, zero, one, two);
            for heard in [zero, one, two] {
                assert_eq!(heard, words, "{address}");
            }
            stop.cancel();
        };
        let (served, ()) = tokio::join!(serving, talking);
        served.expect("no peer can end a relay");
    }

    #[tokio::test]
    async fn a_relay_gives_all_to_all_over_udp_and_unixgram() {
        for at in ["127.0.0.1:0", "[::1]:0"] {
            let at = at.parse().expect("an address");
            check(Datagrams::udp(at).expect("a free port")).await;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("relay");
        check(Datagrams::unixgram(&path).expect("a free name")).await;
    }
}
