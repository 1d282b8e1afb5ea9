//! A server that names what nobody asked for, or what leads elsewhere: `get` takes nothing of it.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::fake::{Step, fake, say};
use super::ground::{Ground, changed};
use super::words::{data, done, end, end_of, entry, file, folder, reply};

/// What a server may go on with once its entries are answered.
enum Rest {
    /// Content of the last one, as if all were well.
    Content,
    /// The end, as if there were nothing else.
    Nothing,
}

/// That `get` of a server with such entries fails with one sentence for each of `says`, which holds
/// that, and that only `comes` changes.
async fn check(
    ground: &Ground,
    row: &str,
    script: (&[Vec<u8>], Rest),
    says: &[&str],
    comes: &[&str],
) {
    let (entries, rest) = script;
    let rest = match rest {
        Rest::Content => {
            let last = entries.len() as u64 - 1;
            say([data(b"owned"), end(last, b"owned"), end_of("out"), done(5)])
        }
        Rest::Nothing => say([end_of("out"), done(0)]),
    };
    let announced = say([reply(0), entries.concat()]);
    let before = ground.seen();
    let fake = fake(&ground.stand, vec![announced, Step::Hear(Kind::Have), rest]);
    let said = ground.get_fails(row, &fake).await;
    let all = said.len() == says.len() && said.iter().zip(says).all(|(it, part)| it.contains(part));
    assert!(all, "{row}: {said:?}");
    let expected: Vec<PathBuf> = comes.iter().map(Into::into).collect();
    assert_eq!(
        changed(&before, &ground.seen()),
        expected,
        "{row}: {said:?}"
    );
}

#[tokio::test]
async fn what_nobody_asked_for_is_named_and_not_taken() {
    let ground = Ground::new();
    let unasked = ["which nobody asked for"];
    for name in [
        "other",
        "kept",
        "aske",
        "asked2",
        "asked\n",
        "ASKED",
        "\u{202e}deksa",
    ] {
        let named = [file(name, 5)];
        check(&ground, name, (&named, Rest::Content), &unasked, &[]).await;
    }
    let deep = [folder("outside"), file("outside/owned", 5)];
    check(&ground, "deep", (&deep, Rest::Content), &unasked, &[]).await;
    let of_another = [entry("asked", "file", &json!({"size": 5, "ask": 1}))];
    let says = ["belongs to path 1"];
    check(&ground, "ask", (&of_another, Rest::Content), &says, &[]).await;
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_ends_the_line() {
    let ground = Ground::new();
    let names: [Value; 13] = [
        "../outside/owned".into(),
        "asked/../../outside/owned".into(),
        "..".into(),
        ".".into(),
        "".into(),
        "/tmp/owned".into(),
        "asked/".into(),
        "asked//owned".into(),
        "asked/./owned".into(),
        "asked\0".into(),
        json!({"b64": "YXNrZWQA"}),
        json!({"b64": "Li4vb3duZWQ="}),
        format!("asked/{}", "x".repeat(5000)).into(),
    ];
    for name in names {
        let row = name.to_string();
        let named = [entry(name, "file", &json!({"size": 5}))];
        let says = ["broke the protocol"];
        check(&ground, &row, (&named, Rest::Content), &says, &[]).await;
    }
}

#[tokio::test]
async fn what_goes_through_a_link_or_a_file_is_not_taken() {
    let strays = "does not follow its folder";
    let link = entry("asked/l", "link", &json!({}));
    let file_within = [folder("asked"), file("asked/f", 5), file("asked/f/x", 5)];
    let left = [
        folder("asked"),
        folder("asked/d"),
        file("asked/f", 5),
        file("asked/d/x", 5),
    ];
    for (row, entries, says) in [
        (
            "a link that is sent",
            &[folder("asked"), link, file("asked/l/x", 5)][..],
            &["asked/l is a link", strays][..],
        ),
        ("a file as a folder", &file_within, &[strays]),
        ("a folder that was left", &left, &[strays]),
        ("no folder at all", &[file("asked/x", 5)], &[strays]),
    ] {
        let ground = Ground::new();
        // The folders were told of in order: they may stand.
        let comes: &[&str] = match (row, entries.len()) {
            (_, 1) => &[],
            (_, 4) => &["here/asked", "here/asked/d"],
            _ => &["here/asked"],
        };
        check(&ground, row, (entries, Rest::Content), says, comes).await;
    }
}

#[tokio::test]
async fn what_stands_there_is_no_way_out() {
    let ground = Ground::new();
    let into = [folder("asked"), file("asked/secret", 5)];
    // What lies in it is not told of.
    let says = ["asked: something else stands there"];
    let no_folder = ["asked: something that is no folder stands there"];
    symlink("../outside", ground.path("here/asked")).expect("a free name");
    check(&ground, "a link", (&into, Rest::Nothing), &no_folder, &[]).await;
    let one = [file("asked", 5)];
    check(&ground, "a link itself", (&one, Rest::Nothing), &says, &[]).await;
    std::fs::remove_file(ground.path("here/asked")).expect("it is ours");
    ground.write("here/asked", "a file");
    check(&ground, "a file", (&into, Rest::Nothing), &no_folder, &[]).await;
    check(&ground, "another", (&one, Rest::Nothing), &says, &[]).await;
    std::fs::remove_file(ground.path("here/asked")).expect("it is ours");
    ground.write("here/asked/inner", "in a folder");
    let says = ["asked: a folder stands there"];
    check(&ground, "a folder", (&one, Rest::Nothing), &says, &[]).await;
}

/// The second of one name finds what the first was.
#[tokio::test]
async fn a_name_comes_once() {
    let ground = Ground::new();
    let link = entry("asked", "link", &json!({}));
    let twice = [folder("asked"), file("asked", 5)];
    let says = ["asked: two of the things"];
    check(
        &ground,
        "folder and file",
        (&twice, Rest::Nothing),
        &says,
        &["here/asked"],
    )
    .await;
    let ground = Ground::new();
    let through = [link, folder("asked"), file("asked/x", 5)];
    let says = ["asked is a link"];
    let comes = ["here/asked", "here/asked/x"];
    check(
        &ground,
        "link and folder",
        (&through, Rest::Content),
        &says,
        &comes,
    )
    .await;
}
