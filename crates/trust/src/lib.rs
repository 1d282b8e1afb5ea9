//! Who may: identities, the address book, grants and first contact. It opens no socket and imports
//! none of our crates; what a peer shows in a handshake, what it asks for and what time it is, others
//! tell it.
//!
//! ```text
//!   Home ──> Identity      this machine's key and certificate ──> PeerId
//!     │ ──> Book           name ──> key, addresses        whom I call
//!     │ ──> Grants         key  ──> capabilities          who may do what here
//!     │ ──> Invites        tickets that wait              who may become known
//!     └───> RunningServer  where the servers of this home are reached
//!
//!   TrustFile<D>  one file: read, or changed under its lock and written whole
//!   Watched<D>    one file, followed while a server runs
//! ```
//!
//! The files are TOML that people edit and programs change, both at any time: comments stay, and what
//! is wrong is told with its line. All errors have a `key` for a catalogue of messages and the
//! `values` that the sentence names.
//!
//! A server invites, a client pairs, and the client may do what the ticket granted:
//!
//! ```
//! use std::time::SystemTime;
//!
//! use landline_trust::{
//!     Capability, Home, INVITE_LIFETIME, Pairing, Ticket, invite, proof_of_client, proof_of_server,
//!     redeem,
//! };
//!
//! # let folder = tempfile::tempdir()?;
//! let home = Home::in_folder(folder.path().join("server"));
//! let server = home.identity()?.peer_id();
//! let client = Home::in_folder(folder.path().join("client")).identity()?.peer_id();
//!
//! let (now, granted) = (SystemTime::now(), [Capability::Echo].into());
//! let addresses = vec!["office.example:5263".parse()?];
//! let text = invite(&home, server, addresses, granted, INVITE_LIFETIME, now)?.to_string();
//!
//! // On the client, which has seen in the handshake that it talks to `ticket.server`:
//! let ticket: Ticket = text.parse()?;
//! let proof = proof_of_client(&ticket.secret, &client, &ticket.server);
//!
//! // On the server, which has seen `client` in the handshake:
//! let pairing = Pairing { ticket: ticket.id, proof: &proof, client, server, name: "laptop" };
//! let paired = redeem(&home, &pairing, now)?;
//! assert!(home.grants().read()?.of(&client).is_some_and(|grant| grant.allows_echo()));
//! assert!(redeem(&home, &pairing, now).is_err());
//!
//! // On the client again:
//! assert_eq!(paired.proof, proof_of_server(&ticket.secret, &client, &ticket.server));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod capability;
mod document;
mod error;
mod file_error;
mod grants;
mod hex;
mod home;
mod host_address;
mod identity;
mod invites;
mod lock;
mod pairing;
mod peer_id;
mod peer_name;
mod peer_words;
mod private_file;
mod proof;
mod servers;
mod ticket;
mod trust_file;
mod watched;

pub use book::{Book, BookError, Machine};
pub use capability::{
    Access, CAPABILITY_BYTES_MAX, Capability, CapabilityError, SERVICE_NAME_BYTES_MAX,
};
pub use document::{Document, Flaw, parse, render};
pub use error::TrustError;
pub use file_error::{Fault, FileError};
pub use grants::{Grant, Grants, GrantsError};
pub use home::{HOME_VARIABLE, Home};
pub use host_address::{
    ADDRESSES_MAX, HOST_BYTES_MAX, HostAddress, HostAddressError, PORT_DEFAULT,
};
pub use identity::{EXPORTED_CERTIFICATE, EXPORTED_KEY, Identity, IdentityError};
pub use invites::{
    INVITE_LIFETIME, INVITE_LIFETIME_MAX, INVITES_MAX, Invite, InviteError, Invites,
};
pub use lock::LOCK_WAIT_MAX;
pub use pairing::{Paired, Pairing, invite, redeem};
pub use peer_id::{CERTIFICATE_BYTES_MAX, PeerId, PeerIdError};
pub use peer_name::{NAME_BYTES_MAX, NameError, PeerName};
pub use peer_words::PEER_WORDS;
pub use private_file::{FILE_BYTES_MAX, read_edited};
pub use proof::{Proof, TicketSecret, proof_of_client, proof_of_server};
pub use servers::{Announced, RunningServer, SERVERS_MAX};
pub use ticket::{TICKET_BYTES_MAX, TICKET_START, Ticket, TicketError, TicketId};
pub use trust_file::TrustFile;
pub use watched::{Refreshed, Watched};
