//! Taking a joined run off a UDP socket that has `UDP_GRO`, and parting it into its datagrams.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd};

use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg};

use super::{Batch, Peer, Queue};

/// Takes one read's worth: one datagram, or a run of one sender's that the kernel left joined.
pub(super) fn read(socket: BorrowedFd<'_>, batch: &mut Batch) -> io::Result<Queue> {
    let mut room = [IoSliceMut::new(&mut batch.room)];
    let message = recvmsg::<SockaddrStorage>(
        socket.as_raw_fd(),
        &mut room,
        Some(&mut batch.control),
        MsgFlags::MSG_TRUNC,
    )?;
    let segment_bytes = message.cmsgs()?.find_map(|control| match control {
        ControlMessageOwned::UdpGroSegments(bytes) => usize::try_from(bytes).ok(),
        _ => None,
    });
    let (bytes, sender) = (message.bytes, message.address.and_then(peer));
    part(batch, bytes, segment_bytes, sender);
    Ok(Queue::Unknown)
}

/// All but the last datagram of a run have the same size. One that came alone, an empty one
/// included, has no segment size.
fn part(batch: &mut Batch, bytes: usize, segment_bytes: Option<usize>, sender: Option<Peer>) {
    let step = segment_bytes.filter(|&step| step > 0).unwrap_or(bytes);
    if bytes <= step {
        return batch.push(0, bytes, sender);
    }
    for start in (0..bytes).step_by(step) {
        batch.push(start, step.min(bytes - start), sender.clone());
    }
}

fn peer(name: SockaddrStorage) -> Option<Peer> {
    let v4 = name
        .as_sockaddr_in()
        .map(|&name| std::net::SocketAddrV4::from(name).into());
    let v6 = || {
        name.as_sockaddr_in6()
            .map(|&name| std::net::SocketAddrV6::from(name).into())
    };
    v4.or_else(v6)
        .map(|address: std::net::SocketAddr| address.into())
}
