//! Who a peer is: the hash of its public key, found by walking its certificate, shown as words and as
//! hex. It does not know who may do what, and whether the peer really holds the key: the handshake's
//! signature proves that.

use aws_lc_rs::digest::{SHA256, digest};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

use crate::hex::hex_text;
use crate::peer_words::{PEER_WORDS, words_of};

/// The longest certificate that is looked at. Ours have about 300 bytes; walking one takes memory of
/// a few times its length.
pub const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;

/// id-Ed25519 (RFC 8410).
const ED25519: &str = "1.3.101.112";

/// What stands before the 32 bytes of an Ed25519 key in the DER of its SubjectPublicKeyInfo
/// (RFC 8410, section 10): two sequences, the algorithm, a bit string without unused bits.
const SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0,
];

/// A peer: the SHA-256 of the DER of its public key's SubjectPublicKeyInfo. As text it is 64
/// hexadecimal digits, read in either case and shown in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId([u8; 32]);

/// Why there is no peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerIdError {
    /// The text is not 64 hexadecimal digits.
    #[error("a key is written as 64 hexadecimal digits")]
    NotHex,
    /// The certificate is longer than [`CERTIFICATE_BYTES_MAX`].
    #[error("the certificate has {0} bytes, and at most {CERTIFICATE_BYTES_MAX} are taken")]
    TooLong(usize),
    /// The bytes are not one X.509 certificate in DER, and nothing after it.
    #[error("the certificate is not well formed")]
    NotACertificate,
    /// The certificate's key is of another kind, or not 32 bytes.
    #[error("the certificate's key is not an Ed25519 key")]
    NotEd25519,
}

impl PeerIdError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotHex => "trust-key-not-hex",
            Self::TooLong(_) => "trust-certificate-too-long",
            Self::NotACertificate => "trust-certificate-malformed",
            Self::NotEd25519 => "trust-certificate-not-ed25519",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong(bytes) => vec![
                ("bytes", bytes.to_string()),
                ("max", CERTIFICATE_BYTES_MAX.to_string()),
            ],
            Self::NotHex | Self::NotACertificate | Self::NotEd25519 => Vec::new(),
        }
    }
}

impl PeerId {
    /// The peer that a hash stands for.
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The peer that holds an Ed25519 public key.
    pub fn from_public_key(key: &[u8; 32]) -> Self {
        let spki = [&SPKI_PREFIX[..], key].concat();
        let hash = digest(&SHA256, &spki);
        Self(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }

    /// The peer whose certificate, in DER, is `certificate`. Names, dates and extensions mean nothing;
    /// the key is the one that stands where a certificate has its key.
    ///
    /// # Errors
    /// When the bytes are anything but one well-formed certificate with an Ed25519 key. What can be
    /// encoded in more than one way is refused, so that no other reader of the same bytes finds
    /// another key in them.
    pub fn from_certificate(certificate: &[u8]) -> Result<Self, PeerIdError> {
        if certificate.len() > CERTIFICATE_BYTES_MAX {
            return Err(PeerIdError::TooLong(certificate.len()));
        }
        let walked =
            Certificate::from_der(certificate).map_err(|_| PeerIdError::NotACertificate)?;
        if walked.to_der().ok().as_deref() != Some(certificate) {
            return Err(PeerIdError::NotACertificate);
        }
        let spki = walked.tbs_certificate().subject_public_key_info();
        if spki.algorithm.oid.to_string() != ED25519 || spki.algorithm.parameters.is_some() {
            return Err(PeerIdError::NotEd25519);
        }
        let key = spki.subject_public_key.as_bytes().unwrap_or_default();
        let key = key.try_into().map_err(|_| PeerIdError::NotEd25519)?;
        Ok(Self::from_public_key(key))
    }

    /// The hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its first 64 bits as [`PEER_WORDS`] words, for people to compare. Programs compare the whole.
    pub fn words(&self) -> String {
        words_of(&self.0[..PEER_WORDS])
    }
}

impl std::fmt::Debug for PeerId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PeerId({self})")
    }
}

