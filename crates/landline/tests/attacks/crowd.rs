//! Many who come and do not go on: idle connections, half handshakes, many keys, and those who say a
//! byte at a time. An honest client gets in meanwhile, and what each costs is bounded.

use std::time::{Duration, Instant};

use landline::frame::landline1::Kind;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stand::{
    OFFICE, Opponent, Recorder, Serving, Stand, call, hello, long, patience, soon, until,
};

/// How soon an honest client has its answer, whoever else is there.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// How often an honest client may try to get it so soon, on a machine that does other things too.
const TRIES: usize = 10;

/// Files and sockets that a process of a test has besides.
const OTHER_FILES: u64 = 500;

/// How many connections can stand at once: as many as `wanted`, or as the system allows a process.
fn room(wanted: u64) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).expect("up to the maximum anybody may");
    let most = limit
        .maximum
        .unwrap_or(u64::MAX)
        .saturating_sub(OTHER_FILES);
    usize::try_from(wanted.min(most)).expect("thousands")
}

async fn connect(address: &str) -> TcpStream {
    TcpStream::connect(address)
        .await
        .expect("the server listens")
}

/// A client's first message.
async fn client_hello() -> Vec<u8> {
    let (tell, mut told) = tokio::sync::mpsc::channel(1);
    let listening = Recorder::new(move |mut stream| {
        let tell = tell.clone();
        async move {
            let mut bytes = Vec::with_capacity(4096);
            // It comes in one write.
            let _ = stream.reader.read_buf(&mut bytes).await;
            let _ = tell.send(bytes).await;
        }
    });
    let calling = Opponent::stranger().dial(&listening.address).await;
    assert!(calling.is_err(), "nobody answers");
    told.recv().await.expect("it has come")
}

/// That an honest client gets its answer within a second, process and all.
async fn check_honest(stand: &Stand) {
    let mut slow = Vec::new();
    for _ in 0..TRIES {
        let begun = Instant::now();
        stand
            .well("caller", &["ping", OFFICE, "--count", "1"], "")
            .await;
        let took = begun.elapsed();
        if took < ANSWER_MAX {
            return;
        }
        slow.push(took);
    }
    panic!("an honest client waits too long: {slow:?}");
}

/// Memory of its own that each of `count` costs the server, in bytes.
fn cost_each(serving: &Serving, before_kib: u64, count: usize) -> u64 {
    let growth = serving.rss_anon_kib().saturating_sub(before_kib);
    growth * 1024 / count as u64
}

/// Fills the server with `count` connections that have each said `said`.
async fn fill(serving: &Serving, count: usize, said: &[u8]) -> Vec<TcpStream> {
    let files = serving.open_files();
    let mut crowd = Vec::with_capacity(count);
    for _ in 0..count {
        let mut stream = connect(&serving.address).await;
        stream.write_all(said).await.expect("it takes a few bytes");
        crowd.push(stream);
    }
    // As many as the server lets wait at once, if those are fewer.
    let expected = count.min(landline::HALF_OPEN_MAX);
    until(|| (serving.open_files() >= files + expected * 9 / 10).then_some(())).await;
    crowd
}

/// That so many who have each said `said` cost at most `each_max` bytes of memory each.
async fn check_crowd(said: &[u8], each_max: u64) {
    let stand = Stand::new();
    let count = room(if long() { 10_000 } else { 3_000 });
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    stand.check_served().await;
    let before = serving.rss_anon_kib();
    let crowd = fill(&serving, count, said).await;
    let each = cost_each(&serving, before, count.min(landline::HALF_OPEN_MAX));
    check_honest(&stand).await;
    assert!(each < each_max, "{each} bytes for each of {count}");
    drop(crowd);
    // Whoever has left costs nothing any more.
    let left = || (serving.open_files() < 100).then_some(());
    until(left).await;
}

#[tokio::test]
async fn thousands_that_only_connect() {
    check_crowd(b"", 6 * 1024).await;
}

