//! Taking many datagrams off a UDP socket in one system call (recvmmsg(2)).

use std::array;
use std::cell::RefCell;
use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsRawFd, BorrowedFd};

use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrIn, SockaddrIn6, SockaddrLike, recvmmsg};

use super::batch::BATCH_DATAGRAMS_MAX;
use super::{Batch, Kind, Queue};

// The headers hold raw pointers and so cannot travel between threads with the batch: each thread
// keeps its own. Each family keeps its own, too, because the kernel writes the length of an address
// back into its header, and the next read takes that for the room there is.
thread_local! {
    static V4: RefCell<MultiHeaders<SockaddrIn>> = headers();
    static V6: RefCell<MultiHeaders<SockaddrIn6>> = headers();
}

fn headers<Name: SockaddrLike + Copy>() -> RefCell<MultiHeaders<Name>> {
    RefCell::new(MultiHeaders::preallocate(BATCH_DATAGRAMS_MAX, None))
}

/// Takes all that wait, up to the batch's size: at least one, or the error says why not. The
/// socket must not be connected: then no ICMP error can end a batch before the queue is empty.
pub(super) fn read(socket: BorrowedFd<'_>, kind: Kind, batch: &mut Batch) -> io::Result<Queue> {
    if kind == Kind::V4 {
        V4.with_borrow_mut(|headers| fill(headers, socket, batch, of_v4))?;
    } else {
        V6.with_borrow_mut(|headers| fill(headers, socket, batch, of_v6))?;
    }
    Ok(if batch.is_full() {
        Queue::Unknown
    } else {
        Queue::Emptied
    })
}

fn fill<Name: SockaddrLike + Copy>(
    headers: &mut MultiHeaders<Name>,
    socket: BorrowedFd<'_>,
    batch: &mut Batch,
    address: impl Fn(Name) -> SocketAddr,
) -> io::Result<()> {
    let (stride, datagrams_max) = (batch.stride, batch.datagrams_max());
    let mut room = std::mem::take(&mut batch.room);
    let mut chunks = room.chunks_exact_mut(stride);
    let mut slices: [[IoSliceMut<'_>; 1]; BATCH_DATAGRAMS_MAX] =
        array::from_fn(|_| [IoSliceMut::new(chunks.next().unwrap_or_default())]);
    let received = recvmmsg(
        socket.as_raw_fd(),
        headers,
        slices[..datagrams_max].iter_mut(),
        MsgFlags::MSG_TRUNC,
        None,
    );
    let result = received.map(|messages| {
        for (index, message) in messages.enumerate() {
            let sender = message.address.map(|name| address(name).into());
            batch.push(index * stride, message.bytes, sender);
        }
    });
    batch.room = room;
    Ok(result?)
}

fn of_v4(name: SockaddrIn) -> SocketAddr {
    SocketAddrV4::from(name).into()
}

fn of_v6(name: SockaddrIn6) -> SocketAddr {
    SocketAddrV6::from(name).into()
}
