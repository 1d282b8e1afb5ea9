//! Which of a server's addresses are of use to another machine. It opens nothing: which addresses the
//! machine has of its own it is told.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use landline::trust::{ADDRESSES_MAX, HostAddress};

/// Where a server is reached.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// Best first, at most [`ADDRESSES_MAX`].
    pub(super) addresses: Vec<HostAddress>,
    /// Whether they lead there from this machine alone.
    pub(super) only_here: bool,
}

/// Where others reach servers that listen at `known`, on a machine whose addresses are `own`. One
/// that listens at every address is reached at those; loopback is for want of anything else.
pub(super) fn reached(known: &[HostAddress], own: &[IpAddr]) -> Reached {
    let all = known.iter().flat_map(|it| each(it, own));
    let (here, mut there): (Vec<_>, Vec<_>) = all.partition(is_loopback);
    let only_here = there.is_empty();
    if only_here {
        there = here;
    }
    let mut addresses: Vec<HostAddress> = Vec::new();
    for address in there {
        if !addresses.contains(&address) && addresses.len() < ADDRESSES_MAX {
            addresses.push(address);
        }
    }
    Reached {
        addresses,
        only_here,
    }
}

/// The address itself, or where it stands for every one, those of this machine and loopback.
fn each(address: &HostAddress, own: &[IpAddr]) -> Vec<HostAddress> {
    let loopback = match address.host().parse() {
        Ok(IpAddr::V4(any)) if any.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Ok(IpAddr::V6(any)) if any.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        _ => return vec![address.clone()],
    };
    // A socket of IPv6 takes callers of IPv4 as well, but not the other way round.
    let own = own.iter().filter(|it| it.is_ipv4() || loopback.is_ipv6());
    let all = own.chain([&loopback]);
    let named = all.map(|it| HostAddress::new(&it.to_string(), address.port()));
    named.filter_map(Result::ok).collect()
}

fn is_loopback(address: &HostAddress) -> bool {
    let host = address.host();
    host.parse::<IpAddr>()
        .map_or(host == "localhost", |it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(known: &[&str], own: &[&str], expected: &[&str], only_here: bool) {
        let known: Vec<HostAddress> = known.iter().map(|it| it.parse().unwrap()).collect();
        let own: Vec<IpAddr> = own.iter().map(|it| it.parse().unwrap()).collect();
        let found = reached(&known, &own);
        let texts: Vec<String> = found.addresses.iter().map(ToString::to_string).collect();
        assert_eq!(texts, expected);
        assert_eq!(found.only_here, only_here);
    }

    #[test]
    fn others_are_told_where_they_get_through() {
        let known = [
            "127.0.0.1:1",
            "office:2",
            "[::1]:3",
            "localhost:4",
            "10.0.0.7:5",
        ];
        check(&known, &["10.0.0.7"], &["office:2", "10.0.0.7:5"], false);
        check(&["office:2", "office:2"], &[], &["office:2"], false);
    }

    #[test]
    fn every_address_is_each_of_this_machine() {
        let own = ["10.0.0.7", "2001:db8::7"];
        check(&["[::]:1"], &own, &["10.0.0.7:1", "[2001:db8::7]:1"], false);
        check(&["0.0.0.0:1"], &own, &["10.0.0.7:1"], false);
        check(&["0.0.0.0:1"], &own[1..], &["127.0.0.1:1"], true);
    }

    #[test]
    fn loopback_is_for_want_of_anything_else() {
        check(
            &["127.0.0.1:1", "[::1]:1"],
            &["10.0.0.7"],
            &["127.0.0.1:1", "[::1]:1"],
            true,
        );
        check(&["[::]:1"], &[], &["[::1]:1"], true);
    }

    #[test]
    fn a_ticket_has_room_for_a_few() {
        let many: Vec<String> = (1..20).map(|port| format!("h:{port}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(&many, &[], &many[..ADDRESSES_MAX], false);
    }
}
