//! What a fetcher does with every kind of reply, and that it leaves no litter.

use std::fs;
use std::io;

use landline_service::Nameless;
use md5::{Digest, Md5};
use tempfile::TempDir;
use tokio::io::DuplexStream;

use super::body::BUFFER_BYTES;
use super::placing::Folder;
use super::*;

fn reply(name: &str, body: &[u8]) -> Vec<u8> {
    let header = Download {
        name: name.into(),
        md5: Md5::digest(body).into(),
        file_data_len: body.len() as u64,
    };
    [&header.encode(Endian::NATIVE), body].concat()
}

fn framed(json: &str) -> Vec<u8> {
    let length = i32::try_from(json.len()).unwrap().to_ne_bytes();
    [&length, json.as_bytes()].concat()
}

/// A fetcher, and the far end of its line.
fn line() -> (Fetcher<DuplexStream>, DuplexStream) {
    let (near, far) = tokio::io::duplex(64 * 1024);
    (Fetcher::new(near, Endian::NATIVE), far)
}

/// Takes one name, sends `reply` in writes of `piece` bytes, and hangs up.
async fn answer(mut far: DuplexStream, reply: Vec<u8>, piece: usize) -> Vec<u8> {
    let mut name = vec![0; 1024];
    let count = far.read(&mut name).await.unwrap();
    name.truncate(count);
    for bytes in reply.chunks(piece.max(1)) {
        if far.write_all(bytes).await.is_err() {
            break;
        }
    }
    name
}

/// A file that is to be called `a`.
fn begun(folder: &TempDir, nameless: bool) -> Placing {
    let handle = fs::File::open(folder.path()).unwrap();
    let folder = Folder::new(handle, folder.path().join("a"));
    let create = match nameless {
        true => Nameless::create,
        false => Nameless::create_hidden,
    };
    Placing::create(folder, "a", create).unwrap()
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn fetch(name: &str, folder: &TempDir, reply: Vec<u8>) -> Result<Fetched, FetchError> {
    let (mut fetcher, far) = line();
    let fetching = fetcher.fetch(name, folder.path(), |_| {});
    tokio::join!(fetching, answer(far, reply, 1000)).0
}

/// Expects an error and an empty folder.
async fn check_refused(reply: Vec<u8>, key: &str, fault: Fault) {
    let folder = tempfile::tempdir().unwrap();
    let error = fetch("a.txt", &folder, reply).await.unwrap_err();
    assert_eq!((error.key(), error.fault()), (key, fault), "{error}");
    assert_eq!(names(&folder), [""; 0], "{key}");
}

#[tokio::test]
async fn a_file_arrives_however_it_is_cut() {
    let large: Vec<u8> = (0..1_300_000_u32).map(|index| (index / 3) as u8).collect();
    let exact = &large[..BUFFER_BYTES];
    for (body, piece) in [
        (&b""[..], 1),
        (b"hello", 1),
        (b"hello", 1_000),
        (exact, 4_096),
        (&large, 70_001),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (mut fetcher, far) = line();
        let mut seen = Vec::new();
        let fetching = fetcher.fetch("dir/a.txt", folder.path(), |progress| seen.push(progress));
        let (fetched, asked) = tokio::join!(fetching, answer(far, reply("dir/a.txt", body), piece));
        let total = body.len() as u64;
        let expected = Fetched {
            name: "dir/a.txt".into(),
            path: folder.path().join("a.txt"),
            bytes: total,
            md5: Md5::digest(body).into(),
            announced_name: None,
        };
        assert_eq!((fetched.unwrap(), asked), (expected, b"dir/a.txt".to_vec()));
        assert!(fs::read(folder.path().join("a.txt")).unwrap() == body);
        assert_eq!(names(&folder), ["a.txt"]);
        assert!(seen.is_sorted_by_key(|progress| progress.received));
        let last = Progress {
            received: total,
            total,
        };
        assert_eq!(seen.last(), Some(&last));
    }
}

#[tokio::test]
async fn a_line_serves_file_after_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut fetcher, mut far) = line();
    let answering = async move {
        let mut name = [0; 1024];
        for body in ["one", "two"] {
            let count = far.read(&mut name).await.unwrap();
            let name = std::str::from_utf8(&name[..count]).unwrap();
            far.write_all(&reply(name, body.as_bytes())).await.unwrap();
        }
    };
    let fetching = async {
        for name in ["a", "b"] {
            fetcher.fetch(name, folder.path(), |_| {}).await.unwrap();
            assert!(fetcher.is_usable());
        }
        let gone = fetcher.fetch("c", folder.path(), |_| {}).await.unwrap_err();
        assert!(matches!(gone.key(), "get-line-failed" | "get-no-reply"));
        let spent = fetcher.fetch("c", folder.path(), |_| {}).await.unwrap_err();
        assert_eq!(spent.key(), "get-line-spent");
    };
    tokio::join!(answering, fetching);
    assert_eq!(names(&folder), ["a", "b"]);
}

