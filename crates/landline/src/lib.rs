//! Lets machines talk over sockets: this library joins the four nouns (line, frame, service, trust)
//! to servers and clients, and the `landline` program stands on it alone.
//!
//! ```text
//!   Listener --accept--> Stream --join--> Call --> StreamService        Server runs the loop
//!   Datagrams --serve_datagrams--> DatagramService
//!   dial ------------->  Stream ------> Commander, Fetcher              the calling side
//! ```
//!
//! A server and a client in one program:
//!
//! ```
//! use std::sync::Arc;
//! use landline::frame::tutorial::Endian;
//! use landline::{Commander, Server, line, service};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let listener = line::Listener::tcp("127.0.0.1:0".parse()?, 128)?;
//! let address = listener.address()?;
//! let settings = service::Settings::default();
//! let server = Server::new(Arc::new(service::Exec::new(settings)?));
//! let stop = service::Stop::new();
//! let serving = tokio::spawn(server.run(listener, stop.clone(), service::Stop::new()));
//!
//! let mut commander = Commander::new(line::dial(&address).await?, Endian::NATIVE);
//! let mut reply = Vec::new();
//! commander.run(b"echo hello", |bytes| Ok(reply.extend_from_slice(bytes))).await?;
//! assert_eq!(reply, b"hello\n");
//! stop.cancel();
//! serving.await?;
//! # Ok(()) }
//! ```

mod admission;
mod client;
mod host_name;
mod join;
mod peer_of_line;
mod secure;
mod server;
mod session;
mod signal_names;

pub use admission::Admission;
pub use client::{
    CONNECT_MAX, CallError, CallInput, CallOutput, CommandError, Commander, DialError, ExecDone,
    ExecHandle, ExecOutput, ExecRequest, ExecRunning, ExecStatus, Fault, FetchError, Fetched,
    Fetcher, Line, PairError, PairedWith, Progress, StreamCall, dial, pair,
};
pub use join::serve_datagrams;
pub use landline_service::StreamService as Service;
pub use secure::{HALF_OPEN_MAX, Offer, OfferError, SecureServer, ServeError, serve};
pub use server::{ACCEPT_PAUSE, GRACE, Server};
pub use session::{LineEnded, OUTGOING_BYTES_MAX};
pub use signal_names::number as signal_number;

pub use landline_frame as frame;
pub use landline_line as line;
pub use landline_service as service;
pub use landline_trust as trust;
