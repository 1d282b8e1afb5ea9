//! A way to a server on which so many bytes pass, and no more until it is opened: a transfer over it
//! stands in the middle until a test has done what it wants. It does not know what passes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// The way. Dropping it cuts it.
pub(crate) struct Stall {
    /// Where it begins: HOST:PORT.
    pub(crate) address: String,
    ends: Arc<Mutex<Vec<TcpStream>>>,
    gate: Arc<Gate>,
}

/// What stands in the way.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opens: Condvar,
}

impl Stall {
    /// A way to `address` for one line; `bytes_max` pass in each direction.
    pub(crate) fn before(address: &str, bytes_max: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let own = listener.local_addr().expect("it is bound").to_string();
        let ends = Arc::new(Mutex::new(Vec::new()));
        let gate = Arc::<Gate>::default();
        let (held, server) = (ends.clone(), address.to_owned());
        let (to_there, to_here) = (gate.clone(), gate.clone());
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
            thread::spawn(move || pass(caller, to_server, bytes_max, &to_there));
            thread::spawn(move || pass(server, to_caller, bytes_max, &to_here));
        });
        Self {
            address: own,
            ends,
            gate,
        }
    }

    /// Lets all pass from now on.
    pub(crate) fn open(&self) {
        *self.gate.is_open.lock().expect("nobody panics") = true;
        self.gate.opens.notify_all();
    }

    /// Hangs up in both directions.
    pub(crate) fn cut(&self) {
        for end in &*self.ends.lock().expect("nobody panics") {
            // The other side may have done so.
            let _ = end.shutdown(Shutdown::Both);
        }
        self.open();
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        self.cut();
    }
}

impl Gate {
    fn wait(&self) {
        let is_open = self.is_open.lock().expect("nobody panics");
        let opened = self.opens.wait_while(is_open, |is_open| !*is_open);
        drop(opened.expect("nobody panics"));
    }
}

/// Passes on so many bytes, and all others once the gate is open. Who hangs up is followed.
fn pass(mut from: TcpStream, mut to: TcpStream, bytes_max: usize, gate: &Gate) {
    let mut left = bytes_max;
    let mut room = vec![0; 64 * 1024];
    loop {
        if left == 0 {
            gate.wait();
            left = usize::MAX;
        }
        let most = left.min(room.len());
        match from.read(&mut room[..most]) {
            Ok(count @ 1..) if to.write_all(&room[..count]).is_ok() => left -= count,
            _ => break,
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
