//! Credit and ends of a call's streams, and what is said between them in a files call. The same sums
//! hold for who sends and who receives.

use super::super::control::{
    Call, ControlError, DigestKind, FilesCall, HOLE_BYTES_MIN, Stream, TransferFrame,
};
use super::super::kind::Kind;
use super::CREDIT_BYTES_MAX;
use super::error::SessionError;
use super::transfer::Transfer;

/// One stream in its one direction.
#[derive(Clone, Copy, Debug)]
struct Flow {
    credit: u64,
    moved: u64,
    ended: bool,
}

/// The streams of one call. A stream that the call does not have is `None`.
#[derive(Clone, Debug, Default)]
pub(super) struct Flows {
    input: Option<Flow>,
    out: Option<Flow>,
    err: Option<Flow>,
    transfer: Option<Box<Transfer>>,
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
                transfer: None,
            },
            Call::Stream(call) => Self {
                input: Some(flow(0)),
                out: Some(flow(call.window)),
                ..Self::default()
            },
            Call::Files(call) => Self {
                input: matches!(call, FilesCall::Put(_)).then(|| flow(0)),
                out: Some(flow(match call {
                    FilesCall::Get(call) => call.window,
                    FilesCall::Put(_) | FilesCall::List(_) => 0,
                })),
                err: None,
                transfer: Some(Box::new(Transfer::new(call))),
            },
            Call::Pair(_) | Call::Status => Self::default(),
        }
    }

    /// Bytes go over the wire.
    pub(super) fn take(&mut self, stream: Stream, length: u64) -> Result<(), SessionError> {
        let left = self.credit_after(stream, length)?;
        if let Some(transfer) = &mut self.transfer {
            transfer.send(stream, Kind::Data, length)?;
        }
        let flow = self.open_flow(stream)?;
        flow.credit = left;
        flow.moved += length;
        Ok(())
    }

    /// The side with the stream `from` says something of entries; or without it, in a call where it
    /// sends no bytes.
    pub(super) fn say(&mut self, from: Stream, frame: &TransferFrame) -> Result<(), SessionError> {
        let (kind, when) = (frame.kind(), "in such a call");
        if self.get(from).is_some_and(|flow| flow.ended) {
            return Err(SessionError::AfterEnd { stream: from });
        }
        let left_of_credit = match frame {
            TransferFrame::Hole { .. } => Some(self.credit_after(from, HOLE_BYTES_MIN)?),
            _ => None,
        };
        let transfer = self.transfer.as_mut();
        let transfer = transfer.ok_or(SessionError::Unexpected { kind, when })?;
        transfer.say(from, frame)?;
        if let Some(left) = left_of_credit {
            self.open_flow(from)?.credit = left;
        }
        Ok(())
    }

    /// Whether the frame is a last word of the receiver about a file that has gone already.
    pub(super) fn comes_late(&self, from: Stream, frame: &TransferFrame) -> bool {
        let transfer = self.transfer.as_ref();
        transfer.is_some_and(|transfer| transfer.comes_late(from, frame))
    }

    /// A files call is taken with this digest.
    pub(super) fn open_files(&mut self, digest: Option<DigestKind>) -> Result<(), ControlError> {
        self.transfer
            .as_mut()
            .map_or(Ok(()), |transfer| transfer.open(digest))
    }

    /// Whether one more entry may be announced.
    pub(super) fn may_announce(&self) -> bool {
        self.transfer
            .as_ref()
            .is_some_and(|transfer| transfer.may_announce())
    }

    /// The client wants no more.
    pub(super) fn cancel(&mut self) {
        if let Some(transfer) = &mut self.transfer {
            transfer.cancel();
        }
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
        self.open_flow(stream)?;
        if let Some(transfer) = &self.transfer {
            transfer.check_end(stream, !self.is_open(Stream::In))?;
        }
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

    /// What is left of the credit once so many bytes are paid.
    fn credit_after(&mut self, stream: Stream, length: u64) -> Result<u64, SessionError> {
        let credit = self.open_flow(stream)?.credit;
        let left = credit.checked_sub(length);
        left.ok_or(SessionError::BeyondCredit {
            stream,
            length,
            credit,
        })
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
