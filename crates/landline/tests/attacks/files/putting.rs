//! A server that lies to a client which puts: the client takes no lie for a delivery, and says so in one
//! sentence.

use landline::frame::landline1::Kind;
use serde_json::json;

use super::fake::{Step, fake, say};
use super::ground::{Ground, changed};
use super::words::{begin, control, data, data_head, end, end_of, file, folder, hole, reply, want};
use crate::stand::{sentence, soon};

/// A REPLY with credit for all, the ENTRY heard.
fn begun() -> Vec<Step> {
    vec![say([reply(1 << 20)]), Step::Hear(Kind::Entry)]
}

/// The file wanted and taken to its end.
fn taken<const N: usize>(rest: [Vec<u8>; N]) -> Vec<Step> {
    let wanted = [say([want(0)]), Step::Hear(Kind::End), say(rest)];
    [begun(), wanted.to_vec()].concat()
}

fn done(input: u64) -> Vec<u8> {
    control(Kind::Done, &json!({"out": 0, "err": 0, "in": input}))
}

/// That `put` of `brought`, of five bytes, to such a server fails with one sentence with `says` in it.
async fn check(row: &str, steps: Vec<Step>, says: &str) {
    let ground = Ground::new();
    ground.write("brought", "hello");
    let before = ground.seen();
    let fake = fake(&ground.stand, steps);
    let words = ["put", &fake.address, "brought", "-q"];
    let ran = soon(ground.stand.run("caller", &words, "")).await;
    assert_eq!(
        (ran.code, &ran.out[..]),
        (255, &b""[..]),
        "{row}: {}",
        ran.err
    );
    let said = sentence(&ran.err);
    let notes = said
        .lines()
        .filter(|line| line.contains("what is whole stands"))
        .count();
    assert_eq!(said.lines().count() - notes, 1, "{row}: {said}");
    assert!(said.contains(says), "{row}: {said}");
    assert!(changed(&before, &ground.seen()).is_empty(), "{row}");
}

#[tokio::test]
async fn an_answer_that_is_none_ends_the_line() {
    let value = || "0".repeat(64);
    let resume = |groups: u64, values: Vec<String>| {
        control(
            Kind::Have,
            &json!({"through": 0, "groups": groups, "values": values}),
        )
    };
    for (row, word) in [
        ("of what is not announced", want(1)),
        ("twice", [want(0), want(0)].concat()),
        ("more than there is", resume(1, vec![value()])),
        ("no groups", resume(0, vec![])),
        ("far more", resume(u64::MAX, vec![value(); 64])),
        ("a file of its own", file("owned", 5)),
        ("a folder of its own", folder("owned")),
        ("DATA", data(b"owned")),
        ("a head of DATA", data_head(1 << 20)),
        ("a hole", hole(4096)),
        ("a word of senders", begin(0, 0)),
        ("END before it is wanted", end(0, b"hello")),
        (
            "END before it has come",
            [want(0), end(0, b"hello")].concat(),
        ),
        ("END of its stream", end_of("out")),
        ("END of ours", end_of("in")),
        ("DONE", done(0)),
    ] {
        let steps = [begun(), vec![Step::Say(word)]].concat();
        check(row, steps, "broke the protocol").await;
    }
}

#[tokio::test]
async fn what_is_not_delivered_is_not_told_to_be() {
    let full = json!({"entry": 0, "code": "disk-full", "message": "no room"});
    let full = control(Kind::End, &full);
    let refused = json!({"through": 0, "code": "exists", "message": "it stands there"});
    let refused = control(Kind::Have, &refused);
    let finish = || [end_of("out"), done(5)].concat();
    for (row, steps, says) in [
        (
            "another digest",
            taken([end(0, b"hellO"), finish()]),
            "the receiver placed what was not sent",
        ),
        ("no word of it", taken([finish()]), "broke the protocol"),
        (
            "an end of another",
            taken([end(1, b"hello"), finish()]),
            "broke the protocol",
        ),
        (
            "fewer bytes",
            taken([end(0, b"hello"), end_of("out"), done(4)]),
            "broke the protocol",
        ),
        (
            "more bytes",
            taken([end(0, b"hello"), end_of("out"), done(6)]),
            "broke the protocol",
        ),
        ("a full disk", taken([full, finish()]), "does not fit"),
        (
            "hangs up",
            taken([end(0, b"hello")]),
            "ended while the call runs",
        ),
        (
            "refused",
            [
                begun(),
                vec![
                    say([refused]),
                    Step::Hear(Kind::End),
                    say([end_of("out"), done(0)]),
                ],
            ]
            .concat(),
            "stands there already",
        ),
    ] {
        check(row, steps, says).await;
    }
}
