//! A tap: a proxy that shows the edges of what it reads and writes, and moves them. It prints
//! nothing: what passes is told to whoever watches.
//!
//! ```text
//!   client --Read--> Plan (pure: Moves, a clock, a seed) --Write--> target      and the same back
//!                      every Read, Write, end and loss: Event --> Watcher
//! ```
//!
//! A test of what a reader makes of a write that comes in pieces needs no socket:
//!
//! ```
//! use landline_line::tap::{GAP, Move, Moves, pieces};
//!
//! let split = Moves::new([Move::SplitAt { at: 2, gap: GAP }]);
//! assert_eq!(pieces(b"hello", &split, 0), [&b"he"[..], b"llo"]);
//! ```

mod capture;
mod client;
mod connection;
mod datagrams;
mod decoder;
pub mod hunt;
mod lot;
mod mail;
mod moves;
mod packet;
mod plan;
mod pump;
mod quiet;
mod record;
mod rules;
mod stopping;
mod streams;
mod tally;
mod watch;
mod words;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use capture::Capture;
pub use datagrams::{CLIENT_SILENT_MAX, CLIENTS_MAX, DATAGRAM_BYTES_MAX};
pub use decoder::{Decoder, Format, Marks, Message};
pub use lot::Lot;
pub use mail::{Fate, HELD_DATAGRAM_BYTES_MAX, HELD_DATAGRAMS_MAX, MailPlan, REORDER_WAIT};
pub use moves::{
    Chance, Direction, GAP, JOIN_WAIT, MOVE_TIME_MAX, Move, MoveKind, Moves, Schedule,
};
pub use plan::{HELD_BYTES_MAX, HELD_READS_MAX, Plan, Step, pieces};
pub use pump::READ_BYTES_MAX;
pub use quiet::QUIET_BYTES_MAX;
pub use record::{Ends, Event, Loss, Watcher, What};
pub use rules::StopKind;
pub use tally::Tally;
pub use words::{Directed, WordsError};

use crate::address::Address;

/// How long a tap rests when files or memory ran out: connections that end meanwhile free some.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long connections that hold bytes may go on after a stop, where nobody said otherwise.
pub const GRACE: Duration = Duration::from_secs(2);

/// A tap before a target.
pub struct Tap {
    /// Where each client's connection goes on. It must carry what the listener does: a stream, or
    /// datagrams.
    pub target: Address,
    /// What is moved.
    pub schedule: Schedule,
    /// Who is told. Where nobody is and nothing is moved, bytes pass in large pieces.
    pub watcher: Option<Arc<dyn Watcher>>,
    /// How long connections that hold bytes may go on after a stop. Default 2 s.
    pub grace: Duration,
}

impl fmt::Debug for Tap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("Tap");
        let shown = shown.field("target", &self.target);
        shown
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

impl Tap {
    /// A tap that moves nothing and tells nobody.
    pub fn new(target: Address) -> Self {
        Self {
            target,
            schedule: Schedule::default(),
            watcher: None,
            grace: GRACE,
        }
    }
}
