//! A server that says one thing of a file and sends another, or breaks off: `get` places nothing that
//! is not whole, and leaves nothing of it.

use std::path::PathBuf;

use landline::frame::landline1::Kind;
use serde_json::json;

use super::fake::{Step, fake, say};
use super::ground::{Ground, changed};
use super::words::{
    HUGE, begin, control, data, done, end, end_of, entry, file, hole, reply, whole,
};
use crate::stand::{frame, sentence, soon};

/// What is said once the file is wanted.
struct Row {
    name: &'static str,
    size: u64,
    rest: Vec<u8>,
    says: &'static str,
}

fn row<const N: usize>(
    name: &'static str,
    size: u64,
    rest: [Vec<u8>; N],
    says: &'static str,
) -> Row {
    let rest = rest.concat();
    Row {
        name,
        size,
        rest,
        says,
    }
}

/// That `get` of a server which follows `steps` fails with one sentence with `says` in it, and that
/// only `comes` changes.
async fn check_steps(ground: &Ground, name: &str, steps: Vec<Step>, says: &str, comes: &[&str]) {
    let before = ground.seen();
    let fake = fake(&ground.stand, steps);
    let said = ground.get_fails(name, &fake).await;
    assert!(
        said.len() == 1 && said[0].contains(says),
        "{name}: {said:?}"
    );
    let expected: Vec<PathBuf> = comes.iter().map(Into::into).collect();
    assert_eq!(
        changed(&before, &ground.seen()),
        expected,
        "{name}: {said:?}"
    );
}

async fn check(rows: Vec<Row>) {
    let ground = Ground::new();
    for row in rows {
        let announced = say([reply(0), file("asked", row.size)]);
        let steps = vec![announced, Step::Hear(Kind::Have), Step::Say(row.rest)];
        check_steps(&ground, row.name, steps, row.says, &[]).await;
    }
}

#[tokio::test]
async fn a_size_that_lies() {
    let hello = b"hello";
    check(vec![
        row("short", 6, [whole(hello)], "1 bytes of it have not come"),
        row("long", 4, [whole(hello)], "exceed the size"),
        row(
            "longer in two",
            4,
            [data(b"hell"), data(b"o"), end(0, hello)],
            "of which 0 are to come",
        ),
        row("a hole beyond", 4096, [hole(4097)], "exceed the size"),
        row("all of it a hole", 5, [hole(u64::MAX)], "HOLE"),
        row("a short hole", 9000, [hole(4095)], "is shorter than"),
        row(
            "no content",
            5,
            [end(0, hello), end_of("out"), done(0)],
            "5 bytes of it have not come",
        ),
    ])
    .await;
}

#[tokio::test]
async fn words_out_of_order() {
    let five = |name, rest: Vec<u8>, says| row(name, 5, [rest], says);
    let confirmed = json!({"through": 0});
    check(vec![
        five("END of another", end(1, b""), "entry 1"),
        five("END of the stream", end_of("out"), "open"),
        five("END of another stream", end_of("in"), "\"in\""),
        five("END of a stream that is none", end_of("err"), "err"),
        five("DONE at once", done(0), "DONE"),
        five(
            "a file begins that was not offered",
            begin(0, 1),
            "or in vain",
        ),
        five("another begins", begin(1, 0), "entry 1"),
        five("an answer", control(Kind::Have, &confirmed), "HAVE"),
        five("REPLY again", reply(0), "REPLY"),
        five(
            "CALL",
            control(Kind::Call, &json!({"service": "status"})),
            "CALL",
        ),
        five(
            "DATA2",
            frame(Kind::Data2.number(), b"hello"),
            "no stream \"err\"",
        ),
        five("an empty DATA", data(b""), "DATA"),
        five(
            "credit for what is not sent",
            control(Kind::Credit, &json!({"stream": "out", "bytes": 1})),
            "out",
        ),
        five("a frame of no kind", frame(0xbf, b""), "kind"),
    ])
    .await;
}

