//! Who owns the other end of a TCP line on this machine, as the kernel tells it (sock_diag(7)).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

const MESSAGE_HEADER_BYTES: usize = 16;
const REQUEST_BYTES: usize = MESSAGE_HEADER_BYTES + 56;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// Where a message's `nlmsg_seq` stands.
const NUMBER_AT: usize = 8;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
/// Where `idiag_uid` stands in the answer: behind the header, four bytes of state, the 48 bytes of
/// `inet_diag_sockid`, and three counters of four.
const UID_AT: usize = MESSAGE_HEADER_BYTES + 4 + 48 + 12;
/// Where `idiag_inode` stands: right behind the user id.
const INODE_AT: usize = UID_AT + 4;

/// Asks the kernel who owns sockets. It keeps one descriptor, so that it still can ask when this
/// process has no other left.
#[derive(Debug)]
pub struct Owners {
    kernel: OwnedFd,
    /// The number of the last question. Each answer bears its question's.
    asked: AtomicU32,
}

impl Owners {
    /// Opens the way to the kernel.
    pub fn new() -> io::Result<Self> {
        let kernel = rustix::net::socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            // Else every command would have it open too.
            SocketFlags::CLOEXEC,
            Some(rustix::net::netlink::SOCK_DIAG),
        )?;
        Ok(Self {
            kernel,
            asked: AtomicU32::new(0),
        })
    }

    /// The user id that owns the socket at `from` that is joined to `to`. Both must be addresses of
    /// this machine. `None`: the kernel knows no such socket, or nobody holds it open any more: of a
    /// socket that was closed, the kernel reports root as the owner, whoever it was, and what came
    /// over it must not count as root's. The kernel answers within the call.
    pub fn owner(&self, from: SocketAddr, to: SocketAddr) -> io::Result<Option<u32>> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        rustix::net::send(&self.kernel, &request(number, from, to), SendFlags::empty())?;
        loop {
            let mut answer = [0; 1024];
            let (count, _) = rustix::net::recv(&self.kernel, &mut answer, RecvFlags::empty())?;
            // Another number: a signal kept somebody from reading the answer to an earlier question.
            if answer[NUMBER_AT..NUMBER_AT + 4] == number.to_ne_bytes() {
                return Ok(uid(&answer[..count]));
            }
        }
    }
}

/// `struct nlmsghdr` and `struct inet_diag_req_v2` for exactly one socket, in native byte order but
/// for the ports and addresses.
fn request(number: u32, from: SocketAddr, to: SocketAddr) -> Vec<u8> {
    let (from, to) = (plain(from), plain(to));
    let family = if from.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let mut bytes = Vec::with_capacity(REQUEST_BYTES);
    bytes.extend((REQUEST_BYTES as u32).to_ne_bytes());
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend(NLM_F_REQUEST.to_ne_bytes());
    bytes.extend(number.to_ne_bytes());
    bytes.extend([0; 4]);
    bytes.extend([family.as_raw() as u8, IPPROTO_TCP, 0, 0]);
    bytes.extend(u32::MAX.to_ne_bytes());
    bytes.extend(from.port().to_be_bytes());
    bytes.extend(to.port().to_be_bytes());
    bytes.extend(sixteen(from.ip()));
    bytes.extend(sixteen(to.ip()));
    bytes.extend(0u32.to_ne_bytes());
    bytes.extend([0xff; 8]);
    bytes
}

/// An IPv4 address written as IPv6 (`::ffff:a.b.c.d`) belongs to an IPv4 socket of the peer.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn sixteen(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V6(address) => address.octets(),
        IpAddr::V4(address) => {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&address.octets());
            bytes
        }
    }
}

fn uid(answer: &[u8]) -> Option<u32> {
    let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
    if kind != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let is_held = number_at(answer, INODE_AT)? != 0;
    let owner = number_at(answer, UID_AT)?;
    is_held.then_some(owner)
}

fn number_at(answer: &[u8], at: usize) -> Option<u32> {
    let bytes = answer.get(at..at + 4)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    fn check(listen: &str, dial_host: &str) {
        let listener = TcpListener::bind(listen).unwrap();
        let port = listener.local_addr().unwrap().port();
        let near = TcpStream::connect((dial_host, port)).unwrap();
        let (far, _) = listener.accept().unwrap();
        let owners = Owners::new().unwrap();
        let owner = owners
            .owner(far.peer_addr().unwrap(), far.local_addr().unwrap())
            .unwrap();
        assert_eq!(owner, Some(rustix::process::getuid().as_raw()), "{listen}");
        drop(near);
    }

    #[test]
    fn our_own_socket_is_ours() {
        check("127.0.0.1:0", "127.0.0.1");
        check("[::1]:0", "::1");
        check("[::]:0", "127.0.0.1");
    }

    #[test]
    fn a_socket_that_was_closed_is_nobodys() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (far, _) = listener.accept().unwrap();
        drop(near);
        let owner = Owners::new()
            .unwrap()
            .owner(far.peer_addr().unwrap(), far.local_addr().unwrap())
            .unwrap();
        assert_eq!(owner, None, "the kernel says 0, which is root");
    }

    #[test]
    fn a_socket_that_is_not_there_has_no_owner() {
        let nowhere = "127.0.0.1:1".parse().unwrap();
        assert_eq!(
            Owners::new().unwrap().owner(nowhere, nowhere).unwrap(),
            None
        );
    }
}
