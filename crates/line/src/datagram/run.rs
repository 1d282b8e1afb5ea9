//! Sending a run of datagrams to one peer, as few trips through the network stack as it takes:
//! each stretch of equal sizes leaves in one (`UDP_SEGMENT`; udp(7)), the rest one by one.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::net::{SendFlags, sendto};

use super::Peer;
use super::peer::Name;

/// The most datagrams that one stretch carries (`UDP_MAX_SEGMENTS` of the first kernels that have
/// it; later ones take 128).
pub const RUN_DATAGRAMS_MAX: usize = 64;

/// The most bytes that one stretch carries: what one IP packet holds behind the headers of IPv6
/// and UDP.
pub const RUN_BYTES_MAX: usize = 65_535 - 40 - 8;

pub(super) const FLAGS: SendFlags = SendFlags::NOSIGNAL;

/// Why a run did not leave whole.
#[derive(Debug, thiserror::Error)]
#[error("{taken} datagrams left, and the next did not: {error}")]
pub struct Unsent {
    /// How many of the run's first datagrams the kernel took.
    pub taken: usize,
    /// Why it did not take the next. `WouldBlock`: the peer's queue is full (unixgram).
    pub error: io::Error,
}

/// What is left of a run.
pub(super) struct Rest<'a> {
    bytes: &'a [u8],
    sizes: &'a [usize],
    taken: usize,
    /// How many of the next datagrams belong to a stretch that the kernel would not cut itself.
    singly: usize,
}

impl<'a> Rest<'a> {
    pub(super) fn new(bytes: &'a [u8], sizes: &'a [usize]) -> Self {
        debug_assert_eq!(bytes.len(), sizes.iter().sum::<usize>());
        Self {
            bytes,
            sizes,
            taken: 0,
            singly: 0,
        }
    }

    /// Sends until nothing is left or the kernel takes no more; what it took is gone from the rest.
    pub(super) fn send(
        &mut self,
        socket: BorrowedFd<'_>,
        peer: &Peer,
        segments: bool,
    ) -> io::Result<()> {
        while !self.sizes.is_empty() {
            let next = match segments && self.singly == 0 {
                true => Stretch::first_of(self.sizes),
                false => Stretch::single(self.sizes[0]),
            };
            match next.send(socket, peer, self.bytes) {
                Ok(()) => self.advance(&next),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if next.count > 1 && is_unsegmentable(&error) => {
                    self.singly = next.count;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub(super) fn unsent(&self, error: io::Error) -> Unsent {
        Unsent {
            taken: self.taken,
            error,
        }
    }

    fn advance(&mut self, stretch: &Stretch) {
        self.bytes = &self.bytes[stretch.bytes..];
        self.sizes = &self.sizes[stretch.count..];
        self.taken += stretch.count;
        self.singly = self.singly.saturating_sub(stretch.count);
    }
}

/// The next datagrams that leave in one send.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    count: usize,
    bytes: usize,
    segment_bytes: usize,
}

impl Stretch {
    fn single(size: usize) -> Self {
        Self {
            count: 1,
            bytes: size,
            segment_bytes: size,
        }
    }

    /// The datagrams in front that have one size; a last shorter one may join. An empty one stands
    /// alone: the kernel would not see it at all.
    fn first_of(sizes: &[usize]) -> Self {
        let mut stretch = Self::single(sizes[0]);
        for &size in &sizes[1..] {
            let fits = stretch.count < RUN_DATAGRAMS_MAX && stretch.bytes + size <= RUN_BYTES_MAX;
            if size == 0 || size > stretch.segment_bytes || !fits {
                break;
            }
            stretch.count += 1;
            stretch.bytes += size;
            if size < stretch.segment_bytes {
                break;
            }
        }
        stretch
    }

    fn send(&self, socket: BorrowedFd<'_>, peer: &Peer, bytes: &[u8]) -> io::Result<()> {
        let bytes = &bytes[..self.bytes];
        match &peer.0 {
            #[cfg(target_os = "linux")]
            Name::Ip(address) if self.count > 1 => {
                send_segmented(socket, address, bytes, self.segment_bytes)
            }
            Name::Ip(address) => Ok(sendto(socket, bytes, FLAGS, address).map(drop)?),
            Name::Unix(address) => Ok(sendto(socket, bytes, FLAGS, address).map(drop)?),
        }
    }
}

/// Sends one datagram to where a connected socket leads.
pub(super) fn send_to_target(socket: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<()> {
    Ok(rustix::net::send(socket, bytes, FLAGS).map(drop)?)
}

#[cfg(target_os = "linux")]
fn send_segmented(
    socket: BorrowedFd<'_>,
    address: &std::net::SocketAddr,
    bytes: &[u8],
    segment_bytes: usize,
) -> io::Result<()> {
    use nix::sys::socket::{ControlMessage, MsgFlags, SockaddrStorage, sendmsg};
    use std::os::fd::AsRawFd;
    let size = u16::try_from(segment_bytes).expect("a stretch of two fits into 64 KiB");
    sendmsg(
        socket.as_raw_fd(),
        &[io::IoSlice::new(bytes)],
        &[ControlMessage::UdpGsoSegments(&size)],
        MsgFlags::MSG_NOSIGNAL,
        Some(&SockaddrStorage::from(*address)),
    )?;
    Ok(())
}

/// Whether the kernel would take these datagrams one by one: they are longer than the path's MTU,
/// or something on the path (IPsec, no checksum offload) cannot cut them.
fn is_unsegmentable(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::INVAL, Errno::IO, Errno::MSGSIZE]
        .map(|errno| Some(errno.raw_os_error()))
        .contains(&error.raw_os_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sizes: &[usize], expected: &[usize]) {
        let mut rest = sizes;
        let mut counts = Vec::new();
        while !rest.is_empty() {
            let stretch = Stretch::first_of(rest);
            assert_eq!(stretch.bytes, rest[..stretch.count].iter().sum::<usize>());
            counts.push(stretch.count);
            rest = &rest[stretch.count..];
        }
        assert_eq!(counts, expected, "{sizes:?}");
    }

    #[test]
    fn a_run_parts_into_stretches_of_one_size() {
        check(&[5], &[1]);
        check(&[5, 5, 5], &[3]);
        check(&[5, 5, 3, 3], &[3, 1]);
        check(&[3, 5, 5], &[1, 2]);
        check(&[0, 0, 5, 5, 0, 5], &[1, 1, 2, 1, 1]);
        check(&[1; 130], &[64, 64, 2]);
        check(&[1200; 60], &[54, 6]);
        check(&[65_507, 65_507], &[1, 1]);
    }
}
