//! Certificates that no honest program makes: built by hand, part by part. TLS asks for a proof of the
//! key only, so any signature does.

use landline::line::Credentials;
use landline::trust::Identity;

/// How an Ed25519 key's SubjectPublicKeyInfo begins (RFC 8410).
const SPKI_START: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// AlgorithmIdentifier of Ed25519.
const ALGORITHM: [u8; 7] = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];

/// A name without a part.
const NOBODY: [u8; 2] = [0x30, 0x00];

/// The parts of a certificate for an identity's key that an opponent may choose, each as DER.
pub(crate) struct Certificate {
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    /// Between the subject and the key, where nothing may stand.
    pub(crate) before_key: Vec<u8>,
    /// The key itself.
    pub(crate) key: Vec<u8>,
    /// Behind the key: unique identifiers, extensions.
    pub(crate) after_key: Vec<u8>,
    /// Behind the certificate.
    pub(crate) behind: Vec<u8>,
}

impl Certificate {
    /// A plain certificate of `identity`.
    pub(crate) fn of(identity: &Identity) -> Self {
        Self {
            issuer: NOBODY.into(),
            subject: NOBODY.into(),
            before_key: Vec::new(),
            key: spki(identity),
            after_key: Vec::new(),
            behind: Vec::new(),
        }
    }

    /// A name whose one attribute is `bytes`.
    pub(crate) fn name(bytes: &[u8]) -> Vec<u8> {
        let common_name = [0x06, 0x03, 0x55, 0x04, 0x03];
        let attribute = der(0x30, &[&common_name, &der(0x0c, &[bytes])]);
        der(0x30, &[&der(0x31, &[&attribute])])
    }

    /// Extensions of which one is `bytes`, and means nothing to anybody.
    pub(crate) fn extension(bytes: &[u8]) -> Vec<u8> {
        let meaning = [0x06, 0x03, 0x2a, 0x03, 0x04];
        let extension = der(0x30, &[&meaning, &der(0x04, &[bytes])]);
        der(0xa3, &[&der(0x30, &[&extension])])
    }

    /// What is shown with it in a handshake.
    pub(crate) fn shown_by(&self, identity: &Identity) -> Credentials {
        Credentials {
            certificate_der: self.encode(),
            key_der: identity.key_der().to_vec(),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let version = der(0xa0, &[&[0x02, 0x01, 0x02]]);
        let always = |year: &[u8]| der(0x17, &[year, b"0101000000Z"]);
        let validity = der(0x30, &[&always(b"20"), &always(b"49")]);
        let to_be_signed = der(
            0x30,
            &[
                &version,
                &[0x02, 0x01, 0x01],
                &ALGORITHM,
                &self.issuer,
                &validity,
                &self.subject,
                &self.before_key,
                &self.key,
                &self.after_key,
            ],
        );
        let signature = der(0x03, &[&[0], &[7; 64]]);
        [
            der(0x30, &[&to_be_signed, &ALGORITHM, &signature]),
            self.behind.clone(),
        ]
        .concat()
    }
}

/// The SubjectPublicKeyInfo of an identity's key.
pub(crate) fn spki(identity: &Identity) -> Vec<u8> {
    let certificate = identity.certificate_der();
    let mut starts = certificate.windows(SPKI_START.len());
    let at = starts.position(|part| part == SPKI_START);
    let at = at.expect("our own certificate holds our own key");
    certificate[at..at + SPKI_START.len() + 32].to_vec()
}

/// One element of DER.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).expect("a short element");
    let [high, low] = length.to_be_bytes();
    let head: &[u8] = match length {
        0..128 => &[tag, low],
        128..256 => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [head, &content].concat()
}
