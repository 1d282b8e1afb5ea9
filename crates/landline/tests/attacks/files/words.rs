//! What is said in a call of files, as bytes, whatever it says: no rule is kept here.

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use crate::stand::{call, frame};

/// More bytes than anybody can hash within a test.
pub(super) const HUGE: u64 = 1 << 43;

/// A control frame.
pub(super) fn control(kind: Kind, value: &Value) -> Vec<u8> {
    frame(kind.number(), value.to_string().as_bytes())
}

/// A REPLY that takes a call of files, with this credit.
pub(super) fn reply(window: u64) -> Vec<u8> {
    control(Kind::Reply, &json!({"window": window, "digest": "blake3"}))
}

/// An ENTRY: what every one has, and `more`.
pub(super) fn entry(name: impl Into<Value>, kind: &str, more: &Value) -> Vec<u8> {
    let name: Value = name.into();
    let mut entry = json!({"name": name, "type": kind, "mode": 0o644, "mtime": 1});
    for (key, value) in more.as_object().into_iter().flatten() {
        entry[key] = value.clone();
    }
    control(Kind::Entry, &entry)
}

pub(super) fn file(name: &str, size: u64) -> Vec<u8> {
    entry(name, "file", &json!({"size": size}))
}

pub(super) fn folder(name: &str) -> Vec<u8> {
    entry(name, "folder", &json!({"mode": 0o755}))
}

pub(super) fn data(bytes: &[u8]) -> Vec<u8> {
    frame(Kind::Data.number(), bytes)
}

/// The head of a DATA frame of so many bytes, without them.
pub(super) fn data_head(length: u32) -> Vec<u8> {
    [&[Kind::Data.number(), 0, 0, 0], &length.to_be_bytes()[..]].concat()
}

pub(super) fn hole(bytes: u64) -> Vec<u8> {
    control(Kind::Hole, &json!({"bytes": bytes}))
}

/// A sender's HAVE: bytes begin after so many groups.
pub(super) fn begin(entry: u64, groups: u64) -> Vec<u8> {
    control(Kind::Have, &json!({"entry": entry, "groups": groups}))
}

/// A receiver's HAVE that wants all up to `through`.
pub(super) fn want(through: u64) -> Vec<u8> {
    control(Kind::Have, &json!({"through": through}))
}

/// A CALL of files that gets `paths`, with this credit.
pub(super) fn get(paths: &[&str], window: u64) -> Vec<u8> {
    call(
        &json!({"service": "files", "op": "get", "paths": paths, "digests": ["blake3"],
        "window": window}),
    )
}

/// A CALL of files that puts into the folder `to`.
pub(super) fn put(to: &str, force: bool) -> Vec<u8> {
    call(&json!({"service": "files", "op": "put", "to": to, "digests": ["blake3"], "force": force}))
}

/// END of a file that is `content`.
pub(super) fn end(entry: u64, content: &[u8]) -> Vec<u8> {
    let digest = blake3::hash(content).to_hex();
    control(Kind::End, &json!({"entry": entry, "digest": &*digest}))
}

/// END of a stream.
pub(super) fn end_of(stream: &str) -> Vec<u8> {
    control(Kind::End, &json!({"stream": stream}))
}

/// DONE of a call in which the server sent so many bytes.
pub(super) fn done(out: u64) -> Vec<u8> {
    control(Kind::Done, &json!({"out": out, "err": 0, "in": 0}))
}

/// A file from its content to the end of a get of that file alone.
pub(super) fn whole(content: &[u8]) -> Vec<u8> {
    [
        data(content),
        end(0, content),
        end_of("out"),
        done(content.len() as u64),
    ]
    .concat()
}
