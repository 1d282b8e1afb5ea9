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
    let found = place.resolve().await;
    let at = found.map_err(|error| plain::unreachable(address, &error))?[0];
    if !is_open(at) {
        return Ok(at);
    }
    if !arguments.insecure {
        return Err(Ending::usage("insecure-needed").with("address", address));
    }
    if address.is_datagram() {
        refuse_reflection(arguments)?;
    }
    let service = arguments.service.name().to_owned();
    ui.note(
        "insecure-open",
        &[("address", address.to_string()), ("service", service)],
    );
    Ok(at)
}

/// Whether other machines reach it.
pub(super) fn is_open(at: SocketAddr) -> bool {
    !at.ip().to_canonical().is_loopback()
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
