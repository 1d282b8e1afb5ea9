//! Datagrams on real sockets of this machine.

use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use super::*;
use crate::dial_datagrams;

const LOOPBACKS: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

fn udp(at: &str) -> (Datagrams, std::net::SocketAddr) {
    let server = Datagrams::udp(at.parse().unwrap()).unwrap();
    let address = server.address().to_string();
    let address = address.strip_prefix("udp://").unwrap().parse().unwrap();
    (server, address)
}

/// What `socket` gets until `count` datagrams are there: the bytes and the whole sizes of cut ones.
async fn take(socket: &Datagrams, recv: usize, count: usize) -> Vec<(Vec<u8>, Option<usize>)> {
    let mut batch = socket.batch(BATCH_DATAGRAMS_MAX, recv);
    let mut taken = Vec::new();
    while taken.len() < count {
        let drained = socket.drain(&mut batch);
        // Only a lost datagram makes it wait.
        let drained = tokio::time::timeout(Duration::from_secs(10), drained).await;
        drained.expect("no datagram is lost").unwrap();
        assert!(!batch.is_empty());
        let datagram = |index| (batch.bytes(index).to_vec(), batch.cut_from(index));
        taken.extend((0..batch.len()).map(datagram));
    }
    taken
}

async fn take_whole(socket: &Datagrams, count: usize) -> Vec<Vec<u8>> {
    let taken = take(socket, 65_536, count).await;
    taken.into_iter().map(|(bytes, _)| bytes).collect()
}

/// `sizes.len()` datagrams, each filled with its number.
fn run(sizes: &[usize]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let each = |(number, &size): (usize, &usize)| vec![number as u8; size];
    let datagrams: Vec<Vec<u8>> = sizes.iter().enumerate().map(each).collect();
    (datagrams.concat(), datagrams)
}

#[tokio::test]
async fn what_waits_comes_in_one_batch_in_order() {
    for at in LOOPBACKS {
        let (server, address) = udp(at);
        let client = UdpSocket::bind(at).unwrap();
        for number in 0..10u8 {
            client.send_to(&[number], address).unwrap();
        }
        let mut batch = server.batch(8, 16);
        server.drain(&mut batch).await.unwrap();
        assert_eq!(batch.len(), 8, "{at}");
        let name = client.local_addr().unwrap().to_string();
        assert_eq!(batch.sender(7).unwrap().to_string(), name);
        assert_eq!(batch.bytes(7), [7]);
        server.drain(&mut batch).await.unwrap();
        assert_eq!((batch.len(), batch.bytes(1)), (2, &[9][..]));
        client.send_to(&[10], address).unwrap();
        server.drain(&mut batch).await.unwrap();
        assert_eq!((batch.len(), batch.bytes(0)), (1, &[10][..]));
    }
}

#[tokio::test]
async fn both_families_may_take_turns_on_one_thread() {
    let (four, six) = (udp(LOOPBACKS[0]), udp(LOOPBACKS[1]));
    for ((server, address), at) in
        [(&four, 0), (&six, 1), (&four, 0)].map(|(s, a)| (s, LOOPBACKS[a]))
    {
        let client = UdpSocket::bind(at).unwrap();
        client.send_to(b"x", address).unwrap();
        let mut batch = server.batch(4, 4);
        server.drain(&mut batch).await.unwrap();
        let name = client.local_addr().unwrap().to_string();
        assert_eq!(batch.sender(0).unwrap().to_string(), name);
    }
}

#[tokio::test]
async fn a_cut_datagram_keeps_its_whole_size() {
    let (server, address) = udp(LOOPBACKS[0]);
    let client = UdpSocket::bind(LOOPBACKS[0]).unwrap();
    client.send_to(b"hello world", address).unwrap();
    client.send_to(b"0123456789", address).unwrap();
    let expected = [
        (b"hello worl".to_vec(), Some(11)),
        (b"0123456789".to_vec(), None),
    ];
    assert_eq!(take(&server, 10, 2).await, expected);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let server = Datagrams::unixgram(&path).unwrap();
    let client = UnixDatagram::unbound().unwrap();
    client.send_to(b"hello world", &path).unwrap();
    client.send_to(b"0123456789", &path).unwrap();
    assert_eq!(take(&server, 10, 2).await, expected);
}

/// A dialed socket takes joined runs, a plain one each datagram: both get the same.
#[tokio::test]
async fn a_run_arrives_as_its_datagrams() {
    let mixed = [64, 64, 64, 20, 0, 0, 64, 1200, 1200, 65_507, 1, 1];
    let long: Vec<usize> = std::iter::repeat_n(1200, 130).collect();
    let runs: [&[usize]; 6] = [&[64; 64], &[3000; 9], &[5], &[0], &mixed, &long];
    for at in LOOPBACKS {
        let (server, address) = udp(at);
        let plain = udp(at);
        let dialed = Datagrams::dial_udp(&[address]).unwrap();
        dialed.send(b"hello").await.unwrap();
        let mut batch = server.batch(1, 5);
        server.drain(&mut batch).await.unwrap();
        let joined = batch.sender(0).unwrap();
        for sizes in runs {
            let (bytes, datagrams) = run(sizes);
            server.send_run(joined, &bytes, sizes).await.unwrap();
            assert_eq!(take_whole(&dialed, sizes.len()).await, datagrams);
            server
                .send_run(&plain.1.into(), &bytes, sizes)
                .await
                .unwrap();
            assert_eq!(take_whole(&plain.0, sizes.len()).await, datagrams);
        }
    }
}

