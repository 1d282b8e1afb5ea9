//! The client's side of a line: greeting, then call after call. It does not know what a call is for.

mod event;
mod known;
mod stranger;

use std::marker::PhantomData;

use super::super::code::Line;
use super::super::control::{Call, Control, ControlError, Failure, Hello, PairCall};
use super::super::header::HEADER_BYTES;
use super::super::kind::Kind;
use super::error::SessionError;
use super::flow::Flows;
use super::inlet::Inlet;
use super::shape::Shape;
use super::{Fresh, Known, Stranger};

pub use event::ClientEvent;

/// The client's side of a line. `Trust` is [`Fresh`], then [`Known`] or [`Stranger`]: what the
/// server says about the client's key.
#[derive(Clone, Debug)]
pub struct ClientSession<Trust> {
    inlet: Inlet,
    stage: Stage,
    trust: PhantomData<Trust>,
}

/// A session whose trust is settled.
#[derive(Clone, Debug)]
pub enum ClientSettled {
    /// The server knows the key: any service may be called.
    Known(ClientSession<Known>),
    /// The server does not know the key: `pair` may be called, once.
    Stranger(ClientSession<Stranger>),
}

/// Where a client's session stands.
#[derive(Clone, Debug)]
enum Stage {
    Greeting,
    Idle,
    Pinged,
    Call(Standing),
    Over,
}

/// A call that has been made and has not ended.
#[derive(Clone, Debug)]
struct Standing {
    shape: Shape,
    flows: Flows,
    answered: bool,
}

impl ClientSession<Fresh> {
    /// A session on a line whose handshake is done, and the HELLO to be sent.
    pub fn new(software: &str) -> Result<(Self, Vec<u8>), SessionError> {
        let hello = Control::Hello(Hello::new(software, None)).encode()?;
        let session = Self {
            inlet: Inlet::new(),
            stage: Stage::Greeting,
            trust: PhantomData,
        };
        Ok((session, hello))
    }

    /// Takes the server's HELLO from the front of `input`, which becomes shorter by it. `None`: it
    /// needs more bytes. Then give it to [`settle`](Self::settle).
    pub fn handle_bytes(&mut self, input: &mut &[u8]) -> Result<Option<Hello>, SessionError> {
        if !matches!(self.stage, Stage::Greeting) {
            return Err(SessionError::Over);
        }
        let hello = self.inlet.next_hello(input);
        match &hello {
            Ok(None) => {}
            Ok(Some(_)) => self.stage = Stage::Idle,
            Err(_) => self.stage = Stage::Over,
        }
        hello
    }

    /// Goes on by what the server's HELLO says about this side's key. One that does not say is of a
    /// server that does not know it.
    pub fn settle(self, hello: &Hello) -> Result<ClientSettled, SessionError> {
        if !matches!(self.stage, Stage::Idle) {
            let (kind, when) = (Kind::Call, "before the server's HELLO");
            return Err(SessionError::NotNow { kind, when });
        }
        Ok(match hello.known {
            Some(true) => ClientSettled::Known(self.with_trust()),
            _ => ClientSettled::Stranger(self.with_trust()),
        })
    }

    fn with_trust<Trust>(self) -> ClientSession<Trust> {
        ClientSession {
            inlet: self.inlet,
            stage: self.stage,
            trust: PhantomData,
        }
    }
}

impl<Trust> ClientSession<Trust> {
    /// Whether the line can still carry something.
    pub fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Over)
    }

    fn call_pair(&mut self, call: PairCall) -> Result<Vec<u8>, SessionError> {
        self.open(&Call::Pair(call))
    }

    /// Makes a call between two others.
    fn open(&mut self, call: &Call) -> Result<Vec<u8>, SessionError> {
        if !matches!(self.stage, Stage::Idle) {
            return Err(self.not_now(Kind::Call));
        }
        let wire = Control::Call(call.clone()).encode()?;
        check_call(call, &wire)?;
        self.stage = Stage::Call(Standing {
            shape: Shape::of(call),
            flows: Flows::open(call),
            answered: false,
        });
        Ok(wire)
    }

    fn when(&self) -> &'static str {
        match &self.stage {
            Stage::Greeting => "before HELLO",
            Stage::Idle => "between two calls",
            Stage::Pinged => "before PONG",
            Stage::Call(call) if call.answered => "while the call runs",
            Stage::Call(_) => "before the call is answered",
            Stage::Over => "after the session is over",
        }
    }

    fn not_now(&self, kind: Kind) -> SessionError {
        let when = self.when();
        SessionError::NotNow { kind, when }
    }

    /// ERROR ends the call; it ends the line too when its code says so, or when no call stands.
    fn fail(&mut self, failure: &Failure) {
        let stays = failure.line() == Line::Stays && matches!(self.stage, Stage::Call(_));
        self.stage = if stays { Stage::Idle } else { Stage::Over };
    }
}

/// Reads the call as the server will, so that what it would refuse never goes out.
fn check_call(call: &Call, wire: &[u8]) -> Result<(), SessionError> {
    let kind = Kind::Call;
    let read = Control::parse(kind, &wire[HEADER_BYTES..]);
    let error = match read {
        Ok(Control::Call(read)) if Shape::of(&read) == Shape::of(call) => return Ok(()),
        Ok(_) => ControlError::OutOfRange { key: "service" },
        Err(error) => error,
    };
    Err(SessionError::Control { kind, error })
}

fn wrong_reply(error: ControlError) -> SessionError {
    let kind = Kind::Reply;
    SessionError::Control { kind, error }
}
