//! The examples, run as anybody would: two programs, each with its own home.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use landline::trust::{Home, TrustError};

use crate::stand::Stand;

fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("this runs from a file");
    let built: PathBuf = test
        .ancestors()
        .nth(2)
        .expect("target/debug")
        .join("examples");
    Command::new(built.join(name))
}

/// An example that serves until it is dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn text(output: Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn a_service_of_ones_own_is_called() {
    let folder = tempfile::tempdir().expect("a place for files");
    let [ours, theirs] = ["server", "caller"].map(|name| folder.path().join(name));
    let (server, caller) = (Home::in_folder(&ours), Home::in_folder(&theirs));
    let key = |home: &Home| home.identity().expect("a new home").peer_id();
    let granted = server.grants().change(|grants| {
        let may = "service:reverse".parse()?;
        grants.grant(key(&caller), &"caller".parse()?, [may]);
        Ok::<_, TrustError>(())
    });
    granted.expect("the grants can be changed");
    let mut serving = example("own_service");
    serving.env("LANDLINE_HOME", &ours).stdout(Stdio::piped());
    let mut serving = Serving(serving.spawn().expect("it was built"));
    let mut address = String::new();
    let out = serving.0.stdout.take().expect("it was asked for");
    BufReader::new(out)
        .read_line(&mut address)
        .expect("it says where");
    let known = caller.book().change(|book| {
        let at = address.trim()["tcp://".len()..].parse()?;
        Ok::<_, TrustError>(book.add(&"office".parse()?, key(&server), &[at])?)
    });
    known.expect("the book can be changed");
    let mut calling = example("call_service");
    calling.env("LANDLINE_HOME", &theirs);
    let called = calling.args(["office", "reverse", "landline"]).output();
    assert_eq!(text(called.expect("it was built")), "enildnal\n");
}

#[tokio::test]
async fn commands_run_one_after_the_other() {
    let stand = Stand::new(&["exec"]).await;
    let home = stand.caller_home.data_folder().to_owned();
    let run = tokio::task::spawn_blocking(move || {
        let mut command = example("run_commands");
        command.env("LANDLINE_HOME", home);
        command.args(["office", "echo hi", "exit 3"]).output()
    });
    let output = run.await.expect("it ends").expect("it was built");
    assert_eq!(text(output), "echo hi: Exit(0)\nhi\nexit 3: Exit(3)\n");
}

#[test]
fn a_codec_is_tried_under_every_split() {
    let text = text(
        example("codec_under_splits")
            .output()
            .expect("it was built"),
    );
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].contains("takes one read for one message"),
        "{text}"
    );
    assert!(lines[0].ends_with("--split-at 1"), "{text}");
    assert!(lines[1].contains("holds under every split"), "{text}");
}
