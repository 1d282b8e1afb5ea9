//! A TCP peer that does what no honest script does: half a header, a reset, one byte at a time.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::patience;

/// A connection to a `tcp://` address, with a limit on every read and write.
#[track_caller]
pub(crate) fn dial(address: &str) -> TcpStream {
    let place = address
        .strip_prefix("tcp://")
        .expect("only tcp is dialled here");
    bounded(TcpStream::connect(place).expect("the server listens"))
}

/// A server for one client, which `serve` plays. Gives its address; join it to see it through.
pub(crate) fn far_end<T: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let place = listener.local_addr().expect("it is bound");
    let serving = thread::spawn(move || {
        assert!(ready(&listener), "no client comes");
        let (stream, _) = listener.accept().expect("a client comes");
        serve(bounded(stream))
    });
    (format!("tcp://{place}"), serving)
}

/// Closes a line the rude way: the peer gets a reset.
pub(crate) fn reset(stream: TcpStream) {
    rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).expect("it is a socket");
}

/// Exactly `count` bytes.
#[track_caller]
pub(crate) fn take(stream: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream
        .read_exact(&mut bytes)
        .expect("the peer sends that much");
    bytes
}

/// All that comes until the peer hangs up.
#[track_caller]
pub(crate) fn take_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .expect("the peer hangs up, and does not reset");
    bytes
}

fn ready(listener: &TcpListener) -> bool {
    let limit = Timespec::try_from(patience()).expect("a wait of seconds");
    let mut ends = [PollFd::new(listener, PollFlags::IN)];
    poll(&mut ends, Some(&limit)).is_ok_and(|count| count > 0)
}

fn bounded(stream: TcpStream) -> TcpStream {
    stream
        .set_read_timeout(Some(patience()))
        .expect("a timeout of seconds");
    stream
        .set_write_timeout(Some(patience()))
        .expect("a timeout of seconds");
    stream.set_nodelay(true).expect("it is a TCP socket");
    stream
}
