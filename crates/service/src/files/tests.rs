//! What `files` does on a line in memory, over a folder of its own.

use std::fs;
use std::os::unix::fs::symlink;

use md5::{Digest as _, Md5};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

use super::*;
use crate::journal::Kept;

/// A root within a folder that is not served.
struct Served {
    outside: TempDir,
    files: Arc<Files>,
    journal: Arc<Kept>,
}

impl Served {
    fn new() -> Self {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        let journal = Arc::new(Kept::default());
        let settings = Settings {
            journal: journal.clone(),
            ..Settings::default()
        };
        let files = Arc::new(Files::open(&root, settings).unwrap());
        Self {
            outside,
            files,
            journal,
        }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.outside.path().join("root").join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn call(&self) -> (DuplexStream, JoinHandle<io::Result<()>>) {
        let (call, peer) = Call::pair();
        let files = self.files.clone();
        (peer, tokio::spawn(async move { files.serve(call).await }))
    }

    fn hashes(&self) -> usize {
        *self.files.digests.hashes.borrow()
    }

    /// Asks once and gives all that comes until the server hangs up.
    async fn ask(&self, name: impl AsRef<[u8]>) -> Vec<u8> {
        let (mut peer, serving) = self.call();
        peer.write_all(name.as_ref()).await.unwrap();
        peer.shutdown().await.unwrap();
        let mut reply = Vec::new();
        peer.read_to_end(&mut reply).await.unwrap();
        drop(peer);
        serving.await.unwrap().unwrap();
        reply
    }

    async fn check_refused(&self, name: impl AsRef<[u8]>, key: &'static str) {
        let before = self.journal.keys().len();
        let reply = self.ask(&name).await;
        let shown = String::from_utf8_lossy(name.as_ref()).into_owned();
        assert_eq!(reply, b"", "{shown:?}");
        assert_eq!(self.journal.keys()[before..], [key], "{shown:?}");
    }

    async fn check_given(&self, name: &str, json_name: &str, body: &[u8]) {
        let reply = self.ask(name).await;
        assert_eq!(reply, expected(json_name, body), "{name:?}");
        assert_eq!(self.journal.keys(), [""; 0]);
    }
}

/// The reply that the tutorial's server gives.
fn expected(json_name: &str, body: &[u8]) -> Vec<u8> {
    let md5: String = Md5::digest(body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let length = body.len();
    let json = format!(r#"{{"name": "{json_name}", "md5": "{md5}", "file_data_len": {length}}}"#);
    let mut bytes = i32::try_from(json.len()).unwrap().to_ne_bytes().to_vec();
    bytes.extend_from_slice(json.as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

#[tokio::test]
async fn a_file_comes_behind_its_header_under_the_name_asked_for() {
    let served = Served::new();
    served.write("a.txt", "hello");
    served.write("empty", "");
    served.write("文件 é.txt", "名");
    served.write("back\\slash\u{1}", "odd");
    fs::create_dir(served.path("folder")).unwrap();
    served.write("folder/deep", "deep");
    symlink("folder/deep", served.path("link")).unwrap();
    served.check_given("a.txt", "a.txt", b"hello").await;
    served.check_given("./a.txt", "./a.txt", b"hello").await;
    served.check_given("empty", "empty", b"").await;
    let escaped = r"\u6587\u4ef6 \u00e9.txt";
    served
        .check_given("文件 é.txt", escaped, "名".as_bytes())
        .await;
    served
        .check_given("back\\slash\u{1}", r"back\\slash\u0001", b"odd")
        .await;
    served
        .check_given("folder/deep", "folder/deep", b"deep")
        .await;
    served.check_given("link", "link", b"deep").await;
}

#[tokio::test]
async fn a_call_loops() {
    let served = Served::new();
    let large: Vec<u8> = (0..300_000_u32).map(|index| (index / 3) as u8).collect();
    served.write("large", &large);
    served.write("small", "s");
    let (mut peer, serving) = served.call();
    for (name, body) in [("large", &large[..]), ("small", b"s"), ("large", &large)] {
        peer.write_all(name.as_bytes()).await.unwrap();
        let mut reply = vec![0; expected(name, body).len()];
        peer.read_exact(&mut reply).await.unwrap();
        assert!(reply == expected(name, body), "{name}");
    }
    drop(peer);
    serving.await.unwrap().unwrap();
    assert_eq!(served.hashes(), 2, "the third was known");
}

#[tokio::test]
async fn names_that_are_none_are_refused() {
    let served = Served::new();
    served.write("a.txt", "hello");
    served
        .check_refused("/etc/passwd", "files-name-absolute")
        .await;
    served
        .check_refused("../secret", "files-name-upwards")
        .await;
    served
        .check_refused("folder/../a.txt", "files-name-upwards")
        .await;
    served
        .check_refused("folder//a.txt", "files-name-empty-part")
        .await;
    served
        .check_refused("a.txt/", "files-name-empty-part")
        .await;
    served.check_refused(b"a\0.txt", "files-name-nul").await;
    served
        .check_refused(b"\xff\xfe", "files-name-not-utf8")
        .await;
    served
        .check_refused([b'a'; 1024], "files-name-fills-read")
        .await;
    served
        .check_refused([b'a'; 2000], "files-name-fills-read")
        .await;
    served
        .check_refused("GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n", "files-http")
        .await;
}

#[tokio::test]
async fn what_is_no_file_within_the_root_is_refused() {
    let served = Served::new();
    fs::create_dir(served.path("folder")).unwrap();
    let fifo = served.path("fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(served.path("socket")).unwrap();
    symlink("../secret", served.path("relative")).unwrap();
    symlink(
        served.outside.path().join("secret"),
        served.path("absolute"),
    )
    .unwrap();
    symlink("..", served.path("upwards")).unwrap();
    symlink("loop", served.path("loop")).unwrap();
    served.check_refused("missing", "files-missing").await;
    served.check_refused("fifo/x", "files-missing").await;
    served.check_refused("folder", "files-not-a-file").await;
    served.check_refused(".", "files-not-a-file").await;
    served.check_refused("fifo", "files-not-a-file").await;
    served.check_refused("socket", "files-not-a-file").await;
    served.check_refused("relative", "files-outside").await;
    served.check_refused("absolute", "files-outside").await;
    served
        .check_refused("upwards/secret", "files-outside")
        .await;
    served.check_refused("loop", "files-unreadable").await;
    served
        .check_refused([b'a'; 1000], "files-name-too-long")
        .await;
}

#[test]
fn a_refused_open_is_named_by_its_cause() {
    let check = |number: i32, key| {
        let refusal = Refusal::of_open(io::Error::from_raw_os_error(number));
        assert_eq!(refusal.key(), key);
    };
    check(rustix::io::Errno::ACCESS.raw_os_error(), "files-denied");
    check(rustix::io::Errno::NOENT.raw_os_error(), "files-missing");
    check(rustix::io::Errno::IO.raw_os_error(), "files-unreadable");
}

/// A name that changes between a file and a symlink that leads out never gives what is outside.
#[tokio::test]
async fn a_symlink_swapped_in_gives_nothing_away() {
    let served = Served::new();
    let (name, spare) = (served.path("name"), served.path("spare"));
    served.write("name", "inside");
    symlink("../secret", &spare).unwrap();
    let swapping = tokio::task::spawn_blocking(move || {
        for _ in 0..2_000 {
            let exchange = rustix::fs::RenameFlags::EXCHANGE;
            let here = rustix::fs::CWD;
            rustix::fs::renameat_with(here, &name, here, &spare, exchange).unwrap();
        }
    });
    let mut given = 0;
    while given == 0 || !swapping.is_finished() {
        let reply = served.ask("name").await;
        if !reply.is_empty() {
            assert_eq!(reply, expected("name", b"inside"));
            given += 1;
        }
    }
    swapping.await.unwrap();
}

#[tokio::test]
async fn a_file_is_hashed_again_only_when_it_changed() {
    let served = Served::new();
    served.write("a", "one");
    served.check_given("a", "a", b"one").await;
    served.check_given("a", "a", b"one").await;
    assert_eq!(served.hashes(), 1);
    fs::hard_link(served.path("a"), served.path("b")).unwrap();
    served.check_given("b", "b", b"one").await;
    let hashes = served.hashes();
    // The same size, and the modification time put back: ctime tells.
    let modified = fs::metadata(served.path("a")).unwrap().modified().unwrap();
    served.write("a", "two");
    let file = fs::File::options()
        .write(true)
        .open(served.path("a"))
        .unwrap();
    file.set_modified(modified).unwrap();
    served.check_given("a", "a", b"two").await;
    assert_eq!(served.hashes(), hashes + 1);
    // Another file under the old name.
    served.write("new", "three");
    fs::rename(served.path("new"), served.path("a")).unwrap();
    served.check_given("a", "a", b"three").await;
}

#[tokio::test]
async fn clients_that_ask_at_once_share_one_hash() {
    let served = Served::new();
    served.write("a", vec![7; 3_000_000]);
    let name = "a";
    let (first, second) = tokio::join!(served.ask(name), served.ask(name));
    assert!(first == second && first.len() > 3_000_000);
    assert_eq!(served.hashes(), 1);
}

/// Each hash that begins finds the file longer when it ends.
#[tokio::test]
async fn a_file_that_always_changes_is_given_up() {
    let served = Served::new();
    served.write("log", vec![1; 1_000_000]);
    let path = served.path("log");
    let file = Arc::new(fs::File::open(&path).unwrap());
    let mut hashes = served.files.digests.hashes.subscribe();
    let growing = async {
        let mut log = fs::File::options().append(true).open(&path).unwrap();
        loop {
            hashes.changed().await.unwrap();
            io::Write::write_all(&mut log, b"line\n").unwrap();
        }
    };
    let refusal = tokio::select! {
        biased;
        () = growing => unreachable!("it grows for ever"),
        digest = served.files.digests.of(&file) => digest.unwrap_err(),
    };
    assert_eq!(refusal.key(), "files-changing");
    assert_eq!(served.hashes(), digests::TRIES_MAX);
}

/// Asks for `large`, reads the header, changes the file, and reads the rest.
async fn changed_while_sent(change: impl FnOnce(&fs::File)) -> (usize, Vec<u8>, Served) {
    const LARGE_BYTES: usize = 2_000_000;
    let served = Served::new();
    served.write("large", vec![1; LARGE_BYTES]);
    let (mut peer, serving) = served.call();
    peer.write_all(b"large").await.unwrap();
    let mut reply = vec![0; 64];
    peer.read_exact(&mut reply).await.unwrap();
    let file = fs::File::options()
        .write(true)
        .open(served.path("large"))
        .unwrap();
    change(&file);
    peer.shutdown().await.unwrap();
    peer.read_to_end(&mut reply).await.unwrap();
    drop(peer);
    serving.await.unwrap().unwrap();
    let whole = expected("large", &vec![1; LARGE_BYTES]).len();
    (whole, reply, served)
}

#[tokio::test]
async fn a_file_that_shrinks_while_it_is_sent_ends_the_call_short() {
    let (whole, reply, served) = changed_while_sent(|file| file.set_len(1_000_000).unwrap()).await;
    assert!(reply.len() < whole);
    assert_eq!(served.journal.keys(), ["files-shrank"]);
}

#[tokio::test]
async fn a_file_that_grows_while_it_is_sent_is_sent_as_announced() {
    let (whole, reply, served) = changed_while_sent(|file| file.set_len(9_000_000).unwrap()).await;
    assert_eq!(reply.len(), whole);
    assert_eq!(served.journal.keys(), [""; 0]);
}

/// 3 GiB of hole: neither the size nor an offset fits 31 bits.
#[tokio::test]
async fn a_hash_that_nobody_waits_for_stops() {
    let served = Served::new();
    let file = fs::File::create(served.path("huge")).unwrap();
    file.set_len(3 << 30).unwrap();
    let file = Arc::new(fs::File::open(served.path("huge")).unwrap());
    let mut hashes = served.files.digests.hashes.subscribe();
    tokio::select! {
        _ = served.files.digests.of(&file) => unreachable!("3 GiB take longer"),
        begun = hashes.changed() => begun.unwrap(),
    }
    // polls: the thread lets its handle go at once, not after seconds of hashing, and tells nobody.
    let started = std::time::Instant::now();
    while Arc::strong_count(&file) > 1 {
        tokio::task::yield_now().await;
        assert!(started.elapsed() < Duration::from_secs(2), "it hashes on");
    }
}
