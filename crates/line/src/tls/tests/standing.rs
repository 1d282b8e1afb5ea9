//! The line once it stands: who is there, what passes, and that each handshake is a whole one.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use rustls::HandshakeKind;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::handshake;
use super::super::{
    ALPN, Acceptor, Dialer, RECEIVE_BYTES_MAX, SecureReader, SecureStream, SecureWriter,
};
use super::opponent::{self, calling, listening, showing};
use super::{anyone, identity, loopback, secure_pair, shake};
use crate::stream::{ReadHalf, Stream};
use crate::{KEEPALIVE, pair};

#[tokio::test]
async fn both_ends_see_the_others_certificate() {
    let (client, server) = (identity(), identity());
    let expected = server.certificate_der.clone();
    let (near, far) = shake(&client, &server, move |shown| shown == expected).await;
    let (near, far) = (near.unwrap(), far.unwrap());
    assert_eq!(near.peer_certificate_der, server.certificate_der);
    assert_eq!(far.peer_certificate_der, client.certificate_der);
    let holds = |certificate: &[u8], key: &[u8]| certificate.windows(44).any(|part| part == key);
    assert!(holds(&server.certificate_der, &near.peer_public_key_der));
    assert!(holds(&client.certificate_der, &far.peer_public_key_der));
    let (a, b) = near.ends.unwrap();
    assert_eq!(far.ends, Some((b, a)));
    assert_eq!(far.peer, a.to_string());
}

#[tokio::test]
async fn every_handshake_is_a_whole_one() {
    let (client, server) = (identity(), identity());
    let acceptor = Acceptor::new(&server).unwrap();
    // This opponent would resume, if it were given a ticket.
    let config = Arc::new(opponent::client(Some(showing(&client)), &[ALPN]));
    for _ in 0..2 {
        let (mut near, far) = loopback().await;
        let mut connection = calling(config.clone());
        let shaking = handshake::shake(&mut connection, &mut near);
        let (shaken, far) = tokio::join!(shaking, acceptor.accept(far));
        shaken.unwrap();
        let mut far = far.unwrap();
        far.writer.write_all(b"done").await.unwrap();
        let bytes = handshake::receive(&mut near.reader).await.unwrap();
        let fed = handshake::feed(&mut connection, &mut near.writer, &bytes);
        fed.await.unwrap();
        assert_eq!(connection.handshake_kind(), Some(HandshakeKind::Full));
        let rustls::Connection::Client(connection) = connection else {
            panic!("a client")
        };
        assert_eq!(connection.tls13_tickets_received(), 0);
    }
}

#[tokio::test]
async fn a_ticket_is_not_used() {
    let dialer = Dialer::new(&identity()).unwrap();
    let mut config = opponent::server(showing(&identity()), &[ALPN]);
    config.send_tls13_tickets = 2;
    let config = Arc::new(config);
    for _ in 0..2 {
        let (near, mut far) = loopback().await;
        let mut connection = listening(config.clone());
        let playing = async {
            handshake::shake(&mut connection, &mut far).await.unwrap();
            assert_eq!(connection.handshake_kind(), Some(HandshakeKind::Full));
            SecureStream::new(Box::new(connection), far).unwrap()
        };
        let (near, mut far) = tokio::join!(dialer.dial(near, anyone), playing);
        far.writer.write_all(b"done").await.unwrap();
        let mut read = [0; 4];
        near.unwrap().reader.read_exact(&mut read).await.unwrap();
    }
}

/// `count` bytes that no two places of are alike for long.
fn pattern(count: usize) -> Vec<u8> {
    let words = (0..count as u64 / 8).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    words.flat_map(u64::to_le_bytes).collect()
}

async fn write_in(writer: &mut SecureWriter, bytes: &[u8], piece: usize) {
    for piece in bytes.chunks(piece) {
        writer.write_all(piece).await.unwrap();
    }
    writer.shutdown().await.unwrap();
}

async fn read_in(reader: &mut SecureReader, piece: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut read = vec![0; piece];
    loop {
        match reader.read(&mut read).await.unwrap() {
            0 => return bytes,
            count => bytes.extend_from_slice(&read[..count]),
        }
    }
}

#[tokio::test]
async fn bytes_pass_both_ways_at_once_however_they_are_cut() {
    let bytes = pattern(3 << 20);
    for (written, read) in [(1 << 20, 256 << 10), (40_000, 1000), (1000, 1 << 20)] {
        let (mut near, mut far) = secure_pair().await;
        let (_, _, there, back) = tokio::join!(
            write_in(&mut near.writer, &bytes, written),
            write_in(&mut far.writer, &bytes, written),
            read_in(&mut far.reader, read),
            read_in(&mut near.reader, read),
        );
        assert!(there == bytes && back == bytes, "{written} {read}");
    }
}

