//! Fake servers: what a client tells them before it knows better, and what they cannot talk it into.

use landline::frame::landline1::Kind;
use landline::trust::Ticket;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stand::{
    Heard, Line, OFFICE, Opponent, Recorder, Stand, credentials, frame, holds, sentence, soon, spki,
};

/// A ticket of the home `server`, which leads to `address`.
async fn ticket_to(stand: &Stand, address: &str) -> (String, Ticket) {
    let text = stand
        .ticket(&["--grant", "exec", "--address", address])
        .await;
    let ticket = text.trim().parse().expect("it is");
    (text, ticket)
}

#[tokio::test]
async fn whoever_is_called_hears_a_greeting_of_tls_that_names_nobody() {
    let stand = Stand::new();
    let heard = Heard::default();
    let kept = heard.clone();
    let fake = Recorder::new(move |mut stream| {
        let kept = kept.clone();
        async move {
            let mut bytes = Vec::with_capacity(4096);
            // One flight, then no answer: it is hung up.
            let _ = stream.reader.read_buf(&mut bytes).await;
            kept.add(&bytes);
        }
    });
    let (text, ticket) = ticket_to(&stand, &fake.address).await;
    sentence(&stand.run("caller", &["pair"], &text).await.err);
    stand.know("caller", stand.key("server"), &fake.address);
    sentence(&stand.run("caller", &["ping", OFFICE], "").await.err);
    let heard = heard.all();
    assert!(holds(&heard, b"landline/1"), "the protocol is named");
    let (caller, server) = (stand.identity("caller"), stand.identity("server"));
    let host = rustix::system::uname().nodename().to_bytes().to_vec();
    let secrets: [Vec<u8>; 7] = [
        spki(&caller)[12..].into(),
        caller.peer_id().as_bytes().into(),
        server.peer_id().as_bytes().into(),
        ticket.id.to_string().into(),
        b"office".into(),
        b"127.0.0.1".into(),
        host,
    ];
    // A short name of a machine may stand anywhere by chance.
    for secret in secrets.iter().filter(|it| it.len() > 3) {
        assert!(!holds(&heard, secret), "{}", secret.escape_ascii());
    }
}

/// What comes of `landline ping` to who says `answer` and hangs up.
async fn ping_who_says(stand: &Stand, answer: &'static [u8]) -> String {
    let fake = Recorder::new(move |mut stream| async move {
        let mut bytes = Vec::with_capacity(4096);
        let _ = stream.reader.read_buf(&mut bytes).await;
        let _ = stream.writer.write_all(answer).await;
    });
    stand.know("caller", stand.key("server"), &fake.address);
    soon(stand.fails("caller", &["ping", &fake.address], "")).await
}

#[tokio::test]
async fn what_is_no_tls_is_named_and_is_no_landline() {
    let stand = Stand::new();
    for (answer, says) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "TLS"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "TLS 1.3"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "HandshakeFailure"),
        (b"", ""),
    ] {
        let said = ping_who_says(&stand, answer).await;
        assert!(said.contains(says), "{}: {said}", answer.escape_ascii());
    }
}

