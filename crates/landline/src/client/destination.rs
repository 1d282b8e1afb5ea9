//! Where HOST leads: the machines of the address book that it can mean, their keys, and the addresses
//! to try. It connects to nothing.

use std::collections::BTreeSet;

use landline_line::{Address, HostPort};
use landline_trust::{Book, HostAddress, Machine, PeerId};

/// Where a machine is called, and who may answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Destination {
    /// In the order in which they are tried.
    pub(super) addresses: Vec<HostAddress>,
    /// Whoever answers has one of these.
    pub(super) keys: BTreeSet<PeerId>,
}

/// What `host` means: a name of the book, with or without another port; else an address that the book
/// has for a machine, by itself or once DNS has resolved it. `None`: nothing that the book knows.
pub(super) async fn find(book: &Book, host: &str) -> Option<Destination> {
    if let Some(machine) = book.find(host) {
        return Some(Destination::of(machine));
    }
    let (name, port) = split_port(host);
    if let (Some(machine), Some(port)) = (book.find(name), port) {
        return Some(Destination::at_port(machine, port));
    }
    let address: HostAddress = host.parse().ok()?;
    let known = Destination::known_by(book, |known| *known == address);
    if known.is_some() {
        return known.map(|known| known.only(vec![address]));
    }
    let resolved = resolve(&address).await;
    let by_name = Destination::known_by(book, |known| resolved.contains(known));
    // The same machine behind another port still has the same key.
    let by_host = || Destination::known_by(book, |known| known.host() == address.host());
    let found = by_name.or_else(by_host)?;
    Some(found.only(vec![address]))
}

fn split_port(host: &str) -> (&str, Option<u16>) {
    let split = host.rsplit_once(':');
    let port = split.and_then(|(_, port)| port.parse().ok());
    match split {
        Some((name, _)) if port.is_some_and(|port| port != 0) => (name, port),
        _ => (host, None),
    }
}

impl Destination {
    fn of(machine: &Machine) -> Self {
        Self {
            addresses: machine.addresses.clone(),
            keys: BTreeSet::from([machine.key]),
        }
    }

    /// A machine's hosts, each once, at another port.
    fn at_port(machine: &Machine, port: u16) -> Self {
        let mut addresses = Vec::new();
        for address in &machine.addresses {
            if let Ok(address) = HostAddress::new(address.host(), port)
                && !addresses.contains(&address)
            {
                addresses.push(address);
            }
        }
        Self {
            addresses,
            ..Self::of(machine)
        }
    }

    /// The machines that have such an address.
    fn known_by(book: &Book, is_meant: impl Fn(&HostAddress) -> bool) -> Option<Self> {
        let machines = book.machines().map(|(_, machine)| machine);
        let meant = machines.filter(|machine| machine.addresses.iter().any(&is_meant));
        let keys: BTreeSet<PeerId> = meant.map(|machine| machine.key).collect();
        (!keys.is_empty()).then_some(Self {
            addresses: Vec::new(),
            keys,
        })
    }

    fn only(mut self, addresses: Vec<HostAddress>) -> Self {
        self.addresses = addresses;
        self
    }
}

/// What DNS says, in the form that the book has addresses in.
async fn resolve(address: &HostAddress) -> Vec<HostAddress> {
    let place = HostPort {
        host: address.host().to_owned(),
        port: address.port(),
    };
    let resolved = place.resolve().await.unwrap_or_default();
    let resolved = resolved.into_iter();
    resolved
        .filter_map(|at| HostAddress::new(&at.ip().to_string(), at.port()).ok())
        .collect()
}

/// An address as lines have it.
pub(super) fn line_address(address: &HostAddress) -> Address {
    Address::Tcp(HostPort {
        host: address.host().to_owned(),
        port: address.port(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: PeerId = PeerId::from_bytes([1; 32]);
    const LAB: PeerId = PeerId::from_bytes([2; 32]);

    fn book() -> Book {
        let mut book = Book::default();
        let addresses = |text: &str| -> Vec<HostAddress> {
            text.split(' ')
                .map(|it| it.parse().expect("an address"))
                .collect()
        };
        for (name, key, at) in [
            ("office", OFFICE, "10.0.0.5:5263 office.example:7000"),
            ("lab", LAB, "127.0.0.1:6000"),
        ] {
            book.add(&name.parse().expect("a name"), key, &addresses(at))
                .expect("a free name");
        }
        book
    }

    async fn found(host: &str) -> Option<(Vec<String>, Vec<PeerId>)> {
        let found = find(&book(), host).await?;
        let addresses = found.addresses.iter().map(ToString::to_string);
        Some((addresses.collect(), found.keys.into_iter().collect()))
    }

    #[tokio::test]
    async fn a_host_is_a_name_of_the_book_or_one_of_its_addresses() {
        let both = ["10.0.0.5:5263", "office.example:7000"].map(str::to_owned);
        assert_eq!(found("office").await, Some((both.to_vec(), vec![OFFICE])));
        let ported = ["10.0.0.5:9000", "office.example:9000"].map(str::to_owned);
        assert_eq!(
            found("office:9000").await,
            Some((ported.to_vec(), vec![OFFICE]))
        );
        for (typed, at, key) in [
            ("10.0.0.5", "10.0.0.5:5263", OFFICE),
            ("127.0.0.1:6000", "127.0.0.1:6000", LAB),
            ("localhost:6000", "localhost:6000", LAB),
            ("127.0.0.1:6001", "127.0.0.1:6001", LAB),
        ] {
            assert_eq!(found(typed).await, Some((vec![at.to_owned()], vec![key])));
        }
    }

    #[tokio::test]
    async fn what_the_book_does_not_know_leads_nowhere() {
        for host in [
            "nobody",
            "10.0.0.6",
            "192.0.2.1:6000",
            "",
            "tcp://10.0.0.5:5263",
        ] {
            assert_eq!(found(host).await, None, "{host}");
        }
    }
}