#[tokio::test]
async fn bytes_that_nobody_asked_for_end_the_line_but_not_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut fetcher, far) = line();
    let reply = [reply("a", b"one"), b"more".to_vec()].concat();
    let fetching = fetcher.fetch("a", folder.path(), |_| {});
    let (fetched, _) = tokio::join!(fetching, answer(far, reply, 1000));
    fetched.unwrap();
    assert!(!fetcher.is_usable());
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"one");
}

#[tokio::test]
async fn what_stands_there_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, "old").unwrap();
    let mut cut = reply("a.txt", b"new");
    cut.pop();
    let error = fetch("a.txt", &folder, cut).await.unwrap_err();
    assert_eq!(error.key(), "get-short");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    fetch("a.txt", &folder, reply("a.txt", b"new"))
        .await
        .unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    // A symlink is replaced, not followed.
    std::os::unix::fs::symlink("a.txt", folder.path().join("link")).unwrap();
    fetch("link", &folder, reply("link", b"own")).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(&folder), ["a.txt", "link"]);
}

#[tokio::test]
async fn the_name_asked_for_decides_where_a_file_goes() {
    let check = async |asked: &str, announced: &str, file: &str, warned: bool| {
        let folder = tempfile::tempdir().unwrap();
        let fetched = fetch(asked, &folder, reply(announced, b"x")).await.unwrap();
        let expected = warned.then(|| announced.to_owned());
        assert_eq!(fetched.announced_name, expected, "{asked} {announced}");
        assert_eq!(names(&folder), [file], "{asked} {announced}");
    };
    check("a/b.txt", "a/b.txt", "b.txt", false).await;
    check("a/b.txt", "b.txt", "b.txt", false).await;
    check(r"C:\dir\b.txt", r"C:\dir\b.txt", "b.txt", false).await;
    check("../b.txt", "b.txt", "b.txt", false).await;
    check("文件.txt", "文件.txt", "文件.txt", false).await;
    check("b.txt", "../../etc/passwd", "b.txt", true).await;
    check("b.txt", r"..\evil", "b.txt", true).await;
    check("b.txt", "..", "b.txt", true).await;
    check("b.txt", "", "b.txt", true).await;
    check("b.txt", "b.txt\u{1b}[2J", "b.txt", true).await;
}

#[tokio::test]
async fn what_is_no_name_is_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let missing = folder.path().join("missing");
    let no_folder = folder.path().join("file");
    fs::write(&no_folder, "").unwrap();
    let long = "a".repeat(300);
    for (name, folder, key) in [
        ("", folder.path(), "get-name"),
        ("a/", folder.path(), "get-name"),
        (".", folder.path(), "get-name"),
        (r"a\..", folder.path(), "get-name"),
        ("a\0b", folder.path(), "get-name"),
        ("x/folder", folder.path(), "get-target-is-folder"),
        ("a", &missing, "get-folder"),
        ("a", &no_folder, "get-folder"),
        (&long, folder.path(), "get-place-failed"),
    ] {
        let (mut fetcher, mut far) = line();
        let error = fetcher.fetch(name, folder, |_| {}).await.unwrap_err();
        assert_eq!(error.key(), key, "{name:?}");
        assert!(fetcher.is_usable());
        drop(fetcher);
        let mut asked = Vec::new();
        far.read_to_end(&mut asked).await.unwrap();
        assert_eq!(asked, b"", "{name:?}");
    }
    assert_eq!(names(&folder), ["file", "folder"]);
}