#[tokio::test]
async fn bytes_are_the_same_when_they_are_handed_out_where_they_lie() {
    let bytes = pattern(3 << 20);
    let (mut near, mut far) = secure_pair().await;
    let reading = async {
        let (mut read, mut is_copied) = (Vec::new(), false);
        let mut room = vec![0; 1000];
        // Both ways of reading in turn: what one leaves the other finds.
        loop {
            is_copied = !is_copied;
            if is_copied {
                match far.reader.read(&mut room).await.unwrap() {
                    0 => return read,
                    count => read.extend_from_slice(&room[..count]),
                }
            } else {
                let before = read.len();
                let mut take = |piece: &[u8]| read.extend_from_slice(piece);
                let came = poll_fn(|cx| far.reader.poll_each(cx, &mut take)).await;
                match came.unwrap() {
                    true => assert!((1..=RECEIVE_BYTES_MAX).contains(&(read.len() - before))),
                    false => return read,
                }
            }
        }
    };
    let (_, read) = tokio::join!(write_in(&mut near.writer, &bytes, 1 << 20), reading);
    assert!(read == bytes);
    for _ in 0..2 {
        let came = poll_fn(|cx| far.reader.poll_each(cx, |_| panic!("nothing is left")));
        assert!(!came.await.unwrap());
    }
}

#[tokio::test]
async fn a_header_and_its_payload_leave_in_one_write() {
    let (mut near, mut far) = secure_pair().await;
    let parts = [
        std::io::IoSlice::new(b"header"),
        std::io::IoSlice::new(b" and payload"),
    ];
    assert_eq!(near.writer.write_vectored(&parts).await.unwrap(), 18);
    let mut read = [0; 64];
    let count = far.reader.read(&mut read).await.unwrap();
    assert_eq!(&read[..count], b"header and payload");
}

#[tokio::test]
async fn a_peer_that_does_not_read_stops_a_writer() {
    let (mut near, far) = secure_pair().await;
    let bytes = vec![0; 1 << 20];
    let mut sent = 0;
    loop {
        tokio::select! {
            biased;
            written = near.writer.write(&bytes) => sent += written.unwrap(),
            () = tokio::task::yield_now() => break,
        }
    }
    // What the kernel holds and one write of ours; what would not stop would not get here.
    assert!(sent < 64 << 20, "{sent}");
    drop(far);
}

#[tokio::test]
async fn keys_change_on_the_way() {
    let (mut near, mut far) = secure_pair().await;
    for _ in 0..3 {
        near.writer.refresh_keys().unwrap();
        near.writer.write_all(b"there").await.unwrap();
        let mut read = [0; 5];
        far.reader.read_exact(&mut read).await.unwrap();
        far.writer.write_all(b"again").await.unwrap();
        near.reader.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"again");
    }
}

#[tokio::test]
async fn a_line_in_memory_can_be_secure_too() {
    let (near, far) = pair();
    let (dialer, acceptor) = (Dialer::new(&identity()), Acceptor::new(&identity()));
    let (dialer, acceptor) = (dialer.unwrap(), acceptor.unwrap());
    let (near, far) = tokio::join!(dialer.dial(near, anyone), acceptor.accept(far));
    near.unwrap().writer.write_all(b"hello").await.unwrap();
    let mut read = [0; 5];
    far.unwrap().reader.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"hello");
}

#[tokio::test]
async fn dead_networks_are_asked_for() {
    let (near, far) = loopback().await;
    let copies = [&near, &far].map(copy_of_socket);
    let (dialer, acceptor) = (Dialer::new(&identity()), Acceptor::new(&identity()));
    let (dialer, acceptor) = (dialer.unwrap(), acceptor.unwrap());
    let (near, far) = tokio::join!(dialer.dial(near, anyone), acceptor.accept(far));
    for copy in copies {
        let socket = SockRef::from(&copy);
        assert!(socket.keepalive().unwrap() && socket.tcp_nodelay().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), KEEPALIVE);
        let unanswered = Some(Duration::from_secs(30));
        assert_eq!(socket.tcp_user_timeout().unwrap(), unanswered);
    }
    drop((near, far));
}

fn copy_of_socket(line: &Stream) -> std::os::fd::OwnedFd {
    use std::os::fd::AsFd;
    let ReadHalf::Tcp(half) = &line.reader else {
        panic!("a tcp line")
    };
    half.as_ref().as_fd().try_clone_to_owned().unwrap()
}
