//! A side of a call of files that follows a script, whatever the other side makes of it. It keeps no
//! session, so that nothing stops it.

use std::sync::Arc;

use landline::frame::landline1::{BODY_BYTES_MAX, Kind};
use serde_json::{Value, json};

use super::words::{control, data, data_head};
use crate::stand::{Line, Recorder, Stand, credentials, until};

/// One step of a script.
#[derive(Clone)]
pub(super) enum Step {
    /// Says these bytes.
    Say(Vec<u8>),
    /// Sends these bytes of a file, as far as credit goes, and waits for more of it.
    Send(Vec<u8>),
    /// Sends as much of a file as credit goes, and one byte more.
    SendBeyond,
    /// Waits until the other side has said a frame of this kind.
    Hear(Kind),
    /// Waits until a HAVE has answered this entry.
    HearThrough(u64),
    /// Waits until this is so.
    Until(Condition),
    /// Hangs up without a word.
    Cut,
}

/// What can be looked at again and again.
pub(super) type Condition = Arc<dyn Fn() -> bool + Send + Sync>;

/// Says frames, all at once.
pub(super) fn say<const N: usize>(frames: [Vec<u8>; N]) -> Step {
    Step::Say(frames.concat())
}

/// How a script ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// All was said and heard.
    Through,
    /// One of the sides has hung up.
    Cut,
    /// The other side has ended it, with this code.
    Refused(String),
}

/// Follows `steps` on a line, whose other side has given so much credit by now.
pub(super) async fn follow(line: &mut Line, credit: u64, steps: &[Step]) -> Followed {
    let mut follower = Follower { line, credit };
    for step in steps {
        if let Err(ended) = follower.step(step).await {
            return ended;
        }
    }
    Followed::Through
}

/// A side that counts the credit that it is given.
struct Follower<'a> {
    line: &'a mut Line,
    credit: u64,
}

impl Follower<'_> {
    async fn step(&mut self, step: &Step) -> Result<(), Followed> {
        match step {
            Step::Say(bytes) => {
                // Who has hung up may have said why.
                self.line.send(bytes).await;
                Ok(())
            }
            Step::Send(bytes) => self.send(bytes).await,
            Step::SendBeyond => self.send_beyond().await,
            Step::Hear(kind) => self.hear(|number, _| number == kind.number()).await,
            Step::HearThrough(entry) => {
                let answered = |number, value: &Value| {
                    number == Kind::Have.number() && value["through"] == *entry
                };
                self.hear(answered).await
            }
            Step::Until(condition) => {
                until(|| condition().then_some(())).await;
                Ok(())
            }
            Step::Cut => Err(Followed::Cut),
        }
    }

    async fn send(&mut self, mut bytes: &[u8]) -> Result<(), Followed> {
        while !bytes.is_empty() {
            if self.credit == 0 {
                self.hear(|number, _| number == Kind::Credit.number())
                    .await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(self.frame_bytes()));
            self.line.send(&data(now)).await;
            self.credit -= now.len() as u64;
            bytes = later;
        }
        Ok(())
    }

    /// The other side may give more while this goes out: then the byte was none too many, and it goes
    /// on. Whoever takes nothing meanwhile cannot do so for long.
    async fn send_beyond(&mut self) -> Result<(), Followed> {
        loop {
            while self.credit > 0 {
                let bytes = vec![0; self.frame_bytes()];
                self.send(&bytes).await?;
            }
            self.line.send(&data_head(1)).await;
            self.hear(|number, _| number == Kind::Credit.number())
                .await?;
            self.line.send(&[0]).await;
            self.credit -= 1;
        }
    }

    /// How many bytes the next DATA may have.
    fn frame_bytes(&self) -> usize {
        let most = u64::from(BODY_BYTES_MAX);
        usize::try_from(self.credit.min(most)).expect("1 MiB at most")
    }

    /// Waits for a frame.
    async fn hear(&mut self, is_it: impl Fn(u8, &Value) -> bool) -> Result<(), Followed> {
        while let Some((number, payload)) = self.line.frame().await {
            let value: Value = serde_json::from_slice(&payload).unwrap_or_default();
            // What is given first, and what comes to it.
            for (kind, key) in [(Kind::Reply, "window"), (Kind::Credit, "bytes")] {
                if number == kind.number() {
                    self.credit += value[key].as_u64().unwrap_or(0);
                }
            }
            if is_it(number, &value) {
                return Ok(());
            }
            if number == Kind::Error.number() {
                let code = value["code"].as_str().unwrap_or_default();
                return Err(Followed::Refused(code.to_owned()));
            }
        }
        Err(Followed::Cut)
    }
}

/// A server with the right key that greets, hears a call, follows `steps` and closes the line.
pub(super) fn fake(stand: &Stand, steps: Vec<Step>) -> Recorder {
    let identity = credentials(&stand.identity("server"));
    let fake = Recorder::secure(&identity, move |stream| {
        let steps = steps.clone();
        async move {
            let mut line = Line(stream);
            let Some(call) = called(&mut line).await else {
                return;
            };
            let credit = call["window"].as_u64().unwrap_or(0);
            if follow(&mut line, credit, &steps).await != Followed::Cut {
                line.close().await;
            }
        }
    });
    stand.know("caller", stand.key("server"), &fake.address);
    fake
}

/// Greets whoever comes and hears the call.
pub(super) async fn called(line: &mut Line) -> Option<Value> {
    let hello = json!({"version": 1, "software": "fake", "known": true});
    line.frame().await;
    line.send(&control(Kind::Hello, &hello)).await;
    let (_, call) = line.frame().await?;
    serde_json::from_slice(&call).ok()
}
