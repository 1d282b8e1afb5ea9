//! Calls a machine that one trusts: its addresses in turn, the handshake with its key and no other,
//! and the greeting. It does not know what is asked for then.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use landline_frame::landline1::{ClientSettled, HANDSHAKE_MS_MAX};
use landline_line::{Credentials, Dialer, SecureStream, Stream, TlsError};
use landline_trust::{FileError, Home, HostAddress, Identity, IdentityError, PeerId};
use tokio::time::timeout;

use super::destination::{self, line_address};
use super::line::Line;
use crate::peer_of_line::peer_of;
use crate::session::{Greeted, LineEnded, greet_server};

/// How long one address may take to answer: 10 s. Then the next is tried.
pub const CONNECT_MAX: Duration = Duration::from_secs(10);

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// This machine's key cannot be used or made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The address book is bad.
    #[error(transparent)]
    Book(#[from] FileError),
    /// The address book does not know the machine, so nobody's key would be right.
    #[error("{host} is not in the address book: pair with it first")]
    NotInBook {
        /// What was asked for.
        host: String,
    },
    /// The address book knows the machine, and no address of it.
    #[error("the address book has no address of {host}")]
    NoAddress {
        /// What was asked for.
        host: String,
    },
    /// Nobody answered at any address; this is what became of the last.
    #[error("{address}: {error}")]
    Unreachable {
        /// The address.
        address: String,
        /// What became of it.
        error: io::Error,
    },
    /// Somebody answered with another key than the machine's. Nothing was sent to it.
    #[error("another machine answers at {address}: its key is {found}")]
    WrongKey {
        /// Where it answered.
        address: String,
        /// The keys that would have been right.
        expected: Vec<PeerId>,
        /// The key that it has.
        found: PeerId,
    },
    /// The handshake failed.
    #[error("{address}: {error}")]
    Tls {
        /// Where.
        address: String,
        /// Why.
        error: TlsError,
    },
    /// The greeting failed.
    #[error("{address}: {error}")]
    Greeting {
        /// Where.
        address: String,
        /// Why.
        error: LineEnded,
    },
    /// The machine does not know this one's key.
    #[error("{address} does not know this machine's key: pair with it first")]
    Unknown {
        /// Where.
        address: String,
    },
}

/// Calls `host`: a name of the home's address book, or an address of one of its machines. Whoever
/// answers with another key than the book has gets nothing but the handshake's first message.
///
/// # Errors
/// When the book does not know it, nobody answers, the wrong key answers, or the machine does not
/// know this one.
pub async fn dial(home: &Home, host: &str) -> Result<Line, DialError> {
    let book = home.book().read()?;
    let found = destination::find(&book, host).await;
    let found = found.ok_or_else(|| DialError::NotInBook {
        host: host.to_owned(),
    })?;
    if found.addresses.is_empty() {
        let host = host.to_owned();
        return Err(DialError::NoAddress { host });
    }
    let identity = home.identity()?;
    let met = meet(&identity, &found.addresses, &found.keys).await?;
    match met.greeted.session {
        ClientSettled::Known(session) => {
            let Greeted { software, rest, .. } = met.greeted;
            Ok(Line::start(met.line, met.peer, session, software, &rest))
        }
        ClientSettled::Stranger(_) => Err(DialError::Unknown {
            address: met.address.to_string(),
        }),
    }
}

/// A server that was reached, and says whether it knows us.
pub(super) struct Met {
    pub(super) line: SecureStream,
    pub(super) peer: PeerId,
    pub(super) address: HostAddress,
    pub(super) greeted: Greeted<ClientSettled>,
}

/// Tries `addresses`, of which there is one at least, in turn until one of `keys` answers.
pub(super) async fn meet(
    identity: &Identity,
    addresses: &[HostAddress],
    keys: &BTreeSet<PeerId>,
) -> Result<Met, DialError> {
    let credentials = Credentials {
        certificate_der: identity.certificate_der().to_vec(),
        key_der: identity.key_der().to_vec(),
    };
    let dialer = Dialer::new(&credentials).map_err(|error| DialError::Tls {
        address: String::new(),
        error,
    })?;
    let mut failed = None;
    for address in addresses {
        match meet_at(&dialer, address, keys).await {
            Ok(met) => return Ok(met),
            // A wrong key is worth more than a later address that is merely closed.
            Err(error) => match failed {
                Some(DialError::WrongKey { .. }) => {}
                _ => failed = Some(error),
            },
        }
    }
    Err(failed.expect("there is an address to try"))
}

async fn meet_at(
    dialer: &Dialer,
    address: &HostAddress,
    keys: &BTreeSet<PeerId>,
) -> Result<Met, DialError> {
    let stream = connect(address).await?;
    let expected = keys.clone();
    let check = move |certificate: &[u8]| {
        PeerId::from_certificate(certificate).is_ok_and(|found| expected.contains(&found))
    };
    let dialed = dialer.dial(stream, check).await;
    let mut line = dialed.map_err(|error| tls_error(address, keys, error))?;
    let peer = peer_of(&line).filter(|peer| keys.contains(peer));
    let Some(peer) = peer else {
        let error = TlsError::NotEd25519;
        return Err(tls_error(address, keys, error));
    };
    let greeting = timeout(
        Duration::from_millis(HANDSHAKE_MS_MAX),
        greet_server(&mut line),
    );
    let greeted = greeting.await.map_err(|_| DialError::Tls {
        address: address.to_string(),
        error: TlsError::Slow(Duration::from_millis(HANDSHAKE_MS_MAX)),
    })?;
    let greeted = greeted.map_err(|error| DialError::Greeting {
        address: address.to_string(),
        error,
    })?;
    let address = address.clone();
    Ok(Met {
        line,
        peer,
        address,
        greeted,
    })
}

async fn connect(address: &HostAddress) -> Result<Stream, DialError> {
    let place = line_address(address);
    let connected = timeout(CONNECT_MAX, landline_line::dial(&place)).await;
    let connected = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    connected.map_err(|error| DialError::Unreachable {
        address: address.to_string(),
        error,
    })
}

fn tls_error(address: &HostAddress, keys: &BTreeSet<PeerId>, error: TlsError) -> DialError {
    let address = address.to_string();
    if let TlsError::WrongPeer { certificate_der } = &error
        && let Ok(found) = PeerId::from_certificate(certificate_der)
    {
        return DialError::WrongKey {
            address,
            expected: keys.iter().copied().collect(),
            found,
        };
    }
    DialError::Tls { address, error }
}
