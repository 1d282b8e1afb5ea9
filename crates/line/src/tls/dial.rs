//! The calling end of a secure line. It does not know whom to call: the caller judges who answers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, Connection};
use tokio::time::timeout;

use super::config::{self, Credentials};
use super::error::TlsError;
use super::handshake::{HANDSHAKE_MAX, shake};
use super::line::SecureStream;
use crate::stream::Stream;
use crate::tcp;

/// Makes streams that were dialed secure.
#[derive(Clone)]
pub struct Dialer {
    config: ClientConfig,
    handshake_max: Duration,
}

impl Dialer {
    /// An end that shows `credentials`. `Credentials`: they are not an Ed25519 certificate and its
    /// key.
    pub fn new(credentials: &Credentials) -> Result<Self, TlsError> {
        Ok(Self {
            config: config::client(credentials)?,
            handshake_max: HANDSHAKE_MAX,
        })
    }

    /// The same end with another limit than [`HANDSHAKE_MAX`].
    pub fn with_handshake_max(mut self, limit: Duration) -> Self {
        self.handshake_max = limit;
        self
    }

    /// Shakes hands with the server on `stream`. `check` is asked about its certificate (DER) once
    /// the server has proven that it has the key, and before anything of ours is sent but the
    /// handshake's first message, which holds nothing secret; `false` ends it as `WrongPeer`.
    ///
    /// It ends within [`HANDSHAKE_MAX`]; dropping it closes the stream. When it is done the server
    /// has not yet seen our certificate: what it has against it, the first read tells
    /// (`TlsError::from(io::Error)`).
    pub async fn dial(
        &self,
        mut stream: Stream,
        check: impl Fn(&[u8]) -> bool + Send + Sync + 'static,
    ) -> Result<SecureStream, TlsError> {
        tcp::notice_dead_network(&stream)?;
        let config = config::checking(&self.config, Arc::new(check));
        // rustls wants a name; it is never sent (`enable_sni`) and never compared.
        let name = ServerName::try_from("landline").expect("it is a DNS name");
        let connection = ClientConnection::new(Arc::new(config), name);
        let connection = connection.map_err(|error| TlsError::from_tls(&error))?;
        let mut connection = Box::new(Connection::Client(connection));
        match timeout(self.handshake_max, shake(&mut connection, &mut stream)).await {
            Ok(shaken) => shaken?,
            Err(_) => return Err(TlsError::Slow(self.handshake_max)),
        }
        SecureStream::new(connection, stream)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}
