//! Lets machines talk over sockets: this library joins the four nouns (line, frame, service, trust)
//! to servers and clients, and the `landline` program stands on it alone.
//!
//! ```text
//!   secure   serve, SecureServer { Offer, Home }  <----TLS, landline/1---->  dial(&Home, host) -> Line
//!              StreamService (Service), Command                               exec, call, status, ping
//!   plain    Listener --accept--> Stream --join--> Call --> StreamService    Server runs the loop
//!            Datagrams --serve_datagrams--> DatagramService
//!            dial ------------->  Stream ------> Commander, Fetcher          the calling side
//! ```
//!
//! Two machines that trust each other, here two folders, and a command from one on the other:
//!
//! ```
//! use landline::service::{Command, Stop};
//! use landline::trust::{Home, TrustError};
//! use landline::{ExecRequest, Offer, dial, line::Listener, serve};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let (ours, theirs) = (Home::in_folder(folder.path().join("a")), Home::in_folder(folder.path().join("b")));
//! let listener = Listener::tcp("127.0.0.1:0".parse()?, 64)?;
//! let address = listener.address()?.to_string().replace("tcp://", "");
//! // What `landline trust` and `landline pair` do: each knows the other's key.
//! ours.grants().change(|grants| {
//!     grants.grant(theirs.identity()?.peer_id(), &"laptop".parse()?, ["exec".parse()?]);
//!     Ok::<_, TrustError>(())
//! })?;
//! theirs.book().change(|book| {
//!     book.add(&"office".parse()?, ours.identity()?.peer_id(), &[address.parse()?])?;
//!     Ok::<_, TrustError>(())
//! })?;
//!
//! let (offer, stop) = (Offer::new().commands(Command::new()?), Stop::new());
//! let serving = serve(&ours, listener, offer, stop.clone());
//! let calling = async {
//!     let mut line = dial(&theirs, "office").await?;
//!     let output = line.run(&ExecRequest::new(["echo", "hello"]), "").await?;
//!     line.close().await;
//!     stop.cancel();
//!     Ok::<_, Box<dyn std::error::Error>>(output.stdout)
//! };
//! let (served, output) = tokio::join!(serving, calling);
//! served?;
//! assert_eq!(output?, b"hello\n");
//! # Ok(()) }
//! ```
//!
//! On a plain socket, a server and a client in one program:
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
mod opaque;
mod peer_of_line;
mod secure;
mod server;
mod session;
mod signal_names;

pub use admission::Admission;
pub use client::{
    CONNECT_MAX, CallError, CallInput, CallOutput, CommandError, Commander, DialError, ExecDone,
    ExecHandle, ExecOutput, ExecRequest, ExecRunning, ExecStatus, Fault, FetchError, Fetched,
    Fetcher, GetRequest, GetTo, Line, PairError, PairedWith, Progress, PutFrom, PutRequest,
    StreamCall, TransferError, TransferEvent, TransferReport, TransferRules, dial, pair,
};
pub use join::serve_datagrams;
pub use landline_service::StreamService as Service;
pub use secure::{
    FILES_CALLS_MAX, HALF_OPEN_MAX, Offer, OfferError, SecureServer, ServeError, serve,
};
pub use server::{ACCEPT_PAUSE, GRACE, Server};
pub use session::{LineEnded, OUTGOING_BYTES_MAX, WINDOW_BYTES_MAX};
pub use signal_names::{name as signal_name, number as signal_number};

pub use landline_frame as frame;
pub use landline_line as line;
pub use landline_line::tap;
pub use landline_service as service;
pub use landline_trust as trust;
