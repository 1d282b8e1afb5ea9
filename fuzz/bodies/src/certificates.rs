//! Certificates: any bytes are refused, or are a certificate in which every other reader finds the same
//! key.

use landline_trust::PeerId;
use rcgen::{CertificateParams, CustomExtension, DnType, KeyPair, PKCS_ED25519};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::ParsedCertificate;

/// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410).
const SPKI_START: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0,
];

/// What stands before the 32 bytes of an Ed25519 key in its PKCS#8 (RFC 8410).
const PKCS8_START: [u8; 16] = [
    0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
];

/// SEQUENCE, and the tag of a certificate's version.
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// Panics where `data` is a certificate of one key to us and of another to somebody else: to rustls,
/// which verifies the handshake, and to whoever walks as PROTOCOL.md says.
pub fn check(data: &[u8]) {
    let Ok(peer) = PeerId::from_certificate(data) else {
        return;
    };
    let walked = walk(data).expect("what we take can be walked");
    assert_eq!(peer_of(walked), peer);
    if let Ok(parsed) = ParsedCertificate::try_from(&CertificateDer::from(data)) {
        assert_eq!(peer_of(&parsed.subject_public_key_info()), peer);
    }
    assert!(PeerId::from_certificate(&data[..data.len() - 1]).is_err());
    assert!(PeerId::from_certificate(&[data, &[0]].concat()).is_err());
}

/// Certificates as we make them, with a key of another in every place that others choose, of a CA.
pub fn seeds() -> Vec<Vec<u8>> {
    let plain = certificate(|_| ());
    let hiding = certificate(|params| {
        let other = [&SPKI_START[..], &[9; 32]].concat();
        let name = String::from_utf8_lossy(&other).into_owned();
        params.distinguished_name.push(DnType::CommonName, name);
        let extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 1], other.clone());
        params.custom_extensions.push(extension);
        params.serial_number = Some(other[..20].to_vec().into());
    });
    let of_a_ca = certificate(|params| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.distinguished_name = rcgen::DistinguishedName::new();
    });
    vec![plain, hiding, of_a_ca]
}

fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
    let key = [&PKCS8_START[..], &[7; 32]].concat();
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(key), &PKCS_ED25519);
    let mut params = CertificateParams::default();
    change(&mut params);
    let signed = params.self_signed(&key.expect("any 32 bytes are a key"));
    signed
        .expect("it says nothing that cannot be signed")
        .der()
        .to_vec()
}

fn peer_of(spki: &[u8]) -> PeerId {
    let key = spki
        .strip_prefix(&SPKI_START)
        .and_then(|key| key.try_into().ok());
    PeerId::from_public_key(key.expect("it is an Ed25519 key"))
}

/// The SubjectPublicKeyInfo, by the steps of PROTOCOL.md.
fn walk(certificate: &[u8]) -> Option<&[u8]> {
    let mut certificate = inside(certificate, SEQUENCE)?;
    let mut parts = inside(element(&mut certificate)?, SEQUENCE)?;
    if parts.first() == Some(&VERSION) {
        element(&mut parts)?;
    }
    for _serial_algorithm_issuer_validity_subject in 0..5 {
        element(&mut parts)?;
    }
    element(&mut parts)
}

/// What is in an element of this tag, which is all of `bytes`.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (header, length) = header(bytes)?;
    (bytes[0] == tag && bytes.len() == header + length).then(|| &bytes[header..])
}

/// The next element, with its tag and length.
fn element<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (header, length) = header(bytes)?;
    let (element, rest) = bytes.split_at_checked(header + length)?;
    *bytes = rest;
    Some(element)
}

/// How many bytes tag and length take, and how many follow them.
fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes {
        [_, length @ ..=0x7f, ..] => Some((2, length.into())),
        [_, 0x81, length, ..] => Some((3, length.into())),
        [_, 0x82, high, low, ..] => Some((4, u16::from_be_bytes([high, low]).into())),
        _ => None,
    }
}
