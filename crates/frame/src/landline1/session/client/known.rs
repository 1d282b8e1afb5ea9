//! A client's session with a server that knows its key: call after call, one at a time.

use super::super::super::args::Args;
use super::super::super::control::{
    Call, Control, ControlError, Credit, DigestKind, Done, End, ExecCall, FilesCall, FilesOpened,
    Opened, PairCall, Reply, Stream, StreamCall, TransferFrame, is_signal_name,
};
use super::super::super::header::{HEADER_BYTES, Header};
use super::super::super::kind::{BODY_BYTES_MAX, Kind};
use super::super::Known;
use super::super::error::SessionError;
use super::super::inlet::Arrived;
use super::super::shape::Shape;
use super::super::transfer::written;
use super::event::ClientEvent;
use super::{ClientSession, Stage, Standing, wrong_reply};

impl ClientSession<Known> {
    /// Takes what it can from the front of `input`, which becomes shorter by that, and gives one
    /// event. `None`: it needs more bytes. After an error the session is over.
    pub fn handle_bytes<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<ClientEvent<'a>>, SessionError> {
        if !self.is_open() {
            return Err(SessionError::Over);
        }
        loop {
            let next = self.inlet.next(input);
            let event = next.and_then(|arrived| match arrived {
                Some(arrived) => self.handle(arrived).map(Some),
                None => Ok(None),
            });
            match event {
                Ok(None) => return Ok(None),
                Ok(Some(Some(event))) => return Ok(Some(event)),
                Ok(Some(None)) => {}
                Err(error) => {
                    self.stage = Stage::Over;
                    return Err(error);
                }
            }
        }
    }

    /// To be asked when the line has ended: an error when the server left inside a frame or a call.
    pub fn handle_end(&self) -> Result<(), SessionError> {
        self.inlet.finish()?;
        match &self.stage {
            Stage::Call(_) | Stage::Pinged => {
                let when = self.when();
                Err(SessionError::CutShort { when })
            }
            _ => Ok(()),
        }
    }

    /// Whether a call may be made.
    pub fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::Idle)
    }

    /// Runs a program: CALL, the ARGS frames and their END. The counts of `call` are set here.
    pub fn exec(&mut self, mut call: ExecCall, args: &Args) -> Result<Vec<u8>, SessionError> {
        (call.args, call.env) = args.counts();
        let mut wire = self.open(&Call::Exec(call))?;
        for piece in args.as_bytes().chunks(BODY_BYTES_MAX as usize) {
            wire.extend_from_slice(&Header::new(Kind::Args, 0, piece.len())?.encode());
            wire.extend_from_slice(piece);
        }
        let stream = Stream::Args;
        wire.extend(Control::End(End { stream }).encode()?);
        Ok(wire)
    }

    /// Calls a service with bytes both ways, as `echo`.
    pub fn stream(&mut self, call: StreamCall) -> Result<Vec<u8>, SessionError> {
        self.open(&Call::Stream(call))
    }

    /// Calls `status`.
    pub fn status(&mut self) -> Result<Vec<u8>, SessionError> {
        self.open(&Call::Status)
    }

    /// Gets, puts or lists files.
    pub fn files(&mut self, call: FilesCall) -> Result<Vec<u8>, SessionError> {
        self.open(&Call::Files(call))
    }

    /// Calls `pair` with a key that the server knows already, for what another ticket grants.
    pub fn pair(&mut self, call: PairCall) -> Result<Vec<u8>, SessionError> {
        self.call_pair(call)
    }

    /// How many bytes of `in` may be sent now.
    pub fn may_send(&self) -> u64 {
        match &self.stage {
            Stage::Call(call) => call.flows.credit(Stream::In),
            _ => 0,
        }
    }

    /// The header of a frame of `length` bytes of `in`, at least one and within the credit. The
    /// bytes are to follow it.
    pub fn send_data(&mut self, length: usize) -> Result<[u8; HEADER_BYTES], SessionError> {
        let kind = Kind::Data;
        if length == 0 {
            return Err(SessionError::Empty { kind });
        }
        let header = Header::new(kind, 0, length)?;
        let call = self.answered(kind)?;
        call.flows.take(Stream::In, length as u64)?;
        Ok(header.encode())
    }

    /// Whether one more entry may be announced by the sender of a running call of `files`.
    pub fn may_announce(&self) -> bool {
        match &self.stage {
            Stage::Call(call) => call.answered && call.flows.may_announce(),
            _ => false,
        }
    }

    /// Says something of entries, in a running call of `files`. A HOLE needs [`HOLE_BYTES_MIN`] of
    /// credit.
    ///
    /// [`HOLE_BYTES_MIN`]: crate::landline1::HOLE_BYTES_MIN
    pub fn send_transfer(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
        let kind = frame.kind();
        let call = self.answered(kind)?;
        let wire = written(frame)?;
        call.flows.say(Stream::In, frame)?;
        Ok(wire)
    }

    /// `in` has ended.
    pub fn send_end(&mut self) -> Result<Vec<u8>, SessionError> {
        let stream = Stream::In;
        self.answered(Kind::End)?.flows.end(stream)?;
        Ok(Control::End(End { stream }).encode()?)
    }

    /// The server may send so many more bytes of `out` or `err`. No bytes come out when the stream
    /// or the call has ended, since nobody needs the credit then.
    pub fn grant(&mut self, stream: Stream, bytes: u64) -> Result<Vec<u8>, SessionError> {
        check_from_server(stream)?;
        match &mut self.stage {
            Stage::Call(call) if call.answered && call.flows.is_open(stream) && bytes > 0 => {
                call.flows.grant(stream, bytes)?;
                Ok(Control::Credit(Credit { stream, bytes }).encode()?)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// A signal for the program, at any time of an `exec`. `name` is as [`is_signal_name`] has it.
    pub fn signal(&mut self, name: &str) -> Result<Vec<u8>, SessionError> {
        let kind = Kind::Signal;
        let error = self.not_now(kind);
        if self.standing(kind)?.shape != Shape::Exec {
            return Err(error);
        }
        if !is_signal_name(name) {
            let error = ControlError::OutOfRange { key: "signal" };
            return Err(SessionError::Control { kind, error });
        }
        Ok(Control::Signal(name.to_string()).encode()?)
    }

    /// Wants no more of the call, at any time of one with streams. DONE or ERROR still comes.
    pub fn cancel(&mut self) -> Result<Vec<u8>, SessionError> {
        let error = self.not_now(Kind::Cancel);
        let call = self.standing(Kind::Cancel)?;
        if !call.shape.has_streams() {
            return Err(error);
        }
        call.flows.cancel();
        Ok(Control::Cancel.encode()?)
    }

    /// Asks for a PONG, between two calls; the next call waits for it.
    pub fn ping(&mut self, data: String) -> Result<Vec<u8>, SessionError> {
        if !self.is_idle() {
            return Err(self.not_now(Kind::Ping));
        }
        let wire = Control::Ping(data).encode()?;
        self.stage = Stage::Pinged;
        Ok(wire)
    }

    fn standing(&mut self, kind: Kind) -> Result<&mut Standing, SessionError> {
        let error = self.not_now(kind);
        match &mut self.stage {
            Stage::Call(call) => Ok(call),
            _ => Err(error),
        }
    }

    fn answered(&mut self, kind: Kind) -> Result<&mut Standing, SessionError> {
        let error = self.not_now(kind);
        let call = self.standing(kind)?;
        if call.answered { Ok(call) } else { Err(error) }
    }

    fn handle<'a>(
        &mut self,
        arrived: Arrived<'a>,
    ) -> Result<Option<ClientEvent<'a>>, SessionError> {
        let when = self.when();
        match (&mut self.stage, arrived) {
            (_, Arrived::Control(Control::Error(failure))) => {
                self.fail(&failure);
                Ok(Some(ClientEvent::Failed(failure)))
            }
            (Stage::Pinged, Arrived::Control(Control::Pong(data))) => {
                self.stage = Stage::Idle;
                Ok(Some(ClientEvent::Pong(data)))
            }
            (Stage::Call(call), Arrived::Control(Control::Reply(reply))) if !call.answered => {
                let event = call.handle_reply(&reply)?;
                if !call.answered {
                    self.stage = Stage::Idle;
                }
                Ok(Some(event))
            }
            (Stage::Call(call), Arrived::Control(Control::Done(done))) if call.answered => {
                call.check_done(&done)?;
                self.stage = Stage::Idle;
                Ok(Some(ClientEvent::Done(done)))
            }
            (Stage::Call(call), arrived) if call.answered => call.handle(arrived),
            (_, arrived) => Err(arrived.unexpected(when)),
        }
    }
}

