//! The proofs of a pairing: that each side holds a ticket's secret, bound to both keys, without the
//! secret going over. It does not know which tickets there are.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use aws_lc_rs::rand;

use crate::hex::{self, hex_text};
use crate::peer_id::PeerId;
use crate::ticket::TicketError;

/// What the client's proof is made over, before the two keys.
const CLIENT: &[u8] = b"landline/1 pair client";

/// What the server's proof is made over, before the two keys.
const SERVER: &[u8] = b"landline/1 pair server";

/// The secret of a ticket: 128 bits, used once. Who knows it may pair.
#[derive(Clone)]
pub struct TicketSecret(pub(crate) [u8; 16]);

/// An HMAC-SHA256 over both keys, under a ticket's secret. It may be shown and sent. Two are compared
/// in constant time.
#[derive(Clone, Debug)]
pub struct Proof([u8; 32]);

/// What a client sends: it holds `secret`, and it and the server are who the handshake showed.
pub fn proof_of_client(secret: &TicketSecret, client: &PeerId, server: &PeerId) -> Proof {
    proof(secret, CLIENT, client, server)
}

/// What a server answers to a client's proof that was right.
pub fn proof_of_server(secret: &TicketSecret, client: &PeerId, server: &PeerId) -> Proof {
    proof(secret, SERVER, client, server)
}

impl TicketSecret {
    /// A new one. The system's source of randomness does not fail on the systems that we run on.
    pub(crate) fn new() -> Self {
        Self(random())
    }
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

fn proof(secret: &TicketSecret, side: &[u8], client: &PeerId, server: &PeerId) -> Proof {
    let message = [side, client.as_bytes(), server.as_bytes()].concat();
    let tag = sign(&Key::new(HMAC_SHA256, &secret.0), &message);
    Proof(tag.as_ref().try_into().expect("HMAC-SHA256 has 32 bytes"))
}

impl Proof {
    /// A proof as it came, right or wrong.
    pub const fn from_bytes(tag: [u8; 32]) -> Self {
        Self(tag)
    }

    /// Its bytes, to be sent.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for Proof {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Eq for Proof {}

impl PartialEq for TicketSecret {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Eq for TicketSecret {}

impl std::fmt::Debug for TicketSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("TicketSecret(..)")
    }
}

/// For the file of invites, and for nothing else: there it must stand.
impl serde::Serialize for TicketSecret {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> serde::Deserialize<'de> for TicketSecret {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        let wrong = || serde::de::Error::custom("a secret has 32 hexadecimal digits");
        hex::decode(&text).map(Self).ok_or_else(wrong)
    }
}

hex_text!(Proof, 32, TicketError, TicketError::NotHex);

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT_ID: PeerId = PeerId::from_bytes([1; 32]);
    const SERVER_ID: PeerId = PeerId::from_bytes([2; 32]);

    #[test]
    fn the_proofs_are_those_of_the_protocol() {
        // Reckoned apart: hmac.new(bytes(range(16)), b"landline/1 pair client" + b"\1" * 32 +
        // b"\2" * 32, "sha256") in Python, and the same for the server.
        let secret = TicketSecret(std::array::from_fn(|index| index as u8));
        let client = proof_of_client(&secret, &CLIENT_ID, &SERVER_ID);
        let server = proof_of_server(&secret, &CLIENT_ID, &SERVER_ID);
        assert_eq!(
            client.to_string(),
            "652ccef2fcb032f2888b88c339468a5f3d4a2ff77e7ace91bfa544cc19cea655"
        );
        assert_eq!(
            server.to_string(),
            "014bc938cd9931e13e2b2a13dd4b71e4559662c7bbc701b51d3a902123a3cf20"
        );
        assert_eq!(client.to_string().parse::<Proof>(), Ok(client));
    }

    #[test]
    fn a_proof_fits_one_secret_one_side_and_one_pair_of_keys() {
        let secret = TicketSecret::new();
        let right = proof_of_client(&secret, &CLIENT_ID, &SERVER_ID);
        assert_ne!(
            right,
            proof_of_client(&TicketSecret::new(), &CLIENT_ID, &SERVER_ID)
        );
        assert_ne!(right, proof_of_client(&secret, &SERVER_ID, &CLIENT_ID));
        assert_ne!(right, proof_of_client(&secret, &CLIENT_ID, &CLIENT_ID));
        assert_ne!(right, proof_of_server(&secret, &CLIENT_ID, &SERVER_ID));
        assert_eq!(right, proof_of_client(&secret, &CLIENT_ID, &SERVER_ID));
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", TicketSecret([7; 16])), "TicketSecret(..)");
    }
}
