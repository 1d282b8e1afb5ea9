//! Who lives where: attacker, relay and victim, each in a namespace of its own with a router between,
//! or all on loopback. It does not know what the relay does.
//!
//! ```text
//!   attacker 10.99.1.2 ---- router ---- 10.99.2.2 relay
//!                             |
//!                             +-------- 10.99.3.2 victim
//! ```

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use rustix::net::{RecvFlags, recvfrom};
use socket2::Socket;

use super::group::Block;
use super::{BYTES, DATAGRAMS};
use crate::capture::{Capture, Filter};
use crate::datagrams;
use crate::experiment::LabError;
use crate::place::Net;
use crate::report::Missing;

/// The router's interfaces to the three.
const SIDES: [&str; 3] = ["to1", "to2", "to3"];

/// The interface of each of the three.
const OUT: &str = "out";

pub(super) struct Street {
    attacker: Net,
    pub(super) relay: Net,
    victim: Net,
    router: Option<Net>,
    pub(super) attacker_address: Ipv4Addr,
    pub(super) relay_address: Ipv4Addr,
    pub(super) victim_address: Ipv4Addr,
    /// The victim's network.
    pub(super) victims: Block,
    /// A network in which none of the three is.
    pub(super) friends: Block,
}

impl Street {
    /// Four namespaces. The attacker has given itself the victim's address, too.
    pub(super) fn apart() -> Result<Self, Missing> {
        let router = Net::fresh()?;
        let homes = [Net::fresh()?, Net::fresh()?, Net::fresh()?];
        let mut lines = String::new();
        for ((number, home), side) in (1..).zip(&homes).zip(SIDES) {
            router.plug(side, home, OUT)?;
            lines += &format!("address add 10.99.{number}.1/24 dev {side}\n");
            home.ip(&format!(
                "address add 10.99.{number}.2/24 dev {OUT}\nroute add default via 10.99.{number}.1\n"
            ))?;
        }
        router.ip(&lines)?;
        let [attacker, relay, victim] = homes;
        attacker.ip("address add 10.99.3.2/32 dev lo\n")?;
        let street = Self {
            attacker,
            relay,
            victim,
            router: Some(router),
            attacker_address: Ipv4Addr::new(10, 99, 1, 2),
            relay_address: Ipv4Addr::new(10, 99, 2, 2),
            victim_address: Ipv4Addr::new(10, 99, 3, 2),
            victims: Block(Ipv4Addr::new(10, 99, 3, 0), 24),
            friends: Block(Ipv4Addr::new(10, 99, 4, 0), 24),
        };
        let set = street.set_router("ipv4/ip_forward", "1");
        set.and_then(|()| street.check_sources(false))
            .map_err(|error| Missing {
                needs: "lab-needs-namespaces",
                why: error.to_string(),
            })?;
        Ok(street)
    }

    /// All on loopback, which has millions of addresses. Who has had one may speak in its name: the
    /// attacker takes the victim's first and leaves it.
    pub(super) fn on_loopback() -> Self {
        Self {
            attacker: Net::own(),
            relay: Net::own(),
            victim: Net::own(),
            router: None,
            attacker_address: Ipv4Addr::LOCALHOST,
            relay_address: Ipv4Addr::LOCALHOST,
            victim_address: Ipv4Addr::new(127, 99, 3, 2),
            victims: Block(Ipv4Addr::new(127, 99, 3, 0), 24),
            friends: Block(Ipv4Addr::new(127, 99, 4, 0), 24),
        }
    }

    pub(super) fn has_router(&self) -> bool {
        self.router.is_some()
    }

    /// Whether the router lets out what the attacker cannot have sent honestly: an answer would not go
    /// back by the way on which it came (RFC 2827, RFC 3704; `rp_filter`).
    pub(super) fn check_sources(&self, checks: bool) -> Result<(), LabError> {
        // The stricter of the two holds.
        self.set_router("ipv4/conf/all/rp_filter", "0")?;
        for side in SIDES {
            let strict = checks && side == SIDES[0];
            let value = if strict { "1" } else { "0" };
            self.set_router(&format!("ipv4/conf/{side}/rp_filter"), value)?;
        }
        Ok(())
    }

    /// Sends what the attacker sends to `door`, in turn in the name of so many of the victim's ports.
    pub(super) fn forge(
        &self,
        door: SocketAddr,
        count: usize,
    ) -> Result<Vec<SocketAddr>, LabError> {
        let mut sockets = Vec::new();
        for _ in 0..count {
            sockets.push(datagrams::bind(&self.attacker, self.victim_address.into())?);
        }
        for socket in sockets.iter().cycle().take(DATAGRAMS) {
            let sent = socket.send_to(&[b'x'; BYTES], &door.into());
            sent.map_err(LabError::of("send"))?;
        }
        sockets.iter().map(datagrams::address_of).collect()
    }

    /// The victim's sockets, which send nothing.
    pub(super) fn victim_sockets(&self, ports: &[SocketAddr]) -> Result<Vec<Socket>, LabError> {
        let bind = |port: &SocketAddr| datagrams::bind_to(&self.victim, *port);
        ports.iter().map(bind).collect()
    }

    /// What comes to the victim.
    pub(super) fn watch_victim(&self) -> Result<Capture, Missing> {
        let interface = match self.router {
            Some(_) => OUT,
            None => "lo",
        };
        let filter = Filter {
            ports: Vec::new(),
            addresses: vec![IpAddr::V4(self.victim_address)],
        };
        Capture::start(&self.victim, Some(interface), filter)
    }

    fn set_router(&self, switch: &str, value: &str) -> Result<(), LabError> {
        match &self.router {
            Some(router) => router.set(switch, value),
            None => Ok(()),
        }
    }
}

/// From whom the first datagram is that waits, if one does. It stays where it is.
pub(super) fn first_sender(socket: &Socket) -> Result<Option<SocketAddr>, LabError> {
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    match recvfrom(socket, &mut [0; BYTES][..], flags) {
        Ok((_, _, sender)) => Ok(sender.and_then(|it| it.try_into().ok())),
        Err(rustix::io::Errno::AGAIN) => Ok(None),
        Err(error) => Err(LabError::of("recv")(io::Error::from(error))),
    }
}
