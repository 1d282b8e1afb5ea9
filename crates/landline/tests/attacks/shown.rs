//! What peers say and people read: control and bidi characters of a peer never reach a terminal, in
//! sentences, lists, logs and objects alike.

use landline::frame::landline1::Kind;
use landline::trust::{Ticket, proof_of_client, proof_of_server};
use serde_json::{Value, json};

use crate::stand::{
    Line, OFFICE, Opponent, Recorder, Stand, call, check_shown, credentials, frame, soon, until,
};

/// Clears the screen, sets a title, begins a CSI in one character, turns the line around, breaks it.
const HOSTILE: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}txt.exe\u{2066}\r\nlandline: all is well";

fn control(kind: Kind, value: &Value) -> Vec<u8> {
    frame(kind.number(), value.to_string().as_bytes())
}

/// A server with the right key that greets so, and then says `answer` to whatever is asked.
fn fake(stand: &Stand, known: bool, answer: Vec<u8>) -> Recorder {
    let hello = json!({"version": 1, "software": HOSTILE, "known": known});
    let hello = control(Kind::Hello, &hello);
    let identity = credentials(&stand.identity("server"));
    let fake = Recorder::secure(&identity, move |stream| {
        let (hello, answer) = (hello.clone(), answer.clone());
        async move {
            let mut line = Line(stream);
            line.frame().await;
            line.send(&hello).await;
            while let Some((kind, _)) = line.frame().await {
                if kind != Kind::Args.number() {
                    line.send(&answer).await;
                    break;
                }
            }
            line.close().await;
        }
    });
    stand.know("caller", stand.key("server"), &fake.address);
    fake
}

/// Runs landline against such a server, as text and as objects, and checks all that it shows.
async fn check(stand: &Stand, answer: &Value, kind: Kind, words: &[&str]) {
    let fake = fake(stand, true, control(kind, answer));
    for json in [false, true] {
        let mut words: Vec<&str> = words.to_vec();
        words.insert(1, &fake.address);
        if json {
            words.insert(2, "--json");
        }
        let ran = soon(stand.run("caller", &words, "")).await;
        let (out, err) = (String::from_utf8(ran.out).expect("it is text"), ran.err);
        check_shown(&err);
        check_shown(&out);
        let said = if err.is_empty() { &out } else { &err };
        assert!(said.contains("txt.exe"), "{words:?}: {out} {err}");
        for line in out.lines().chain(err.lines()).filter(|_| json) {
            let object: Value = serde_json::from_str(line).expect("a line is an object");
            assert_eq!(object["v"], 1);
        }
        assert!(!err.contains("\nlandline: all is well"), "{err}");
    }
}

#[tokio::test]
async fn what_a_server_says_of_itself() {
    let stand = Stand::new();
    let status = json!({"software": HOSTILE, "uptime_s": 1, "peers": 1, "lines": 1, "calls": 1,
        "calls_total": 1});
    check(&stand, &status, Kind::Reply, &["status"]).await;
}

#[tokio::test]
async fn why_a_server_fails() {
    let stand = Stand::new();
    for code in ["internal", "not-granted", "env-refused", HOSTILE] {
        let error = json!({"code": code, "message": HOSTILE});
        for words in [&["ping"][..], &["status"], &["exec", "--", "true"]] {
            let fake = fake(&stand, true, control(Kind::Error, &error));
            for json in [&[][..], &["--json"]] {
                let all = [&words[..1], &[&fake.address], json, &words[1..]].concat();
                let ran = soon(stand.run("caller", &all, "")).await;
                assert_eq!(ran.code, 255, "{all:?}: {}", ran.err);
                check_shown(&ran.err);
                check_shown(&String::from_utf8(ran.out).expect("it is text"));
            }
        }
    }
}

#[tokio::test]
async fn what_a_server_grants_and_calls_itself_when_pairing() {
    let stand = Stand::new();
    let own = stand.identity("server").peer_id();
    let identity = credentials(&stand.identity("server"));
    // The fake has the key, and the ticket too: it is the very machine, gone bad.
    let client = stand.key("caller");
    let (tell, told) = tokio::sync::watch::channel(None::<Ticket>);
    let fake = Recorder::secure(&identity, move |stream| {
        let ticket: Ticket = told.borrow().clone().expect("it is told before");
        async move {
            let mut line = Line(stream);
            line.frame().await;
            let hello = json!({"version": 1, "software": HOSTILE, "known": false});
            line.send(&control(Kind::Hello, &hello)).await;
            line.frame().await;
            let proof = proof_of_server(&ticket.secret, &client, &own).to_string();
            let reply = json!({"name": HOSTILE, "granted": [HOSTILE], "proof": proof});
            line.send(&control(Kind::Reply, &reply)).await;
            line.close().await;
        }
    });
    for json in [&[][..], &["--json"]] {
        let text = stand.ticket(&["--address", &fake.address]).await;
        tell.send_replace(Some(text.trim().parse().expect("it is")));
        let words = [&["pair"], json].concat();
        let paired = soon(stand.run("caller", &words, &text)).await;
        assert_eq!(paired.code, 0, "{}", paired.err);
        check_shown(&paired.err);
    }
    for json in [&[][..], &["--json"]] {
        let listed = stand
            .well("caller", &[&["trust", "list"], json].concat(), "")
            .await;
        check_shown(&listed);
        assert!(
            !listed.contains("all is well"),
            "a name has no spaces: {listed}"
        );
    }
}

#[tokio::test]
async fn what_clients_say_in_the_log_of_a_server() {
    let stand = Stand::new();
    for words in [&["--allow-exec"][..], &["--allow-exec", "--json"]] {
        let command = [&["serve", "-vv", "--listen", "127.0.0.1:0"], words].concat();
        let process = crate::stand::Process::start(stand.landline("server", &command));
        let listening = process.says("listening");
        let address = listening
            .split(['"', ' '])
            .find(|it| it.starts_with("127.0.0.1:"));
        let address = address.expect("it says where").to_owned();
        let ticket: Ticket = stand
            .ticket(&["--address", &address])
            .await
            .trim()
            .parse()
            .expect("it");
        let (client, server) = (stand.key("guest"), stand.key("server"));
        let proof = proof_of_client(&ticket.secret, &client, &server).to_string();
        let pair = json!({"service": "pair", "ticket": ticket.id.to_string(), "proof": proof,
            "name": HOSTILE});
        let guest = Opponent::of(&stand.identity("guest"));
        let hello = json!({"version": 1, "software": HOSTILE});
        let error = json!({"code": HOSTILE, "message": HOSTILE});
        for bytes in [
            [control(Kind::Hello, &hello), call(&pair)].concat(),
            control(Kind::Error, &error),
            [control(Kind::Hello, &hello), control(Kind::Error, &error)].concat(),
            control(
                Kind::Hello,
                &json!({"version": 1, "software": HOSTILE, HOSTILE: 1, "version ": 2}),
            ),
            frame(
                Kind::Hello.number(),
                format!("{{\"{0}\":1,\"{0}\":2}}", "x\u{9b}\u{202e}").as_bytes(),
            ),
        ] {
            let mut line = guest.dial(&address).await.expect("any key may");
            line.send(&bytes).await;
            soon(line.close()).await;
        }
        until(|| (process.said().matches("refused").count() >= 2).then_some(())).await;
        stand.revoke(client);
        let said = process.said();
        check_shown(&said);
        assert!(said.contains("paired"), "{said}");
        assert!(
            stand
                .home("caller")
                .book()
                .read()
                .expect("it")
                .find(OFFICE)
                .is_none()
        );
    }
}
