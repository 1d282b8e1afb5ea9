//! Who is refused, on either side, and that it is told why.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{CertificateParams, KeyPair};
use rustls::{ClientConfig, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{ALPN, Acceptor, Credentials, Dialer, TlsError, handshake};
use super::opponent::{self, Shown, calling, listening, play, showing, shown};
use super::{anyone, identity, identity_of, key_of, loopback, shake};

/// What our server says to an opponent, and what the opponent hears. Each end lets the line go once it
/// has its outcome, or an opponent that is let in by mistake would wait for ever.
async fn at_our_server(config: ClientConfig) -> (&'static str, &'static str) {
    let (near, far) = loopback().await;
    let acceptor = Acceptor::new(&identity()).unwrap();
    let played = play(calling(config.into()), near);
    let accepted = async { key_of(&acceptor.accept(far).await) };
    let (heard, ours) = tokio::join!(played, accepted);
    (ours, heard.err().map_or("none", |error| error.key()))
}

/// What our client says to an opponent, and what the opponent hears.
async fn at_our_client(config: ServerConfig) -> (&'static str, &'static str) {
    let (near, far) = loopback().await;
    let dialer = Dialer::new(&identity()).unwrap();
    let played = play(listening(config.into()), far);
    let (ours, heard) = tokio::join!(
        async {
            let outcome = dialer.dial(near, anyone).await;
            key_of(&outcome)
        },
        played
    );
    (ours, heard.err().map_or("none", |error| error.key()))
}

/// Whoever shows `shown` is refused with `key`, as a client and as a server, and told so.
async fn check_shown(shown: Arc<Shown>, key: &str) {
    let config = opponent::client(Some(shown.clone()), &[ALPN]);
    assert_eq!(at_our_server(config).await, (key, "secure-refused"));
    let config = opponent::server(shown, &[ALPN]);
    assert_eq!(at_our_client(config).await, (key, "secure-refused"));
}

#[tokio::test]
async fn an_opponent_that_breaks_nothing_is_let_in() {
    let (near, far) = loopback().await;
    let acceptor = Acceptor::new(&identity()).unwrap();
    let config = opponent::client(Some(showing(&identity())), &[ALPN]);
    let server = async { drop(acceptor.accept(far).await.unwrap()) };
    let (heard, ()) = tokio::join!(play(calling(config.into()), near), server);
    assert_eq!(heard.unwrap_err().key(), "secure-truncated");
}

#[tokio::test]
async fn a_certificate_for_another_kind_of_key_is_refused() {
    let ecdsa = identity_of(&rcgen::PKCS_ECDSA_P256_SHA256);
    check_shown(showing(&ecdsa), "secure-not-ed25519").await;
    let rsa = identity_of(&rcgen::PKCS_RSA_SHA256);
    check_shown(showing(&rsa), "secure-not-ed25519").await;
}

#[tokio::test]
async fn a_certificate_shown_without_its_key_is_refused() {
    let foreign = identity().certificate_der;
    let without_key = shown(&[&foreign], &identity().key_der);
    check_shown(without_key, "secure-not-its-key").await;
}

#[tokio::test]
async fn a_key_of_another_kind_than_the_certificate_signs_for_nothing() {
    let foreign = identity().certificate_der;
    let ecdsa = identity_of(&rcgen::PKCS_ECDSA_P256_SHA256);
    check_shown(shown(&[&foreign], &ecdsa.key_der), "secure-failed").await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_refused() {
    let Credentials {
        certificate_der,
        key_der,
    } = identity();
    let junk: &[u8] = b"no certificate";
    check_shown(shown(&[junk], &key_der), "secure-bad-certificate").await;
    let two = shown(&[&certificate_der, &certificate_der], &key_der);
    check_shown(two, "secure-bad-certificate").await;
    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let names = (0..100).map(|n| format!("{n:050}.example"));
    let large = CertificateParams::new(names.collect::<Vec<_>>()).unwrap();
    let large = large.self_signed(&key).unwrap();
    let large = shown(&[large.der()], &key.serialize_der());
    check_shown(large, "secure-bad-certificate").await;
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() {
    let config = opponent::client(None, &[ALPN]);
    let expected = ("secure-no-certificate", "secure-refused");
    assert_eq!(at_our_server(config).await, expected);
}

#[tokio::test]
async fn another_protocol_or_none_is_refused() {
    let me = || showing(&identity());
    let other: &[u8] = b"landline/2";
    let refused = "secure-other-protocol";
    let config = opponent::client(Some(me()), &[other]);
    assert_eq!(at_our_server(config).await, (refused, refused));
    let config = opponent::client(Some(me()), &[]);
    assert_eq!(at_our_server(config).await.0, refused);
    let config = opponent::server(me(), &[other]);
    assert_eq!(at_our_client(config).await.0, refused);
    let config = opponent::server(me(), &[]);
    assert_eq!(at_our_client(config).await.0, refused);
}

#[tokio::test]
async fn a_wrong_peer_is_named_and_gets_nothing_of_ours() {
    let server = identity();
    let (near, mut far) = loopback().await;
    let dialer = Dialer::new(&identity()).unwrap();
    let calling = async { dialer.dial(near, |_| false).await.map(drop) };
    let playing = async {
        let config = opponent::server(showing(&server), &[ALPN]);
        let mut connection = listening(config.into());
        let hello = handshake::receive(&mut far.reader).await.unwrap();
        let writer = &mut far.writer;
        handshake::feed(&mut connection, writer, &hello)
            .await
            .unwrap();
        let mut flight = Vec::new();
        while connection.wants_write() {
            connection.write_tls(&mut flight).unwrap();
        }
        writer.write_all(&flight).await.unwrap();
        let mut rest = Vec::new();
        far.reader.read_to_end(&mut rest).await.unwrap();
        rest
    };
    let (outcome, rest) = tokio::join!(calling, playing);
    let Err(TlsError::WrongPeer { certificate_der }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(certificate_der, server.certificate_der);
    // A change_cipher_spec for old middleboxes and an encrypted alert: 6 bytes and 24.
    assert!(rest.len() <= 30, "{} bytes after the hello", rest.len());
}

#[tokio::test]
async fn only_a_server_that_proved_its_key_is_shown_to_the_caller() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let check = move |_: &[u8]| counted.fetch_add(1, Ordering::Relaxed) == 0;
    let foreign = identity().certificate_der;
    let config = opponent::server(shown(&[&foreign], &identity().key_der), &[ALPN]);
    let (near, far) = loopback().await;
    let dialer = Dialer::new(&identity()).unwrap();
    let calling = async { dialer.dial(near, check).await.map(drop) };
    let (outcome, _) = tokio::join!(calling, play(listening(config.into()), far));
    assert_eq!(outcome.unwrap_err().key(), "secure-not-its-key");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

/// A TLS 1.2 client's first message: no supported_versions, else in order.
const HELLO_OF_1_2: &[u8] = &[
    22, 3, 1, 0, 65, // a record that holds a handshake message
    1, 0, 0, 61, 3, 3, // a ClientHello of TLS 1.2, then 32 random bytes
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    0, // no session
    0, 4, 0xc0, 0x2b, 0xc0, 0x2f, // two suites
    1, 0, // no compression
    0, 16, // extensions:
    0, 10, 0, 4, 0, 2, 0, 29, // supported_groups: x25519
    0, 13, 0, 4, 0, 2, 8, 7, // signature_algorithms: ed25519
];

/// A TLS 1.2 server's first message.
const ANSWER_OF_1_2: &[u8] = &[
    22, 3, 3, 0, 42, // a record that holds a handshake message
    2, 0, 0, 38, 3, 3, // a ServerHello of TLS 1.2, then 32 random bytes
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    0, 0xc0, 0x2b, 0, // no session, a suite, no compression
];

/// The alert protocol_version, fatal (RFC 8446 6.2).
const ALERT_PROTOCOL_VERSION: &[u8] = &[21, 3, 3, 0, 2, 2, 70];

/// What our server says to a client that begins with `first`, and the bytes that the client gets.
async fn after_first(first: &[u8]) -> (&'static str, Vec<u8>) {
    let (mut near, far) = loopback().await;
    let acceptor = Acceptor::new(&identity()).unwrap();
    let calling = async {
        near.writer.write_all(first).await.unwrap();
        let mut answer = Vec::new();
        near.reader.read_to_end(&mut answer).await.unwrap();
        drop(near);
        answer
    };
    let (answer, ours) = tokio::join!(calling, async { key_of(&acceptor.accept(far).await) });
    (ours, answer)
}

#[tokio::test]
async fn an_older_client_is_refused() {
    let expected = ("secure-old-version", ALERT_PROTOCOL_VERSION.to_vec());
    assert_eq!(after_first(HELLO_OF_1_2).await, expected);
}

#[tokio::test]
async fn what_is_no_tls_is_refused() {
    let (ours, _) = after_first(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert_eq!(ours, "secure-not-tls");
}

#[tokio::test]
async fn an_older_server_is_refused() {
    let (near, mut far) = loopback().await;
    let dialer = Dialer::new(&identity()).unwrap();
    let playing = async { far.writer.write_all(ANSWER_OF_1_2).await.unwrap() };
    let (outcome, ()) = tokio::join!(dialer.dial(near, anyone), playing);
    assert_eq!(key_of(&outcome), "secure-old-version");
}

#[test]
fn credentials_must_be_an_ed25519_certificate_and_its_key() {
    let check = |credentials: Credentials| {
        let outcomes = [
            Acceptor::new(&credentials).map(drop),
            Dialer::new(&credentials).map(drop),
        ];
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err().key(), "secure-credentials");
        }
    };
    let (mine, other) = (identity(), identity());
    check(Credentials {
        certificate_der: other.certificate_der,
        key_der: mine.key_der.clone(),
    });
    check(Credentials {
        certificate_der: b"junk".to_vec(),
        key_der: mine.key_der,
    });
    check(Credentials {
        certificate_der: mine.certificate_der,
        key_der: b"junk".to_vec(),
    });
    check(identity_of(&rcgen::PKCS_ECDSA_P256_SHA256));
}

#[tokio::test]
async fn a_client_hears_at_its_first_read_that_it_was_refused() {
    let config = opponent::client(None, &[ALPN]);
    assert_eq!(at_our_server(config).await.1, "secure-refused");
    // And one that is not refused does not.
    let (near, far) = shake(&identity(), &identity(), anyone).await;
    assert_eq!((key_of(&near), key_of(&far)), ("none", "none"));
}
