//! Clients that reset at every step, on each stream service: each ends its own line only.

use std::io::Write;

use crate::stand::{Folder, Server, dial, reset, take};

/// A service, what is said to it, and how many bytes it answers with.
type Row<'a> = (&'a [&'a str], &'a [u8], usize);

#[test]
fn a_client_that_resets_at_every_step() {
    let shared = Folder::new();
    shared.file("a.txt", "hello");
    let files = ["files", "--root", shared.name()];
    let rows: [Row; 5] = [
        (&["answer", "hello"], b"hi", 5),
        (&["echo"], b"hello", 5),
        (&["exec"], b"printf hello", 9),
        (&files, b"a.txt", 4),
        (&["print"], b"hello", 0),
    ];
    for (service, said, answered) in rows {
        let server = Server::listen("tcp://127.0.0.1:0", service);
        for step in 0..4 {
            let mut line = dial(&server.address);
            if step > 0 {
                line.write_all(said).expect("the server reads");
            }
            if step > 1 {
                take(&mut line, answered.min(1));
            }
            if step > 2 {
                take(&mut line, answered.saturating_sub(1));
            }
            reset(line);
        }
        let mut next = dial(&server.address);
        next.write_all(said).expect("the server reads");
        take(&mut next, answered);
        drop(next);
        let finished = server.stop();
        assert_eq!(finished.code, 0, "{service:?}: {}", finished.err);
    }
}
