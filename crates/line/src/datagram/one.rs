//! Taking datagrams off a socket one by one: the way of every system and every family.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::io::Errno;
use rustix::net::{RecvFlags, recvfrom};

use super::{Batch, Peer, Queue};

/// On Linux MSG_TRUNC gives the whole size of a datagram that was cut (recv(2)); other systems do
/// not know it as a wish, and get room for all of it.
const FLAGS: RecvFlags = if cfg!(target_os = "linux") {
    RecvFlags::TRUNC
} else {
    RecvFlags::empty()
};

/// Takes all that wait, up to the batch's size: at least one, or the error says why not.
pub(super) fn read(socket: BorrowedFd<'_>, batch: &mut Batch) -> io::Result<Queue> {
    while !batch.is_full() {
        let start = batch.len() * batch.stride;
        match recvfrom(socket, batch.next_room(), FLAGS) {
            Ok((_, size, sender)) => batch.push(start, size, sender.and_then(Peer::of)),
            Err(error) if batch.is_empty() => return Err(error.into()),
            Err(Errno::AGAIN) => return Ok(Queue::Emptied),
            // What it says is about a peer, and the datagrams taken before it come first.
            Err(_) => return Ok(Queue::Unknown),
        }
    }
    Ok(Queue::Unknown)
}
