//! The client in Python against the real server: an implementation that shares no code with ours, and
//! PROTOCOL.md's only reader. What it does not understand, the page does not say.

use std::process::Command;

use rustix::process::Signal;

use crate::deaths::examples;
use crate::stand::{Finished, Process, Stand, soon, until};

/// A stand with a caller's key as files, and the caller's words that name the server.
struct Paired {
    stand: Stand,
    serving: crate::stand::Serving,
    server: String,
}

/// landline.py on a stand.
fn landline_py(stand: &Stand, verb: &str, rest: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.arg("-B").arg(examples().join("landline.py"));
    command.args([verb, "--key", "keys/key.pem", "--cert", "keys/cert.pem"]);
    command.args(rest);
    stand.place("caller", command)
}

impl Paired {
    /// Pairs by a ticket, as the file's first lines say.
    async fn new() -> Self {
        let stand = Stand::new();
        std::fs::create_dir(stand.path().join("shared")).expect("a free name");
        let serving = stand.serve(&["--allow-exec", "shared"]);
        stand.well("caller", &["id", "--export", "keys"], "").await;
        let ticket = stand.ticket(&["--grant", "exec"]).await;
        let paired = crate::stand::finish(landline_py(&stand, "pair", &[ticket.trim()]), "").await;
        assert_eq!((paired.code, &paired.err[..]), (0, ""));
        let printed = paired.text();
        let place = format!("--peer {} {} ", stand.key("server"), serving.address);
        assert!(printed.starts_with(&place), "{printed}");
        assert!(printed.contains("'exec'"), "{printed}");
        let again = crate::stand::finish(landline_py(&stand, "pair", &[ticket.trim()]), "").await;
        assert_eq!(again.code, 255);
        assert!(again.err.contains("ticket-refused"), "{}", again.err);
        let server = stand.key("server").to_string();
        Self {
            stand,
            serving,
            server,
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let place = ["--peer", &self.server, &self.serving.address, "--"];
        landline_py(&self.stand, "exec", &[&place, words].concat())
    }

    async fn exec(&self, words: &[&str], input: &str) -> Finished {
        soon(crate::stand::finish(self.command(words), input)).await
    }
}

#[tokio::test]
async fn it_pairs_runs_programs_and_gives_their_streams_and_ends() {
    let paired = Paired::new().await;
    let both = paired
        .exec(&["sh", "-c", "echo out; echo err >&2; exit 7"], "")
        .await;
    assert_eq!(
        (both.code, &both.out[..], &both.err[..]),
        (7, &b"out\n"[..], "err\n")
    );
    let words = paired
        .exec(&["printf", "[%s]", "a b", "", "\n", "-x"], "")
        .await
        .well();
    assert_eq!(words.text(), "[a b][][\n][-x]");
    let input = "0123456789abcdef\n".repeat(60_000);
    let echoed = paired.exec(&["cat"], &input).await.well();
    assert!(
        echoed.out == input.as_bytes(),
        "{} bytes came",
        echoed.out.len()
    );
    let much = paired
        .exec(&["sh", "-c", "yes | head -c 3000000"], "")
        .await
        .well();
    assert!(
        much.out == b"y\n".repeat(1_500_000),
        "{} bytes came",
        much.out.len()
    );
    let missing = paired.exec(&["no-such-program-here"], "").await;
    assert_eq!(missing.code, 127, "{}", missing.err);
    let killed = paired.exec(&["sh", "-c", "kill -9 $$"], "").await;
    assert_eq!(killed.code, 137, "{}", killed.err);
    soon(paired.serving.without_children()).await;
}

#[tokio::test]
async fn its_signals_reach_the_program() {
    let paired = Paired::new().await;
    for (signal, name, status) in [(Signal::INT, "INT", 9), (Signal::TERM, "TERM", 9)] {
        let script =
            format!("trap 'exit {status}' {name}; echo ready; while :; do sleep 0.02; done");
        let running = Process::start(paired.command(&["sh", "-c", &script]));
        running.shows("ready");
        running.signal(signal);
        assert!(running.ends_within(crate::stand::patience()));
        let ended = running.finish();
        assert_eq!(ended.code, status, "{name}: {}", ended.err);
    }
    let running = Process::start(paired.command(&["sh", "-c", "echo ready; exec sleep 1000"]));
    running.shows("ready");
    running.signal(Signal::TERM);
    assert!(running.ends_within(crate::stand::patience()));
    assert_eq!(running.finish().code, 143);
}

#[tokio::test]
async fn it_refuses_another_key_and_is_refused_without_a_grant() {
    let paired = Paired::new().await;
    let other = paired.stand.key("other").to_string();
    let place = ["--peer", &other, &paired.serving.address, "--", "id"];
    let command = landline_py(&paired.stand, "exec", &place);
    let refused = soon(crate::stand::finish(command, "")).await;
    assert_eq!((refused.code, &refused.out[..]), (255, &b""[..]));
    assert!(
        refused.err.contains("its key is another one"),
        "{}",
        refused.err
    );
    paired.stand.revoke(paired.stand.key("caller"));
    until(|| (!paired.serving.logged("grants changed").is_empty()).then_some(())).await;
    let unknown = paired.exec(&["id"], "").await;
    assert_eq!(unknown.code, 255);
    assert!(unknown.err.contains("pair first"), "{}", unknown.err);
    paired
        .stand
        .grant("caller", paired.stand.key("caller"), &["echo"]);
    let refused = paired.exec(&["id"], "").await;
    assert_eq!(refused.code, 255);
    assert!(refused.err.contains("not-granted"), "{}", refused.err);
}

/// What sha256sum(1) says of a file.
fn sha256sum(path: &std::path::Path) -> String {
    let said = Command::new("sha256sum").arg(path).output();
    let said = String::from_utf8(said.expect("it is there").stdout).expect("it is text");
    let digest = said.trim_start_matches('\\').split(' ').next();
    digest.expect("a digest").to_owned()
}

/// It hashes by Python's hashlib, and `landline get` tells what it has verified itself.
#[tokio::test]
async fn it_gets_files_with_the_digest_that_our_client_tells() {
    let paired = Paired::new().await;
    let (stand, caller) = (&paired.stand, paired.stand.key("caller"));
    let shared = stand.path().join("shared");
    std::fs::create_dir(shared.join("deep")).expect("a free name");
    let large: Vec<u8> = (0..3_000_001_u32).map(|at| (at / 7) as u8).collect();
    for (path, content) in [
        ("large", &large[..]),
        ("empty", b""),
        ("deep/\u{fc}", b"hello"),
    ] {
        std::fs::write(shared.join(path), content).expect("it is ours");
    }
    let right = format!("files:ro:{}", shared.display());
    stand.grant("caller", caller, &["exec", "echo", &right]);
    let seen = || (!paired.serving.logged("grants changed").is_empty()).then_some(());
    until(seen).await;
    for (path, name) in [
        ("large", "large"),
        ("empty", "empty"),
        ("deep/\u{fc}", "\u{fc}"),
    ] {
        let place = ["--peer", &paired.server, &paired.serving.address, path];
        let got = soon(crate::stand::finish(landline_py(stand, "get", &place), "")).await;
        assert_eq!(
            (got.code, &got.out[..], &got.err[..]),
            (0, &b""[..], ""),
            "{path}"
        );
        let content = std::fs::read(stand.path().join(name)).expect("it is placed");
        assert!(
            content == std::fs::read(shared.join(path)).expect("it is there"),
            "{path}"
        );
        let digest = sha256sum(&stand.path().join(name));
        stand.know("caller", stand.key("server"), &paired.serving.address);
        let ours = [
            "get",
            crate::stand::OFFICE,
            path,
            "--to",
            "-",
            "--digest",
            "sha256",
        ];
        let ours = soon(stand.run("caller", &ours, "")).await;
        assert!(
            ours.err.contains(&format!("sha256:{digest}")),
            "{}",
            ours.err
        );
        assert!(ours.out == content, "{path}");
    }
    for path in ["none", "deep", "../shared/large", "other:large"] {
        let place = ["--peer", &paired.server, &paired.serving.address, path];
        let refused = soon(crate::stand::finish(landline_py(stand, "get", &place), "")).await;
        assert_eq!((refused.code, &refused.out[..]), (255, &b""[..]), "{path}");
        assert!(
            refused.err.starts_with("landline.py: "),
            "{path}: {}",
            refused.err
        );
    }
}

/// Its own tests, which need no server: the golden vectors, frame by frame.
#[tokio::test]
async fn it_holds_against_the_vectors() {
    let stand = Stand::new();
    let mut command = Command::new("python3");
    command.arg("-B").arg(examples().join("test_landline.py"));
    let tested = soon(crate::stand::finish(stand.place("caller", command), "")).await;
    assert_eq!(tested.code, 0, "{}", tested.err);
    assert!(tested.err.contains("\nOK"), "{}", tested.err);
}
