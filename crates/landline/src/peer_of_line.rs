//! Whose key a secure line's far end has proven to have.

use landline_line::SecureStream;
use landline_trust::PeerId;

/// The bytes of an Ed25519 key at the end of its SubjectPublicKeyInfo (RFC 8410 4): an algorithm
/// without parameters stands before it, and nothing behind.
const KEY_BYTES: usize = 32;

/// The length of such an SPKI, in bytes.
const SPKI_BYTES: usize = 44;

/// The peer at the far end; `None` if its key is of another kind, which no handshake lets in.
pub(crate) fn peer_of(line: &SecureStream) -> Option<PeerId> {
    let spki = &line.peer_public_key_der;
    let key = spki.last_chunk::<KEY_BYTES>()?;
    (spki.len() == SPKI_BYTES).then(|| PeerId::from_public_key(key))
}
