//! Keys that are wrong, have changed, or were revoked.

use landline::frame::landline1::Kind;
use serde_json::json;

use crate::stand::{OFFICE, Opponent, Stand, call, frame, hello, soon};

#[tokio::test]
async fn a_server_with_another_key_than_before_is_refused_by_name_and_by_address() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    stand.check_served().await;
    let (before, address) = (stand.key("server"), serving.address.clone());
    drop(serving);
    std::fs::remove_file(stand.home("server").key_file()).expect("it had a key");
    let other = stand.serve_at(&address, &[]);
    let found = stand.key("server");
    assert_ne!(before, found);
    for host in [OFFICE, &address] {
        let said = stand.fails("caller", &["ping", host], "").await;
        assert!(said.contains(&before.to_string()), "{said}");
        assert!(said.contains(&found.to_string()), "{said}");
    }
    // Not even by pairing anew: the name is the old key's.
    let ticket = stand.ticket(&[]).await;
    let said = stand
        .run("caller", &["pair", "--as", OFFICE], &ticket)
        .await;
    assert_eq!(said.code, 255, "{}", said.err);
    let machine = stand.home("caller").book().read().expect("it is good");
    assert_eq!(machine.find(OFFICE).map(|it| it.key), Some(before));
    assert!(other.logged("line opened").is_empty(), "nobody came in");
}

#[tokio::test]
async fn a_caller_with_another_key_than_before_is_nobody() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["echo", "exec"]);
    std::fs::remove_file(stand.home("caller").key_file()).expect("it had a key");
    let said = stand.fails("caller", &["ping", OFFICE], "").await;
    assert!(said.contains("landline trust invite"), "{said}");
    assert!(serving.logged("line opened").is_empty());
}

/// A line of the caller in each state that a line can be in, each by what it has sent.
fn states() -> Vec<(&'static str, Vec<u8>)> {
    let exec = |args: &str, count: u32| {
        let asked = json!({"service": "exec", "args": count, "window": 1000, "stdin": true});
        let end = frame(Kind::End.number(), br#"{"stream":"args"}"#);
        let args = frame(Kind::Args.number(), args.as_bytes());
        [call(&asked), args, end].concat()
    };
    let half = json!({"service": "exec", "args": 2, "window": 0});
    vec![
        ("idle", Vec::new()),
        ("inside a frame", vec![Kind::Call.number(), 0, 0]),
        (
            "inside the words",
            [call(&half), frame(Kind::Args.number(), b"sleep\0")].concat(),
        ),
        ("in a call that is told nothing", exec("sleep\x0060\0", 2)),
        ("in a call that is full", exec("yes\0", 1)),
        ("in echo", call(&json!({"service": "echo", "window": 100}))),
    ]
}

#[tokio::test]
async fn revoking_ends_every_line_of_the_key_in_whatever_state_it_is() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["echo", "exec"]);
    let opponent = Opponent::of(&stand.identity("caller"));
    let mut lines = Vec::new();
    for (state, bytes) in states() {
        let (mut line, greeting) = opponent.greet(&serving.address).await;
        assert_eq!(greeting["known"], true);
        assert!(line.send(&bytes).await);
        lines.push((state, line));
    }
    // One that has not said HELLO yet: what it becomes is asked when it does.
    let mut late = opponent.dial(&serving.address).await.expect("it may");
    crate::stand::until(|| (serving.children().len() == 2).then_some(())).await;
    stand.revoke(stand.key("caller"));
    for (state, line) in &mut lines {
        let code = soon(line.error()).await;
        assert_eq!(code.as_deref(), Some("unknown-peer"), "{state}");
        soon(line.ended()).await;
    }
    assert!(late.send(&hello()).await);
    assert_eq!(late.expect(Kind::Hello).await["known"], false);
    soon(serving.without_children()).await;
}
