//! One connection of a tap: the client's line, the target's, and the two directions between them.

use std::pin::pin;
use std::sync::atomic::AtomicBool;

use super::lot::Lot;
use super::moves::{Direction, Schedule};
use super::plan::Plan;
use super::pump::{Outcome, Pump};
use super::quiet::QuietPump;
use super::record::{Ends, What};
use super::stopping::{Stopper, Stopping};
use super::watch::Watch;
use crate::address::Address;
use crate::stream::{self, ReadHalf, Stream, WriteHalf};

/// Calls the target for `client`, and passes on what either says until both have ended.
pub(super) async fn serve(
    client: Stream,
    target: Address,
    schedule: Schedule,
    watch: Watch,
    mut stopping: [Stopping; 3],
) {
    let dialed = tokio::select! {
        dialed = crate::dial(&target) => dialed,
        () = stopping[2].asked() => return,
    };
    let target = match dialed {
        Ok(target) => target,
        Err(error) => {
            let client_name = &client.peer;
            watch.note(What::Unreachable {
                client: client_name,
                error: &error,
            });
            // Without a tap the client would have been refused: a plain end would say less.
            return stream::reset(client.reader, client.writer);
        }
    };
    watch.note(What::Opened(&ends(&client, &target)));
    let _closing = watch.until_closed();
    let [to_server, to_client, _] = stopping;
    let mut lines = Lines {
        client: (client.reader, client.writer),
        target: (target.reader, target.writer),
    };
    let broken = lines.join(&schedule, &watch, to_server, to_client).await;
    if broken {
        stream::reset(lines.client.0, lines.client.1);
        stream::reset(lines.target.0, lines.target.1);
    }
}

/// The ears that one connection needs.
pub(super) fn ears(stopper: &Stopper) -> [Stopping; 3] {
    std::array::from_fn(|_| stopper.ear())
}

fn ends(client: &Stream, target: &Stream) -> Ends {
    Ends {
        client: client.peer.clone(),
        client_side: client.ends.map(|(ours, theirs)| (theirs, ours)),
        target_side: target.ends,
        is_datagram: false,
    }
}

struct Lines {
    client: (ReadHalf, WriteHalf),
    target: (ReadHalf, WriteHalf),
}

impl Lines {
    /// Joins them until both directions are over; says whether the lines are broken.
    async fn join(
        &mut self,
        schedule: &Schedule,
        watch: &Watch,
        to_server: Stopping,
        to_client: Stopping,
    ) -> bool {
        let (client_reset, target_reset) = (AtomicBool::new(false), AtomicBool::new(false));
        let up = Way {
            direction: Direction::ToServer,
            reader: &mut self.client.0,
            writer: &mut self.target.1,
            sender_reset: &client_reset,
            receiver_reset: &target_reset,
        };
        let down = Way {
            direction: Direction::ToClient,
            reader: &mut self.target.0,
            writer: &mut self.client.1,
            sender_reset: &target_reset,
            receiver_reset: &client_reset,
        };
        let mut up = pin!(up.pass(schedule, watch, to_server));
        let mut down = pin!(down.pass(schedule, watch, to_client));
        let mut over = [None, None];
        while over.contains(&None) {
            let outcome = tokio::select! {
                outcome = &mut up, if over[0].is_none() => *over[0].insert(outcome),
                outcome = &mut down, if over[1].is_none() => *over[1].insert(outcome),
            };
            if outcome == Outcome::Broken {
                return true;
            }
        }
        let ways = [Direction::ToServer, Direction::ToClient];
        let mut gone = (0..2).filter(|way| over[*way] == Some(Outcome::ReceiverGone));
        let Some(way) = gone.next() else {
            return false;
        };
        watch.note(What::Broken(ways[way].back()));
        true
    }
}

/// One direction's ends.
struct Way<'a> {
    direction: Direction,
    reader: &'a mut ReadHalf,
    writer: &'a mut WriteHalf,
    sender_reset: &'a AtomicBool,
    receiver_reset: &'a AtomicBool,
}

impl Way<'_> {
    async fn pass(self, schedule: &Schedule, watch: &Watch, stopping: Stopping) -> Outcome {
        let moves = schedule.of(self.direction);
        if moves.is_empty() && !watch.wants_bytes() {
            let quiet = QuietPump {
                reader: self.reader,
                writer: self.writer,
                stopping,
                sender_reset: self.sender_reset,
                receiver_reset: self.receiver_reset,
            };
            return quiet.run().await;
        }
        let lot = Lot::of_connection(schedule.seed, watch.connection(), self.direction);
        let pump = Pump {
            direction: self.direction,
            reader: self.reader,
            writer: self.writer,
            plan: Plan::new(moves, lot),
            watch,
            stopping,
            sender_reset: self.sender_reset,
            receiver_reset: self.receiver_reset,
            is_cut: false,
        };
        pump.run().await
    }
}
