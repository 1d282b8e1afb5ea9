//! Somebody in the middle: with keys of their own, during pairing and after, and one who only passes
//! bytes on, and changes some.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use landline::line::{Acceptor, SecureStream, Stream};
use landline::trust::Ticket;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stand::{
    Heard, OFFICE, Opponent, Recorder, Relay, Side, Stand, credentials, holds, soon, spki,
};

/// Stands between: ends the client's TLS with a key of its own, has a line to the real server with the
/// same key, and passes on what each says in the clear.
fn mallory(stand: &Stand, server: &str) -> (Recorder, Heard) {
    let heard = Heard::default();
    let identity = stand.identity("mallory");
    let acceptor = Acceptor::new(&credentials(&identity)).expect("an Ed25519 key");
    let (kept, server) = (heard.clone(), server.to_owned());
    let recorder = Recorder::new(move |near: Stream| {
        let (acceptor, kept, server) = (acceptor.clone(), kept.clone(), server.clone());
        let opponent = Opponent::of(&identity);
        async move {
            let far = opponent.dial(&server).await.expect("it takes any key").0;
            if let Ok(near) = acceptor.accept(near).await {
                pass_on(near, far, &kept).await;
            }
        }
    });
    (recorder, heard)
}

async fn pass_on(mut near: SecureStream, mut far: SecureStream, heard: &Heard) {
    let (mut there, mut back) = (Vec::with_capacity(4096), Vec::with_capacity(4096));
    loop {
        tokio::select! {
            Ok(1..) = near.reader.read_buf(&mut there) => {
                heard.add(&there);
                if far.writer.write_all(&there).await.is_err() || far.writer.flush().await.is_err() {
                    return;
                }
                there.clear();
            }
            Ok(1..) = far.reader.read_buf(&mut back) => {
                if near.writer.write_all(&back).await.is_err() || near.writer.flush().await.is_err() {
                    return;
                }
                back.clear();
            }
            else => return,
        }
    }
}

#[tokio::test]
async fn who_pairs_through_another_key_tells_it_nothing_and_keeps_the_ticket() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    let ticket = stand.ticket(&["--grant", "exec"]).await;
    let (between, heard) = mallory(&stand, &serving.address);
    let said = stand
        .fails("caller", &["pair", &between.address], &ticket)
        .await;
    let (found, expected) = (stand.key("mallory"), stand.key("server"));
    assert!(said.contains(&found.to_string()), "{said}");
    assert!(said.contains(&expected.to_string()), "{said}");
    assert_eq!(heard.all(), b"", "not a byte in the clear");
    let book = stand.home("caller").book().read().expect("it is good");
    assert_eq!(book.machines().count(), 0);
    stand.well("caller", &["pair"], &ticket).await;
}

#[tokio::test]
async fn a_paired_machine_is_not_talked_to_through_another_key() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    // Whoever stands between is somebody whom the server knows, too.
    stand.grant("mallory", stand.key("mallory"), &["echo"]);
    let (between, heard) = mallory(&stand, &serving.address);
    let port = between.address.rsplit(':').next().expect("a port");
    for words in [
        ["ping", &format!("{OFFICE}:{port}")],
        ["status", &between.address],
    ] {
        let said = stand.run("caller", &words, "").await;
        assert_eq!((said.code, &said.out[..]), (255, &b""[..]), "{words:?}");
        assert!(
            said.err.contains(&stand.key("mallory").to_string()),
            "{}",
            said.err
        );
    }
    assert_eq!(heard.all(), b"", "not a byte in the clear");
}

#[tokio::test]
async fn who_only_listens_learns_neither_keys_nor_tickets_nor_words() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    let relay = Relay::to(&serving.address, |_, _, _| {});
    let text = stand.ticket(&["--address", &relay.recorder.address]).await;
    let ticket: Ticket = text.trim().parse().expect("it is");
    stand.well("caller", &["pair", "--as", OFFICE], &text).await;
    stand.well("caller", &["ping", OFFICE], "").await;
    let heard = relay.heard.all();
    assert!(heard.len() > 3000, "both lines went through it");
    let (caller, server) = (stand.identity("caller"), stand.identity("server"));
    let secrets: [Vec<u8>; 7] = [
        b"pair".into(),
        b"known".into(),
        b"software".into(),
        ticket.id.to_string().into(),
        caller.peer_id().as_bytes().into(),
        spki(&caller)[12..].into(),
        spki(&server)[12..].into(),
    ];
    for secret in secrets {
        assert!(!holds(&heard, &secret), "{}", secret.escape_ascii());
    }
}

#[tokio::test]
async fn one_changed_byte_ends_the_line_wherever_it_was() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    for (side, at) in [
        (Side::Client, 20),
        (Side::Client, 1600),
        (Side::Client, 2400),
        (Side::Server, 60),
        (Side::Server, 1300),
        (Side::Server, 1900),
        (Side::Server, 2100),
    ] {
        let relay = Relay::to(&serving.address, move |from, before, piece| {
            if from == side && (before..before + piece.len()).contains(&at) {
                piece[at - before] ^= 1;
            }
        });
        let address = &relay.recorder.address;
        let words = ["ping", address, "--count", "100"];
        let said = soon(stand.run("caller", &words, "")).await;
        assert_eq!((said.code, &said.out[..]), (255, &b""[..]), "{side:?} {at}");
        crate::stand::sentence(&said.err);
    }
    stand.check_served().await;
}

#[tokio::test]
async fn a_line_cut_between_two_answers_is_no_clean_end() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["echo"]);
    // From some byte on nothing passes, and the sockets are closed as if all were well.
    let cut = Arc::new(AtomicBool::new(false));
    let cuts = cut.clone();
    let relay = Relay::to(&serving.address, move |from, before, piece| {
        if from == Side::Server && before + piece.len() > 2500 {
            piece.clear();
            cuts.store(true, Ordering::Relaxed);
        }
    });
    let address = relay.recorder.address.clone();
    let words = ["ping", &address, "--count", "1000"];
    let pinging = stand.run("caller", &words, "");
    let cutting = async {
        crate::stand::until(|| cut.load(Ordering::Relaxed).then_some(())).await;
        drop(relay);
    };
    let (said, ()) = soon(async { tokio::join!(pinging, cutting) }).await;
    assert_eq!((said.code, &said.out[..]), (255, &b""[..]), "{}", said.err);
    crate::stand::sentence(&said.err);
}
