//! A server of a test, by the real binary, and the homes of those who come: honest ones run landline,
//! opponents speak TLS and raw bytes. Everything ends with its test.

mod certificate;
#[path = "../../tutorial/stand/inside.rs"]
mod inside;
mod network;
mod opponent;
#[path = "../../tutorial/stand/process.rs"]
#[allow(
    dead_code,
    reason = "the tests of the plain wire use what is not used here"
)]
mod process;
mod recorder;
mod serving;
#[path = "../../files/stand/stall.rs"]
#[allow(dead_code, reason = "the tests of files use what is not used here")]
mod stall;

pub(crate) use certificate::{Certificate, spki};
pub(crate) use inside::inside;
pub(crate) use network::{Network, SERVER, is_possible as network_is_possible};
pub(crate) use opponent::{Line, Opponent, call, credentials, frame, hello};
pub(crate) use process::{Finished, Process};
pub(crate) use recorder::{Heard, Recorder, Relay, Side, holds};
pub(crate) use serving::{Serving, rss_anon_kib};
pub(crate) use stall::Stall;

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use landline::trust::{Capability, Home, HostAddress, Identity, PeerId, TrustError};
use tempfile::TempDir;

/// The name of the server in the caller's address book.
pub(crate) const OFFICE: &str = "office";

/// How long a test waits for what must come, in all: the machine may be busy.
pub(crate) fn patience() -> Duration {
    Duration::from_secs(if long() { 120 } else { 20 })
}

/// Whether the long forms of tests are asked for.
pub(crate) fn long() -> bool {
    std::env::var_os("LANDLINE_TEST_LONG").is_some_and(|value| value == "1")
}

/// Whether this is root, who alone can make networks and small disks.
pub(crate) fn root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The result of `future`, which must not take forever.
#[track_caller]
pub(crate) fn soon<T>(future: impl Future<Output = T>) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let result = tokio::time::timeout(patience(), future).await;
        result.unwrap_or_else(|_| panic!("it takes too long at {place}"))
    }
}

