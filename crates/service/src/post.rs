//! What a datagram service needs of a line: drain what waits, send a run to one member.
//! A member is opaque here: the line knows what an address is, the service only that it is the same.

use std::fmt::Display;
use std::future::Future;
use std::hash::Hash;
use std::io;
use std::net::IpAddr;

use crate::call::Settings;
use crate::journal::Notice;
use crate::run::Run;
use crate::stop::Stop;

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
    type Batch: Batch<Self::Member> + Send + Sync;

    /// A batch for at most `messages` datagrams of at most `recv` bytes each.
    fn batch(&self, messages: usize, recv: usize) -> Self::Batch;

    /// Waits for a datagram, then takes all that wait, up to the batch's size. An error from one
    /// peer (an ICMP refusal) is skipped: an error here is the socket's own.
    fn drain(&mut self, batch: &mut Self::Batch) -> impl Future<Output = io::Result<()>> + Send;

    /// Sends `run` to one member, in order, each its own datagram. Waits only for the socket's own
    /// buffer, never for a member.
    fn send_run(
        &mut self,
        member: &Self::Member,
        run: Run<'_>,
    ) -> impl Future<Output = Result<(), Unsent>> + Send;

    /// The IP address of a member. `None`: it has none, and networks mean nothing to it.
    fn source_ip(member: &Self::Member) -> Option<IpAddr>;
}

/// Why a run did not leave whole.
#[derive(Debug)]
pub struct Unsent {
    /// How many of the run's first datagrams left.
    pub taken: usize,
    /// Why the next did not. `WouldBlock`: the member's queue is full (unixgram).
    /// `ConnectionRefused` or `NotFound`: nobody is there any more.
    pub error: io::Error,
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

/// A sender as a person would name it.
pub(crate) fn name<Member: Display>(sender: Option<&Member>) -> String {
    sender.map_or_else(|| "(unnamed)".into(), ToString::to_string)
}

/// Tells of a datagram that had `size` bytes and was cut: each time, never silently.
pub(crate) fn note_cut<Member: Display>(settings: &Settings, sender: Option<&Member>, size: usize) {
    let notice = Notice::new(name(sender), "datagram-cut");
    let notice = notice.with("size", size).with("recv", settings.recv);
    settings.journal.note(notice);
}
