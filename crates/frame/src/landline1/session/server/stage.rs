//! Where a server's session stands, and what it may send there.

use super::super::super::code::Line;
use super::super::super::control::{Call, ExecCall, Failure};
use super::super::super::kind::Kind;
use super::super::error::SessionError;
use super::super::flow::Flows;
use super::super::shape::Shape;

/// Where a server's session stands.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// Before the client's HELLO.
    Greeting,
    /// Between calls; nothing of an earlier call can still come.
    Idle,
    /// An `exec` has been called, and its words are coming.
    Args { call: ExecCall, bytes: Vec<u8> },
    /// A call stands, or has ended on this side alone.
    Call(Standing),
    /// The line carries nothing any more.
    Over,
}

/// A call that the client has made.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) shape: Shape,
    pub(super) flows: Flows,
    pub(super) step: Step,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It waits for an answer.
    Asked,
    /// Its streams run.
    Running,
    /// The server has ended it. What the client sent before it knew may still come.
    Ended,
}

impl Stage {
    pub(super) fn asked(call: &Call) -> Self {
        Self::Call(Standing {
            shape: Shape::of(call),
            flows: Flows::open(call),
            step: Step::Asked,
        })
    }

    /// The standing call, if it is at this step.
    pub(super) fn at(&mut self, step: Step) -> Option<&mut Standing> {
        match self {
            Self::Call(call) if call.step == step => Some(call),
            _ => None,
        }
    }

    /// The streams of the running call, to send a frame of `kind` by.
    pub(super) fn running(&mut self, kind: Kind) -> Result<&mut Flows, SessionError> {
        let error = self.not_now(kind);
        let call = self.at(Step::Running).ok_or(error)?;
        Ok(&mut call.flows)
    }

    pub(super) fn running_flows(&self) -> Option<&Flows> {
        match self {
            Self::Call(call) if call.step == Step::Running => Some(&call.flows),
            _ => None,
        }
    }

    pub(super) fn check_asked(&self, shape: Shape) -> Result<(), SessionError> {
        match self {
            Self::Call(call) if call.step == Step::Asked && call.shape == shape => Ok(()),
            _ => Err(self.not_now(Kind::Reply)),
        }
    }

    pub(super) fn check_failing(&self) -> Result<(), SessionError> {
        match self {
            Self::Call(call) if call.step != Step::Ended => Ok(()),
            _ => Err(self.not_now(Kind::Error)),
        }
    }

    /// The server has ended the call.
    pub(super) fn finish(&mut self) {
        if let Self::Call(call) = self {
            call.step = Step::Ended;
        }
    }

    /// The server has ended the call with ERROR, which may end the line too.
    pub(super) fn fail(&mut self, failure: &Failure) {
        match failure.line() {
            Line::Stays => self.finish(),
            Line::Ends => *self = Self::Over,
        }
    }

    /// Which point this is, in the middle of a sentence.
    pub(super) fn when(&self) -> &'static str {
        match self {
            Self::Greeting => "before HELLO",
            Self::Idle => "between two calls",
            Self::Args { .. } => "before the words have ended",
            Self::Call(call) => call.step.when(),
            Self::Over => "after the session is over",
        }
    }

    pub(super) fn not_now(&self, kind: Kind) -> SessionError {
        let when = self.when();
        SessionError::NotNow { kind, when }
    }
}

impl Step {
    /// Which point this is, in the middle of a sentence.
    pub(super) fn when(self) -> &'static str {
        match self {
            Self::Asked => "before the call is answered",
            Self::Running => "while the call runs",
            Self::Ended => "after the call has ended",
        }
    }
}