/// Looks again and again until `step` gives something.
#[track_caller]
pub(crate) fn until<T>(mut step: impl FnMut() -> Option<T>) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let end = Instant::now() + patience();
        loop {
            if let Some(result) = step() {
                return result;
            }
            assert!(Instant::now() < end, "it never comes, at {place}");
            // sleeps: nothing tells of this change but another look
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Folders of a test: a home for each side.
pub(crate) struct Stand {
    folder: TempDir,
}

impl Stand {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a place for files");
        Self { folder }
    }

    /// Where runs start.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The home of a side, by its name.
    pub(crate) fn home(&self, name: &str) -> Home {
        Home::in_folder(self.path().join(name))
    }

    /// The identity of a side, made if there is none.
    pub(crate) fn identity(&self, name: &str) -> Identity {
        self.home(name).identity().expect("a new home is good")
    }

    /// The key of a side.
    pub(crate) fn key(&self, name: &str) -> PeerId {
        self.identity(name).peer_id()
    }

    /// landline on the home `name`, with nothing in its environment that would change what it says.
    pub(crate) fn landline(&self, name: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landline"));
        command.args(words);
        self.place(name, command)
    }

    /// Any command, placed as [`Stand::landline`] is.
    pub(crate) fn place(&self, name: &str, mut command: Command) -> Command {
        for (variable, _) in std::env::vars_os() {
            let text = variable.to_string_lossy();
            if text.starts_with("LC_") || text.starts_with("LANDLINE_") || text == "LANGUAGE" {
                command.env_remove(&variable);
            }
        }
        command
            .env("LANG", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env("LANDLINE_HOME", self.path().join(name))
            .current_dir(self.path());
        command
    }

    /// Runs landline on the home `name` with `input`, to its end; opponents of this process go on
    /// meanwhile.
    pub(crate) async fn run(&self, name: &str, words: &[&str], input: &str) -> Finished {
        finish(self.landline(name, words), input).await
    }

    /// The same, which must end well; gives what it printed.
    pub(crate) async fn well(&self, name: &str, words: &[&str], input: &str) -> String {
        let ran = self.run(name, words, input).await;
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        ran.text()
    }

    /// The same, which must fail as landline's own failure, with one sentence; gives that.
    pub(crate) async fn fails(&self, name: &str, words: &[&str], input: &str) -> String {
        let ran = self.run(name, words, input).await;
        assert_eq!((ran.code, &ran.out[..]), (255, &b""[..]), "{}", ran.err);
        sentence(&ran.err).to_owned()
    }

    /// `serve` on the home `server`, with these words besides, once it listens.
    pub(crate) fn serve(&self, words: &[&str]) -> Serving {
        self.serve_at("127.0.0.1:0", words)
    }

    /// The same at a place of one's choice.
    pub(crate) fn serve_at(&self, at: &str, words: &[&str]) -> Serving {
        let all = [&["serve", "-vv", "--listen", at], words].concat();
        Serving::start(self.landline("server", &all))
    }

    /// Lets `peer` do what `capabilities` say.
    pub(crate) fn grant(&self, name: &str, peer: PeerId, capabilities: &[&str]) {
        let granted = self.home("server").grants().change(|grants| {
            let parsed = capabilities.iter().map(|it| it.parse::<Capability>());
            let parsed = parsed.collect::<Result<Vec<_>, _>>()?;
            grants.grant(peer, &name.parse()?, parsed);
            Ok::<_, TrustError>(())
        });
        granted.expect("the grants can be changed");
    }

    /// Takes all from `peer`.
    pub(crate) fn revoke(&self, peer: PeerId) {
        let revoked = self.home("server").grants().change(|grants| {
            grants.revoke(&peer);
            Ok::<_, TrustError>(())
        });
        revoked.expect("the grants can be changed");
    }

    /// Has the home `name` expect `key` at `address`, as [`OFFICE`].
    pub(crate) fn know(&self, name: &str, key: PeerId, address: &str) {
        let known = self.home(name).book().change(|book| {
            let address: HostAddress = address.parse()?;
            book.add(&OFFICE.parse()?, key, &[address])?;
            Ok::<_, TrustError>(())
        });
        known.expect("the book can be changed");
    }

    /// Has `server` and `caller` know each other, with these grants.
    pub(crate) fn join(&self, serving: &Serving, capabilities: &[&str]) {
        self.grant("caller", self.key("caller"), capabilities);
        self.know("caller", self.key("server"), &serving.address);
    }

    /// A ticket of the server.
    pub(crate) async fn ticket(&self, words: &[&str]) -> String {
        let all = [&["trust", "invite"], words].concat();
        self.well("server", &all, "").await
    }

    /// That an honest client is still served.
    pub(crate) async fn check_served(&self) {
        let pinged = ["ping", OFFICE, "--count", "1"];
        self.well("caller", &pinged, "").await;
    }
}

/// Runs a command with `input` to its end, beside the tasks of this test.
pub(crate) async fn finish(command: Command, input: &str) -> Finished {
    let input = input.to_owned();
    let finished =
        tokio::task::spawn_blocking(move || Process::start(command).finish_with(input)).await;
    finished.expect("it ends")
}

/// The one sentence that a program's stderr is: nothing of Rust's, and nothing that drives a terminal.
#[track_caller]
pub(crate) fn sentence(err: &str) -> &str {
    let text = err.trim_end_matches('\n');
    assert!(
        text.starts_with("landline: ") && text.split(' ').count() >= 4,
        "no sentence: {text:?}"
    );
    for dump in ["panicked", "Os {", "Some(", "Err(", "{$"] {
        assert!(!text.contains(dump), "{dump:?} in {text:?}");
    }
    check_shown(text);
    text
}

/// That no character of `text` drives a terminal or turns a line around.
#[track_caller]
pub(crate) fn check_shown(text: &str) {
    let drives = |sign: &char| {
        sign.is_control()
            || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for line in text.lines() {
        assert_eq!(line.chars().find(drives), None, "in {line:?}");
    }
}
