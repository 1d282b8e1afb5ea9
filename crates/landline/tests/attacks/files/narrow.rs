//! Receivers that give less credit at once than a word about zeros costs: the zeros come as bytes, and
//! nobody waits for the other for ever.

use std::os::unix::fs::FileExt;
use std::path::Path;

use landline::frame::landline1::{HOLE_BYTES_MIN, Kind};
use serde_json::{Value, json};

use super::fake::called;
use super::ground::Ground;
use super::words::{control, end_of, get, reply, want};
use crate::stand::{Line, Recorder, credentials, soon};

/// Where the bytes behind the hole stand.
const BEHIND: u64 = 128 * 1024;

/// Credits, the last of which is enough.
const WINDOWS: [u64; 4] = [100, HOLE_BYTES_MIN - 1, HOLE_BYTES_MIN, 10_000];

/// Writes a file with a hole; what is in it.
fn write_holey(path: &Path) -> Vec<u8> {
    let file = std::fs::File::create(path).expect("a free name");
    file.write_all_at(b"before", 0).expect("it is ours");
    file.write_all_at(b"behind", BEHIND).expect("it is ours");
    std::fs::read(path).expect("it is ours")
}

/// What came of a file.
struct Taken {
    content: Vec<u8>,
    /// How much of it came as bytes.
    data_bytes: u64,
    /// How many words about zeros there were.
    holes: u64,
    end: Value,
}

/// Takes a file to its END, and gives back the credit for whatever comes at once.
async fn taken(line: &mut Line, stream: &str) -> Taken {
    let mut taken = Taken {
        content: Vec::new(),
        data_bytes: 0,
        holes: 0,
        end: Value::Null,
    };
    loop {
        let (kind, payload) = soon(line.frame()).await.expect("it goes on");
        let used = if kind == Kind::Data.number() {
            taken.content.extend_from_slice(&payload);
            taken.data_bytes += payload.len() as u64;
            payload.len() as u64
        } else {
            let value: Value = serde_json::from_slice(&payload).expect("an object");
            if kind == Kind::End.number() {
                taken.end = value;
                return taken;
            }
            assert_eq!(kind, Kind::Hole.number(), "{value}");
            let zeros = value["bytes"].as_u64().expect("a number");
            let length = taken.content.len() + usize::try_from(zeros).expect("a few");
            taken.content.resize(length, 0);
            taken.holes += 1;
            HOLE_BYTES_MIN
        };
        let credit = json!({"stream": stream, "bytes": used});
        line.send(&control(Kind::Credit, &credit)).await;
    }
}

#[tokio::test]
async fn a_client_with_a_small_window_gets_zeros() {
    let ground = Ground::new();
    let content = write_holey(&ground.path("here/holey"));
    let serving = ground.serve("ro");
    for window in WINDOWS {
        let mut line = ground.line("caller", &serving).await;
        line.send(&get(&["holey"], window)).await;
        line.expect(Kind::Reply).await;
        line.expect(Kind::Entry).await;
        line.send(&want(0)).await;
        let taken = taken(&mut line, "out").await;
        let (length, holes) = (taken.content.len(), taken.holes);
        assert!(taken.content == content, "{window}: {length} bytes");
        let digest = blake3::hash(&content).to_hex();
        assert_eq!(taken.end["digest"], *digest, "{window}");
        match window {
            // What comes before the hole takes some of it, and whether that is back in time is luck.
            HOLE_BYTES_MIN => {}
            window => assert_eq!(holes > 0, window > HOLE_BYTES_MIN, "{window}: {holes}"),
        }
    }
}

#[tokio::test]
async fn a_server_with_a_small_window_gets_zeros() {
    for window in WINDOWS {
        let ground = Ground::new();
        let content = write_holey(&ground.path("holey"));
        let identity = credentials(&ground.stand.identity("server"));
        let fake = Recorder::secure(&identity, move |stream| {
            let content = content.clone();
            async move {
                let mut line = Line(stream);
                called(&mut line).await;
                line.send(&reply(window)).await;
                line.expect(Kind::Entry).await;
                line.send(&want(0)).await;
                let taken = taken(&mut line, "in").await;
                if taken.content == content {
                    let done = json!({"out": 0, "err": 0, "in": taken.data_bytes});
                    let ends = [
                        control(Kind::End, &taken.end),
                        end_of("out"),
                        control(Kind::Done, &done),
                    ];
                    line.send(&ends.concat()).await;
                }
                line.close().await;
            }
        });
        ground
            .stand
            .know("caller", ground.stand.key("server"), &fake.address);
        let put = ["put", &fake.address, "holey", "-q"];
        soon(ground.stand.well("caller", &put, "")).await;
    }
}
