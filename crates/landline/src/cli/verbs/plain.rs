//! Plain addresses as verbs take them, and what a line that cannot be made is called.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use ipnet::IpNet;
use landline::frame::tutorial::Endian;
use landline::line::{self, Address, AddressError, HostPort, Stream};

use crate::cli::arguments::ByteOrder;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// What `text` means as a plain address.
pub(crate) fn address(text: &str) -> Result<Address, Ending> {
    text.parse().map_err(|error: AddressError| {
        let ending = Ending::usage(error.key()).with("address", text);
        match error.value() {
            Some(value) => ending.with("value", value),
            None => ending,
        }
    })
}

/// A stream to `address`; datagrams make no sense to `verb`.
pub(crate) async fn dial(address: &Address, verb: &'static str) -> Result<Stream, Ending> {
    if address.is_datagram() {
        return Err(Ending::usage("stream-needed")
            .with("verb", verb)
            .with("address", address));
    }
    line::dial(address)
        .await
        .map_err(|error| unreachable(address, &error))
}

/// The sentence for a line that could not be made.
pub(crate) fn unreachable(address: &Address, error: &io::Error) -> Ending {
    let key = match error.kind() {
        io::ErrorKind::ConnectionRefused => "dial-refused",
        io::ErrorKind::NotFound => "dial-not-found",
        io::ErrorKind::PermissionDenied => "dial-not-permitted",
        _ => "dial-failed",
    };
    Ending::failed(key)
        .with("address", address)
        .with("error", error)
}

/// The byte order that was typed.
pub(crate) fn endian(typed: ByteOrder) -> Endian {
    match typed {
        ByteOrder::Little => Endian::Little,
        ByteOrder::Big => Endian::Big,
        ByteOrder::Native => Endian::NATIVE,
    }
}

/// The first address of `place`, where `service` may listen: loopback, or more where `insecure` asks
/// for it, which is said: it is open to all, or to `networks` alone if there are any.
pub(crate) async fn own_address(
    address: &Address,
    place: &HostPort,
    insecure: bool,
    service: &'static str,
    networks: &[IpNet],
    ui: &Ui,
) -> Result<SocketAddr, Ending> {
    let found = place.resolve().await;
    let at = found.map_err(|error| unreachable(address, &error))?[0];
    if !is_open(at) {
        return Ok(at);
    }
    if !insecure {
        return Err(Ending::usage("insecure-needed").with("address", address));
    }
    let mut values = vec![
        ("address", address.to_string()),
        ("service", service.to_owned()),
    ];
    if networks.is_empty() {
        ui.note("insecure-open", &values);
    } else {
        let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
        values.push(("networks", networks.join(", ")));
        ui.note("insecure-allowed", &values);
    }
    Ok(at)
}

/// Whether other machines reach it.
pub(crate) fn is_open(at: SocketAddr) -> bool {
    !at.ip().to_canonical().is_loopback()
}

/// The sentence for an address that cannot be listened at.
pub(crate) fn bind_failed(address: impl Display, error: &io::Error) -> Ending {
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