#[tokio::test]
async fn content_that_is_not_what_it_is_said_to_be() {
    let changes = json!({"entry": 0, "code": "source-changed", "message": "it grew"});
    check(vec![
        row(
            "another digest",
            5,
            [data(b"hello"), end(0, b"hellO"), end_of("out"), done(5)],
            "not what was sent",
        ),
        row(
            "a digest of nothing",
            5,
            [hole(5), end(0, b""), end_of("out"), done(0)],
            "not what was sent",
        ),
        row(
            "given up",
            5,
            [
                data(b"hel"),
                control(Kind::End, &changes),
                end_of("out"),
                done(3),
            ],
            "changed while it was sent",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_comes_before_it_is_due_or_beyond_what_may() {
    let ground = Ground::new();
    let many: Vec<Vec<u8>> = (0..513).map(|at| file(&format!("asked/{at}"), 5)).collect();
    let many = [entry("asked", "folder", &json!({})), many.concat()].concat();
    let early = say([reply(0), file("asked", 5), whole(b"hello")]);
    check_steps(&ground, "DATA before HAVE", vec![early], "due", &[]).await;
    let large = entry("asked", "file", &json!({"size": HUGE, "stored": 0}));
    let beyond = vec![
        say([reply(0), large]),
        Step::Hear(Kind::Have),
        // While so many zeros are hashed nothing is taken, and no credit comes.
        say([hole(HUGE / 2)]),
        Step::SendBeyond,
    ];
    check_steps(&ground, "DATA beyond credit", beyond, "credit", &[]).await;
    let flood = vec![say([reply(0), many])];
    check_steps(&ground, "many open", flood, "512", &["here/asked"]).await;
}

#[tokio::test]
async fn sizes_that_nothing_can_have() {
    let ground = Ground::new();
    for (size, says) in [(1 << 63, "\"size\""), (u64::MAX, "\"size\"")] {
        let steps = vec![say([reply(0), file("asked", size)])];
        check_steps(&ground, "a size", steps, says, &[]).await;
    }
    let largest = u64::MAX >> 1;
    for more in [
        json!({"size": largest}),
        json!({"size": largest, "stored": largest}),
    ] {
        let announced = say([reply(0), entry("asked", "file", &more)]);
        let rest = say([end_of("out"), done(0)]);
        let steps = vec![announced, Step::Hear(Kind::Have), rest];
        check_steps(&ground, "the largest", steps, "does not fit", &[]).await;
    }
}

#[tokio::test]
async fn a_reply_or_an_end_that_is_wrong() {
    let ground = Ground::new();
    let say_reply = |value| say([control(Kind::Reply, &value)]);
    for (name, steps, says) in [
        ("no digest", say_reply(json!({"window": 0})), "digest"),
        (
            "sha256",
            say_reply(json!({"window": 0, "digest": "sha256"})),
            "digest",
        ),
        (
            "md5",
            say_reply(json!({"window": 0, "digest": "md5"})),
            "digest",
        ),
        ("DONE first", say([done(0)]), "DONE"),
        ("ENTRY first", say([file("asked", 5)]), "ENTRY"),
    ] {
        check_steps(&ground, name, vec![steps], says, &[]).await;
    }
    let failure = json!({"code": "internal", "message": "it\u{1b}[2J fell\nover"});
    let failed = say([data(b"hel"), control(Kind::Error, &failure)]);
    for (name, rest, says) in [
        ("hangs up", say([data(b"hel")]), "ended while the call runs"),
        ("cuts", Step::Cut, "hung up"),
        ("fails", failed, "fell"),
    ] {
        let announced = say([reply(0), file("asked", 5)]);
        let steps = vec![announced, Step::Hear(Kind::Have), rest];
        check_steps(&ground, name, steps, says, &[]).await;
    }
}

/// Everything came before the counts: it is whole, and stands; that the server lies is told.
#[tokio::test]
async fn counts_that_differ() {
    for out in [4, 6, u64::MAX] {
        let ground = Ground::new();
        let announced = say([reply(0), file("asked", 5)]);
        let rest = say([data(b"hello"), end(0, b"hello"), end_of("out"), done(out)]);
        let steps = vec![announced, Step::Hear(Kind::Have), rest];
        check_steps(&ground, "DONE", steps, "bytes", &["here/asked"]).await;
    }
}

/// With --force too, what stands there stays until the new one is whole; and to a stream nothing is
/// said to be well that is not.
#[tokio::test]
async fn nothing_is_replaced_by_what_is_not_whole() {
    let ground = Ground::new();
    ground.write("here/asked", "old");
    let before = ground.seen();
    for (row, rest, says) in [
        ("cut", vec![say([data(b"hel")]), Step::Cut], "hung up"),
        ("short", vec![say([whole(b"hell")])], "have not come"),
        (
            "another digest",
            vec![say([
                data(b"hello"),
                end(0, b"hellO"),
                end_of("out"),
                done(5),
            ])],
            "not what was sent",
        ),
    ] {
        let announced = say([reply(0), file("asked", 5)]);
        let steps = [vec![announced, Step::Hear(Kind::Have)], rest].concat();
        let fake = fake(&ground.stand, steps);
        for to in ["here", "-"] {
            let words = ["get", &fake.address, "asked", "--force", "-q", "--to", to];
            let ran = soon(ground.stand.run("caller", &words, "")).await;
            assert_eq!(ran.code, 255, "{row} {to}: {}", ran.err);
            assert!(sentence(&ran.err).contains(says), "{row} {to}: {}", ran.err);
            assert!(changed(&before, &ground.seen()).is_empty(), "{row} {to}");
        }
    }
}
