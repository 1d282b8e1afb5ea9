//! The answering end of secure lines: who came, what the key may do, and call after call.
//!
//! ```text
//!   SecureServer --accept--> guest: handshake, HELLO --+-- unknown key --> pairing, and no more
//!                            (half-open, 10 s)         +-- known key ----> known: call after call
//!                                   known: Asked --permit(Offer, Grant)--> Permit --run--> DONE
//! ```
//!
//! Nothing is run but a [`permit::Permit`], and only a grant makes one.

mod commands;
mod files;
mod guest;
mod half_open;
mod known;
mod need;
mod offer;
mod pairing;
mod permit;
mod server;
mod service_call;
mod tally;
mod trusted;

pub use half_open::HALF_OPEN_MAX;
pub use offer::{Offer, OfferError};
pub use server::{SecureServer, ServeError, serve};
pub use tally::FILES_CALLS_MAX;
