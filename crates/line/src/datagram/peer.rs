//! The other end of a datagram: an address that can be answered, compared and shown.

use std::ffi::OsStr;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::net::{SocketAddrAny, SocketAddrUnix};

/// Where a datagram came from, and where one can be sent.
///
/// It shows as `127.0.0.1:4000` or `[::1]:4000`, a unix socket as its path, as `@` and the
/// hexadecimal digits of its abstract name (unix(7)), or as `(unnamed)`. A path is whatever the
/// peer chose: whoever shows it escapes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer(pub(super) Name);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Name {
    Ip(SocketAddr),
    Unix(SocketAddrUnix),
}

impl Peer {
    /// Its IP address, an IPv4 one written as IPv6 (`::ffff:a.b.c.d`) made plain. `None`: a unix
    /// socket.
    pub fn ip(&self) -> Option<IpAddr> {
        match &self.0 {
            Name::Ip(address) => Some(address.ip().to_canonical()),
            Name::Unix(_) => None,
        }
    }

    /// Its IP address and port. `None`: a unix socket.
    pub(crate) fn socket_address(&self) -> Option<SocketAddr> {
        match &self.0 {
            Name::Ip(address) => Some(SocketAddr::new(address.ip().to_canonical(), address.port())),
            Name::Unix(_) => None,
        }
    }

    /// What the kernel gave as a sender. `None`: a socket without a name, which cannot be answered.
    pub(super) fn of(address: SocketAddrAny) -> Option<Self> {
        if let Ok(ip) = SocketAddr::try_from(address.clone()) {
            return Some(Self(Name::Ip(ip)));
        }
        let unix = SocketAddrUnix::try_from(address).ok()?;
        (!unix.is_unnamed()).then_some(Self(Name::Unix(unix)))
    }
}

impl From<SocketAddr> for Peer {
    fn from(address: SocketAddr) -> Self {
        Self(Name::Ip(address))
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Name::Ip(address) => {
                SocketAddr::new(address.ip().to_canonical(), address.port()).fmt(out)
            }
            Name::Unix(address) => show_unix(address, out),
        }
    }
}

fn show_unix(address: &SocketAddrUnix, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(path) = address.path_bytes() {
        let path = Path::new(OsStr::from_bytes(path));
        return write!(out, "{}", path.display());
    }
    match abstract_name(address) {
        Some(name) => {
            out.write_str("@")?;
            name.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        None => out.write_str("(unnamed)"),
    }
}

#[cfg(target_os = "linux")]
fn abstract_name(address: &SocketAddrUnix) -> Option<&[u8]> {
    address.abstract_name()
}

#[cfg(not(target_os = "linux"))]
fn abstract_name(_: &SocketAddrUnix) -> Option<&[u8]> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: Name, expected: &str) {
        assert_eq!(Peer(name).to_string(), expected);
    }

    #[test]
    fn each_kind_of_name_shows_as_a_person_knows_it() {
        let ip = |text: &str| Name::Ip(text.parse().unwrap());
        check(ip("127.0.0.1:4000"), "127.0.0.1:4000");
        check(ip("[::1]:4000"), "[::1]:4000");
        check(ip("[::ffff:10.0.0.1]:4000"), "10.0.0.1:4000");
        check(
            Name::Unix(SocketAddrUnix::new("/tmp/a b").unwrap()),
            "/tmp/a b",
        );
        check(Name::Unix(SocketAddrUnix::new_unnamed()), "(unnamed)");
        #[cfg(target_os = "linux")]
        check(
            Name::Unix(SocketAddrUnix::new_abstract_name(b"\x000a\xff").unwrap()),
            "@003061ff",
        );
    }
}
