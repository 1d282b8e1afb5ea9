//! T8 and T9, the file download: a length, a JSON header, the bytes.

use std::fs;
use std::io::Write;

use crate::stand::{Folder, Process, STREAMS, Server, dial, landline, run, script, take};

#[test]
fn a_script_downloads() {
    let (shared, target) = (Folder::new(), Folder::new());
    shared.file("a.txt", "hello");
    shared.file("空 \"x\".bin", [0, 255]);
    for family in STREAMS {
        let service = ["files", "--root", shared.name()];
        let server = Server::listen(&target.address(family), &service);
        let names = [
            &server.address,
            target.name(),
            "a.txt",
            "空 \"x\".bin",
            "missing",
        ];
        let seen = script("file_client.py", &names);
        let expected = r#"b'{"name": "a.txt", "md5": "5d41402abc4b2a76b9719d911017c592", "file_data_len": 5}'
left 0 md5 same
b'{"name": "\\u7a7a \\"x\\".bin", "md5": "d07d34efac6328007ad67c7e0a985e00", "file_data_len": 2}'
left 0 md5 same
hung up
"#;
        assert_eq!(seen, expected, "{family}");
        assert_eq!(
            fs::read(target.path().join("a.txt")).expect("it came"),
            b"hello"
        );
        server.process.says("missing");
    }
}

#[test]
fn get_downloads_from_a_script() {
    let shared = Folder::new();
    shared.file("a.txt", "hello");
    shared.file("空.bin", vec![7; 3_000_000]);
    for family in STREAMS {
        let target = Folder::new();
        let sockets = Folder::new();
        let server = Server::python("file_server.py", &[&sockets.address(family), shared.name()]);
        let names = [
            "get",
            &server.address,
            "a.txt",
            "空.bin",
            "--to",
            target.name(),
        ];
        let finished = run(&names, "");
        assert_eq!(
            (finished.code, finished.text().as_str()),
            (0, ""),
            "{}",
            finished.err
        );
        assert_eq!(target.names(), ["a.txt", "空.bin"], "{family}");
        let came = fs::read(target.path().join("空.bin")).expect("it came");
        assert!(came == vec![7; 3_000_000], "the bytes differ");
    }
}

#[test]
fn get_prompts_for_names_until_q() {
    let (shared, target) = (Folder::new(), Folder::new());
    shared.file("a.txt", "hello");
    shared.file("b.txt", "");
    let server = Server::python("file_server.py", &["tcp://127.0.0.1:0", shared.name()]);
    let arguments = ["get", &server.address, "--to", target.name()];
    let finished = run(&arguments, "\na.txt\nb.txt\nQ\nnever\n");
    assert_eq!(finished.code, 0, "{}", finished.err);
    assert_eq!(target.names(), ["a.txt", "b.txt"]);
    // The last read of the script's loop may be the end of the line: names only are printed.
    assert!(!server.process.said().contains("never"));
}

#[test]
fn get_and_files_agree() {
    let shared = Folder::new();
    shared.file("a.txt", "hello");
    shared.file("empty", "");
    for family in STREAMS {
        let (target, sockets) = (Folder::new(), Folder::new());
        let service = ["files", "--root", shared.name()];
        let server = Server::listen(&sockets.address(family), &service);
        let names = [
            "get",
            &server.address,
            "a.txt",
            "empty",
            "--to",
            target.name(),
        ];
        let finished = run(&names, "");
        assert_eq!(finished.code, 0, "{}", finished.err);
        assert_eq!(target.names(), ["a.txt", "empty"], "{family}");
    }
}

#[test]
fn without_options_files_come_from_this_folder_and_go_to_this_folder() {
    let (shared, target) = (Folder::new(), Folder::new());
    shared.file("a.txt", "hello");
    let mut listen = landline(&["listen", "tcp://127.0.0.1:0", "files"]);
    listen.current_dir(shared.path());
    let server = Server::of(listen);
    let mut get = landline(&["get", &server.address, "a.txt"]);
    get.current_dir(target.path());
    let finished = Process::start(get).finish();
    assert_eq!(finished.code, 0, "{}", finished.err);
    assert_eq!(target.names(), ["a.txt"]);
}

#[test]
fn length_and_header_leave_in_one_write() {
    let shared = Folder::new();
    shared.file("a.txt", "hello");
    let server = Server::listen("tcp://127.0.0.1:0", &["files", "--root", shared.name()]);
    let mut line = dial(&server.address);
    line.write_all(b"a.txt").expect("the server reads");
    let header =
        br#"{"name": "a.txt", "md5": "5d41402abc4b2a76b9719d911017c592", "file_data_len": 5}"#;
    let mut expected = (header.len() as i32).to_ne_bytes().to_vec();
    expected.extend_from_slice(header);
    // One read that has any of the header has all of it.
    let mut read = vec![0; expected.len()];
    let count = std::io::Read::read(&mut line, &mut read).expect("the server answers");
    assert_eq!((count, &read), (expected.len(), &expected));
    assert_eq!(take(&mut line, 5), b"hello");
}

#[test]
fn a_file_above_2_gib_keeps_its_length() {
    const LENGTH: u64 = 5 << 30;
    let shared = Folder::new();
    let file = fs::File::create(shared.path().join("sparse")).expect("the folder takes a file");
    file.set_len(LENGTH).expect("a file of holes takes no room");
    let server = Server::listen("tcp://127.0.0.1:0", &["files", "--root", shared.name()]);
    if crate::stand::long() {
        let target = Folder::new();
        let finished = run(
            &["get", &server.address, "sparse", "--to", target.name()],
            "",
        );
        assert_eq!(finished.code, 0, "{}", finished.err);
        let came = fs::metadata(target.path().join("sparse")).expect("it came");
        assert_eq!(came.len(), LENGTH);
    }
    file.set_len(3 << 20).expect("the file is ours");
    let target = Folder::new();
    let finished = run(
        &["get", &server.address, "sparse", "--to", target.name()],
        "",
    );
    assert_eq!(
        finished.code, 0,
        "the digest of the longer file is forgotten: {}",
        finished.err
    );
}
