//! Which frames follow which, from both sides: greeting, then call after call, each with its
//! streams under credit. Bytes go in and events come out; there is no socket and no clock here.
//!
//! What may be called is a matter of types: a [`Fresh`] session takes HELLO and nothing else, and
//! a [`Stranger`]'s has no way to tell of any call but `pair`.

mod client;
mod error;
mod flow;
mod inlet;
mod server;
mod shape;
mod transfer;

pub use client::{ClientEvent, ClientSession, ClientSettled};
pub use error::SessionError;
pub use server::{Asked, ServerEvent, ServerSession, ServerSettled};
pub use transfer::TransferError;

/// The first window of a command's streams, in bytes: 256 KiB for each stream. A receiver holds that
/// much of a stream at worst when it gives no more until it has used what came.
pub const WINDOW_BYTES_FIRST: u64 = 256 * 1024;

/// The most credit that a sender may hold for one stream, in bytes: 16 MiB. So much a receiver that
/// gives it all holds at worst.
pub const CREDIT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// How long a side waits, from the line's first byte to the far end's HELLO, in milliseconds: 10 s.
/// An unknown key has to have paired within the same time.
pub const HANDSHAKE_MS_MAX: u64 = 10_000;

/// A session before both HELLOs: trust is not settled.
#[derive(Clone, Copy, Debug)]
pub enum Fresh {}

/// A session with a key that the server knows.
#[derive(Clone, Copy, Debug)]
pub enum Known {}

/// A session with a key that the server does not know.
#[derive(Clone, Copy, Debug)]
pub enum Stranger {}
