//! The listening end of a secure line. It does not know who may do what: it tells who came.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::{Connection, ServerConfig, ServerConnection};
use tokio::time::{Instant, timeout_at};

use super::config::{self, Credentials};
use super::error::TlsError;
use super::handshake::{HANDSHAKE_MAX, REFUSAL_MAX, feed, receive, refuse, shake};
use super::line::SecureStream;
use crate::stream::Stream;
use crate::tcp;

/// Makes streams that were accepted secure.
#[derive(Clone)]
pub struct Acceptor {
    config: Arc<ServerConfig>,
    handshake_max: Duration,
}

impl Acceptor {
    /// An end that shows `credentials`. `Credentials`: they are not an Ed25519 certificate and its
    /// key.
    pub fn new(credentials: &Credentials) -> Result<Self, TlsError> {
        Ok(Self {
            config: Arc::new(config::server(credentials)?),
            handshake_max: HANDSHAKE_MAX,
        })
    }

    /// The same end with another limit than [`HANDSHAKE_MAX`].
    pub fn with_handshake_max(mut self, limit: Duration) -> Self {
        self.handshake_max = limit;
        self
    }

    /// Shakes hands with the client on `stream`, whoever it is: its certificate is on the line that
    /// results, and so is the proof that it has the key. It ends within [`HANDSHAKE_MAX`]; dropping
    /// it closes the stream.
    pub async fn accept(&self, mut stream: Stream) -> Result<SecureStream, TlsError> {
        let deadline = Instant::now() + self.handshake_max;
        tcp::notice_dead_network(&stream)?;
        let shaken = timeout_at(deadline, self.shake(&mut stream)).await;
        match shaken.unwrap_or(Err(TlsError::Slow(self.handshake_max))) {
            Ok(connection) => SecureStream::new(connection, stream),
            Err(error) => {
                if !matches!(error, TlsError::Broken(_) | TlsError::Slow(_)) {
                    let end = deadline.min(Instant::now() + REFUSAL_MAX);
                    // Either way the line is closed now.
                    let _ = timeout_at(end, refuse(stream)).await;
                }
                Err(error)
            }
        }
    }

    /// A client that says nothing costs no TLS state.
    async fn shake(&self, stream: &mut Stream) -> Result<Box<Connection>, TlsError> {
        let bytes = receive(&mut stream.reader).await?;
        let connection = ServerConnection::new(self.config.clone());
        let connection = connection.map_err(|error| TlsError::from_tls(&error))?;
        let mut connection = Box::new(Connection::Server(connection));
        feed(&mut connection, &mut stream.writer, &bytes).await?;
        shake(&mut connection, stream).await?;
        Ok(connection)
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor").finish_non_exhaustive()
    }
}
