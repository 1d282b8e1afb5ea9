//! The server's side of a line: greeting, then call after call. It does not know which services
//! there are, nor who may use them.

mod event;
mod known;
mod stage;
mod stranger;

use std::marker::PhantomData;

use super::super::control::{Control, Failure, Hello, PairReply, Reply};
use super::super::kind::Kind;
use super::error::SessionError;
use super::inlet::Inlet;
use super::{Fresh, Known, Stranger};
use stage::Stage;

pub use event::{Asked, ServerEvent};

/// The server's side of a line. `Trust` is [`Fresh`], then [`Known`] or [`Stranger`].
#[derive(Clone, Debug)]
pub struct ServerSession<Trust> {
    inlet: Inlet,
    stage: Stage,
    trust: PhantomData<Trust>,
}

/// A session whose trust is settled.
#[derive(Clone, Debug)]
pub enum ServerSettled {
    /// The key is known: any service may be asked for.
    Known(ServerSession<Known>),
    /// The key is not known: `pair` may be asked for, once.
    Stranger(ServerSession<Stranger>),
}

impl ServerSession<Fresh> {
    /// A session on a line whose handshake is done.
    pub fn new() -> Self {
        Self {
            inlet: Inlet::new(),
            stage: Stage::Greeting,
            trust: PhantomData,
        }
    }

    /// Takes the client's HELLO from the front of `input`, which becomes shorter by it. `None`: it
    /// needs more bytes. After the HELLO call [`settle`](Self::settle), and give what is left of
    /// `input` to the session that it makes.
    pub fn handle_bytes(&mut self, input: &mut &[u8]) -> Result<Option<Hello>, SessionError> {
        if !matches!(self.stage, Stage::Greeting) {
            return Err(SessionError::Over);
        }
        match self.inlet.next_hello(input) {
            Ok(Some(hello)) => {
                self.stage = Stage::Idle;
                Ok(Some(hello))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                self.stage = Stage::Over;
                Err(error)
            }
        }
    }

    /// Settles trust once the client's HELLO is there, and gives the HELLO to be sent.
    pub fn settle(
        self,
        known: bool,
        software: &str,
    ) -> Result<(ServerSettled, Vec<u8>), SessionError> {
        if !matches!(self.stage, Stage::Idle) {
            let (kind, when) = (Kind::Hello, "before the client's HELLO");
            return Err(SessionError::NotNow { kind, when });
        }
        let hello = Control::Hello(Hello::new(software, Some(known))).encode()?;
        let settled = if known {
            ServerSettled::Known(self.with_trust())
        } else {
            ServerSettled::Stranger(self.with_trust())
        };
        Ok((settled, hello))
    }

    fn with_trust<Trust>(self) -> ServerSession<Trust> {
        ServerSession {
            inlet: self.inlet,
            stage: self.stage,
            trust: PhantomData,
        }
    }
}

impl Default for ServerSession<Fresh> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Trust> ServerSession<Trust> {
    /// Whether the line can still carry something.
    pub fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Over)
    }

    /// Answers `pair`: the call has ended with it.
    fn answer_pair(&mut self, reply: &PairReply) -> Result<Vec<u8>, SessionError> {
        self.stage.check_asked(super::shape::Shape::Pair)?;
        let wire = Control::Reply(Reply::paired(reply)).encode()?;
        self.stage.finish();
        Ok(wire)
    }

    /// Ends the call that is asked or runs with ERROR.
    fn answer_failure(&mut self, failure: &Failure) -> Result<Vec<u8>, SessionError> {
        self.stage.check_failing()?;
        let wire = Control::Error(failure.clone()).encode()?;
        self.stage.fail(failure);
        Ok(wire)
    }
}
