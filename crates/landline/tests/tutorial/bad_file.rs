//! Names that `listen files` must not serve, and files that change under it. After each, it serves
//! the next client.

use std::fs::{self, File};
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::stand::{
    Fifo, Folder, Server, as_nobody, clean, dial, landline, nobodys_landline, reset, root, run,
    take, take_to_end,
};

/// A root, and beside it what must not be reached.
struct Shared {
    around: Folder,
    root: String,
}

impl Shared {
    fn new() -> Self {
        let around = Folder::new();
        let root = around.path().join("root");
        fs::create_dir_all(root.join("sub")).expect("a new folder takes folders");
        around.file("secret", "secret");
        around.file("root/a.txt", "hello");
        around.file("root/sub/inner.txt", "inner");
        let root = root.to_str().expect("a plain name").to_owned();
        Self { around, root }
    }

    fn server(&self) -> Server {
        Server::listen("tcp://127.0.0.1:0", &["files", "--root", &self.root])
    }
}

#[test]
fn names_that_lead_out() {
    let shared = Shared::new();
    let absolute = format!("{}/secret", shared.around.name());
    let inside = format!("{}/a.txt", shared.root);
    let out = shared.around.path().join("root/out");
    symlink("../secret", out).expect("a free name");
    symlink(&absolute, shared.around.path().join("root/far")).expect("a free name");
    symlink("..", shared.around.path().join("root/up")).expect("a free name");
    let server = shared.server();
    for name in [
        "../secret",
        "..",
        ".",
        "sub/../../secret",
        &absolute,
        &inside,
        "out",
        "far",
    ] {
        refused(&server, name.as_bytes());
    }
    refused(&server, b"up/secret");
    refused(&server, b"/");
}

#[test]
fn a_backslash() {
    let shared = Shared::new();
    let server = shared.server();
    refused(&server, b"..\\secret");
    refused(&server, b"sub\\inner.txt");
}

#[test]
fn nul_in_a_name() {
    let shared = Shared::new();
    let server = shared.server();
    refused(&server, b"a.txt\0");
    refused(&server, b"\0");
}

#[test]
fn a_name_that_is_not_utf_8() {
    let shared = Shared::new();
    refused(&shared.server(), b"a\xff.txt");
}

#[test]
fn a_name_of_1000_bytes() {
    let shared = Shared::new();
    let server = shared.server();
    refused(&server, &[b'x'; 1000]);
    refused(&server, "x/".repeat(500).as_bytes());
    refused(&server, &[b'x'; 1024]);
}

#[test]
fn a_name_with_control_characters_is_escaped_on_the_terminal() {
    let shared = Shared::new();
    let server = shared.server();
    refused(&server, "\u{1b}[2Jgone\r\n\u{202e}".as_bytes());
    assert!(
        !server.process.said().contains('\u{202e}'),
        "a bidi override was shown"
    );
}

#[test]
fn a_folder() {
    let shared = Shared::new();
    let server = shared.server();
    refused(&server, b"sub");
    refused(&server, b"sub/");
}

#[test]
fn a_missing_file() {
    let shared = Shared::new();
    let said = refused(&shared.server(), b"missing");
    assert!(said.contains("missing"), "{said}");
}

#[test]
fn an_unreadable_file() {
    let shared = Shared::new();
    let path = shared.around.file("root/closed", "secret");
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("it is ours");
    // Nothing is unreadable to root.
    let server = if root() {
        let binary = nobodys_landline(&shared.around);
        let mut listen = std::process::Command::new(binary);
        listen.args([
            "listen",
            "tcp://127.0.0.1:0",
            "files",
            "--root",
            &shared.root,
        ]);
        Server::of(as_nobody(&listen))
    } else {
        shared.server()
    };
    let said = refused(&server, b"closed");
    assert!(said.contains("closed"), "{said}");
}

#[test]
fn a_fifo() {
    let shared = Shared::new();
    let fifo = shared.around.path().join("root");
    drop(Fifo::at(&fifo, "fifo"));
    refused(&shared.server(), b"fifo");
}

