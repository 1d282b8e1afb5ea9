//! Credit and ends of a call's streams. The same sums hold for who sends and who receives.

use super::super::control::{Call, FilesCall, Stream};
use super::CREDIT_BYTES_MAX;
use super::error::SessionError;

/// One stream in its one direction.
#[derive(Clone, Copy, Debug)]
struct Flow {
    credit: u64,
    moved: u64,
    ended: bool,
}

/// The streams of one call. A stream that the call does not have is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flows {
    input: Option<Flow>,
    out: Option<Flow>,
    err: Option<Flow>,
}

impl Flows {
    /// The streams that a call opens. The credit for `in` comes with the REPLY.
    pub(super) fn open(call: &Call) -> Self {
        let flow = |credit| Flow {
            credit,
            moved: 0,
            ended: false,
        };
        match call {
            Call::Exec(call) => Self {
                input: call.stdin.then(|| flow(0)),
                out: Some(flow(call.window)),
                err: Some(flow(call.window)),
            },
            Call::Stream(call) => Self {
                input: Some(flow(0)),
                out: Some(flow(call.window)),
                err: None,
            },
            Call::Files(FilesCall::Get(call)) => Self {
                out: Some(flow(call.window)),
                ..Self::default()
            },
            Call::Files(FilesCall::Put(_)) => Self {
                input: Some(flow(0)),
                out: Some(flow(0)),
                err: None,
            },
            Call::Files(FilesCall::List(_)) => Self {
                out: Some(flow(0)),
                ..Self::default()
            },
            Call::Pair(_) | Call::Status => Self::default(),
        }
    }

    /// Bytes go over the wire.
    pub(super) fn take(&mut self, stream: Stream, length: u64) -> Result<(), SessionError> {
        let flow = self.open_flow(stream)?;
        let credit = flow.credit;
        let left = credit.checked_sub(length);
        flow.credit = left.ok_or(SessionError::BeyondCredit {
            stream,
            length,
            credit,
        })?;
        flow.moved += length;
        Ok(())
    }

    /// More bytes may go over the wire. For a stream that has ended it is only checked.
    pub(super) fn grant(&mut self, stream: Stream, bytes: u64) -> Result<(), SessionError> {
        let flow = self.flow(stream)?;
        let credit = flow.credit.checked_add(bytes);
        let within = credit.filter(|credit| *credit <= CREDIT_BYTES_MAX);
        flow.credit = within.ok_or(SessionError::CreditOverflow { stream, bytes })?;
        Ok(())
    }

    pub(super) fn end(&mut self, stream: Stream) -> Result<(), SessionError> {
        self.open_flow(stream)?.ended = true;
        Ok(())
    }

    /// Whether the call has the stream, and it has not ended.
    pub(super) fn is_open(&self, stream: Stream) -> bool {
        self.get(stream).is_some_and(|flow| !flow.ended)
    }

    /// How many bytes may go over the wire now.
    pub(super) fn credit(&self, stream: Stream) -> u64 {
        let open = self.get(stream).filter(|flow| !flow.ended);
        open.map_or(0, |flow| flow.credit)
    }

    /// How many bytes have gone over the wire.
    pub(super) fn moved(&self, stream: Stream) -> u64 {
        self.get(stream).map_or(0, |flow| flow.moved)
    }

    /// DONE needs both of the server's streams to have ended.
    pub(super) fn check_ended(&self) -> Result<(), SessionError> {
        let mut open = [Stream::Out, Stream::Err].into_iter();
        match open.find(|stream| self.is_open(*stream)) {
            Some(stream) => Err(SessionError::NotEnded { stream }),
            None => Ok(()),
        }
    }

    fn get(&self, stream: Stream) -> Option<&Flow> {
        match stream {
            Stream::Args => None,
            Stream::In => self.input.as_ref(),
            Stream::Out => self.out.as_ref(),
            Stream::Err => self.err.as_ref(),
        }
    }

    fn flow(&mut self, stream: Stream) -> Result<&mut Flow, SessionError> {
        let flow = match stream {
            Stream::Args => None,
            Stream::In => self.input.as_mut(),
            Stream::Out => self.out.as_mut(),
            Stream::Err => self.err.as_mut(),
        };
        flow.ok_or(SessionError::NoStream { stream })
    }

    fn open_flow(&mut self, stream: Stream) -> Result<&mut Flow, SessionError> {
        let flow = self.flow(stream)?;
        if flow.ended {
            return Err(SessionError::AfterEnd { stream });
        }
        Ok(flow)
    }
}