#[tokio::test]
async fn thousands_that_begin_to_greet() {
    let hello = client_hello().await;
    check_crowd(&hello[..hello.len() / 2], 14 * 1024).await;
}

/// One that has shaken hands and said no more, in bytes at the server, as `HALF_OPEN_MAX` has it.
const SHAKEN_BYTES_MAX: u64 = 27 * 1024;

#[tokio::test]
async fn many_keys_that_nobody_knows() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    stand.check_served().await;
    let before = serving.rss_anon_kib();
    let count = if long() { 2_000 } else { 300 };
    let mut crowd = Vec::new();
    for number in 0..count {
        let opponent = Opponent::stranger();
        // Some say HELLO, some do not even do that.
        crowd.push(match number % 2 {
            0 => opponent.greet(&serving.address).await.0,
            _ => opponent.dial(&serving.address).await.expect("any key may"),
        });
    }
    let each = cost_each(&serving, before, count);
    check_honest(&stand).await;
    assert!(each < SHAKEN_BYTES_MAX, "{each} bytes for each of {count}");
}

/// The limit of the greeting, 10 s, as a test may see it: the clocks of both ends and a busy machine.
const GREETING_MAX: Duration = Duration::from_secs(15);

/// Sends `bytes` slowly, one by one, until the other end hangs up; how long that took.
async fn drip(mut stream: TcpStream, bytes: Vec<u8>) -> Duration {
    let begun = Instant::now();
    let pause = Duration::from_millis(150);
    let (mut reader, mut writer) = stream.split();
    let dripping = async {
        for byte in bytes {
            if writer.write_all(&[byte]).await.is_err() {
                break;
            }
            // sleeps: a peer that is slow on purpose
            tokio::time::sleep(pause).await;
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        () = dripping => panic!("all was taken"),
        _ = reader.read_to_end(&mut rest) => {}
    }
    begun.elapsed()
}

/// The same on a secure line.
async fn drip_secure(mut line: crate::stand::Line, bytes: Vec<u8>) -> Duration {
    let begun = Instant::now();
    let pause = Duration::from_millis(150);
    let (reader, writer) = (&mut line.0.reader, &mut line.0.writer);
    let dripping = async {
        for byte in bytes {
            if writer.write_all(&[byte]).await.is_err() || writer.flush().await.is_err() {
                break;
            }
            // sleeps: a peer that is slow on purpose
            tokio::time::sleep(pause).await;
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        () = dripping => panic!("all was taken"),
        _ = reader.read_to_end(&mut rest) => {}
    }
    begun.elapsed()
}

#[tokio::test]
async fn whoever_says_a_byte_at_a_time_has_ten_seconds() {
    assert!(patience() > GREETING_MAX);
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    let address = &serving.address;
    let known = Opponent::of(&stand.identity("caller"));
    let greeting = client_hello().await;
    let silent = drip(connect(address).await, greeting);
    let before_hello = Opponent::stranger().dial(address).await.expect("it may");
    let known_before_hello = known.dial(address).await.expect("it may");
    let stranger = Opponent::stranger().greet(address).await.0;
    let long_call = call(&json!({"service": "pair", "ticket": "0".repeat(4000)}));
    let long_hello = [
        vec![Kind::Hello.number(), 0, 0, 0, 0, 0, 0xff, 0xff],
        vec![b' '; 4000],
    ];
    let took = soon(async {
        tokio::join!(
            silent,
            drip_secure(before_hello, long_hello.concat()),
            drip_secure(known_before_hello, long_hello.concat()),
            drip_secure(stranger, long_call),
        )
    });
    let (a, b, c, d) = took.await;
    for took in [a, b, c, d] {
        assert!(took < GREETING_MAX, "{took:?}");
        // They had nearly all of the time that they may have.
        assert!(took > Duration::from_secs(8), "{took:?}");
    }
    let mut line = known.greet(address).await.0;
    line.send(&hello()).await;
    assert_eq!(soon(line.error()).await.as_deref(), Some("protocol"));
}