#[test]
fn a_device() {
    let mut listen = landline(&["listen", "tcp://127.0.0.1:0", "files", "--root", "/dev"]);
    listen.current_dir("/");
    let server = Server::of(listen);
    let mut line = dial(&server.address);
    line.write_all(b"zero").expect("the server reads");
    assert_eq!(take_to_end(&mut line), b"");
}

#[test]
fn a_root_that_is_not_there() {
    let finished = run(
        &[
            "listen",
            "tcp://127.0.0.1:0",
            "files",
            "--root",
            "/no/such/folder",
        ],
        "",
    );
    assert_eq!(finished.code, 255, "{}", finished.err);
    assert!(crate::stand::sentence(&finished.err).contains("/no/such/folder"));
}

#[test]
fn a_file_below_the_root_is_served() {
    let shared = Shared::new();
    let target = Folder::new();
    let server = shared.server();
    let names = [
        "get",
        &server.address,
        "sub/inner.txt",
        "--to",
        target.name(),
    ];
    let finished = run(&names, "");
    assert_eq!(finished.code, 0, "{}", finished.err);
    assert_eq!(target.names(), ["inner.txt"]);
}

/// More than the sockets' buffers hold, so that the sending is under way for as long as nobody reads.
const LARGE: u64 = 24 << 20;

#[test]
fn a_file_that_shrinks_while_it_is_sent() {
    let shared = Shared::new();
    let (server, mut line, file) = half_way(&shared);
    file.set_len(1 << 20).expect("the file is ours");
    let rest = take_to_end(&mut line);
    assert!(
        (rest.len() as u64) < LARGE,
        "the line is hung up short of its length"
    );
    complains(&server, &line);
    serves(&server);
}

#[test]
fn a_file_that_grows_while_it_is_sent() {
    let shared = Shared::new();
    let (server, mut line, file) = half_way(&shared);
    file.set_len(2 * LARGE).expect("the file is ours");
    take(&mut line, usize::try_from(LARGE).expect("it fits"));
    line.write_all(b"a.txt").expect("the server reads");
    // What comes next on this line is the next reply, and nothing of what was added.
    assert!(header(&mut line).contains("\"file_data_len\": 5}"));
    serves(&server);
}

#[test]
fn a_client_that_leaves_half_way() {
    let shared = Shared::new();
    let (server, line, _) = half_way(&shared);
    drop(line);
    serves(&server);
    let (server, line, _) = half_way(&shared);
    reset(line);
    serves(&server);
}

/// A client of a large file that has read the header and nothing of the body.
fn half_way(shared: &Shared) -> (Server, TcpStream, File) {
    let file = File::create(shared.around.path().join("root/large")).expect("a free name");
    file.set_len(LARGE).expect("a file of holes takes no room");
    let server = shared.server();
    let mut line = dial(&server.address);
    line.write_all(b"large").expect("the server reads");
    assert!(header(&mut line).contains(&LARGE.to_string()));
    (server, line, file)
}

fn header(line: &mut TcpStream) -> String {
    let length = take(line, 4).try_into().expect("four bytes");
    let length = usize::try_from(i32::from_ne_bytes(length)).expect("a length is not negative");
    String::from_utf8(take(line, length)).expect("a header is text")
}

/// Asks for `name` and sees the server hang up without a byte, say why, and serve the next one.
#[track_caller]
fn refused(server: &Server, name: &[u8]) -> String {
    let mut line = dial(&server.address);
    line.write_all(name).expect("the server reads");
    let reply = take_to_end(&mut line);
    assert!(
        reply.is_empty(),
        "{:?}: {:?}",
        name.escape_ascii(),
        reply.escape_ascii()
    );
    let said = complains(server, &line);
    serves(server);
    said
}

/// What the server says of the peer at the other end of `line`.
#[track_caller]
fn complains(server: &Server, line: &TcpStream) -> String {
    let port = line.local_addr().expect("it is bound").port();
    let said = server.process.says(&format!(":{port}"));
    clean(&said);
    said
}

#[track_caller]
fn serves(server: &Server) {
    let mut line = dial(&server.address);
    line.write_all(b"a.txt").expect("the server reads");
    header(&mut line);
    assert_eq!(take(&mut line, 5), b"hello");
}
