//! A client that asks for what it was not granted: each call that it can make by hand is refused, and
//! not a byte of what it asks for is told.

use std::os::unix::fs::symlink;

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::ground::{Ground, changed};
use super::words::{data, end, end_of, file, put, want};
use crate::stand::{Line, Serving, holds, soon};

/// What stands in files that nobody may have.
const SECRET: &[u8] = b"the secret of the house";

/// A name that a listing must not tell.
const HIDDEN: &[u8] = b"hidden-name";

/// What a server tells in one call, to who wants all that it has.
#[derive(Default)]
struct Told {
    /// Every code that came, of single files or of the call.
    codes: Vec<String>,
    /// All that came.
    bytes: Vec<u8>,
}

impl Told {
    /// Calls, answers every entry with *want*, and hears all up to the end of the call.
    async fn by(line: &mut Line, call: &Value) -> Self {
        line.send(&crate::stand::call(call)).await;
        let (mut told, mut entries) = (Self::default(), 0);
        let answers = call["op"] == "get";
        while let Some((kind, payload)) = line.frame().await {
            told.bytes.extend(&payload);
            let value: Value = serde_json::from_slice(&payload).unwrap_or_default();
            told.codes.extend(value["code"].as_str().map(str::to_owned));
            if kind == Kind::Entry.number() && answers {
                line.send(&want(entries)).await;
                entries += 1;
            }
            if kind == Kind::Done.number() || kind == Kind::Error.number() {
                break;
            }
        }
        told
    }
}

fn asks(op: &str, paths: &[&str]) -> Value {
    match op {
        "get" => {
            json!({"service": "files", "op": op, "paths": paths, "digests": ["sha256"], "window": 65536})
        }
        "put" => json!({"service": "files", "op": op, "to": paths[0], "digests": ["sha256"]}),
        _ => json!({"service": "files", "op": op, "paths": paths}),
    }
}

/// A server of `here`, a folder `other` that some may read, and a folder `outside` that nobody may.
/// Links lead there from `here`.
struct House {
    ground: Ground,
    serving: Serving,
}

impl House {
    fn new() -> Self {
        let ground = Ground::new();
        ground.write("outside/secret", SECRET);
        ground.write("outside/hidden-name", SECRET);
        ground.write("other/own", "own");
        ground.write("here/folder/inner", "inner");
        for (to, at) in [
            ("../outside", "here/out"),
            ("../outside/secret", "here/leak"),
            ("../../outside", "here/folder/out"),
            ("../../outside/secret", "here/folder/leak"),
            ("/", "here/root"),
        ] {
            symlink(to, ground.path(at)).expect("a free name");
        }
        let absolute = ground.path("outside/secret");
        symlink(absolute, ground.path("here/absolute")).expect("a free name");
        let serving = ground.serve("rw");
        let here = ground.path("here").display().to_string();
        let other = ground.path("other").display().to_string();
        for (who, rights) in [
            ("reader", vec![format!("files:ro:{here}")]),
            ("dropper", vec![format!("files:wo:{here}")]),
            ("neighbour", vec![format!("files:ro:{other}")]),
            ("runner", vec!["exec".to_owned()]),
            ("nobody", vec![]),
        ] {
            let rights: Vec<&str> = rights.iter().map(String::as_str).collect();
            let rights = [&["echo"], &rights[..]].concat();
            ground.stand.grant(who, ground.stand.key(who), &rights);
        }
        Self { ground, serving }
    }

    /// That a call of `who` is answered by `code` and by nothing else that could be of use.
    async fn check(&self, who: &str, call: &Value, code: &str) {
        let mut line = self.ground.line(who, &self.serving).await;
        let told = soon(Told::by(&mut line, call)).await;
        let shown = String::from_utf8_lossy(&told.bytes);
        assert!(
            !told.codes.is_empty() && told.codes.iter().all(|it| it == code),
            "{who} {call}: {shown}"
        );
        for kept in [SECRET, HIDDEN] {
            assert!(!holds(&told.bytes, kept), "{who} {call}: {shown}");
        }
    }
}

