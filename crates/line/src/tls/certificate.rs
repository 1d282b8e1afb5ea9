//! What a peer's certificate must be, and who may hold it: any X.509 certificate for an Ed25519 key,
//! whose holder signs the handshake with that key. It does not know which keys are trusted.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, PeerIncompatible, PeerMisbehaved,
    SignatureScheme,
};

use super::error::Refusal;

/// The longest certificate that is taken, in bytes. One for an Ed25519 key has about 300 to 500; a
/// line keeps its peer's.
pub const CERTIFICATE_BYTES_MAX: usize = 4096;

/// How the SPKI of an Ed25519 key begins, before its 32 bytes (RFC 8410 4).
const ED25519_SPKI_START: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const ED25519_KEY_BYTES: usize = 32;

/// The public key of `certificate` as DER of its SPKI: the very one that signatures are verified
/// with.
pub(super) fn public_key(certificate: &CertificateDer<'_>) -> Result<Vec<u8>, Refusal> {
    if certificate.len() > CERTIFICATE_BYTES_MAX {
        let why = format!("it has more than {CERTIFICATE_BYTES_MAX} bytes");
        return Err(Refusal::Bad(why));
    }
    let parsed = ParsedCertificate::try_from(certificate)
        .map_err(|error| Refusal::Bad(error.to_string()))?;
    let key = parsed.subject_public_key_info();
    let is_ed25519 = key.starts_with(&ED25519_SPKI_START)
        && key.len() == ED25519_SPKI_START.len() + ED25519_KEY_BYTES;
    is_ed25519.then(|| key.to_vec()).ok_or(Refusal::NotEd25519)
}

/// Whether the caller takes the holder of a certificate (DER).
pub(super) type Check = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// Judges the other end's certificate, on either side.
pub(super) struct Verifier {
    algorithms: WebPkiSupportedAlgorithms,
    check: Check,
}

impl Verifier {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms, check: Check) -> Self {
        Self { algorithms, check }
    }

    fn judge_form(&self, certificate: &CertificateDer<'_>, more: usize) -> Result<(), Error> {
        if more > 0 {
            return Err(Refusal::Bad("it came with others".into()).into());
        }
        public_key(certificate)?;
        Ok(())
    }

    /// The caller is asked last, so that it only ever judges one who has proven its key.
    fn judge_holder(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if signed.scheme != SignatureScheme::ED25519 {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        }
        let valid = verify_tls13_signature(message, certificate, signed, &self.algorithms)?;
        if !(self.check)(certificate) {
            return Err(Refusal::Wrong(certificate.to_vec()).into());
        }
        Ok(valid)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        more: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.judge_form(certificate, more.len())?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge_holder(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        more: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.judge_form(certificate, more.len())?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge_holder(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}
