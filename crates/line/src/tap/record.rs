//! What passed, as it is told to whoever watches. It does not know who that is.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::moves::Direction;

/// Takes what a tap has to tell. It must not block for long: it is called between two system calls
/// of the tap, and what it takes is added to what passes.
pub trait Watcher: Send + Sync {
    /// Takes one event.
    fn note(&self, event: &Event<'_>);

    /// Whether it wants to hear of reads and writes. Where it does not, and nothing is moved, a
    /// stream passes in large pieces that nobody looks at.
    fn wants_bytes(&self) -> bool {
        true
    }
}

/// One thing that a tap did or saw. Reads and writes are the tap's own: what its peers wrote and
/// read may have had other edges.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When, counted from the tap's start.
    pub at: Duration,
    /// Which connection (of datagrams: which client), counted from 1 in the order of coming. 0: the
    /// tap itself.
    pub connection: u64,
    /// What it was.
    pub what: What<'a>,
}

/// What a tap did or saw. Texts that came from peers are as they came.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// A client came, and the target answered.
    Opened(&'a Ends),
    /// A client came, and the target did not answer: the client was hung up on.
    Unreachable {
        /// The client as a person would name it.
        client: &'a str,
        /// Why.
        error: &'a io::Error,
    },
    /// A read gave bytes.
    Read(Direction, &'a [u8]),
    /// A write took bytes.
    Write(Direction, &'a [u8]),
    /// The sender ended its direction, and that was passed on.
    Ended(Direction),
    /// The sender reset the line, or a write to the receiver failed, and that was passed on.
    Broken(Direction),
    /// A move ended the direction.
    Stopped(Direction, super::StopKind),
    /// So many bytes came behind a cut and went nowhere.
    Swallowed(Direction, u64),
    /// So many bytes had been read and not written when the direction was over, and went nowhere: a
    /// signal or the other direction ended it, a move held them, or their receiver was gone.
    Held(Direction, u64),
    /// A move lost a datagram.
    Dropped(Direction, &'a [u8]),
    /// A move doubled the datagram that was read last.
    Twice(Direction, &'a [u8]),
    /// A move let the datagram that was read last pass this one, which came just before it.
    Reordered(Direction, &'a [u8]),
    /// A datagram was lost that no move asked for.
    Lost(Direction, &'a [u8], Loss<'a>),
    /// The connection is over; of datagrams: the client was silent for too long.
    Closed,
    /// No client could be taken for now.
    AcceptFailed(&'a io::Error),
}

/// Why a datagram was lost.
#[derive(Clone, Copy, Debug)]
pub enum Loss<'a> {
    /// The moves hold more than there is room for.
    NoRoom,
    /// There are too many clients.
    NoClient,
    /// It was sent, and the receiver's machine says that nobody takes it there. Which one it was, nobody
    /// knows.
    Refused(&'a io::Error),
    /// It could not be sent.
    Unsent(&'a io::Error),
}

/// The two lines of a connection, each with its own two ends.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// The client as a person would name it.
    pub client: String,
    /// The client's end of its line and ours, where they have IP addresses.
    pub client_side: Option<(SocketAddr, SocketAddr)>,
    /// Our end of the line to the target and the target's, where they have IP addresses.
    pub target_side: Option<(SocketAddr, SocketAddr)>,
    /// Whether what passes are datagrams.
    pub is_datagram: bool,
}
