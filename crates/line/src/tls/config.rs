//! How both ends are set up: what they show, what they offer, what they never do.
//! It does not know which line a handshake runs on.

use std::fmt;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{self, cipher_suite, kx_group};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::TLS13;
use rustls::{ClientConfig, ServerConfig, SupportedCipherSuite};

use super::certificate::{Check, Verifier, public_key};
use super::error::TlsError;

/// The protocol that both ends must agree on (RFC 7301).
pub const ALPN: &[u8] = b"landline/1";

/// What an end shows of itself: a certificate and the key it is for.
#[derive(Clone)]
pub struct Credentials {
    /// An X.509 certificate for an Ed25519 key.
    pub certificate_der: Vec<u8>,
    /// That key, as PKCS#8 (RFC 8410 7).
    pub key_der: Vec<u8>,
}

/// Never shows the key.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// A listening end, which takes any client that proves an Ed25519 key: who it is, is told of the
/// line, and what it may is asked later.
pub(super) fn server(credentials: &Credentials) -> Result<ServerConfig, TlsError> {
    let (provider, identity) = prepare(credentials)?;
    let anyone: Check = Arc::new(|_| true);
    let verifier = Verifier::new(provider.signature_verification_algorithms, anyone);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(of_ours)?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_cert_resolver(identity);
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.max_early_data_size = 0;
    Ok(config)
}

/// A calling end, which takes the server that `check` takes.
pub(super) fn client(credentials: &Credentials) -> Result<ClientConfig, TlsError> {
    let (provider, identity) = prepare(credentials)?;
    let nobody: Check = Arc::new(|_| false);
    let verifier = Verifier::new(provider.signature_verification_algorithms, nobody);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(of_ours)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(identity);
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.enable_sni = false;
    Ok(config)
}

/// The same calling end, which takes the server that `check` takes.
pub(super) fn checking(config: &ClientConfig, check: Check) -> ClientConfig {
    let mut config = config.clone();
    let algorithms = config.crypto_provider().signature_verification_algorithms;
    let verifier = Arc::new(Verifier::new(algorithms, check));
    config.dangerous().set_certificate_verifier(verifier);
    config
}

fn prepare(
    credentials: &Credentials,
) -> Result<(Arc<CryptoProvider>, Arc<SingleCertAndKey>), TlsError> {
    let provider = provider();
    let certificate = CertificateDer::from(credentials.certificate_der.clone());
    public_key(&certificate).map_err(|refusal| TlsError::Credentials(refusal.to_string()))?;
    let key = PrivateKeyDer::Pkcs8(credentials.key_der.clone().into());
    let identity = CertifiedKey::from_der(vec![certificate], key, &provider).map_err(of_ours)?;
    Ok((Arc::new(provider), Arc::new(identity.into())))
}

fn of_ours(error: rustls::Error) -> TlsError {
    TlsError::Credentials(error.to_string())
}

/// The provider's algorithms, ordered for this machine. Key exchange prefers the hybrid that also
/// stands when X25519 falls to a quantum computer; its 1.2 KB each way fit the first flight.
fn provider() -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites = cipher_suites(has_aes());
    provider.kx_groups = vec![
        kx_group::X25519MLKEM768,
        kx_group::X25519,
        kx_group::SECP256R1,
    ];
    provider
}

/// AES-128 first where the CPU has instructions for it: there it is the fastest, elsewhere the
/// slowest.
fn cipher_suites(has_aes: bool) -> Vec<SupportedCipherSuite> {
    let mut suites = vec![
        cipher_suite::TLS13_AES_128_GCM_SHA256,
        cipher_suite::TLS13_AES_256_GCM_SHA384,
        cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
    ];
    if !has_aes {
        suites.rotate_right(1);
    }
    suites
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn has_aes() -> bool {
    std::arch::is_x86_feature_detected!("aes")
}

#[cfg(target_arch = "aarch64")]
fn has_aes() -> bool {
    std::arch::is_aarch64_feature_detected!("aes")
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
fn has_aes() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::CipherSuite;

    #[test]
    fn the_fastest_suite_of_the_machine_comes_first() {
        let first = |has_aes| cipher_suites(has_aes)[0].suite();
        assert_eq!(first(true), CipherSuite::TLS13_AES_128_GCM_SHA256);
        assert_eq!(first(false), CipherSuite::TLS13_CHACHA20_POLY1305_SHA256);
    }
}
