//! Where `listen` may bind: loopback, or more when that was asked for and said.

use std::net::SocketAddr;

use landline::line::{Address, HostPort};

use crate::cli::arguments::{ListenArguments, ServiceName};
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::plain;

/// The first address of `place`, if it may be bound.
pub(super) async fn socket_address(
    address: &Address,
    place: &HostPort,
    arguments: &ListenArguments,
    ui: &Ui,
) -> Result<SocketAddr, Ending> {
    if address.is_datagram() && arguments.insecure {
        let found = place.resolve().await;
        let at = found.map_err(|error| plain::unreachable(address, &error))?[0];
        if plain::is_open(at) {
            refuse_reflection(arguments)?;
        }
    }
    // A config file may have networks for the relay, and another service is listened with.
    let networks = match arguments.service {
        ServiceName::Relay => &arguments.allow[..],
        _ => &[],
    };
    let (insecure, service) = (arguments.insecure, arguments.service.name());
    plain::own_address(address, place, insecure, service, networks, ui).await
}

/// A datagram's source can be forged: whoever answers with more than was sent, or to others than
/// who sent it, can be turned on a victim.
fn refuse_reflection(arguments: &ListenArguments) -> Result<(), Ending> {
    match arguments.service {
        ServiceName::Echo if arguments.suffix.is_some() => Err(Ending::usage("open-echo-suffix")),
        ServiceName::Relay if arguments.allow.is_empty() => Err(Ending::usage("open-relay-allow")),
        _ => Ok(()),
    }
}
