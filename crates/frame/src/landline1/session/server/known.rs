//! A server's session with a key that it knows: call after call, one at a time.

use super::super::super::args::{ARGS_BYTES_MAX, Args, ArgsError};
use super::super::super::control::{
    Call, Control, Credit, DigestKind, Done, End, Ending, Failure, FilesOpened, PairReply, Reply,
    StatusReply, Stream, TransferFrame,
};
use super::super::super::header::{HEADER_BYTES, Header};
use super::super::super::kind::Kind;
use super::super::error::SessionError;
use super::super::flow::Flows;
use super::super::inlet::Arrived;
use super::super::shape::Shape;
use super::super::transfer::written;
use super::super::{CREDIT_BYTES_MAX, Known};
use super::ServerSession;
use super::event::{Asked, ServerEvent};
use super::stage::{Stage, Standing, Step};

impl ServerSession<Known> {
    /// Takes what it can from the front of `input`, which becomes shorter by that, and gives one
    /// event. `None`: it needs more bytes. After an error the session is over.
    pub fn handle_bytes<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<ServerEvent<'a>>, SessionError> {
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

    /// To be asked when the line has ended: an error when the client left inside a frame or a call.
    pub fn handle_end(&self) -> Result<(), SessionError> {
        self.inlet.finish()?;
        if self.is_between_calls() {
            return Ok(());
        }
        let when = self.stage.when();
        Err(SessionError::CutShort { when })
    }

    /// Whether no call stands: the line may be closed, and a client loses nothing.
    pub fn is_idle(&self) -> bool {
        self.handle_end().is_ok()
    }

    /// Whether no call stands, though the next one's frame may have begun. Whoever bounds what waits
    /// for a client asks this: a client can always be within a frame.
    pub fn is_between_calls(&self) -> bool {
        match &self.stage {
            Stage::Args { .. } => false,
            Stage::Call(call) => call.step == Step::Ended,
            _ => true,
        }
    }

    /// Takes the asked call: the client may send `window` bytes of `in` at first. `window` is
    /// ignored when the call has no `in`.
    pub fn accept(&mut self, window: u64) -> Result<Vec<u8>, SessionError> {
        let error = self.stage.not_now(Kind::Reply);
        let call = self.stage.at(Step::Asked).ok_or(error.clone())?;
        if !matches!(call.shape, Shape::Exec | Shape::Stream) {
            return Err(error);
        }
        let window = call.first_window(window)?;
        call.open(window)?;
        Ok(Control::Reply(Reply::opened(window)).encode()?)
    }

    /// Takes the asked call of `files`: the client may send `window` bytes of `in` at first, if it
    /// puts, and files are verified by `digest`, one of those that it offers. A list has none.
    pub fn accept_files(
        &mut self,
        window: u64,
        digest: Option<DigestKind>,
    ) -> Result<Vec<u8>, SessionError> {
        self.stage.check_asked(Shape::Files)?;
        let error = self.stage.not_now(Kind::Reply);
        let call = self.stage.at(Step::Asked).ok_or(error)?;
        let window = call.first_window(window)?;
        call.flows.open_files(digest).map_err(|error| {
            let kind = Kind::Reply;
            SessionError::Control { kind, error }
        })?;
        call.open(window)?;
        let reply = FilesOpened { window, digest };
        Ok(Control::Reply(Reply::files(&reply)).encode()?)
    }

    /// Answers `pair`: the call has ended with it.
    pub fn send_paired(&mut self, reply: &PairReply) -> Result<Vec<u8>, SessionError> {
        self.answer_pair(reply)
    }

    /// Answers `status`: the call has ended with it.
    pub fn send_status(&mut self, reply: &StatusReply) -> Result<Vec<u8>, SessionError> {
        self.stage.check_asked(Shape::Status)?;
        let wire = Control::Reply(Reply::status(reply)).encode()?;
        self.stage.finish();
        Ok(wire)
    }

    /// Refuses the asked call, or ends the running one without DONE. Whether the line goes on is the
    /// code's: [`is_open`](Self::is_open) tells.
    pub fn send_failure(&mut self, failure: &Failure) -> Result<Vec<u8>, SessionError> {
        self.answer_failure(failure)
    }

    /// How many bytes of `out` or `err` may be sent now.
    pub fn may_send(&self, stream: Stream) -> u64 {
        match &self.stage {
            Stage::Call(call) if call.step == Step::Running && stream != Stream::In => {
                call.flows.credit(stream)
            }
            _ => 0,
        }
    }

