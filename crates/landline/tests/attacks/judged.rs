//! TLS as OpenSSL sees it, which shares no code with ours: what both ends take, and that a client says
//! nothing to a server that it does not take.

use std::path::Path;
use std::process::Command;

use crate::stand::{Process, Stand, finish, sentence, soon};

/// `judge.py` with the key of the home `name`.
async fn judge(stand: &Stand, name: &str, words: [&str; 2], rest: &[&str]) -> Command {
    let folder = stand.path().join(format!("{name}-key"));
    let folder = folder.to_str().expect("a plain path");
    if !Path::new(folder).exists() {
        stand.well(name, &["id", "--export", folder], "").await;
    }
    let mut command = Command::new("python3");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/judge.py");
    command.arg("-B").arg(script).args(words);
    command.args(["key.pem", "cert.pem"].map(|file| format!("{folder}/{file}")));
    command.args(rest);
    stand.place(name, command)
}

#[tokio::test]
async fn a_server_takes_one_version_one_protocol_and_nobody_without_a_key() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    for (mode, expected) in [
        ("plain", "taken TLSv1.3 landline/1 TLS_"),
        ("old", "refused"),
        ("nobody", "refused"),
        ("no-protocol", "refused"),
        ("other-protocol", "refused"),
    ] {
        let judging = judge(&stand, "caller", ["client", mode], &[&serving.address]).await;
        let judged = soon(finish(judging, "")).await;
        assert_eq!((judged.code, &judged.err[..]), (0, ""), "{mode}");
        let said = judged.text();
        assert!(said.starts_with(expected), "{mode}: {said}");
        assert!(!said.contains("tickets: True"), "{mode}: {said}");
    }
}

#[tokio::test]
async fn a_client_takes_no_other_version_or_protocol_even_of_the_right_key() {
    let stand = Stand::new();
    for mode in ["old", "no-protocol", "other-protocol"] {
        let judging = judge(&stand, "server", ["server", mode], &[]).await;
        let judging = Process::start(judging);
        let listening = judging.shows("listening ");
        let address = listening.rsplit(' ').next().expect("it says where");
        stand.know("caller", stand.key("server"), address);
        let ran = soon(stand.run("caller", &["ping", address], "")).await;
        assert_eq!((ran.code, &ran.out[..]), (255, &b""[..]), "{mode}");
        sentence(&ran.err);
        assert!(judging.ends_within(crate::stand::patience()), "{mode}");
        let heard = judging.finish().text();
        let heard = heard.lines().last().expect("it says what it heard");
        assert!(
            heard.starts_with("refused") || heard == "heard b''",
            "{mode}: {heard}"
        );
    }
}
