//! A disk that is full under the files of trust: pairing and granting fail with a sentence, the old
//! files stay whole, and the server serves on. Only root can make so small a disk.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::stand::{Serving, Stand, check_shown, finish, root, sentence, soon};

/// A server whose home lies on a disk of 64 KiB of its own, which nobody else sees (unshare(1)).
fn serve_on_small_disk(stand: &Stand) -> Serving {
    fs::create_dir(stand.path().join("server")).expect("a place for a home");
    let script = "mount -t tmpfs -o size=64k,mode=700 small \"$LANDLINE_HOME\" && \
        exec \"$0\" serve -vv --listen 127.0.0.1:0";
    let mut command = Command::new("unshare");
    command.args([
        "--mount",
        "sh",
        "-c",
        script,
        env!("CARGO_BIN_EXE_landline"),
    ]);
    Serving::start(stand.place("server", command))
}

/// landline on the server's home, beside it on its disk.
fn beside(stand: &Stand, serving: &Serving, words: &[&str]) -> Command {
    let mut command = Command::new("nsenter");
    let target = serving.process.id().to_string();
    command.args(["--mount", "--target", &target]);
    command.arg(env!("CARGO_BIN_EXE_landline")).args(words);
    stand.place("server", command)
}

/// The server's home as it sees it.
fn home(stand: &Stand, serving: &Serving) -> PathBuf {
    let root = format!("/proc/{}/root", serving.process.id());
    let home = stand.path().join("server");
    PathBuf::from(root).join(home.strip_prefix("/").expect("an absolute path"))
}

/// Takes all room that is left; how many bytes that was.
fn fill(folder: &std::path::Path) -> usize {
    let page = [0; 4096];
    let mut file = fs::File::create(folder.join("filler")).expect("room for a name");
    let mut filled = 0;
    while std::io::Write::write_all(&mut file, &page).is_ok() {
        filled += page.len();
    }
    filled
}

#[tokio::test]
async fn nothing_is_granted_half_and_the_server_serves_on() {
    if !root() {
        return;
    }
    let stand = Stand::new();
    let serving = serve_on_small_disk(&stand);
    let home = home(&stand, &serving);
    let run = |words: &[&str]| finish(beside(&stand, &serving, words), "");
    let ticket = run(&["trust", "invite", "--grant", "echo"])
        .await
        .well_said();
    stand
        .well("caller", &["pair", "--as", "office"], &ticket)
        .await;
    let waiting = run(&["trust", "invite", "--grant", "echo"])
        .await
        .well_said();
    // One that stays: a file that becomes empty needs no room.
    run(&["trust", "invite", "--grant", "echo"])
        .await
        .well_said();
    let before = [home.join("grants.toml"), home.join("invites.toml")].map(read);
    assert!(fill(&home) > 4096);
    // Who pairs is told that it was the server, and not the ticket.
    let said = soon(stand.fails("guest", &["pair"], &waiting)).await;
    assert!(
        said.contains("internal") && !said.contains("has been used"),
        "{said}"
    );
    serving.logs("invites.toml").await;
    let key = stand.key("guest").to_string();
    for words in [
        &["trust", "grant", &key, "exec"][..],
        &["trust", "grant", "vm-or-other", "exec"],
        &["trust", "invite", "--grant", "exec"],
    ] {
        let ran = run(words).await;
        assert_ne!(ran.code, 0, "{words:?}");
        assert_eq!(ran.out, b"", "no ticket is given that was not kept");
        sentence(&ran.err);
    }
    let after = [home.join("grants.toml"), home.join("invites.toml")].map(read);
    assert_eq!(before, after);
    stand.check_served().await;
    // With room again all goes on, with the very ticket that was not taken.
    fs::remove_file(home.join("filler")).expect("it is there");
    stand.well("guest", &["pair"], &waiting).await;
    assert_ne!(read(home.join("grants.toml")), before[0]);
    check_shown(&serving.process.said());
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(path).expect("it is there, and whole")
}

impl crate::stand::Finished {
    /// What it printed; it must have ended well, whatever it said besides.
    #[track_caller]
    fn well_said(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.text()
    }
}
