//! One event as an object for a program, and what passed in all as one.

use landline::tap::{Direction, Event, Loss, Marks, StopKind, Tally, What};
use serde_json::{Value, json};

use super::shown::Passed;
use crate::cli::escape::shown_object;
use crate::cli::shown_arrivals::text_or_hex;
use crate::cli::ui::JSON_VERSION;

/// The object of one event.
pub(super) fn of(event: &Event<'_>, marks: &Option<Marks>) -> String {
    let (name, direction) = names(event.what);
    let mut object = json!({
        "v": JSON_VERSION,
        "event": name,
        "time": event.at.as_secs_f64(),
        "connection": event.connection,
    });
    if let Some(direction) = direction {
        object["direction"] = direction.word().into();
    }
    match event.what {
        What::Opened(ends) => object["client"] = ends.client.as_str().into(),
        What::Unreachable { client, error } => {
            object["client"] = client.into();
            object["error"] = error.to_string().into();
        }
        What::AcceptFailed(error) => object["error"] = error.to_string().into(),
        What::Swallowed(_, count) | What::Held(_, count) => object["size"] = count.into(),
        What::Stopped(_, kind) => object["move"] = move_word(kind).into(),
        What::Read(_, bytes) | What::Write(_, bytes) => put_bytes(&mut object, bytes),
        What::Dropped(_, bytes) | What::Twice(_, bytes) | What::Reordered(_, bytes) => {
            put_bytes(&mut object, bytes);
        }
        What::Lost(_, bytes, loss) => {
            if !matches!(loss, Loss::Refused(_)) {
                put_bytes(&mut object, bytes);
            }
            object["reason"] = reason(loss).into();
        }
        What::Ended(_) | What::Broken(_) | What::Closed => {}
    }
    if let Some(marks) = marks {
        put_marks(&mut object, marks);
    }
    shown_object(&object)
}

/// The object of what passed in all.
pub(super) fn summary(passed: &Passed) -> String {
    shown_object(&json!({
        "v": JSON_VERSION,
        "event": "summary",
        "connections": passed.connections,
        "to-server": tally(&passed.to_server),
        "to-client": tally(&passed.to_client),
    }))
}

fn tally(tally: &Tally) -> Value {
    let sizes: Vec<_> = tally
        .histogram()
        .into_iter()
        .map(|(least, most, reads)| json!({"least": least, "most": most, "reads": reads}))
        .collect();
    json!({
        "reads": tally.reads, "read_bytes": tally.read_bytes,
        "writes": tally.writes, "written_bytes": tally.written_bytes,
        "messages": tally.messages, "cut": tally.cut, "stuck": tally.stuck,
        "lost": tally.lost, "sizes": sizes,
    })
}

fn names(what: What<'_>) -> (&'static str, Option<Direction>) {
    match what {
        What::Opened(_) => ("opened", None),
        What::Unreachable { .. } => ("unreachable", None),
        What::Read(way, _) => ("read", Some(way)),
        What::Write(way, _) => ("write", Some(way)),
        What::Ended(way) => ("ended", Some(way)),
        What::Broken(way) => ("broken", Some(way)),
        What::Stopped(way, _) => ("stopped", Some(way)),
        What::Swallowed(way, _) => ("swallowed", Some(way)),
        What::Held(way, _) => ("held", Some(way)),
        What::Dropped(way, _) => ("dropped", Some(way)),
        What::Twice(way, _) => ("twice", Some(way)),
        What::Reordered(way, _) => ("reordered", Some(way)),
        What::Lost(way, ..) => ("lost", Some(way)),
        What::Closed => ("closed", None),
        What::AcceptFailed(_) => ("accept-failed", None),
    }
}

fn move_word(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Cut => "cut",
        StopKind::Reset => "reset",
        StopKind::Stall => "stall",
    }
}

fn reason(loss: Loss<'_>) -> String {
    match loss {
        Loss::NoRoom => "no room".into(),
        Loss::NoClient => "too many clients".into(),
        Loss::Refused(error) | Loss::Unsent(error) => error.to_string(),
    }
}

/// All of them, as text where they are UTF-8 and as hex where they are not.
fn put_bytes(object: &mut Value, bytes: &[u8]) {
    object["size"] = bytes.len().into();
    let (name, bytes) = text_or_hex(bytes);
    object[name] = bytes.into();
}

fn put_marks(object: &mut Value, marks: &Marks) {
    let messages: Vec<_> = marks
        .messages
        .iter()
        .map(|message| {
            json!({
                "start": message.start, "end": message.end, "label": message.label,
                "cut": message.is_cut, "stuck": message.is_stuck,
            })
        })
        .collect();
    object["messages"] = messages.into();
    object["unfinished"] = marks.unfinished.into();
    if let Some(why) = &marks.lost {
        object["undecodable"] = why.as_str().into();
    }
}
