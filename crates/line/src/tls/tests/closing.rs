//! How a line ends: closed, cut, broken, or never shaken.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, interval};

use super::super::{Acceptor, Dialer, HANDSHAKE_MAX, TlsError};
use super::{anyone, identity, key_of, loopback, secure_pair};
use crate::pair;
use crate::stream::{ReadHalf, Stream, WriteHalf};

#[tokio::test]
async fn a_close_is_an_end_and_the_other_way_stays_open() {
    let (mut near, mut far) = secure_pair().await;
    near.writer.write_all(b"last words").await.unwrap();
    near.writer.shutdown().await.unwrap();
    let mut words = String::new();
    far.reader.read_to_string(&mut words).await.unwrap();
    assert_eq!(words, "last words");
    far.writer.write_all(b"heard").await.unwrap();
    let mut read = [0; 5];
    near.reader.read_exact(&mut read).await.unwrap();
    let late = near.writer.write(b"more").await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::BrokenPipe);
}

#[tokio::test]
async fn a_line_that_is_cut_is_no_end() {
    let (mut near, mut far) = secure_pair().await;
    near.writer.write_all(b"last words").await.unwrap();
    near.writer.flush().await.unwrap();
    drop(near);
    let mut words = Vec::new();
    let error = far.reader.read_to_end(&mut words).await.unwrap_err();
    assert_eq!(words, b"last words");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(TlsError::from(error).key(), "secure-truncated");
}

#[test]
fn a_line_that_the_socket_lost_is_broken() {
    let check = |kind: ErrorKind, key| {
        assert_eq!(TlsError::from(std::io::Error::from(kind)).key(), key);
    };
    check(ErrorKind::ConnectionReset, "secure-broken");
    check(ErrorKind::TimedOut, "secure-broken");
    check(ErrorKind::UnexpectedEof, "secure-truncated");
}

/// Carries bytes from `from` to `to`, and turns a bit of the last of them while `spoils` says so.
async fn carry(mut from: ReadHalf, mut to: WriteHalf, spoils: Arc<AtomicBool>) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        bytes[count - 1] ^= u8::from(spoils.load(Ordering::Relaxed));
        if to.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
}

#[tokio::test]
async fn a_changed_byte_is_found() {
    let ((near, left), (right, far)) = (pair(), pair());
    let spoils = Arc::new(AtomicBool::new(false));
    tokio::spawn(carry(left.reader, right.writer, spoils.clone()));
    tokio::spawn(carry(right.reader, left.writer, Arc::default()));
    let (dialer, acceptor) = (Dialer::new(&identity()), Acceptor::new(&identity()));
    let (dialer, acceptor) = (dialer.unwrap(), acceptor.unwrap());
    let (near, far) = tokio::join!(dialer.dial(near, anyone), acceptor.accept(far));
    let (mut near, mut far) = (near.unwrap(), far.unwrap());
    near.writer.write_all(b"good").await.unwrap();
    let mut read = [0; 4];
    far.reader.read_exact(&mut read).await.unwrap();
    spoils.store(true, Ordering::Relaxed);
    near.writer.write_all(b"evil").await.unwrap();
    for _ in 0..2 {
        let error = far.reader.read(&mut read).await.unwrap_err();
        assert_eq!(TlsError::from(error).key(), "secure-failed");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_let_go_at_the_limit() {
    let (near, far) = loopback().await;
    let start = Instant::now();
    let outcome = Acceptor::new(&identity()).unwrap().accept(far).await;
    assert_eq!(key_of(&outcome), "secure-slow");
    assert_eq!(start.elapsed().as_secs(), HANDSHAKE_MAX.as_secs());
    drop(near);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_a_byte_a_second_is_let_go_at_the_limit() {
    let (mut near, far) = loopback().await;
    let dripping = async {
        let mut second = interval(Duration::from_secs(1));
        for byte in [22, 3, 1, 4, 0, 1, 0, 3, 252, 3, 3]
            .into_iter()
            .chain([7; 100])
        {
            second.tick().await;
            if near.writer.write_all(&[byte]).await.is_err() {
                break;
            }
        }
    };
    let start = Instant::now();
    let acceptor = Acceptor::new(&identity()).unwrap();
    tokio::select! {
        outcome = acceptor.accept(far) => assert_eq!(key_of(&outcome), "secure-slow"),
        () = dripping => panic!("it was not let go"),
    }
    assert_eq!(start.elapsed().as_secs(), HANDSHAKE_MAX.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_left_at_the_limit() {
    let (near, far) = loopback().await;
    let limit = Duration::from_secs(3);
    let dialer = Dialer::new(&identity()).unwrap().with_handshake_max(limit);
    let start = Instant::now();
    let outcome = dialer.dial(near, anyone).await;
    assert_eq!(key_of(&outcome), "secure-slow");
    assert_eq!(start.elapsed().as_secs(), 3);
    drop(far);
}

#[tokio::test(start_paused = true)]
async fn a_refused_client_that_stays_is_left_after_a_second() {
    let (mut near, far) = loopback().await;
    near.writer.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let start = Instant::now();
    let outcome = Acceptor::new(&identity()).unwrap().accept(far).await;
    assert_eq!(key_of(&outcome), "secure-not-tls");
    assert_eq!(start.elapsed().as_secs(), 1);
}

#[tokio::test]
async fn a_first_message_that_never_ends_is_refused() {
    let (mut near, far) = loopback().await;
    let acceptor = Acceptor::new(&identity()).unwrap();
    let sending = async {
        // Records of a hello that says it has 60,000 bytes.
        let mut part = vec![22, 3, 1, 0x10, 0, 1, 0, 0xea, 0x60];
        part.resize(5 + 0x1000, 3);
        for _ in 0..5 {
            near.writer.write_all(&part).await.unwrap();
            part[5..].fill(3);
        }
        near.writer.shutdown().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(acceptor.accept(far), sending);
    let error = outcome.unwrap_err();
    assert_eq!(error.value().unwrap(), "it has more than 16384 bytes");
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_ends_its_handshake() {
    let (near, far) = loopback().await;
    let Stream {
        reader, mut writer, ..
    } = near;
    writer.write_all(&[22, 3, 1]).await.unwrap();
    drop((reader, writer));
    let outcome = Acceptor::new(&identity()).unwrap().accept(far).await;
    assert_eq!(key_of(&outcome), "secure-truncated");
}

#[tokio::test]
async fn a_handshake_that_is_dropped_closes_its_stream() {
    let (mut near, far) = loopback().await;
    let acceptor = Acceptor::new(&identity()).unwrap();
    tokio::select! {
        biased;
        _ = acceptor.accept(far) => panic!("nothing was sent"),
        () = tokio::task::yield_now() => {}
    }
    assert_eq!(near.reader.read(&mut [0]).await.unwrap(), 0);
}
