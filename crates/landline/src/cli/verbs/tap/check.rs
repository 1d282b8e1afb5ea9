//! Mixtures of addresses and moves that make no sense, each with what to write instead.

use landline::line::Address;
use landline::tap::{Direction, MoveKind, Schedule};

use crate::cli::ending::Ending;
use crate::cli::verbs::plain;

/// A stream has no edges that datagrams could keep, and datagrams have no order that a stream could.
pub(super) fn mixture(listen: &Address, target: &Address) -> Result<(), Ending> {
    if listen.is_datagram() == target.is_datagram() {
        return Ok(());
    }
    let ending = Ending::usage("tap-mixture").with("listen", listen);
    Err(ending.with("target", target))
}

/// Refuses moves that the addresses have no use for.
pub(super) fn moves(schedule: &Schedule, listen: &Address, target: &Address) -> Result<(), Ending> {
    let is_datagram = listen.is_datagram();
    for direction in Direction::BOTH {
        let receiver = match direction {
            Direction::ToClient => listen,
            Direction::ToServer => target,
        };
        for one in schedule.of(direction).iter() {
            let kind = one.kind();
            let key = match kind {
                _ if is_datagram && !kind.is_for_datagrams() => "tap-move-needs-stream",
                _ if !is_datagram && !kind.is_for_streams() => "tap-move-needs-datagrams",
                MoveKind::Reset if !matches!(receiver, Address::Tcp(_)) => "tap-reset-needs-tcp",
                _ => continue,
            };
            let ending = Ending::usage(key).with("option", kind.option());
            return Err(ending
                .with("address", receiver)
                .with("direction", direction));
        }
    }
    Ok(())
}

/// Refuses a target whose name is nobody's: it is a slip of the pen. Whether somebody listens there
/// shows with each client.
pub(super) async fn target(target: &Address) -> Result<(), Ending> {
    let (Address::Tcp(place) | Address::Udp(place)) = target else {
        return Ok(());
    };
    match place.resolve().await {
        Ok(_) => Ok(()),
        Err(error) => Err(plain::unreachable(target, &error)),
    }
}
