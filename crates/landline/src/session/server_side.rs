//! A server's session on a link: what a known client asked for, and what it says to the call that
//! runs. It does not know what answers.

use landline_frame::landline1::{
    Asked, HEADER_BYTES, Known, ServerEvent, ServerSession, SessionError, Stream, TransferFrame,
};

use super::ended::LineEnded;
use super::link::{Side, Traffic};

/// How many bytes wait to go out before a client between two calls is not read any further: it asks
/// without reading the answers.
const UNREAD_BYTES_MAX: usize = 64 * 1024;

/// The most signals that wait for a program: each kind counts once, as in the kernel (signal(7)).
const SIGNALS_MAX: usize = 32;

/// A server's session with a known client.
pub(crate) struct ServerSide {
    pub(crate) session: ServerSession<Known>,
    /// A call that waits for an answer.
    pub(crate) asked: Option<Asked>,
    /// Signals for the program that were not passed on yet, by name.
    pub(crate) signals: Vec<String>,
    /// The client wants no more of the call.
    pub(crate) is_cancelled: bool,
}

impl ServerSide {
    pub(crate) fn new(session: ServerSession<Known>) -> Self {
        Self {
            session,
            asked: None,
            signals: Vec::new(),
            is_cancelled: false,
        }
    }

    fn begin(&mut self, asked: Asked, traffic: &mut Traffic) {
        match &asked {
            Asked::Files(_) => traffic.renew_transfer(Stream::In),
            _ => traffic.renew(),
        }
        self.signals.clear();
        self.is_cancelled = false;
        self.asked = Some(asked);
    }

    fn keep_signal(&mut self, name: String) {
        if self.signals.len() < SIGNALS_MAX && !self.signals.contains(&name) {
            self.signals.push(name);
        }
    }
}

impl Side for ServerSide {
    fn handle(&mut self, input: &mut &[u8], traffic: &mut Traffic) -> Result<bool, LineEnded> {
        if !self.session.is_open() {
            // An ERROR of ours has ended it: what crossed that on the way is of no use.
            return Ok(false);
        }
        let Some(event) = self.session.handle_bytes(input)? else {
            return Ok(false);
        };
        match event {
            ServerEvent::Asked(asked) => self.begin(asked, traffic),
            ServerEvent::Data(bytes) => traffic.put(Stream::In, bytes),
            ServerEvent::Ended => traffic.put_end(Stream::In),
            ServerEvent::Transfer(frame) => traffic.put_word(frame),
            ServerEvent::Credited { .. } => {}
            ServerEvent::Signal(name) => self.keep_signal(name),
            ServerEvent::Cancel => self.is_cancelled = true,
            ServerEvent::Ping(data) => traffic.outgoing.push(self.session.send_pong(data)?),
            ServerEvent::Failed(failure) => return Err(LineEnded::Failed(failure)),
        }
        Ok(true)
    }

    fn handle_end(&self) -> Result<(), SessionError> {
        self.session.handle_end()
    }

    fn may_send(&self, stream: Stream) -> u64 {
        self.session.may_send(stream)
    }

    fn send_data(
        &mut self,
        stream: Stream,
        length: usize,
    ) -> Result<[u8; HEADER_BYTES], SessionError> {
        self.session.send_data(stream, length)
    }

    fn send_end(&mut self, stream: Stream) -> Result<Vec<u8>, SessionError> {
        self.session.send_end(stream)
    }

    fn send_transfer(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
        self.session.send_transfer(frame)
    }

    fn may_announce(&self) -> bool {
        self.session.may_announce()
    }

    fn grant(&mut self, _: Stream, bytes: u64) -> Result<Vec<u8>, SessionError> {
        self.session.grant(bytes)
    }

    fn call_over(&self) -> Option<LineEnded> {
        // Whoever answers a call ends it: nothing of it is left to move then.
        None
    }

    fn reads_on(&self, outgoing_bytes: usize) -> bool {
        outgoing_bytes <= UNREAD_BYTES_MAX || !self.session.is_between_calls()
    }
}
