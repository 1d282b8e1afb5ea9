//! One client of a tap on datagrams: its socket to the target, and what waits in either direction.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::datagrams::{CLIENT_SILENT_MAX, DATAGRAM_BYTES_MAX};
use super::lot::Lot;
use super::mail::{Fate, MailPlan};
use super::moves::{Direction, Schedule};
use super::record::{Ends, Loss, What};
use super::rules::StopKind;
use super::stopping::Stopping;
use super::watch::Watch;
use crate::address::Address;
use crate::datagram::{Datagrams, Peer};

/// How long a datagram waits before it is tried again at a receiver whose queue is full: nothing
/// tells when a unix socket has room.
const FULL_PAUSE: Duration = Duration::from_millis(1);

pub(super) struct Client {
    /// Where answers go. `None`: nowhere.
    pub(super) peer: Option<Peer>,
    /// The tap's own socket, from which they go.
    pub(super) socket: Arc<Datagrams>,
    pub(super) target: Address,
    pub(super) watch: Watch,
}

/// What waits in both directions.
struct Plans {
    watch: Watch,
    to_server: MailPlan,
    to_client: MailPlan,
}

enum News {
    Mail(Vec<u8>),
    Answers(io::Result<()>),
    Due,
    Silent,
    Over,
}

impl Client {
    /// Passes datagrams on until the client is silent for too long or the tap stops.
    pub(super) async fn run(
        self,
        schedule: Schedule,
        mut mail: mpsc::Receiver<Vec<u8>>,
        mut stopping: Stopping,
    ) {
        let Some(target) = self.dial(&mut mail).await else {
            return;
        };
        let lot = |direction| Lot::of_connection(schedule.seed, self.watch.connection(), direction);
        let plan = |direction| MailPlan::new(schedule.of(direction), lot(direction));
        let _closing = self.watch.until_closed();
        let mut plans = Plans {
            watch: self.watch.clone(),
            to_server: plan(Direction::ToServer),
            to_client: plan(Direction::ToClient),
        };
        let mut batch = target.batch(1, DATAGRAM_BYTES_MAX);
        let (mut silent_since, mut is_over) = (Instant::now(), false);
        // After a stop what waits still has its time, within the tap's grace.
        while !(is_over && plans.are_empty()) {
            let due = self.send_due(&mut plans, &target).await;
            let wake = async {
                match due {
                    Some(due) => tokio::time::sleep_until(self.watch.moment(due)).await,
                    None => std::future::pending().await,
                }
            };
            let news = tokio::select! {
                bytes = mail.recv(), if !is_over && plans.to_server.has_room() => bytes.map_or(News::Over, News::Mail),
                received = target.receive(&mut batch), if self.takes(&plans) => News::Answers(received),
                () = wake => News::Due,
                () = tokio::time::sleep_until(silent_since + CLIENT_SILENT_MAX) => News::Silent,
                () = stopping.asked(), if plans.are_empty() => News::Over,
            };
            match news {
                News::Mail(bytes) => {
                    silent_since = Instant::now();
                    self.take(&mut plans.to_server, Direction::ToServer, &bytes);
                }
                News::Answers(Ok(())) => {
                    silent_since = Instant::now();
                    for index in 0..batch.len() {
                        let bytes = batch.bytes(index);
                        self.take(&mut plans.to_client, Direction::ToClient, bytes);
                    }
                }
                News::Answers(Err(error)) => {
                    let loss = Loss::Refused(&error);
                    self.watch.note(What::Lost(Direction::ToServer, b"", loss));
                }
                News::Due => {}
                News::Over => is_over = true,
                News::Silent => break,
            }
        }
    }

    /// The socket to the target. Where there can be none, what waited for it is lost, and told.
    async fn dial(&self, mail: &mut mpsc::Receiver<Vec<u8>>) -> Option<Datagrams> {
        let name = self.peer.as_ref().map(ToString::to_string);
        let name = name.unwrap_or_else(|| "(no address)".to_owned());
        match crate::dial_datagrams(&self.target).await {
            Ok(target) => {
                self.watch.note(What::Opened(&self.ends(name, &target)));
                Some(target)
            }
            Err(error) => {
                let (client, error) = (name.as_str(), &error);
                self.watch.note(What::Unreachable { client, error });
                while let Ok(bytes) = mail.try_recv() {
                    let loss = Loss::Unsent(error);
                    self.watch
                        .note(What::Lost(Direction::ToServer, &bytes, loss));
                }
                None
            }
        }
    }