#[tokio::test]
async fn a_joined_run_is_parted_before_it_is_cut() {
    let (server, address) = udp(LOOPBACKS[0]);
    let dialed = Datagrams::dial_udp(&[address]).unwrap();
    dialed.send(b"").await.unwrap();
    let mut batch = server.batch(1, 1);
    server.drain(&mut batch).await.unwrap();
    assert_eq!(batch.bytes(0), b"");
    let (bytes, _) = run(&[8, 8, 3]);
    server
        .send_run(batch.sender(0).unwrap(), &bytes, &[8, 8, 3])
        .await
        .unwrap();
    let expected = [
        (vec![0; 5], Some(8)),
        (vec![1; 5], Some(8)),
        (vec![2; 3], None),
    ];
    assert_eq!(take(&dialed, 5, 3).await, expected);
}

#[tokio::test]
async fn a_kernel_without_segments_sends_a_run_singly() {
    let (server, address) = udp(LOOPBACKS[0]);
    let sizes = [64, 64, 0, 9];
    let (bytes, datagrams) = run(&sizes);
    let mut rest = run::Rest::new(&bytes, &sizes);
    let sent = rest.send(server.socket.fd(), &address.into(), false);
    sent.unwrap();
    assert_eq!(take_whole(&server, 4).await, datagrams);
}

#[tokio::test]
async fn a_unixgram_peer_is_answered_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server");
    let server = Datagrams::unixgram(&path).unwrap();
    assert_eq!(
        server.address().to_string(),
        format!("unixgram:{}", path.display())
    );
    let mut batch = server.batch(8, 64);

    let dialed = dial_datagrams(server.address()).await.unwrap();
    dialed.send(b"dialed").await.unwrap();
    let named_path = folder.path().join("client");
    let named = UnixDatagram::bind(&named_path).unwrap();
    named.send_to(b"named", &path).unwrap();
    UnixDatagram::unbound()
        .unwrap()
        .send_to(b"nameless", &path)
        .unwrap();

    server.drain(&mut batch).await.unwrap();
    assert_eq!(batch.len(), 3);
    assert!(batch.sender(0).unwrap().to_string().starts_with('@'));
    assert_eq!(
        batch.sender(1).unwrap().to_string(),
        named_path.display().to_string()
    );
    assert_eq!(batch.sender(2), None);

    for index in 0..2 {
        let peer = batch.sender(index).unwrap();
        server.send_run(peer, b"onetwo", &[3, 3]).await.unwrap();
    }
    assert_eq!(take_whole(&dialed, 2).await, [b"one", b"two"]);
    let mut read = [0; 8];
    assert_eq!(named.recv(&mut read).unwrap(), 3);
}

#[tokio::test]
async fn a_full_unixgram_peer_stops_a_run_and_blocks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Datagrams::unixgram(&folder.path().join("server")).unwrap();
    let slow = Datagrams::unixgram(&folder.path().join("slow")).unwrap();
    let path = folder.path().join("slow");
    let peer = Peer(peer::Name::Unix(
        rustix::net::SocketAddrUnix::new(&path).unwrap(),
    ));
    let sizes = [1; 2000];
    let unsent = server
        .send_run(&peer, &[7; 2000], &sizes)
        .await
        .unwrap_err();
    assert_eq!(unsent.error.kind(), io::ErrorKind::WouldBlock);
    assert!(unsent.taken > 0);
    assert_eq!(take_whole(&slow, unsent.taken).await.len(), unsent.taken);
    drop(slow);
    let unsent = server.send_run(&peer, b"x", &[1]).await.unwrap_err();
    assert_eq!(
        unsent.error.kind(),
        io::ErrorKind::NotFound,
        "its file went with it"
    );
}

#[tokio::test]
async fn a_peer_that_died_ends_no_loop() {
    let (server, address) = udp(LOOPBACKS[0]);
    let gone = UdpSocket::bind(LOOPBACKS[0]).unwrap().local_addr().unwrap();
    for _ in 0..3 {
        server
            .send_run(&gone.into(), b"anyone?", &[7])
            .await
            .unwrap();
    }
    let client = UdpSocket::bind(LOOPBACKS[0]).unwrap();
    client.send_to(b"I am", address).unwrap();
    assert_eq!(take_whole(&server, 1).await, [b"I am"]);
}

#[tokio::test]
async fn a_dialed_socket_hears_that_nobody_is_there_and_lives_on() {
    let gone = UdpSocket::bind(LOOPBACKS[0]).unwrap().local_addr().unwrap();
    let dialed = Datagrams::dial_udp(&[gone]).unwrap();
    let mut batch = dialed.batch(1, 64);
    dialed.send(b"anyone?").await.unwrap();
    let error = dialed.receive(&mut batch).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    dialed.send(b"anyone?").await.unwrap();
    let late = UdpSocket::bind(gone).unwrap();
    dialed.send(b"and now?").await.unwrap();
    let mut read = [0; 64];
    let (count, peer) = late.recv_from(&mut read).unwrap();
    assert_eq!(&read[..count], b"and now?");
    late.send_to(b"now, yes", peer).unwrap();
    assert_eq!(take_whole(&dialed, 1).await, [b"now, yes"]);
}
