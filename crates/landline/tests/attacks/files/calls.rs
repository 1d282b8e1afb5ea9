//! A key that calls for files again and again at once: it gets so many calls and no more, and others
//! get theirs.

use landline::FILES_CALLS_MAX;
use landline::frame::landline1::Kind;

use super::ground::Ground;
use super::words::{get, put, want};
use crate::stand::{Line, soon};

/// Calls and waits for the server's word: its code, or none when it takes the call.
async fn called(line: &mut Line, call: &[u8]) -> Option<String> {
    line.send(call).await;
    let (kind, payload) = soon(line.frame()).await.expect("it answers");
    let value: serde_json::Value = serde_json::from_slice(&payload).expect("an object");
    let is_taken = kind == Kind::Reply.number();
    (!is_taken).then(|| value["code"].to_string())
}

#[tokio::test]
async fn one_key_gets_so_many_and_no_more() {
    let ground = Ground::new();
    let serving = ground.serve("rw");
    let right = format!("files:rw:{}", ground.path("here").display());
    let other = ground.stand.key("other");
    ground.stand.grant("other", other, &["echo", &right]);
    let calls = [get(&["kept"], 0), put("", false)];
    let mut lines = Vec::new();
    for number in 0..FILES_CALLS_MAX {
        let mut line = ground.line("caller", &serving).await;
        let call = &calls[number as usize % 2];
        assert_eq!(called(&mut line, call).await, None, "{number}");
        lines.push(line);
    }
    let mut more = ground.line("caller", &serving).await;
    for call in &calls {
        // The line takes the next call, and it is a word about this moment.
        assert_eq!(called(&mut more, call).await.as_deref(), Some("\"busy\""));
    }
    let mut of_another = ground.line("other", &serving).await;
    assert_eq!(called(&mut of_another, &calls[0]).await, None);
    of_another.expect(Kind::Entry).await;
    of_another.send(&want(0)).await;
    ground.stand.check_served().await;
    // One that hangs up makes room.
    lines.pop();
    let taken = async { while called(&mut more, &calls[0]).await.is_some() {} };
    soon(taken).await;
}