    /// The header of a frame of `length` bytes of `out` or `err`, at least one and within the
    /// credit. The bytes are to follow it.
    pub fn send_data(
        &mut self,
        stream: Stream,
        length: usize,
    ) -> Result<[u8; HEADER_BYTES], SessionError> {
        let kind = body_kind(stream)?;
        if length == 0 {
            return Err(SessionError::Empty { kind });
        }
        let header = Header::new(kind, 0, length)?;
        self.stage.running(kind)?.take(stream, length as u64)?;
        Ok(header.encode())
    }

    /// Whether one more entry may be announced by the sender of a running call of `files`.
    pub fn may_announce(&self) -> bool {
        let flows = self.stage.running_flows();
        flows.is_some_and(Flows::may_announce)
    }

    /// Says something of entries, in a running call of `files`. A HOLE needs [`HOLE_BYTES_MIN`] of
    /// credit.
    ///
    /// [`HOLE_BYTES_MIN`]: crate::landline1::HOLE_BYTES_MIN
    pub fn send_transfer(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
        let kind = frame.kind();
        let flows = self.stage.running(kind)?;
        let wire = written(frame)?;
        flows.say(Stream::Out, frame)?;
        Ok(wire)
    }

    /// `out` or `err` has ended.
    pub fn send_end(&mut self, stream: Stream) -> Result<Vec<u8>, SessionError> {
        body_kind(stream)?;
        self.stage.running(Kind::End)?.end(stream)?;
        Ok(Control::End(End { stream }).encode()?)
    }

    /// The client may send so many more bytes of `in`. No bytes come out when `in` has ended or the
    /// call has, since nobody needs the credit then.
    pub fn grant(&mut self, bytes: u64) -> Result<Vec<u8>, SessionError> {
        let stream = Stream::In;
        match self.stage.at(Step::Running) {
            Some(call) if call.flows.is_open(stream) && bytes > 0 => {
                call.flows.grant(stream, bytes)?;
                Ok(Control::Credit(Credit { stream, bytes }).encode()?)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Ends the running call, after both streams have ended. `exec` needs an `ending`. The bytes
    /// have been counted here.
    pub fn send_done(
        &mut self,
        ending: Option<Ending>,
        timed_out: bool,
    ) -> Result<Vec<u8>, SessionError> {
        let error = self.stage.not_now(Kind::Done);
        let call = self.stage.at(Step::Running).ok_or(error.clone())?;
        if (call.shape == Shape::Exec) != ending.is_some() {
            return Err(error);
        }
        call.flows.check_ended()?;
        let done = Control::Done(Done {
            ending,
            out: call.flows.moved(Stream::Out),
            err: call.flows.moved(Stream::Err),
            input: (call.shape == Shape::Files).then(|| call.flows.moved(Stream::In)),
            timed_out,
        });
        let wire = done.encode()?;
        self.stage.finish();
        Ok(wire)
    }

    /// Answers a PING.
    pub fn send_pong(&mut self, data: String) -> Result<Vec<u8>, SessionError> {
        match self.stage {
            Stage::Idle => Ok(Control::Pong(data).encode()?),
            _ => Err(self.stage.not_now(Kind::Pong)),
        }
    }

    fn handle<'a>(
        &mut self,
        arrived: Arrived<'a>,
    ) -> Result<Option<ServerEvent<'a>>, SessionError> {
        let begins = matches!(
            arrived,
            Arrived::Control(Control::Call(_) | Control::Ping(_))
        );
        if begins && self.stage.at(Step::Ended).is_some() {
            self.stage = Stage::Idle;
        }
        match (&mut self.stage, arrived) {
            (stage, Arrived::Control(Control::Error(failure))) => {
                *stage = Stage::Over;
                Ok(Some(ServerEvent::Failed(failure)))
            }
            (Stage::Idle, arrived) => self.handle_idle(arrived),
            (Stage::Args { .. }, arrived) => self.handle_args(arrived),
            (Stage::Call(call), arrived) => call.handle(arrived),
            (stage, arrived) => Err(arrived.unexpected(stage.when())),
        }
    }

    fn handle_idle(
        &mut self,
        arrived: Arrived<'_>,
    ) -> Result<Option<ServerEvent<'static>>, SessionError> {
        match arrived {
            Arrived::Control(Control::Ping(data)) => Ok(Some(ServerEvent::Ping(data))),
            Arrived::Control(Control::Call(Call::Exec(call))) => {
                let bytes = Vec::new();
                self.stage = Stage::Args { call, bytes };
                Ok(None)
            }
            Arrived::Control(Control::Call(call)) => {
                self.stage = Stage::asked(&call);
                let asked = Asked::new(call, Args::default());
                Ok(Some(ServerEvent::Asked(asked)))
            }
            other => Err(other.unexpected(self.stage.when())),
        }
    }

