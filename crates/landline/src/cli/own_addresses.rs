//! The addresses by which other machines may reach this one: those that it sends from. It does not
//! know what listens there, and which of them a router translates.

use std::net::{IpAddr, UdpSocket};

/// For each family where to start, and somewhere far that nobody has (RFC 5737, RFC 3849).
const FAR: [(&str, &str); 2] = [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")];

/// The address of each family that this machine would send from to somewhere far. Nothing is sent:
/// connecting a datagram socket only looks up the way.
pub(crate) fn own_addresses() -> Vec<IpAddr> {
    let found = FAR.into_iter().filter_map(|(start, far)| {
        let socket = UdpSocket::bind(start).ok()?;
        socket.connect(far).ok()?;
        Some(socket.local_addr().ok()?.ip())
    });
    found
        .filter(|it| !it.is_loopback() && !it.is_unspecified())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_of_this_machine_and_no_loopback() {
        let found = own_addresses();
        for address in &found {
            assert!(UdpSocket::bind((*address, 0)).is_ok(), "{address}");
            assert!(!address.is_loopback(), "{address}");
        }
        // A way to everywhere (destination 0) starts at an address of this machine.
        let ways = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
        let is_everywhere = |way: &str| way.split_whitespace().nth(1) == Some("00000000");
        if ways.lines().any(is_everywhere) {
            assert!(found.iter().any(IpAddr::is_ipv4), "{ways}{found:?}");
        }
    }
}