/// A server with the right key, which has no ticket of the other's, and answers with a proof that it
/// makes up.
#[tokio::test]
async fn who_has_the_key_but_not_the_ticket_is_told_no_secret_and_is_not_paired() {
    let stand = Stand::new();
    let heard = Heard::default();
    let kept = heard.clone();
    let identity = credentials(&stand.identity("server"));
    let fake = Recorder::secure(&identity, move |stream| {
        let kept = kept.clone();
        async move {
            let mut line = Line(stream);
            for answer in [
                json!({"version": 1, "software": "fake", "known": false}),
                json!({"name": "fake", "granted": ["exec"], "proof": "0".repeat(64)}),
            ] {
                let (kind, payload) = line.frame().await.expect("it speaks first");
                kept.add(&payload);
                let answers = match kind == Kind::Hello.number() {
                    true => Kind::Hello,
                    false => Kind::Reply,
                };
                line.send(&frame(answers.number(), answer.to_string().as_bytes()))
                    .await;
            }
            line.close().await;
        }
    });
    let (text, ticket) = ticket_to(&stand, &fake.address).await;
    let said = stand.fails("caller", &["pair"], &text).await;
    assert!(said.contains("prove"), "{said}");
    let book = stand.home("caller").book().read().expect("it is good");
    assert_eq!(book.machines().count(), 0);
    // The secret stands in the file of invites, in hexadecimal digits.
    let invites = stand.home("server").state_folder().join("invites.toml");
    let invites = std::fs::read_to_string(invites).expect("it is there");
    let secret = invites.split('"').find(|part| part.len() == 32);
    let secret = secret.expect("a secret has 32 digits");
    let raw: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&secret[2 * at..][..2], 16).expect("digits"))
        .collect();
    let heard = heard.all();
    assert!(
        holds(&heard, ticket.id.to_string().as_bytes()),
        "the call came"
    );
    for secret in [secret.as_bytes(), &raw, text.trim().as_bytes()] {
        assert!(!holds(&heard, secret));
    }
}

#[tokio::test]
async fn a_fake_with_a_key_of_its_own_hears_nothing_even_if_the_server_knows_it() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["exec"]);
    let heard = Heard::default();
    let kept = heard.clone();
    let fake = Recorder::secure(&credentials(&stand.identity("fake")), move |stream| {
        let kept = kept.clone();
        async move { kept.add(&Line(stream).rest().await) }
    });
    let port = fake.address.rsplit(':').next().expect("a port");
    for host in [format!("{OFFICE}:{port}"), fake.address.clone()] {
        let said = stand.fails("caller", &["ping", &host], "").await;
        assert!(said.contains(&stand.key("fake").to_string()), "{said}");
    }
    // And it is not the client that keeps it from speaking.
    let mut line = Opponent::stranger().dial(&fake.address).await.expect("it");
    line.send(b"heard").await;
    soon(line.close()).await;
    assert_eq!(heard.all(), b"heard");
}

/// What a server with the right key may say to a client that is known, and what comes of it.
#[tokio::test]
async fn a_server_that_breaks_the_protocol_is_hung_up_on_with_a_sentence() {
    let stand = Stand::new();
    let identity = credentials(&stand.identity("server"));
    let hello = |known: bool| {
        let hello = json!({"version": 1, "software": "fake", "known": known}).to_string();
        frame(Kind::Hello.number(), hello.as_bytes())
    };
    let greeted = |more: &[u8]| [&hello(true), more].concat();
    let other_version = br#"{"version":2,"software":"x","known":true}"#;
    let attacks: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0; 100],
        vec![Kind::Hello.number(), 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
        frame(Kind::Hello.number(), other_version),
        frame(Kind::Pong.number(), b"{}"),
        greeted(b""),
        greeted(&frame(Kind::Data.number(), b"data")),
        greeted(&frame(Kind::Done.number(), br#"{"exit":0,"out":0}"#)),
        greeted(&frame(Kind::Reply.number(), br#"{"window":1}"#)),
        greeted(&frame(0xbf, b"")),
        greeted(&[Kind::Pong.number(), 0, 0, 1, 0, 0, 0, 0]),
        greeted(&hello(true)),
    ];
    for attack in attacks {
        let bytes = attack.clone();
        let fake = Recorder::secure(&identity, move |stream| {
            let bytes = bytes.clone();
            async move {
                let mut line = Line(stream);
                line.frame().await;
                line.send(&bytes).await;
                line.close().await;
            }
        });
        stand.know("caller", stand.key("server"), &fake.address);
        let said = soon(stand.fails("caller", &["ping", &fake.address], "")).await;
        assert!(!said.contains("{"), "{}: {said}", attack.escape_ascii());
    }
}