hex_text!(PeerId, 32, PeerIdError, PeerIdError::NotHex);

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, CustomExtension, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
    use rcgen::{PKCS_ED25519, PublicKeyData};

    use super::*;

    fn peer_of(key: &KeyPair) -> PeerId {
        let hash = digest(&SHA256, &key.subject_public_key_info());
        PeerId::from_bytes(hash.as_ref().try_into().unwrap())
    }

    fn certificate(key: &KeyPair, change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        change(&mut params);
        params.self_signed(key).unwrap().der().to_vec()
    }

    #[test]
    fn a_peer_is_the_hash_of_its_spki() {
        let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let found = PeerId::from_certificate(&certificate(&key, |_| ())).unwrap();
        assert_eq!(found, peer_of(&key));
        assert_eq!(found.to_string().parse(), Ok(found));
        assert_eq!(found.words().split('-').count(), PEER_WORDS);
    }

    #[test]
    fn a_certificate_that_hides_another_key_gives_its_own() {
        let [own, hidden] = [0, 1].map(|_| KeyPair::generate_for(&PKCS_ED25519).unwrap());
        let spki = hidden.subject_public_key_info();
        // The issuer's name stands before the key, extensions stand after it.
        let der = certificate(&own, |params| {
            let name = String::from_utf8_lossy(&spki).into_owned();
            params.distinguished_name.push(DnType::CommonName, name);
            let extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 1], spki.clone());
            params.custom_extensions.push(extension);
            params.serial_number = Some(spki[..20].to_vec().into());
        });
        assert!(der.windows(spki.len()).any(|window| window == spki));
        assert_eq!(PeerId::from_certificate(&der), Ok(peer_of(&own)));
    }

    #[test]
    fn another_kind_of_key_is_refused() {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let found = PeerId::from_certificate(&certificate(&key, |_| ()));
        assert_eq!(found, Err(PeerIdError::NotEd25519));
    }

    #[test]
    fn whatever_is_cut_changed_in_shape_or_followed_by_more_is_refused() {
        let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let der = certificate(&key, |_| ());
        for length in 0..der.len() {
            let found = PeerId::from_certificate(&der[..length]);
            assert_eq!(found, Err(PeerIdError::NotACertificate), "{length}");
        }
        let longer = [&der[..], &[0]].concat();
        let found = PeerId::from_certificate(&longer);
        assert_eq!(found, Err(PeerIdError::NotACertificate));
        let found = PeerId::from_certificate(&vec![0x30; CERTIFICATE_BYTES_MAX + 1]);
        assert_eq!(found, Err(PeerIdError::TooLong(CERTIFICATE_BYTES_MAX + 1)));
    }

    /// One value of DER: a tag, a length, what is in it.
    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = match u8::try_from(content.len()) {
            Ok(length @ ..0x80) => vec![length],
            Ok(length) => vec![0x81, length],
            _ => [
                &[0x82][..],
                &u16::try_from(content.len()).unwrap().to_be_bytes(),
            ]
            .concat(),
        };
        [&[tag], &length[..], &content].concat()
    }

    /// A certificate, unsigned, with this algorithm, key and extension.
    fn built(algorithm: &[u8], key: &[u8], extension: &[&[u8]]) -> Vec<u8> {
        let ed25519 = tlv(0x30, &[&SPKI_PREFIX[4..9]]);
        let date = tlv(0x17, &[b"250101000000Z"]);
        let (version, serial) = (tlv(0xa0, &[&[2, 1, 2]]), [2, 1, 1]);
        let (nobody, dates) = (tlv(0x30, &[]), tlv(0x30, &[&date, &date]));
        let spki = tlv(0x30, &[&tlv(0x30, &[algorithm]), &tlv(3, &[key])]);
        let extensions = tlv(0xa3, &[&tlv(0x30, &[&tlv(0x30, extension)])]);
        let parts = [
            &version[..],
            &serial,
            &ed25519,
            &nobody,
            &dates,
            &nobody,
            &spki,
            &extensions,
        ];
        tlv(0x30, &[&tlv(0x30, &parts), &ed25519, &tlv(3, &[&[0; 65]])])
    }

    #[test]
    fn what_has_more_than_one_encoding_is_refused() {
        let (algorithm, key) = (&SPKI_PREFIX[4..9], &[0; 33][..]);
        let (oid, value, is_not_critical): (&[u8], &[u8], &[u8]) =
            (&[6, 1, 42], &[4, 0], &[1, 1, 0]);
        let check = |der: Vec<u8>, expected| assert_eq!(PeerId::from_certificate(&der), expected);
        check(
            built(algorithm, key, &[oid, value]),
            Ok(PeerId::from_public_key(&[0; 32])),
        );
        // What is so by default is not said.
        let spoken_out = built(algorithm, key, &[oid, is_not_critical, value]);
        check(spoken_out, Err(PeerIdError::NotACertificate));
        let with_null = [algorithm, &[5, 0]].concat();
        check(
            built(&with_null, key, &[oid, value]),
            Err(PeerIdError::NotEd25519),
        );
        for other in [&[0; 32][..], &[0; 34], &[1; 33]] {
            check(
                built(algorithm, other, &[oid, value]),
                Err(PeerIdError::NotEd25519),
            );
        }
    }

    #[test]
    fn one_changed_byte_never_panics_and_never_gives_a_third_key_silently() {
        let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let der = certificate(&key, |_| ());
        let raw = key.public_key_raw();
        let at = der.windows(32).position(|window| window == raw).unwrap();
        for index in 0..der.len() {
            let mut changed = der.clone();
            changed[index] ^= 0x21;
            let found = PeerId::from_certificate(&changed);
            if !(at..at + 32).contains(&index) {
                assert!(found.is_err() || found == Ok(peer_of(&key)), "{index}");
            }
        }
    }
}