#[tokio::test]
async fn a_reply_that_is_wrong_leaves_nothing() {
    let good = reply("a.txt", b"hello");
    let md5 = "5d41402abc4b2a76b9719d911017c592";
    let header = |name: &str, length: &str| {
        framed(&format!(
            r#"{{"name": {name}, "md5": "{md5}", "file_data_len": {length}}}"#
        ))
    };
    let mut other = good.clone();
    *other.last_mut().unwrap() ^= 1;
    let peer = Fault::Peer;
    check_refused(vec![], "get-no-reply", peer).await;
    check_refused(good[..2].to_vec(), "get-header-cut", peer).await;
    check_refused(good[..20].to_vec(), "get-header-cut", peer).await;
    check_refused(good[..good.len() - 5].to_vec(), "get-short", peer).await;
    check_refused(good[..good.len() - 1].to_vec(), "get-short", peer).await;
    check_refused(other, "get-md5-mismatch", peer).await;
    check_refused((-1_i32).to_ne_bytes().to_vec(), "length-negative", peer).await;
    check_refused(i32::MAX.to_ne_bytes().to_vec(), "header-too-long", peer).await;
    check_refused(0_i32.to_ne_bytes().to_vec(), "header-empty", peer).await;
    check_refused(framed("[]"), "header-not-an-object", peer).await;
    check_refused(framed("{}"), "header-key-missing", peer).await;
    check_refused(header("1", "5"), "header-wrong-type", peer).await;
    check_refused(header("\"a\"", "-1"), "file-data-len-negative", peer).await;
    check_refused(header("\"a\"", "9e99"), "file-data-len-fractional", peer).await;
    let huge = "99999999999999999999";
    check_refused(header("\"a\"", huge), "file-data-len-huge", peer).await;
    // Nine exabytes are announced and ten bytes follow: none of it is taken at its word.
    let mut lie = header("\"a\"", "9000000000000000000");
    lie.extend_from_slice(b"0123456789");
    check_refused(lie, "get-short", peer).await;
}

#[tokio::test]
async fn a_fetch_that_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let body = vec![3; 3_000_000];
    let whole = reply("a", &body);
    for upto in [0, 3, 100, 1_000, 700_000, whole.len() - 1] {
        let (mut fetcher, far) = line();
        let (mut reader, mut writer) = tokio::io::split(far);
        let fetching = fetcher.fetch("a", folder.path(), |_| {});
        let answering = async {
            let mut name = [0; 16];
            assert_eq!(reader.read(&mut name).await.unwrap(), 1);
            writer.write_all(&whole[..upto]).await.unwrap();
        };
        tokio::select! {
            _ = fetching => unreachable!("the reply never ends"),
            () = answering => {}
        }
        assert_eq!(names(&folder), [""; 0], "after {upto} bytes");
    }
}

/// Where a file system has no files without names, the hidden one goes with its owner too.
#[test]
fn a_hidden_file_is_placed_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    for nameless in [true, false] {
        let placing = begun(&folder, nameless);
        assert_eq!(names(&folder).len(), usize::from(!nameless));
        drop(placing);
        assert_eq!(names(&folder), [""; 0]);
        for content in ["one", "two"] {
            let placing = begun(&folder, nameless);
            io::Write::write_all(&mut placing.file().unwrap(), content.as_bytes()).unwrap();
            placing.place().unwrap().sync().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
            assert_eq!(names(&folder), ["a"]);
        }
        // A folder that came in between is not replaced, and nothing stays behind.
        fs::remove_file(&path).unwrap();
        let placing = begun(&folder, nameless);
        fs::create_dir(&path).unwrap();
        assert_eq!(placing.place().err().unwrap().key(), "get-place-failed");
        assert_eq!(names(&folder), ["a"]);
        fs::remove_dir(&path).unwrap();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_is_our_fault() {
    let file = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut body = Body::start(file, 20_000_000, [0; 16]);
    let mut piece = Some(Piece::new());
    while let Some(mut full) = piece {
        full.range = 0..BUFFER_BYTES;
        piece = body.exchange(full).await;
    }
    let error = body.finish().await.map_err(FetchError::Write).unwrap_err();
    assert_eq!(
        (error.key(), error.fault()),
        ("get-write-failed", Fault::Ours)
    );
}
