//! A client that brings what it may not, in a put by hand: the server ends the line with the code that
//! PROTOCOL.md names, or refuses the one file, and nothing changes but what may.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::fake::{Followed, Step, follow, say};
use super::ground::{Ground, changed};
use super::words::{
    HUGE, begin, control, data, data_head, end, end_of, entry, file, folder, hole, put, reply, want,
};
use crate::stand::{Line, Serving, frame, soon};

/// Puts by these steps; gives the first code that the server says, of a file or of the line, if any
/// before its stream ends.
async fn put_by(line: &mut Line, call: Vec<u8>, steps: &[Step]) -> Option<String> {
    line.send(&call).await;
    match follow(line, 0, steps).await {
        Followed::Refused(code) => Some(code),
        Followed::Through | Followed::Cut => first_code(line).await,
    }
}

/// The first code that comes.
async fn first_code(line: &mut Line) -> Option<String> {
    while let Some((kind, payload)) = line.frame().await {
        let value: Value = serde_json::from_slice(&payload).ok()?;
        if let Some(code) = value["code"].as_str() {
            return Some(code.to_owned());
        }
        if kind == Kind::End.number() && value["stream"] == "out" {
            return None;
        }
    }
    None
}

/// A file that is wanted, and then `rest`.
fn wanted<const N: usize>(size: u64, rest: [Vec<u8>; N]) -> Vec<Step> {
    let hears = [Kind::Reply, Kind::Have].map(Step::Hear);
    let [reply, have] = hears;
    vec![reply, say([file("new", size)]), have, say(rest)]
}

struct Bench {
    ground: Ground,
    serving: Serving,
}

impl Bench {
    fn new() -> Self {
        let ground = Ground::new();
        let serving = ground.serve("rw");
        Self { ground, serving }
    }

    /// That a put by `steps` is answered by `code`, and that only `comes` changes.
    async fn check(&self, row: &str, steps: &[Step], code: &str, comes: &[&str]) {
        let before = self.ground.seen();
        let mut line = self.ground.line("caller", &self.serving).await;
        let found = soon(put_by(&mut line, put("", false), steps)).await;
        assert_eq!(found.as_deref(), Some(code), "{row}");
        soon(line.close()).await;
        let expected: Vec<PathBuf> = comes.iter().map(Into::into).collect();
        assert_eq!(changed(&before, &self.ground.seen()), expected, "{row}");
    }
}

