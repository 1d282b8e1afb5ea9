//! A server that lists without end: what `ls` holds of it is bounded, it tells what has come, and it ends
//! with its reader.

use std::io::Read;
use std::process::Stdio;

use landline::frame::landline1::Kind;
use serde_json::json;

use super::fake::called;
use super::ground::Ground;
use super::words::{control, file};
use crate::stand::{Line, Process, Recorder, credentials, rss_anon_kib, sentence, soon};

/// Names so long that few of them are much.
const NAME_BYTES: usize = 4_000;

/// As much as is sorted at once, and a byte: who has read so much has seen another piece begin.
const READ_BYTES: u64 = 32 * 1024 * 1024 + 1;

/// What a client may hold of it, in KiB.
const HELD_KIB_MAX: u64 = 64 * 1024;

/// A server that lists one file after the other to whoever calls, until nobody listens.
fn listing(ground: &Ground) -> Recorder {
    let identity = credentials(&ground.stand.identity("server"));
    let fake = Recorder::secure(&identity, |stream| async move {
        let mut line = Line(stream);
        called(&mut line).await;
        let reply = control(Kind::Reply, &json!({"window": 0}));
        let mut is_heard = line.send(&reply).await;
        let mut number = 0_u64;
        while is_heard {
            let names = (0..16).map(|at| format!("{:0NAME_BYTES$}", number + at));
            let entries: Vec<Vec<u8>> = names.map(|name| file(&name, 7)).collect();
            is_heard = line.send(&entries.concat()).await;
            number += 16;
        }
    });
    ground
        .stand
        .know("caller", ground.stand.key("server"), &fake.address);
    fake
}

#[tokio::test]
async fn a_list_without_end_is_told_in_pieces() {
    let ground = Ground::new();
    let fake = listing(&ground);
    let mut command = ground.stand.landline("caller", &["ls", &fake.address]);
    let (reader, writer) = std::io::pipe().expect("there are descriptors");
    command.stdin(Stdio::null()).stdout(writer);
    command.stderr(Stdio::piped());
    let client = Process::start_as_it_is(command);
    let id = client.id();
    let read = tokio::task::spawn_blocking(move || {
        // Its reader stays until its memory is known: else it ends.
        let mut reader = reader.take(READ_BYTES);
        let read = std::io::copy(&mut reader, &mut std::io::sink());
        (read.expect("a pipe"), rss_anon_kib(id))
    });
    let (read, held) = soon(read).await.expect("it reads");
    assert_eq!(read, READ_BYTES);
    assert!(held < HELD_KIB_MAX, "{held} KiB");
    // Nobody reads any more.
    let ended = soon(tokio::task::spawn_blocking(|| client.finish())).await;
    let ended = ended.expect("it ends");
    assert_eq!(ended.code, 141, "{}", ended.err);
    assert!(
        sentence(&ended.err).contains("sorted by itself"),
        "{}",
        ended.err
    );
}
