//! The relay as the tutorial writes it, remembering whoever speaks and sending to all, with the rules
//! that landline's has. It does not know who is honest.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::BYTES;
use super::street::Street;
use crate::datagrams;
use crate::experiment::LabError;

/// How long nothing comes before nothing is expected any more.
const QUIET: Duration = Duration::from_millis(200);

/// A network, as in 10.99.4.0/24.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block(pub(super) Ipv4Addr, pub(super) u32);

impl Block {
    fn contains(self, address: SocketAddr) -> bool {
        let SocketAddr::V4(address) = address else {
            return false;
        };
        let mask = u32::MAX.checked_shl(32 - self.1).unwrap_or(0);
        u32::from(*address.ip()) & mask == u32::from(self.0) & mask
    }
}

/// What a relay asks of who speaks. The tutorial's asks nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    /// Who is elsewhere is not relayed (`--allow`).
    pub(super) allow: Option<Block>,
    /// A new one beyond so many is not relayed (`--members`).
    pub(super) members_max: Option<usize>,
    /// What a source sends beyond so much in a second is not relayed (`--rate`).
    pub(super) rate: Option<usize>,
}

/// A relay with its members.
pub(super) struct Group {
    socket: Socket,
    door: SocketAddr,
    rules: Rules,
    members: Vec<Member>,
    sent: usize,
}

struct Member {
    address: SocketAddr,
    /// Since when its datagrams are counted, and how many there were.
    since: Instant,
    spoke: usize,
}

impl Group {
    /// A relay on the street's relay machine, on all its addresses or on loopback alone.
    pub(super) fn open(street: &Street, is_private: bool, rules: Rules) -> Result<Self, LabError> {
        let address = match is_private {
            true => Ipv4Addr::LOCALHOST,
            false => street.relay_address,
        };
        let socket = datagrams::bind(&street.relay, address.into())?;
        let limited = socket.set_read_timeout(Some(QUIET));
        limited.map_err(LabError::of("limit a wait"))?;
        let port = datagrams::address_of(&socket)?.port();
        Ok(Self {
            socket,
            door: (street.relay_address, port).into(),
            rules,
            members: Vec::new(),
            sent: 0,
        })
    }

    /// Where the attacker thinks that it is.
    pub(super) fn door(&self) -> SocketAddr {
        self.door
    }

    /// How many datagrams it has sent in all.
    pub(super) fn sent(&self) -> usize {
        self.sent
    }

    /// Takes one datagram and sends it to all; false if none came.
    pub(super) fn pass_on(&mut self) -> Result<bool, LabError> {
        let mut buffer = [0; BYTES];
        let Some((count, sender)) = self.receive(&mut buffer)? else {
            return Ok(false);
        };
        if !self.hears(sender) {
            return Ok(true);
        }
        for member in &self.members {
            let sent = self
                .socket
                .send_to(&buffer[..count], &member.address.into());
            sent.map_err(LabError::of("send"))?;
            self.sent += 1;
        }
        Ok(true)
    }

    fn receive(&self, buffer: &mut [u8]) -> Result<Option<(usize, SocketAddr)>, LabError> {
        loop {
            let flags = rustix::net::RecvFlags::empty();
            let got = rustix::net::recvfrom(&self.socket, &mut *buffer, flags);
            return match got.map_err(io::Error::from) {
                Ok((count, _, Some(sender))) => {
                    let sender = sender
                        .try_into()
                        .map_err(|_| io::ErrorKind::InvalidData.into());
                    sender
                        .map_err(LabError::of("read a sender's address"))
                        .map(|it| Some((count, it)))
                }
                Ok((_, _, None)) => Err(LabError::Unexpected("a datagram without a sender".into())),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
                Err(error) => Err(LabError::of("recvfrom")(error)),
            };
        }
    }

    /// Whether this sender's datagram is passed on; a new one joins.
    fn hears(&mut self, sender: SocketAddr) -> bool {
        if self
            .rules
            .allow
            .is_some_and(|block| !block.contains(sender))
        {
            return false;
        }
        let known = self.members.iter().position(|it| it.address == sender);
        let place = match known {
            Some(place) => place,
            None if self
                .rules
                .members_max
                .is_some_and(|max| self.members.len() >= max) =>
            {
                return false;
            }
            None => {
                self.members.push(Member {
                    address: sender,
                    since: Instant::now(),
                    spoke: 0,
                });
                self.members.len() - 1
            }
        };
        let member = &mut self.members[place];
        if member.since.elapsed() >= Duration::from_secs(1) {
            (member.since, member.spoke) = (Instant::now(), 0);
        }
        member.spoke += 1;
        self.rules.rate.is_none_or(|rate| member.spoke <= rate)
    }
}
