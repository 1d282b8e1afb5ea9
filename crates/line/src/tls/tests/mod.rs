//! The secure line on real sockets, against itself and against opponents that break its rules.

mod closing;
mod opponent;
mod refusals;
mod standing;

use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm};

use super::{Acceptor, Credentials, Dialer, SecureStream, TlsError};
use crate::{Address, Listener, Stream, dial};

/// A new identity with a key of `kind`.
fn identity_of(kind: &'static SignatureAlgorithm) -> Credentials {
    let key = KeyPair::generate_for(kind).unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap();
    Credentials {
        certificate_der: certificate.der().to_vec(),
        key_der: key.serialize_der(),
    }
}

fn identity() -> Credentials {
    identity_of(&rcgen::PKCS_ED25519)
}

/// Both ends of a plain tcp line, the caller's first.
async fn loopback() -> (Stream, Stream) {
    let listener = Listener::tcp("127.0.0.1:0".parse().unwrap(), 1).unwrap();
    let address: Address = listener.address().unwrap();
    let (near, far) = tokio::join!(dial(&address), listener.accept());
    (near.unwrap(), far.unwrap())
}

fn anyone(_: &[u8]) -> bool {
    true
}

type Outcome = Result<SecureStream, TlsError>;

/// What comes of a handshake between a client and a server of ours.
async fn shake(
    client: &Credentials,
    server: &Credentials,
    check: impl Fn(&[u8]) -> bool + Send + Sync + 'static,
) -> (Outcome, Outcome) {
    let (near, far) = loopback().await;
    let dialer = Dialer::new(client).unwrap();
    let acceptor = Acceptor::new(server).unwrap();
    tokio::join!(
        async { dialer.dial(near, check).await },
        acceptor.accept(far)
    )
}

/// A secure line, the client's end first.
async fn secure_pair() -> (SecureStream, SecureStream) {
    let (near, far) = shake(&identity(), &identity(), anyone).await;
    (near.unwrap(), far.unwrap())
}

/// The key of the error that an attempt ended with.
fn key_of(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(_) => "none",
        Err(error) => error.key(),
    }
}
