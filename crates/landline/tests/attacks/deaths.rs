//! Sudden deaths: a client killed at each step leaves nothing on the server, and a server killed at
//! each step is told to whoever waits for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::stand::{OFFICE, Process, Stand, sentence, soon, until};

/// How long what a dead client has started may run on, on a machine that does other things too.
const LEFT_MAX: Duration = Duration::from_secs(5);

/// The folder of landline.py.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/python")
}

/// `steps.py` with the key of the home `name`.
async fn steps(stand: &Stand, name: &str, side: &str, step: &str, rest: &[&str]) -> Process {
    let folder = stand.path().join(format!("{name}-key"));
    let folder = folder.to_str().expect("a plain path");
    if !Path::new(folder).exists() {
        stand.well(name, &["id", "--export", folder], "").await;
    }
    let mut command = Command::new("python3");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/steps.py");
    command.arg("-B").arg(script).arg(examples());
    command.args([side, step]);
    command.args(["key.pem", "cert.pem"].map(|file| format!("{folder}/{file}")));
    command.args(rest);
    Process::start(stand.place(name, command))
}

#[tokio::test]
async fn a_client_that_is_killed_at_any_step_leaves_nothing_behind() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    stand.check_served().await;
    let server = stand.key("server").to_string();
    let files = serving.open_files();
    for (step, programs) in [
        ("connect", 0),
        ("tls", 0),
        ("hello", 0),
        ("call", 0),
        ("words", 0),
        ("run", 1),
        ("stream", 1),
        ("input", 1),
    ] {
        let rest = [&server[..], &serving.address];
        let client = steps(&stand, "caller", "client", step, &rest).await;
        client.shows("ready");
        until(|| (serving.children().len() >= programs).then_some(())).await;
        client.signal(Signal::KILL);
        let killed = Instant::now();
        until(|| (serving.children().is_empty() && serving.open_files() <= files).then_some(()))
            .await;
        let took = killed.elapsed();
        assert!(took < LEFT_MAX, "{step}: {took:?}");
        assert_eq!(soon(async { client.finish() }).await.code, 137, "{step}");
    }
    stand.check_served().await;
}

/// Every step, and what the client has printed by then.
const SERVER_STEPS: [(&str, &str); 8] = [
    ("accept", ""),
    ("tls", ""),
    ("hello", ""),
    ("call", ""),
    ("reply", ""),
    ("data", "some of it\n"),
    ("half", "some of it\nhalf of it\n"),
    ("end", ""),
];

#[tokio::test]
async fn a_server_that_is_killed_at_any_step_is_told_in_a_sentence() {
    let stand = Stand::new();
    for (step, printed) in SERVER_STEPS {
        let server = steps(&stand, "server", "server", step, &[]).await;
        let listening = server.shows("listening ");
        let address = listening.rsplit(' ').next().expect("it says where");
        stand.know("caller", stand.key("server"), address);
        let words = ["exec", address, "--", "cat"];
        let client = Process::start(stand.landline("caller", &words));
        server.shows("ready");
        if let Some(last) = printed.lines().last() {
            client.shows(last);
        }
        server.signal(Signal::KILL);
        assert!(client.ends_within(crate::stand::patience()), "{step}");
        let ended = client.finish();
        assert_eq!(ended.code, 255, "{step}: {}", ended.err);
        sentence(&ended.err);
        let out = String::from_utf8(ended.out).expect("it is text");
        match step {
            "end" => assert!(out.starts_with("some of it\nhalf of it\n"), "{out}"),
            _ => assert_eq!(out, printed, "{step}"),
        }
    }
}

#[tokio::test]
async fn the_server_itself_is_killed_under_its_clients() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    // `cat` ends with its input.
    let running = stand.landline(
        "caller",
        &["exec", OFFICE, "--", "sh", "-c", "echo ready; cat"],
    );
    let running = Process::start(running);
    running.shows("ready");
    let pinging = stand.landline("caller", &["ping", OFFICE, "--count", "1000000"]);
    let pinging = Process::start(pinging);
    until(|| (serving.logged("line opened").len() == 2).then_some(())).await;
    serving.kill();
    for (client, printed) in [(running, "ready\n"), (pinging, "")] {
        assert!(client.ends_within(crate::stand::patience()));
        let ended = client.finish();
        assert_eq!((ended.code, &ended.out[..]), (255, printed.as_bytes()));
        sentence(&ended.err);
    }
    let refused = stand.fails("caller", &["ping", OFFICE], "").await;
    assert!(refused.contains(&serving.address), "{refused}");
}
