//! A secure line once it stands: two halves, who the peer is, and where both ends are.
//! It does not know how the handshake went.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::Connection;

use super::certificate::public_key;
use super::error::TlsError;
use super::heap;
use super::reader::SecureReader;
use super::writer::{SEND_BYTES_MAX, SecureWriter};
use crate::stream::Stream;

/// Pieces of a stream are smaller, in bytes.
const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// A line that carries bytes, unseen and unchanged, to and from the holder of one key.
#[derive(Debug)]
pub struct SecureStream {
    /// What comes in.
    pub reader: SecureReader,
    /// What goes out. Dropping it without `shutdown` is a truncation to the peer.
    pub writer: SecureWriter,
    /// The peer's certificate as DER. Only its key means anything.
    pub peer_certificate_der: Vec<u8>,
    /// The peer's public key, as DER of its SPKI: the one that it proved to have.
    pub peer_public_key_der: Vec<u8>,
    /// The peer's place as a person would name it.
    pub peer: String,
    /// Both ends of a tcp line, ours first.
    pub ends: Option<(SocketAddr, SocketAddr)>,
}

impl SecureStream {
    pub(super) fn new(mut connection: Box<Connection>, stream: Stream) -> Result<Self, TlsError> {
        heap::keep_warm(PIECE_BYTES_MAX);
        let certificates = connection.peer_certificates().unwrap_or_default();
        let certificate = certificates.first().ok_or(TlsError::NoCertificate)?;
        let peer_public_key_der = public_key(certificate)?;
        let peer_certificate_der = certificate.to_vec();
        connection.set_buffer_limit(Some(SEND_BYTES_MAX));
        let shared = Arc::new(Shared(Mutex::new(connection)));
        Ok(Self {
            reader: SecureReader::new(stream.reader, shared.clone()),
            writer: SecureWriter::new(stream.writer, shared),
            peer_certificate_der,
            peer_public_key_der,
            peer: stream.peer,
            ends: stream.ends,
        })
    }
}

/// The keys and counters of both directions. Each half has its own side of the socket and takes
/// this only to encrypt or decrypt what it has at hand, never across a wait.
#[derive(Debug)]
pub(super) struct Shared(Mutex<Box<Connection>>);

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Box<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
