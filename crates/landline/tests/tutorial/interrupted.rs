//! Clients that are told to end half way: they end at once, hang up, and leave no partial file.

use std::io::Write;
use std::sync::mpsc::channel;
use std::time::Duration;

use rustix::process::Signal;

use crate::stand::{Folder, Process, clean, far_end, landline, patience, take};

const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn get_leaves_no_partial_file() {
    for signal in [Signal::INT, Signal::TERM] {
        let target = Folder::new();
        let (tell, half_way) = channel();
        let (address, serving) = far_end(move |mut line| {
            take(&mut line, 5);
            let header = br#"{"name": "a.txt", "md5": "5d41402abc4b2a76b9719d911017c592", "file_data_len": 90000000}"#;
            line.write_all(&(header.len() as i32).to_ne_bytes())
                .expect("the client reads");
            line.write_all(header).expect("the client reads");
            // More than the sockets hold: once it is written, most of it has been taken.
            line.write_all(&vec![0; 40_000_000])
                .expect("the client reads");
            tell.send(()).expect("the test listens");
            hung_up(line)
        });
        let client = Process::start(landline(&["get", &address, "a.txt", "--to", target.name()]));
        half_way
            .recv_timeout(patience())
            .expect("the file is on its way");
        client.signal(signal);
        assert!(client.ends_within(AT_ONCE), "{signal:?}");
        let finished = client.finish();
        assert_eq!(finished.code, 128 + signal.as_raw(), "{}", finished.err);
        clean(&finished.err);
        assert!(
            target.names().is_empty(),
            "{signal:?}: {:?}",
            target.names()
        );
        assert!(serving.join().expect("the far end plays its part"));
    }
}

#[test]
fn exec_and_call_hang_up() {
    for signal in [Signal::INT, Signal::TERM] {
        for verb in ["exec", "call"] {
            let (tell, asked) = channel();
            let (address, serving) = far_end(move |mut line| {
                take(&mut line, 2);
                tell.send(()).expect("the test listens");
                hung_up(line)
            });
            let mut client = Process::start(landline(&[verb, &address]));
            client.type_in("hi\n");
            asked.recv_timeout(patience()).expect("the message arrives");
            client.signal(signal);
            assert!(client.ends_within(AT_ONCE), "{verb} {signal:?}");
            let finished = client.finish();
            assert_eq!(
                finished.code,
                128 + signal.as_raw(),
                "{verb}: {}",
                finished.err
            );
            clean(&finished.err);
            assert!(
                serving.join().expect("the far end plays its part"),
                "{verb}"
            );
        }
    }
}

/// True once the client has left, politely or, with bytes unread, by a reset.
fn hung_up(mut line: std::net::TcpStream) -> bool {
    match std::io::Read::read(&mut line, &mut [0]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}
