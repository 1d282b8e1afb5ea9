//! What a datagram service needs of a line: drain what waits, send a run to one member.
//! A member is opaque here: the line knows what an address is, the service only that it is the same.

use std::fmt::Display;
use std::future::Future;
use std::hash::Hash;
use std::io::{self, IoSlice};

use crate::call::Stop;

/// One datagram of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a, Member> {
    /// What arrived, at most the `--recv` size.
    pub bytes: &'a [u8],
    /// Who sent it. `None`: a socket without an address (unixgram), which cannot be answered.
    pub sender: Option<&'a Member>,
    /// The whole size of a datagram that the read cut short (MSG_TRUNC); `None` when it is whole.
    pub cut_from: Option<usize>,
}

/// The datagrams of one drain, in the order of arrival.
pub trait Batch<Member> {
    /// How many there are: at least one after a drain.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at `index`, which must be below [`Batch::len`].
    fn message(&self, index: usize) -> Message<'_, Member>;
}

/// A datagram socket as a service sees it.
pub trait Post: Send + 'static {
    /// Where messages come from and go to.
    type Member: Clone + Eq + Hash + Display + Send + Sync + 'static;
    /// What [`Post::drain`] fills.
    type Batch: Batch<Self::Member> + Send;

    /// A batch for at most `messages` datagrams of at most `recv` bytes each.
    fn batch(&self, messages: usize, recv: usize) -> Self::Batch;

    /// Waits for a datagram, then takes all that wait, up to the batch's size. An error from one
    /// peer (an ICMP refusal) is skipped: an error here is the socket's own.
    fn drain(&mut self, batch: &mut Self::Batch) -> impl Future<Output = io::Result<()>> + Send;

    /// Sends `run` to one member, in order, each its own datagram, and returns how many the kernel
    /// took. Fewer than all, without an error, when the member's queue is full (unixgram).
    /// Waits only for the socket's own buffer. `ConnectionRefused` or `NotFound`: nobody is there.
    fn send_run(
        &mut self,
        member: &Self::Member,
        run: &[IoSlice<'_>],
    ) -> impl Future<Output = io::Result<usize>> + Send;
}

/// A service that owns a datagram socket.
pub trait DatagramService {
    /// Serves until `stop`, or after one datagram when `once`.
    fn serve<P: Post>(
        &self,
        post: P,
        stop: Stop,
        once: bool,
    ) -> impl Future<Output = io::Result<()>> + Send;
}
