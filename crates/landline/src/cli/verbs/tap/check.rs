//! Mixtures of addresses and moves that make no sense, each with what to write instead.

use std::fs;
use std::net::SocketAddr;

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
    if place.port == 0 {
        return Err(Ending::usage("tap-target-port").with("address", target));
    }
    match place.resolve().await {
        Ok(_) => Ok(()),
        Err(error) => Err(plain::unreachable(target, &error)),
    }
}

/// Refuses a target that is the tap itself, which listens `at` an address by now: each of its calls
/// would make the next.
pub(super) async fn itself(at: &Address, target: &Address) -> Result<(), Ending> {
    let is_same = match (at, target) {
        (Address::Tcp(at), Address::Tcp(place)) | (Address::Udp(at), Address::Udp(place)) => {
            // What cannot be resolved any more is nobody.
            let own = at.resolve().await.unwrap_or_default();
            let called = place.resolve().await.unwrap_or_default();
            own.iter()
                .any(|own| called.iter().any(|it| reaches(own, it)))
        }
        (Address::Unix(at), Address::Unix(path))
        | (Address::Unixgram(at), Address::Unixgram(path)) => {
            let real = |path| fs::canonicalize(path).ok();
            real(at).is_some_and(|at| real(path) == Some(at))
        }
        _ => false,
    };
    match is_same {
        true => Err(Ending::usage("tap-itself").with("target", target)),
        false => Ok(()),
    }
}

/// Whether who calls `called` on this machine reaches who listens at `own`: no address at all stands
/// for this machine on either side.
fn reaches(own: &SocketAddr, called: &SocketAddr) -> bool {
    let (own_ip, called_ip) = (own.ip().to_canonical(), called.ip().to_canonical());
    let is_here = called_ip == own_ip
        || called_ip.is_unspecified() && own_ip.is_loopback()
        || own_ip.is_unspecified() && (called_ip.is_loopback() || called_ip.is_unspecified());
    own.port() == called.port() && is_here
}
