//! Why a secure line did not come to be, or broke. It does not know the words for it: a catalogue
//! has them, by key.

use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, Error, OtherError, PeerIncompatible};

/// Why there is no secure line, or none any more. All but `Credentials` are the peer's doing or the
/// network's.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Our own certificate or key cannot be used: the caller's fault.
    #[error("this machine's own certificate or key cannot be used: {0}")]
    Credentials(String),
    /// The handshake took longer than this.
    #[error("the handshake did not end within {0:?}")]
    Slow(Duration),
    /// The peer closed without saying so within TLS: what came before may be cut short.
    #[error("the other end hung up without closing the secure line")]
    Truncated,
    /// The socket failed.
    #[error("the line broke: {0}")]
    Broken(#[source] io::Error),
    /// What the peer sent is no TLS.
    #[error("the other end does not speak TLS")]
    NotTls,
    /// The peer does not speak TLS 1.3.
    #[error("the other end does not speak TLS 1.3")]
    OldVersion,
    /// The peer did not agree on the protocol `landline/1` (ALPN, RFC 7301).
    #[error("the other end does not speak landline/1")]
    OtherProtocol,
    /// The peer showed no certificate.
    #[error("the other end showed no certificate")]
    NoCertificate,
    /// The peer's certificate cannot be read, or more than one came.
    #[error("the certificate of the other end cannot be used: {0}")]
    BadCertificate(String),
    /// The peer's certificate is for a key of another kind.
    #[error("the certificate of the other end is not for an Ed25519 key")]
    NotEd25519,
    /// The peer showed a certificate and could not sign with its key.
    #[error("the other end showed a certificate whose key it does not have")]
    NotItsKey,
    /// The peer proved its key, and it is not one that the caller takes. Nothing was sent to it but
    /// the handshake's first message, not even our own certificate.
    #[error("another machine answered")]
    WrongPeer {
        /// The certificate that it has the key of, as DER.
        certificate_der: Vec<u8>,
    },
    /// The peer ended the line with an alert (RFC 8446 6), named here.
    #[error("the other end refused the secure line: {0}")]
    Refused(String),
    /// Anything else that TLS does not allow.
    #[error("the handshake failed: {0}")]
    Failed(String),
}

impl TlsError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Credentials(_) => "secure-credentials",
            Self::Slow(_) => "secure-slow",
            Self::Truncated => "secure-truncated",
            Self::Broken(_) => "secure-broken",
            Self::NotTls => "secure-not-tls",
            Self::OldVersion => "secure-old-version",
            Self::OtherProtocol => "secure-other-protocol",
            Self::NoCertificate => "secure-no-certificate",
            Self::BadCertificate(_) => "secure-bad-certificate",
            Self::NotEd25519 => "secure-not-ed25519",
            Self::NotItsKey => "secure-not-its-key",
            Self::WrongPeer { .. } => "secure-wrong-peer",
            Self::Refused(_) => "secure-refused",
            Self::Failed(_) => "secure-failed",
        }
    }

    /// What its sentence names as `$error`, if anything.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Credentials(why) | Self::BadCertificate(why) => Some(why.clone()),
            Self::Refused(why) | Self::Failed(why) => Some(why.clone()),
            Self::Slow(limit) => Some(format!("{limit:?}")),
            Self::Broken(error) => Some(error.to_string()),
            _ => None,
        }
    }
}

/// What a read or a write on a secure line failed of. A client learns only so that the server
/// refused its certificate: its own handshake ends before the server has seen it.
impl From<io::Error> for TlsError {
    fn from(error: io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        match inner {
            Some(tls) => Self::from_tls(tls),
            None if error.kind() == io::ErrorKind::UnexpectedEof => Self::Truncated,
            None => Self::Broken(error),
        }
    }
}

/// What our verifier has against a certificate, on its way through rustls.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("it cannot be used: {0}")]
    Bad(String),
    #[error("its key is not Ed25519")]
    NotEd25519,
    #[error("it is not the one expected")]
    Wrong(Vec<u8>),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let other = OtherError(std::sync::Arc::new(refusal));
        Self::InvalidCertificate(CertificateError::Other(other))
    }
}

impl From<Refusal> for TlsError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Bad(why) => Self::BadCertificate(why),
            Refusal::NotEd25519 => Self::NotEd25519,
            Refusal::Wrong(certificate_der) => Self::WrongPeer { certificate_der },
        }
    }
}

impl TlsError {
    pub(super) fn from_tls(error: &Error) -> Self {
        match error {
            Error::InvalidMessage(_) => Self::NotTls,
            Error::NoApplicationProtocol => Self::OtherProtocol,
            Error::NoCertificatesPresented => Self::NoCertificate,
            Error::PeerIncompatible(why) if is_of_old(why) => Self::OldVersion,
            Error::InvalidCertificate(why) => Self::of_certificate(why),
            Error::AlertReceived(alert) => Self::of_alert(*alert),
            other => Self::Failed(other.to_string()),
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::Other(OtherError(inner)) => match inner.downcast_ref::<Refusal>() {
                Some(refusal) => refusal.clone().into(),
                None => Self::BadCertificate(error.to_string()),
            },
            CertificateError::BadSignature => Self::NotItsKey,
            other => Self::BadCertificate(other.to_string()),
        }
    }

    fn of_alert(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::ProtocolVersion => Self::OldVersion,
            AlertDescription::NoApplicationProtocol => Self::OtherProtocol,
            other => Self::Refused(format!("{other:?}")),
        }
    }
}

/// Whether this is how rustls meets a peer that offers or chooses an older version.
fn is_of_old(why: &PeerIncompatible) -> bool {
    matches!(
        why,
        PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::SupportedVersionsExtensionRequired
            | PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled
    )
}