#[tokio::test]
async fn who_may_not_may_not() {
    let house = House::new();
    let before = house.ground.seen();
    for (who, op, path, code) in [
        ("reader", "put", "", "not-granted"),
        ("reader", "put", "here:", "not-granted"),
        ("reader", "put", "folder", "not-granted"),
        ("dropper", "get", "kept", "not-granted"),
        ("dropper", "get", "none", "not-granted"),
        ("dropper", "get", "here:kept", "not-granted"),
        ("dropper", "get", "*", "not-granted"),
        ("dropper", "list", "", "not-granted"),
        ("dropper", "list", "folder", "not-granted"),
        ("dropper", "stat", "kept", "not-granted"),
        ("dropper", "stat", "none", "not-granted"),
        ("neighbour", "get", "here:kept", "path-missing"),
        ("neighbour", "get", "kept", "path-missing"),
        ("neighbour", "list", "here:", "path-missing"),
        ("neighbour", "put", "here:", "not-granted"),
        ("neighbour", "put", "other:", "not-granted"),
        ("runner", "get", "kept", "not-granted"),
        ("runner", "list", "", "not-granted"),
        ("nobody", "get", "kept", "not-granted"),
        ("nobody", "put", "", "not-granted"),
        ("nobody", "list", "", "not-granted"),
        ("nobody", "stat", "kept", "not-granted"),
    ] {
        house.check(who, &asks(op, &[path]), code).await;
    }
    assert!(changed(&before, &house.ground.seen()).is_empty());
    house.ground.stand.check_served().await;
}

#[tokio::test]
async fn no_path_leads_out_of_a_share() {
    let house = House::new();
    let before = house.ground.seen();
    for (path, code) in [
        ("..", "path-refused"),
        ("../outside/secret", "path-refused"),
        ("folder/../../outside/secret", "path-refused"),
        ("here:../outside/secret", "path-refused"),
        ("here:/etc/hostname", "path-refused"),
        ("/etc/hostname", "path-refused"),
        ("*/../../outside/*", "path-refused"),
        ("outside:secret", "path-missing"),
        ("out/secret", "path-refused"),
        ("out/none", "path-refused"),
        ("out/.", "path-refused"),
        ("folder/out/secret", "path-refused"),
        ("root/etc/hostname", "path-refused"),
        ("o*t/secret", "path-missing"),
        ("*/secret", "path-missing"),
        ("root/*", "path-refused"),
        ("leak", "path-refused"),
        ("absolute", "path-refused"),
        ("out", "path-refused"),
        ("folder/leak", "path-refused"),
        ("l[e]ak", "path-refused"),
        ("folder", "not-regular"),
    ] {
        house.check("caller", &asks("get", &[path]), code).await;
    }
    for path in [
        "..",
        "../outside",
        "here:../outside",
        "/tmp",
        "folder/../../outside",
    ] {
        house
            .check("caller", &asks("put", &[path]), "path-refused")
            .await;
        house
            .check("caller", &asks("list", &[path]), "path-refused")
            .await;
        house
            .check("caller", &asks("stat", &[path]), "path-refused")
            .await;
    }
    for path in ["out", "folder/out", "root/tmp", "out/."] {
        house
            .check("caller", &asks("put", &[path]), "path-refused")
            .await;
    }
    assert!(changed(&before, &house.ground.seen()).is_empty());
}

/// Who only drops replaces nothing, whatever is forced, and learns nothing but that a name is taken.
#[tokio::test]
async fn a_drop_box_gives_nothing_away_and_keeps_what_it_has() {
    let house = House::new();
    let before = house.ground.seen();
    let mut told = Vec::new();
    for name in ["kept", "folder", "leak", "out"] {
        let mut line = house.ground.line("dropper", &house.serving).await;
        line.send(&put("", true)).await;
        line.expect(Kind::Reply).await;
        // Of the very size of what may stand there, and of the same time.
        line.send(&file(name, 4)).await;
        let have = line.expect(Kind::Have).await;
        if have["code"].is_null() {
            line.send(&[data(b"kept"), end(0, b"kept"), end_of("in")].concat())
                .await;
            let ended = line.expect(Kind::End).await;
            told.push((
                ended["code"].clone(),
                ended["message"].to_string().replace(name, ""),
            ));
        } else {
            told.push((
                have["code"].clone(),
                have["message"].to_string().replace(name, ""),
            ));
        }
    }
    assert!(
        told.iter()
            .all(|it| *it == told[0] && it.0 == "not-replaced"),
        "{told:?}"
    );
    assert!(changed(&before, &house.ground.seen()).is_empty());
}
