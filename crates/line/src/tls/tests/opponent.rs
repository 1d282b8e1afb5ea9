//! Opponents: ends that speak TLS and break a rule of ours. They say what to break; the rest is as
//! it should be.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConnection, ResolvesClientCert};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert, ServerConnection, danger};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::version::TLS13;
use rustls::{
    ClientConfig, Connection, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureAlgorithm, SignatureScheme,
};

use super::super::handshake;
use super::super::{Credentials, TlsError};
use crate::stream::Stream;

/// What an opponent shows, whatever it is asked for.
#[derive(Debug)]
pub(super) struct Shown(Arc<CertifiedKey>);

/// Shows `certificates` and signs with `key`, a PKCS#8 that need not belong to them.
pub(super) fn shown(certificates: &[&[u8]], key: &[u8]) -> Arc<Shown> {
    let key = PrivateKeyDer::Pkcs8(key.to_vec().into());
    let key = provider().key_provider.load_private_key(key).unwrap();
    let certificates = certificates.iter().map(|der| der.to_vec().into()).collect();
    let key = Arc::new(Stubborn(key));
    Arc::new(Shown(Arc::new(CertifiedKey::new(certificates, key))))
}

pub(super) fn showing(credentials: &Credentials) -> Arc<Shown> {
    shown(&[&credentials.certificate_der], &credentials.key_der)
}

/// A client that shows what `shown` says, and offers `protocols`.
pub(super) fn client(shown: Option<Arc<Shown>>, protocols: &[&[u8]]) -> ClientConfig {
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trusting));
    let mut config = match shown {
        Some(shown) => config.with_client_cert_resolver(shown),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    config
}

/// A server that shows what `shown` says, and takes `protocols`.
pub(super) fn server(shown: Arc<Shown>, protocols: &[&[u8]]) -> ServerConfig {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_client_cert_verifier(Arc::new(Trusting))
        .with_cert_resolver(shown);
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    config
}

pub(super) fn calling(config: Arc<ClientConfig>) -> Connection {
    let name = ServerName::try_from("opponent").unwrap();
    Connection::Client(ClientConnection::new(config, name).unwrap())
}

pub(super) fn listening(config: Arc<ServerConfig>) -> Connection {
    Connection::Server(ServerConnection::new(config).unwrap())
}

/// Shakes hands as the opponent on `line`, and leaves a moment later: once the other end has closed,
/// if it does not like what it saw.
pub(super) async fn play(mut connection: Connection, mut line: Stream) -> Result<(), TlsError> {
    handshake::shake(&mut connection, &mut line).await?;
    let answer = handshake::receive(&mut line.reader).await?;
    handshake::feed(&mut connection, &mut line.writer, &answer).await
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Signs with what it has, whatever the other end offers to verify.
#[derive(Debug)]
struct Stubborn(Arc<dyn SigningKey>);

impl SigningKey for Stubborn {
    fn choose_scheme(&self, _: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        self.0.choose_scheme(&[
            SignatureScheme::ED25519,
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::RSA_PSS_SHA256,
        ])
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }
}

/// Takes whoever comes.
#[derive(Debug)]
struct Trusting;

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        unreachable!("no opponent speaks TLS 1.2")
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![
            SignatureScheme::ED25519,
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::RSA_PSS_SHA256,
        ]
    }
}

impl danger::ClientCertVerifier for Trusting {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<danger::ClientCertVerified, Error> {
        Ok(danger::ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        unreachable!("no opponent speaks TLS 1.2")
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ServerCertVerifier::supported_verify_schemes(self)
    }
}
