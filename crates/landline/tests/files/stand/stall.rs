//! A way to a server on which so many bytes pass, and no more: a transfer over it stands in the middle
//! until a test has done what it wants. It does not know what passes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The way. Dropping it cuts it.
pub(crate) struct Stall {
    /// Where it begins: HOST:PORT.
    pub(crate) address: String,
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Stall {
    /// A way to `address` for one line; `bytes_max` pass in each direction.
    pub(crate) fn before(address: &str, bytes_max: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let own = listener.local_addr().expect("it is bound").to_string();
        let ends = Arc::new(Mutex::new(Vec::new()));
        let (held, server) = (ends.clone(), address.to_owned());
        thread::spawn(move || {
            // The test may end before anybody calls.
            let Ok((caller, _)) = listener.accept() else {
                return;
            };
            let server = TcpStream::connect(server).expect("the server listens");
            let twice = |end: &TcpStream| end.try_clone().expect("descriptors are to be had");
            let mut ends = held.lock().expect("nobody panics");
            ends.extend([twice(&caller), twice(&server)]);
            let (to_server, to_caller) = (twice(&server), twice(&caller));
            thread::spawn(move || pass(caller, to_server, bytes_max));
            thread::spawn(move || pass(server, to_caller, bytes_max));
        });
        Self { address: own, ends }
    }

    /// Hangs up in both directions.
    pub(crate) fn cut(&self) {
        for end in &*self.ends.lock().expect("nobody panics") {
            // The other side may have done so.
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        self.cut();
    }
}

/// Passes on so many bytes, then takes no more. Who hangs up before is followed.
fn pass(from: TcpStream, mut to: TcpStream, bytes_max: usize) {
    let mut from = from.take(bytes_max as u64);
    let mut room = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut room) {
        if to.write_all(&room[..count]).is_err() {
            return;
        }
    }
    if from.limit() > 0 {
        let _ = to.shutdown(Shutdown::Write);
    }
}