#[tokio::test]
async fn what_breaks_the_protocol_ends_the_line() {
    let bench = Bench::new();
    let five = |row: &'static str, rest: Vec<u8>| (row, wanted(5, [rest]));
    let asked = json!({"service": "status"});
    let large = entry("new", "file", &json!({"size": HUGE, "stored": 0}));
    let [reply_comes, have_comes] = [Kind::Reply, Kind::Have].map(Step::Hear);
    // While so many zeros are hashed nothing is taken, and no credit comes.
    let holds_up = say([hole(HUGE / 2)]);
    let beyond = [
        reply_comes,
        say([large]),
        have_comes,
        holds_up,
        Step::SendBeyond,
    ];
    for (row, steps) in [
        five("short", [data(b"hell"), end(0, b"hell")].concat()),
        five("long", data(b"hello!")),
        five("longer in two", [data(b"hello"), data(b"!")].concat()),
        five("a hole beyond", hole(6)),
        five("END of another", end(1, b"")),
        five("END of the stream", end_of("in")),
        five("END of another stream", end_of("out")),
        five("an answer", want(0)),
        five("begins in vain", begin(0, 1)),
        five("CALL", crate::stand::call(&asked)),
        five("REPLY", reply(0)),
        five("DATA2", frame(Kind::Data2.number(), b"hello")),
        five("an empty DATA", data(b"")),
        five(
            "DONE",
            control(Kind::Done, &json!({"out": 0, "err": 0, "in": 0})),
        ),
        ("beyond credit", beyond.to_vec()),
        (
            "DATA before HAVE",
            vec![
                Step::Hear(Kind::Reply),
                say([file("new", 5), data(b"hello")]),
            ],
        ),
        (
            "a size",
            vec![Step::Hear(Kind::Reply), say([file("new", 1 << 63)])],
        ),
        (
            "stored beyond",
            vec![
                Step::Hear(Kind::Reply),
                say([entry("new", "file", &json!({"size": 5, "stored": 6}))]),
            ],
        ),
    ] {
        bench.check(row, &steps, "protocol", &[]).await;
    }
    let many: Vec<Vec<u8>> = (0..513).map(|at| file(&at.to_string(), 5)).collect();
    let flood = [Step::Hear(Kind::Reply), Step::Say(many.concat())];
    bench.check("many open", &flood, "protocol", &[]).await;
    bench.ground.stand.check_served().await;
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_ends_the_line() {
    let bench = Bench::new();
    let names: [Value; 11] = [
        "../outside/owned".into(),
        "a/../../outside/owned".into(),
        "..".into(),
        "".into(),
        "/tmp/owned".into(),
        "a/".into(),
        "a//b".into(),
        "a/./b".into(),
        "a\0".into(),
        json!({"b64": "YQA="}),
        "x".repeat(5000).into(),
    ];
    for name in names {
        let row = name.to_string();
        let steps = [
            Step::Hear(Kind::Reply),
            say([entry(name, "file", &json!({"size": 5}))]),
        ];
        bench.check(&row, &steps, "protocol", &[]).await;
    }
    let strays = [
        ("no folder", vec![file("d/x", 5)]),
        (
            "a folder that was left",
            vec![folder("d"), file("f", 5), file("d/x", 5)],
        ),
        ("a file as a folder", vec![file("f", 5), file("f/x", 5)]),
    ];
    for (row, entries) in strays {
        let comes: &[&str] = if row.starts_with("a folder") {
            &["here/d"]
        } else {
            &[]
        };
        let steps = [Step::Hear(Kind::Reply), Step::Say(entries.concat())];
        bench.check(row, &steps, "protocol", comes).await;
    }
}

#[tokio::test]
async fn what_stands_there_is_kept() {
    let bench = Bench::new();
    let ground = &bench.ground;
    symlink("../outside", ground.path("here/out")).expect("a free name");
    symlink("../outside/secret", ground.path("here/leak")).expect("a free name");
    ground.write("here/folder/inner", "inner");
    for (row, code, entries) in [
        ("a file", "exists", vec![file("kept", 5)]),
        ("a link", "exists", vec![file("leak", 5)]),
        ("a link to a folder", "exists", vec![file("out", 5)]),
        (
            "a folder through a link",
            "not-replaced",
            vec![folder("out"), file("out/secret", 5)],
        ),
        (
            "a file for a folder",
            "not-replaced",
            vec![file("folder", 5)],
        ),
        (
            "a folder for a file",
            "not-replaced",
            vec![folder("kept"), file("kept/x", 5)],
        ),
    ] {
        let steps = [Step::Hear(Kind::Reply), Step::Say(entries.concat())];
        bench.check(row, &steps, code, &[]).await;
    }
    let link = entry("l", "link", &json!({}));
    let steps = [Step::Hear(Kind::Reply), say([link])];
    bench
        .check("a link that is brought", &steps, "not-regular", &[])
        .await;
    let other = wanted(5, [data(b"hello"), end(0, b"hellO"), end_of("in")]);
    bench
        .check("another digest", &other, "digest-differs", &[])
        .await;
    let huge = [Step::Hear(Kind::Reply), say([file("new", u64::MAX >> 1)])];
    bench
        .check("a size that nothing can have", &huge, "disk-full", &[])
        .await;
}

/// With force links are replaced as what they are: what they lead to stays.
#[tokio::test]
async fn force_replaces_a_link_and_not_what_it_leads_to() {
    let bench = Bench::new();
    let ground = &bench.ground;
    symlink("../outside/secret", ground.path("here/new")).expect("a free name");
    let before = ground.seen();
    let mut line = ground.line("caller", &bench.serving).await;
    let steps = wanted(5, [data(b"hello"), end(0, b"hello"), end_of("in")]);
    let code = soon(put_by(&mut line, put("", true), &steps)).await;
    assert_eq!(code, None);
    soon(line.close()).await;
    assert_eq!(
        changed(&before, &ground.seen()),
        [PathBuf::from("here/new")]
    );
    let new = std::fs::symlink_metadata(ground.path("here/new")).expect("it stands");
    assert!(new.is_file());
}

/// A line that ends in the middle, in each way: nothing of a small file stays.
#[tokio::test]
async fn who_leaves_in_the_middle_leaves_nothing() {
    let bench = Bench::new();
    let (ground, serving) = (&bench.ground, &bench.serving);
    let before = ground.seen();
    let files = serving.open_files();
    let failure = json!({"code": "internal", "message": "\u{1b}[2Jowned"});
    for rest in [
        vec![],
        data(b"hel"),
        [data(b"hello"), end(0, b"hello")].concat(),
        control(Kind::Cancel, &json!({})),
        control(Kind::Error, &failure),
        data_head(5),
    ] {
        let mut line = ground.line("caller", serving).await;
        line.send(&put("", false)).await;
        let name = format!("f{}", rest.len());
        let entries = say([folder("d"), file(&name, 5)]);
        let [reply, have] = [Kind::Reply, Kind::Have].map(Step::Hear);
        follow(&mut line, 0, &[reply, entries, have]).await;
        line.send(&rest).await;
        drop(line);
    }
    let left = || (serving.open_files() <= files).then_some(());
    crate::stand::until(left).await;
    let mut changed = changed(&before, &ground.seen());
    // The one that was whole may stand, for its sender may have left right after.
    changed.retain(|path| !path.to_string_lossy().starts_with("here/f"));
    assert_eq!(changed, [PathBuf::from("here/d")]);
    crate::stand::check_shown(&serving.process.said());
    ground.stand.check_served().await;
}
