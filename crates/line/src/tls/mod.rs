//! The secure line: TLS 1.3 over any stream, both ends known by their Ed25519 keys (RFC 8446).
//! It is the one place that meets rustls. It does not know who may: the caller judges certificates.
//!
//! ```text
//!   Stream --Acceptor::accept--+--> SecureStream { reader, writer, the peer's certificate and key }
//!   Stream --Dialer::dial------+
//! ```
//!
//! A handshake is always a whole one: no tickets, no resumption, no early data. Names and dates in a
//! certificate mean nothing; that its holder has its key is proven by the handshake's signature.
//!
//! # Memory
//! Measured on x86-64 for each line, sockets aside: 1.6 KiB while the peer has said nothing, 11 KiB
//! once it has sent a good first message and no more, at worst 27 KiB for one who sends
//! [`HANDSHAKE_BYTES_MAX`] that never end, all for [`HANDSHAKE_MAX`] at most. A line that stands and
//! is idle holds 9 KiB; 41 KiB after a long transfer, until the next message. One that is busy holds
//! [`SEND_BYTES_MAX`] that the peer does not take and [`RECEIVE_BYTES_MAX`] that the caller does not,
//! and, while it decrypts, 48 KiB at most that keep rustls's copies apart (`spacer.rs`). A process whose
//! C library is glibc keeps up to 2 MiB that are free, for the next piece (`heap.rs`).

mod accept;
mod certificate;
mod config;
mod dial;
mod error;
mod handshake;
mod heap;
mod line;
mod reader;
mod spacer;
#[cfg(test)]
mod tests;
mod writer;

pub use accept::Acceptor;
pub use certificate::CERTIFICATE_BYTES_MAX;
pub use config::{ALPN, Credentials};
pub use dial::Dialer;
pub use error::TlsError;
pub use handshake::{HANDSHAKE_BYTES_MAX, HANDSHAKE_MAX, REFUSAL_MAX};
pub use heap::keep_warm;
pub use line::SecureStream;
pub use reader::{RECEIVE_BYTES_MAX, SecureReader};
pub use writer::{SEND_BYTES_MAX, SecureWriter};
