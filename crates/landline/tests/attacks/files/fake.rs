//! A side of a call of files that follows a script, whatever the other side makes of it. It keeps no
//! session, so that nothing stops it.

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use super::words::control;
use crate::stand::{Line, Recorder, Stand, credentials};

/// One step of a script.
#[derive(Clone)]
pub(super) enum Step {
    /// Says these bytes.
    Say(Vec<u8>),
    /// Waits until the other side has said a frame of this kind.
    Hear(Kind),
    /// Waits until a HAVE has answered this entry.
    HearThrough(u64),
    /// Hangs up without a word.
    Cut,
}

/// Says frames, all at once.
pub(super) fn say<const N: usize>(frames: [Vec<u8>; N]) -> Step {
    Step::Say(frames.concat())
}

/// Follows `steps` on a line; false once it is cut, or the other side has left.
pub(super) async fn follow(line: &mut Line, steps: &[Step]) -> bool {
    for step in steps {
        match step {
            Step::Say(bytes) => {
                // Who has hung up may have said why.
                line.send(bytes).await;
            }
            Step::Hear(kind) => {
                if !heard(line, |number, _| number == kind.number()).await {
                    return false;
                }
            }
            Step::HearThrough(entry) => {
                let answered = |number, payload: &[u8]| {
                    let value: Value = serde_json::from_slice(payload).unwrap_or_default();
                    number == Kind::Have.number() && value["through"] == *entry
                };
                if !heard(line, answered).await {
                    return false;
                }
            }
            Step::Cut => return false,
        }
    }
    true
}

/// Waits for a frame; false when the line ends without it.
async fn heard(line: &mut Line, is_it: impl Fn(u8, &[u8]) -> bool) -> bool {
    while let Some((number, payload)) = line.frame().await {
        if is_it(number, &payload) {
            return true;
        }
    }
    false
}

/// A server with the right key that greets, hears a call, follows `steps` and closes the line.
pub(super) fn fake(stand: &Stand, steps: Vec<Step>) -> Recorder {
    let identity = credentials(&stand.identity("server"));
    let fake = Recorder::secure(&identity, move |stream| {
        let steps = steps.clone();
        async move {
            let mut line = Line(stream);
            if called(&mut line).await && follow(&mut line, &steps).await {
                line.close().await;
            }
        }
    });
    stand.know("caller", stand.key("server"), &fake.address);
    fake
}

/// Greets whoever comes and hears the call.
pub(super) async fn called(line: &mut Line) -> bool {
    let hello = json!({"version": 1, "software": "fake", "known": true});
    line.frame().await;
    line.send(&control(Kind::Hello, &hello)).await && line.frame().await.is_some()
}
