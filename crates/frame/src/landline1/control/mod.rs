//! Control frames as types: each kind's JSON, read strictly and written whole. It does not know in
//! which order they come.

mod call;
mod digest;
mod done;
mod error;
mod failure;
mod flow;
mod hello;
mod json;
mod object;
mod reply;
mod transfer;

use serde::Serialize;

use super::error::FrameError;
use super::header::{HEADER_BYTES, Header};
use super::kind::Kind;
use object::Object;

pub use call::{Call, ExecCall, PairCall, StreamCall, is_service_name};
pub use done::{Done, Ending, is_signal_name};
pub use error::ControlError;
pub use failure::Failure;
pub use flow::{Credit, End, Stream};
pub use hello::{Hello, VERSION};
pub use json::Json;
pub use object::{KEYS_MAX, NESTING_MAX};
pub use reply::{Opened, PairReply, Reply, StatusReply};
pub use transfer::{
    Answer, DigestKind, ENTRIES_OPEN_MAX, Entry, EntryKind, FileEnd, FilesCall, FilesOpened,
    GROUP_BYTES, GetCall, HOLE_BYTES_MIN, Have, ListCall, Mtime, NAME_BYTES_MAX, Name, PutCall,
    TransferFrame,
};

/// A control frame whose JSON says what its kind asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// The first frame of each side.
    Hello(Hello),
    /// Asks for a service.
    Call(Call),
    /// The call is taken; what it says depends on the service.
    Reply(Reply),
    /// More bytes of a stream may be sent.
    Credit(Credit),
    /// A stream has ended.
    End(End),
    /// A word of a files call: ENTRY, HAVE, HOLE, or the END of a file.
    Transfer(TransferFrame),
    /// The call has ended, and everything has been sent.
    Done(Done),
    /// The call, or the line, has failed.
    Error(Failure),
    /// A signal for the program, as [`is_signal_name`] has it.
    Signal(String),
    /// The caller wants no more of the call.
    Cancel,
    /// Asks for a PONG with the same text, which is empty when it does not say one.
    Ping(String),
    /// Answers a PING.
    Pong(String),
    /// A kind whose payload is not defined yet: PAIR, EVENT or RESIZE. It is an object.
    Undefined(Kind),
}

impl Control {
    /// Reads the payload of a control frame of `kind`. Keys that are not known are passed over.
    pub fn parse(kind: Kind, bytes: &[u8]) -> Result<Self, ControlError> {
        let object = Object::read(bytes)?;
        Ok(match kind {
            Kind::Hello => Self::Hello(Hello::read(&object)?),
            Kind::Call => Self::Call(Call::read(&object)?),
            Kind::Reply => Self::Reply(Reply::read(bytes)?),
            Kind::Credit => Self::Credit(Credit::read(&object)?),
            Kind::End => match FileEnd::read(&object)? {
                Some(end) => Self::Transfer(TransferFrame::FileEnd(end)),
                None => Self::End(End::read(&object)?),
            },
            Kind::Entry => Self::Transfer(TransferFrame::read_entry(&object)?),
            Kind::Have => Self::Transfer(TransferFrame::read_have(&object)?),
            Kind::Hole => Self::Transfer(TransferFrame::read_hole(&object)?),
            Kind::Done => Self::Done(Done::read(&object)?),
            Kind::Error => Self::Error(Failure::read(&object)?),
            Kind::Signal => Self::Signal(done::read_signal(&object)?),
            Kind::Cancel => Self::Cancel,
            Kind::Ping => Self::Ping(object.maybe("data")?.unwrap_or_default()),
            Kind::Pong => Self::Pong(object.maybe("data")?.unwrap_or_default()),
            _ => Self::Undefined(kind),
        })
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Hello(_) => Kind::Hello,
            Self::Call(_) => Kind::Call,
            Self::Reply(_) => Kind::Reply,
            Self::Credit(_) => Kind::Credit,
            Self::End(_) => Kind::End,
            Self::Transfer(frame) => frame.kind(),
            Self::Done(_) => Kind::Done,
            Self::Error(_) => Kind::Error,
            Self::Signal(_) => Kind::Signal,
            Self::Cancel => Kind::Cancel,
            Self::Ping(_) => Kind::Ping,
            Self::Pong(_) => Kind::Pong,
            Self::Undefined(kind) => *kind,
        }
    }

    /// The whole frame, header and payload, or [`FrameError::Unsendable`] when its text is too long
    /// for one.
    pub fn encode(&self) -> Result<Vec<u8>, FrameError> {
        let kind = self.kind();
        match self {
            Self::Hello(hello) => frame(kind, hello),
            Self::Call(call) => frame(kind, call),
            Self::Reply(reply) => with_header(kind, reply.text().as_bytes().to_vec()),
            Self::Credit(credit) => frame(kind, credit),
            Self::End(end) => frame(kind, end),
            Self::Transfer(said) => frame(kind, said),
            Self::Done(done) => frame(kind, done),
            Self::Error(failure) => frame(kind, failure),
            Self::Signal(signal) => frame(kind, &serde_json::json!({ "signal": signal })),
            Self::Ping(data) | Self::Pong(data) => {
                frame(kind, &serde_json::json!({ "data": data }))
            }
            Self::Cancel | Self::Undefined(_) => frame(kind, &serde_json::json!({})),
        }
    }
}

fn frame(kind: Kind, value: &impl Serialize) -> Result<Vec<u8>, FrameError> {
    let payload = serde_json::to_vec(value).expect("a control frame has only text keys");
    with_header(kind, payload)
}

fn with_header(kind: Kind, payload: Vec<u8>) -> Result<Vec<u8>, FrameError> {
    let header = Header::new(kind, 0, payload.len())?;
    let mut wire = Vec::with_capacity(HEADER_BYTES + payload.len());
    wire.extend_from_slice(&header.encode());
    wire.extend_from_slice(&payload);
    Ok(wire)
}
