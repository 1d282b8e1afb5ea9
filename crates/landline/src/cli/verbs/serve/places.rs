//! Where `serve` listens, and by which addresses others reach it there.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use landline::line::{Address, HostPort, Listener};
use landline::trust::{ADDRESSES_MAX, HostAddress, PORT_DEFAULT};

use crate::cli::arguments::ServeArguments;
use crate::cli::ending::Ending;
use crate::cli::own_addresses::own_addresses;
use crate::cli::verbs::plain;

/// Every address of this machine, where it has no IPv6.
const ANY_V4: &str = "0.0.0.0";

/// A listener, and where it listens as it is said.
type Listening = (Listener, String);

/// Listens wherever was asked for.
pub(super) async fn listen(
    arguments: &ServeArguments,
) -> Result<(Vec<Listening>, Vec<HostAddress>), Ending> {
    let mut listening = Vec::new();
    let mut reached = Vec::new();
    for typed in &arguments.listen {
        let place = place(typed)?;
        let listener = listen_at(&place, arguments.backlog).await?;
        let address = listener.address();
        let address = address.map_err(|error| failed(&place, &error))?;
        let Address::Tcp(at) = address else {
            unreachable!("only tcp is listened on")
        };
        reached.extend(reached_by(&at));
        listening.push((listener, at.to_string()));
    }
    reached.truncate(ADDRESSES_MAX);
    Ok((listening, reached))
}

/// HOST, HOST:PORT or [V6]:PORT, with port 0 for any that is free.
fn place(typed: &str) -> Result<HostPort, Ending> {
    if typed.contains("://") || typed.starts_with("unix") {
        return Err(Ending::usage("serve-scheme").with("address", typed));
    }
    let with_port = |text: &str| match format!("tcp://{text}").parse() {
        Ok(Address::Tcp(place)) => Some(place),
        _ => None,
    };
    let without_port = || match typed.parse::<Ipv6Addr>() {
        Ok(bare) => with_port(&format!("[{bare}]:{PORT_DEFAULT}")),
        Err(_) if typed.contains(':') && !typed.ends_with(']') => None,
        Err(_) => with_port(&format!("{typed}:{PORT_DEFAULT}")),
    };
    let place = with_port(typed).or_else(without_port);
    place.ok_or_else(|| Ending::usage("serve-address").with("address", typed))
}

async fn listen_at(place: &HostPort, backlog: u32) -> Result<Listener, Ending> {
    let resolved = place.resolve().await;
    let resolved = resolved.map_err(|error| failed(place, &error))?;
    let at = resolved[0];
    match Listener::tcp(at, backlog) {
        // A machine without IPv6 has all its addresses there.
        Err(error) if at.ip().is_unspecified() && at.is_ipv6() && is_without_v6(&error) => {
            let any: IpAddr = ANY_V4.parse().expect("an address");
            Listener::tcp(SocketAddr::new(any, at.port()), backlog)
        }
        listened => listened,
    }
    .map_err(|error| failed(place, &error))
}

fn is_without_v6(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let code = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(code, Some(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL))
}

fn failed(place: &HostPort, error: &io::Error) -> Ending {
    plain::bind_failed(place, error)
}

/// The addresses by which others reach a listener: where it listens at all of this machine's, those
/// that it sends from, its name, and itself.
fn reached_by(at: &HostPort) -> Vec<HostAddress> {
    let unspecified = at
        .host
        .parse::<IpAddr>()
        .is_ok_and(|ip| ip.is_unspecified());
    let hosts = if unspecified {
        let mut hosts: Vec<String> = own_addresses().iter().map(ToString::to_string).collect();
        hosts.push(own_name());
        hosts.push("127.0.0.1".to_owned());
        hosts
    } else {
        vec![at.host.clone()]
    };
    let addresses = hosts.iter().map(|host| HostAddress::new(host, at.port));
    addresses.filter_map(Result::ok).collect()
}

fn own_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_may_leave_its_port_out() {
        for (typed, place_) in [
            ("127.0.0.1:7", "127.0.0.1:7"),
            ("127.0.0.1", "127.0.0.1:5263"),
            ("[::]:0", "[::]:0"),
            ("[::1]", "[::1]:5263"),
            ("::", "[::]:5263"),
            ("office", "office:5263"),
        ] {
            assert_eq!(place(typed).expect("a place").to_string(), place_);
        }
        for nowhere in ["", ":", "127.0.0.1:port", "a:70000", "tcp://h:1", "unix:/s"] {
            assert!(place(nowhere).is_err(), "{nowhere}");
        }
    }
}