    fn handle_args(
        &mut self,
        arrived: Arrived<'_>,
    ) -> Result<Option<ServerEvent<'static>>, SessionError> {
        let when = self.stage.when();
        let Stage::Args { call, bytes } = &mut self.stage else {
            return Err(arrived.unexpected(when));
        };
        let stream = Stream::Args;
        match arrived {
            Arrived::Opens(Kind::Args, length) => check_room(bytes, length)?,
            Arrived::Bytes(Kind::Args, piece) => bytes.extend_from_slice(piece),
            Arrived::Control(Control::End(end)) if end.stream == stream => {
                let args = Args::decode(std::mem::take(bytes), call.args, call.env)?;
                let call = Call::Exec(call.clone());
                self.stage = Stage::asked(&call);
                return Ok(Some(ServerEvent::Asked(Asked::new(call, args))));
            }
            other => return Err(other.unexpected(when)),
        }
        Ok(None)
    }
}

impl Standing {
    /// The first credit of `in`, which is 0 where the call has none.
    fn first_window(&self, window: u64) -> Result<u64, SessionError> {
        match (self.flows.is_open(Stream::In), window) {
            (false, _) => Ok(0),
            (true, bytes) if bytes > CREDIT_BYTES_MAX => {
                let stream = Stream::In;
                Err(SessionError::CreditOverflow { stream, bytes })
            }
            (true, _) => Ok(window),
        }
    }

    /// Its streams run.
    fn open(&mut self, window: u64) -> Result<(), SessionError> {
        if window > 0 {
            self.flows.grant(Stream::In, window)?;
        }
        self.step = Step::Running;
        Ok(())
    }

    /// A frame of this call. After the call has ended here it is checked all the same, and tells
    /// nothing.
    fn handle<'a>(
        &mut self,
        arrived: Arrived<'a>,
    ) -> Result<Option<ServerEvent<'a>>, SessionError> {
        let event = match arrived {
            Arrived::Opens(Kind::Data, length) => {
                self.flows.take(Stream::In, length)?;
                None
            }
            Arrived::Bytes(Kind::Data, bytes) => Some(ServerEvent::Data(bytes)),
            Arrived::Control(Control::Signal(name)) if self.shape == Shape::Exec => {
                Some(ServerEvent::Signal(name))
            }
            Arrived::Control(Control::Transfer(frame))
                if self.shape == Shape::Files && self.step != Step::Asked =>
            {
                self.flows.say(Stream::In, &frame)?;
                // It is the client's own affair, and it may say it of any number of files at once.
                let is_of_use = !self.flows.comes_late(Stream::In, &frame);
                is_of_use.then_some(ServerEvent::Transfer(frame))
            }
            Arrived::Control(Control::Cancel) if self.shape.has_streams() => {
                self.flows.cancel();
                Some(ServerEvent::Cancel)
            }
            Arrived::Control(Control::End(end)) if self.step != Step::Asked => {
                check_from_client(end.stream)?;
                self.flows.end(end.stream)?;
                Some(ServerEvent::Ended)
            }
            Arrived::Control(Control::Credit(Credit { stream, bytes }))
                if self.step != Step::Asked =>
            {
                body_kind(stream)?;
                self.flows.grant(stream, bytes)?;
                Some(ServerEvent::Credited { stream, bytes })
            }
            other => return Err(other.unexpected(self.step.when())),
        };
        Ok(event.filter(|_| self.step != Step::Ended))
    }
}

/// The kind of frame that carries a stream of the server.
fn body_kind(stream: Stream) -> Result<Kind, SessionError> {
    match stream {
        Stream::Out => Ok(Kind::Data),
        Stream::Err => Ok(Kind::Data2),
        Stream::Args | Stream::In => Err(SessionError::NoStream { stream }),
    }
}

fn check_from_client(stream: Stream) -> Result<(), SessionError> {
    match stream {
        Stream::In => Ok(()),
        stream => Err(SessionError::NoStream { stream }),
    }
}

/// Refuses words that would pass the bound, before their bytes come.
fn check_room(held: &[u8], length: u64) -> Result<(), SessionError> {
    if held.len() as u64 + length > ARGS_BYTES_MAX as u64 {
        return Err(ArgsError::TooLong.into());
    }
    Ok(())
}
