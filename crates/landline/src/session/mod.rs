//! What carries a session of landline/1 over a secure line: the pure session of `frame`, the bytes
//! that wait on either side of it, and the pump that moves them. It does not know what is called.
//!
//! ```text
//!   SecureReader --pump--> Side (session) --> Incoming, one a stream --> take --> a call
//!   SecureWriter <--pump-- Outgoing <-------- send, while there is credit <------ a call
//! ```
//!
//! Both ends of a call, and the pump, meet in a [`Link`]: they wait for it to be as they need it, and
//! whoever changes it wakes the others. The pump reads whatever the calls wait for, so a SIGNAL never
//! stands behind bytes that a program does not take. The thread of a files call moves bytes in the pump's
//! place ([`transfer`]); both do so through the line's [`halves`].

mod arrivals;
mod client_side;
mod ended;
mod greeting;
mod halves;
mod incoming;
mod link;
mod outgoing;
mod pump;
mod server_side;
mod streams;
mod transfer;
mod window;

pub(crate) use arrivals::FILE_WINDOW_BYTES_FIRST;
pub(crate) use client_side::{Answer, ClientSide};
pub use ended::LineEnded;
pub(crate) use greeting::{Greeted, greet_client, greet_server, send};
pub use incoming::WINDOW_BYTES_MAX;
pub(crate) use link::{Link, State, Traffic};
pub use outgoing::OUTGOING_BYTES_MAX;
pub(crate) use pump::{CLOSE_MAX, pump};
pub(crate) use server_side::ServerSide;
pub(crate) use streams::{StreamReader, StreamWriter};
pub(crate) use transfer::{LinkLine, on_thread};

/// What this program calls itself in HELLO and in `status`.
pub(crate) const SOFTWARE: &str = concat!("landline/", env!("CARGO_PKG_VERSION"));
