//! Where `listen` may bind: loopback, or more when that was asked for and said.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use landline::line::{Address, HostPort};

use crate::cli::arguments::ListenArguments;
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
    if at.ip().to_canonical().is_loopback() {
        return Ok(at);
    }
    if !arguments.insecure {
        return Err(Ending::usage("insecure-needed").with("address", address));
    }
    let service = arguments.service.name().to_owned();
    ui.note(
        "insecure-open",
        &[("address", address.to_string()), ("service", service)],
    );
    Ok(at)
}

/// The sentence for an address that cannot be listened at.
pub(super) fn failed(address: &Address, error: &io::Error) -> Ending {
    let key = match error.kind() {
        ErrorKind::AddrInUse => "bind-in-use",
        ErrorKind::PermissionDenied => "bind-not-permitted",
        ErrorKind::AddrNotAvailable => "bind-not-here",
        ErrorKind::AlreadyExists => "bind-not-a-socket",
        ErrorKind::NotFound => "bind-no-folder",
        _ => "bind-failed",
    };
    Ending::failed(key)
        .with("address", address)
        .with("error", error)
}