impl Standing {
    /// A REPLY opens the streams; without streams it ends the call.
    fn handle_reply(&mut self, reply: &Reply) -> Result<ClientEvent<'static>, SessionError> {
        match self.shape {
            Shape::Pair => Ok(ClientEvent::Paired(reply.to_paired().map_err(wrong_reply)?)),
            Shape::Status => Ok(ClientEvent::Status(reply.to_status().map_err(wrong_reply)?)),
            Shape::Exec | Shape::Stream => {
                let Opened { window } = reply.to_opened().map_err(wrong_reply)?;
                self.open(window, None)
            }
            Shape::Files => {
                let FilesOpened { window, digest } = reply.to_files().map_err(wrong_reply)?;
                self.flows.open_files(digest).map_err(wrong_reply)?;
                self.open(window, digest)
            }
        }
    }

    /// Its streams run.
    fn open(
        &mut self,
        window: u64,
        digest: Option<DigestKind>,
    ) -> Result<ClientEvent<'static>, SessionError> {
        self.answered = true;
        if self.flows.is_open(Stream::In) {
            self.flows.grant(Stream::In, window)?;
        }
        Ok(ClientEvent::Accepted { window, digest })
    }

    /// A frame of the running call.
    fn handle<'a>(
        &mut self,
        arrived: Arrived<'a>,
    ) -> Result<Option<ClientEvent<'a>>, SessionError> {
        match arrived {
            Arrived::Opens(Kind::Data, length) => self.flows.take(Stream::Out, length)?,
            Arrived::Opens(Kind::Data2, length) => self.flows.take(Stream::Err, length)?,
            Arrived::Bytes(kind, bytes) => {
                let stream = match kind {
                    Kind::Data2 => Stream::Err,
                    _ => Stream::Out,
                };
                return Ok(Some(ClientEvent::Data { stream, bytes }));
            }
            Arrived::Control(Control::End(End { stream })) => {
                check_from_server(stream)?;
                self.flows.end(stream)?;
                return Ok(Some(ClientEvent::Ended(stream)));
            }
            Arrived::Control(Control::Transfer(frame)) if self.shape == Shape::Files => {
                self.flows.say(Stream::Out, &frame)?;
                return Ok(Some(ClientEvent::Transfer(frame)));
            }
            Arrived::Control(Control::Credit(Credit { stream, bytes })) => {
                check_from_client(stream)?;
                self.flows.grant(stream, bytes)?;
                return Ok(Some(ClientEvent::Credited { bytes }));
            }
            other => return Err(other.unexpected("while the call runs")),
        }
        Ok(None)
    }

    /// DONE comes last, and its counts are those of what came.
    fn check_done(&self, done: &Done) -> Result<(), SessionError> {
        self.flows.check_ended()?;
        for (stream, said) in [(Stream::Out, done.out), (Stream::Err, done.err)] {
            let came = self.flows.moved(stream);
            if said != came {
                return Err(SessionError::CountDiffers { stream, said, came });
            }
        }
        if self.shape == Shape::Files {
            self.check_taken(done.input)?;
        }
        if self.shape == Shape::Exec && done.ending.is_none() {
            let (kind, error) = (Kind::Done, ControlError::KeyMissing { key: "exit" });
            return Err(SessionError::Control { kind, error });
        }
        Ok(())
    }

    /// The server has taken all that was sent, or less where a CANCEL crossed it.
    fn check_taken(&self, said: Option<u64>) -> Result<(), SessionError> {
        let (stream, came) = (Stream::In, self.flows.moved(Stream::In));
        let Some(said) = said else {
            let (kind, error) = (Kind::Done, ControlError::KeyMissing { key: "in" });
            return Err(SessionError::Control { kind, error });
        };
        let is_right = match self.flows.is_open(stream) {
            true => said <= came,
            false => said == came,
        };
        match is_right {
            true => Ok(()),
            false => Err(SessionError::CountDiffers { stream, said, came }),
        }
    }
}

fn check_from_server(stream: Stream) -> Result<(), SessionError> {
    match stream {
        Stream::Out | Stream::Err => Ok(()),
        stream => Err(SessionError::NoStream { stream }),
    }
}

fn check_from_client(stream: Stream) -> Result<(), SessionError> {
    match stream {
        Stream::In => Ok(()),
        stream => Err(SessionError::NoStream { stream }),
    }
}