    /// Whether the target may say more: on unixgram it waits where there is no room, and nothing is
    /// lost; on udp nobody waits, and what is lost is told.
    fn takes(&self, plans: &Plans) -> bool {
        matches!(self.target, Address::Udp(_)) || plans.to_client.has_room()
    }

    fn take(&self, plan: &mut MailPlan, direction: Direction, bytes: &[u8]) {
        self.watch.note(What::Read(direction, bytes));
        match plan.handle_datagram(bytes, self.watch.now()) {
            Fate::Kept { passed, is_twice } => {
                if let Some(passed) = &passed {
                    self.watch.note(What::Reordered(direction, passed));
                }
                if is_twice {
                    self.watch.note(What::Twice(direction, bytes));
                }
            }
            Fate::Dropped => self.watch.note(What::Dropped(direction, bytes)),
            Fate::Stalled => self.watch.note(What::Stopped(direction, StopKind::Stall)),
            Fate::NoRoom => self.watch.note(What::Lost(direction, bytes, Loss::NoRoom)),
        }
    }

    /// Sends what is due and what its receiver has room for; gives the time to try again.
    async fn send_due(&self, plans: &mut Plans, target: &Datagrams) -> Option<Duration> {
        let mut next = None;
        for direction in Direction::BOTH {
            loop {
                let polled = plans.of(direction).poll(self.watch.now());
                let bytes = match polled {
                    Ok(bytes) => bytes,
                    Err(due) => {
                        next = [next, due].into_iter().flatten().min();
                        break;
                    }
                };
                let sent = match direction {
                    Direction::ToServer => target.send_now(&bytes),
                    Direction::ToClient => self.answer(&bytes).await,
                };
                if let Err(error) = &sent
                    && error.kind() == io::ErrorKind::WouldBlock
                {
                    plans.of(direction).put_back(bytes);
                    next = [next, Some(self.watch.now() + FULL_PAUSE)]
                        .into_iter()
                        .flatten()
                        .min();
                    break;
                }
                self.watch.note(match &sent {
                    Ok(()) => What::Write(direction, &bytes),
                    Err(error) => What::Lost(direction, &bytes, Loss::Unsent(error)),
                });
            }
        }
        next
    }

    async fn answer(&self, bytes: &[u8]) -> io::Result<()> {
        let Some(peer) = &self.peer else {
            return Err(io::ErrorKind::AddrNotAvailable.into());
        };
        let sent = self.socket.send_run(peer, bytes, &[bytes.len()]).await;
        sent.map_err(|unsent| unsent.error)
    }

    fn ends(&self, client: String, target: &Datagrams) -> Ends {
        let place = |address: &Address| match address {
            Address::Udp(at) => at
                .host
                .parse()
                .ok()
                .map(|ip: IpAddr| SocketAddr::new(ip, at.port)),
            _ => None,
        };
        let client_end = self.peer.as_ref().and_then(Peer::socket_address);
        Ends {
            client,
            client_side: client_end.zip(place(self.socket.address())),
            target_side: target.local_address().zip(place(target.address())),
            is_datagram: true,
        }
    }
}

impl Plans {
    fn of(&mut self, direction: Direction) -> &mut MailPlan {
        match direction {
            Direction::ToServer => &mut self.to_server,
            Direction::ToClient => &mut self.to_client,
        }
    }

    fn are_empty(&self) -> bool {
        self.to_server.is_empty() && self.to_client.is_empty()
    }
}

impl Drop for Plans {
    fn drop(&mut self) {
        for direction in Direction::BOTH {
            let held_bytes = self.of(direction).held_bytes();
            self.watch.note_held(direction, held_bytes);
        }
    }
}
