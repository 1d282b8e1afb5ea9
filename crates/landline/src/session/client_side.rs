//! A client's session on a link: how its call was answered, and how it ended. It does not know what
//! the call is for.

use landline_frame::landline1::{
    ClientEvent, ClientSession, DigestKind, Done, Failure, HEADER_BYTES, Known, PairReply,
    SessionError, StatusReply, Stream, TransferFrame,
};

use super::ended::LineEnded;
use super::link::{Side, State, Traffic};

/// How a call, or a PING, was answered.
pub(crate) enum Answer {
    /// Its streams run. A files call's files are verified so.
    Accepted(Option<DigestKind>),
    Paired(PairReply),
    Status(StatusReply),
    Pong,
}

/// A client's session with a server that knows it.
pub(crate) struct ClientSide {
    pub(crate) session: ClientSession<Known>,
    /// How the call was answered, until somebody has asked.
    pub(crate) answer: Option<Answer>,
    /// How the call ended.
    pub(crate) done: Option<Result<Done, Failure>>,
    /// Nobody waits for the call any more: what comes of it is dropped, and gives credit.
    pub(crate) is_abandoned: bool,
}

impl ClientSide {
    pub(crate) fn new(session: ClientSession<Known>) -> Self {
        Self {
            session,
            answer: None,
            done: None,
            is_abandoned: false,
        }
    }

    /// A new call begins.
    pub(crate) fn renew(&mut self) {
        self.answer = None;
        self.done = None;
        self.is_abandoned = false;
    }
}

impl State<ClientSide> {
    /// Nobody waits for the call any more. What has come of it, and what still comes, gives credit,
    /// so that the call comes to its end and the line is free.
    pub(crate) fn abandon(&mut self) {
        self.side.is_abandoned = true;
        self.traffic.drain();
    }
}

impl Side for ClientSide {
    fn handle(&mut self, input: &mut &[u8], traffic: &mut Traffic) -> Result<bool, LineEnded> {
        let Some(event) = self.session.handle_bytes(input)? else {
            return Ok(false);
        };
        match event {
            ClientEvent::Accepted { digest, .. } => self.answer = Some(Answer::Accepted(digest)),
            ClientEvent::Paired(reply) => self.answer = Some(Answer::Paired(reply)),
            ClientEvent::Status(reply) => self.answer = Some(Answer::Status(reply)),
            ClientEvent::Pong(_) => self.answer = Some(Answer::Pong),
            ClientEvent::Data { stream, bytes } => {
                traffic.put(stream, bytes);
                if self.is_abandoned {
                    traffic.drain();
                }
            }
            ClientEvent::Ended(stream) => traffic.put_end(stream),
            ClientEvent::Transfer(frame) => {
                traffic.put_word(frame);
                if self.is_abandoned {
                    traffic.drain();
                }
            }
            ClientEvent::Credited { .. } => {}
            ClientEvent::Done(done) => self.done = Some(Ok(done)),
            ClientEvent::Failed(failure) => {
                self.done = Some(Err(failure.clone()));
                if !self.session.is_open() {
                    return Err(LineEnded::Failed(failure));
                }
            }
        }
        Ok(true)
    }

    fn handle_end(&self) -> Result<(), SessionError> {
        self.session.handle_end()
    }

    fn may_send(&self, _: Stream) -> u64 {
        self.session.may_send()
    }

    fn send_data(&mut self, _: Stream, length: usize) -> Result<[u8; HEADER_BYTES], SessionError> {
        self.session.send_data(length)
    }

    fn send_end(&mut self, _: Stream) -> Result<Vec<u8>, SessionError> {
        self.session.send_end()
    }

    fn send_transfer(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
        self.session.send_transfer(frame)
    }

    fn may_announce(&self) -> bool {
        self.session.may_announce()
    }

    fn grant(&mut self, stream: Stream, bytes: u64) -> Result<Vec<u8>, SessionError> {
        match stream {
            Stream::Out | Stream::Err => self.session.grant(stream, bytes),
            Stream::In | Stream::Args => Ok(Vec::new()),
        }
    }

    fn call_over(&self) -> Option<LineEnded> {
        match self.done.as_ref()? {
            Ok(_) => Some(LineEnded::CallOver),
            Err(failure) => Some(LineEnded::Failed(failure.clone())),
        }
    }

    fn reads_on(&self, _: usize) -> bool {
        true
    }
}
