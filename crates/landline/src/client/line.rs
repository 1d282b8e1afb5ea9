//! A line to a machine that one trusts, kept for call after call, one at a time. It does not know how
//! it was made.

use std::sync::Arc;
use std::time::{Duration, Instant};

use landline_frame::landline1::{
    ClientSession, Known, PairCall, PairReply, SessionError, StatusReply,
};
use landline_line::SecureStream;
use landline_trust::PeerId;
use tokio::task::JoinHandle;

use super::call_error::CallError;
use crate::session::{Answer, ClientSide, LineEnded, Link, Traffic, pump};

/// A secure line to a server that knows this machine's key. Calls follow each other on it; more lines
/// are more calls at once.
///
/// Dropping it closes the line in the background; [`Line::close`] waits until it has.
pub struct Line {
    pub(super) link: Arc<Link<ClientSide>>,
    pump: JoinHandle<()>,
    peer: PeerId,
    place: String,
    software: String,
}

impl Line {
    /// A line whose greeting is done; `rest` came behind the server's HELLO.
    pub(super) fn start(
        line: SecureStream,
        peer: PeerId,
        session: ClientSession<Known>,
        software: String,
        rest: &[u8],
    ) -> Self {
        let link = Arc::new(Link::new(ClientSide::new(session)));
        link.change(|state| state.receive(rest));
        let (pumped, place) = (link.clone(), line.peer);
        let pump = tokio::spawn(async move { pump(&pumped, line.reader, line.writer).await });
        Self {
            link,
            pump,
            peer,
            place,
            software,
        }
    }

    /// The key at the other end.
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// Where the other end is, as a person would name it.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What the other end calls itself: its program and version, or anything at all.
    pub fn software(&self) -> &str {
        &self.software
    }

    /// How the server is, and what it does.
    ///
    /// # Errors
    /// The server refused, or the line ended.
    pub async fn status(&mut self) -> Result<StatusReply, CallError> {
        self.begin(ClientSession::status).await?;
        match self.answer().await? {
            Answer::Status(status) => Ok(status),
            _ => Err(CallError::Ended(LineEnded::CallOver)),
        }
    }

    /// How long a frame takes there and back.
    ///
    /// # Errors
    /// The line ended.
    pub async fn ping(&mut self) -> Result<Duration, CallError> {
        let sent_at = Instant::now();
        self.begin(|session| session.ping(String::new())).await?;
        match self.answer().await? {
            Answer::Pong => Ok(sent_at.elapsed()),
            _ => Err(CallError::Ended(LineEnded::CallOver)),
        }
    }

    pub(super) async fn call_pair(&mut self, call: PairCall) -> Result<PairReply, CallError> {
        self.begin(|session| session.pair(call)).await?;
        match self.answer().await? {
            Answer::Paired(reply) => Ok(reply),
            _ => Err(CallError::Ended(LineEnded::CallOver)),
        }
    }

    /// Waits until no call stands, then sends what `make` makes, and gives the new call's number.
    pub(super) async fn begin(
        &mut self,
        make: impl FnOnce(&mut ClientSession<Known>) -> Result<Vec<u8>, SessionError>,
    ) -> Result<u64, CallError> {
        self.begin_with(make, Traffic::renew).await
    }

    /// As [`Line::begin`]; `renew` readies the traffic for the new call.
    pub(super) async fn begin_with(
        &mut self,
        make: impl FnOnce(&mut ClientSession<Known>) -> Result<Vec<u8>, SessionError>,
        renew: impl FnOnce(&mut Traffic),
    ) -> Result<u64, CallError> {
        let idle = self.link.until(|state| match state.why_ended() {
            Some(ended) => Some(Err(ended)),
            None => state.side.session.is_idle().then_some(Ok(())),
        });
        idle.await?;
        self.link.change(|state| {
            let wire = make(&mut state.side.session).map_err(CallError::Unsayable)?;
            state.call += 1;
            renew(&mut state.traffic);
            state.side.renew();
            state.traffic.outgoing.push(wire);
            Ok(state.call)
        })
    }

    /// How the call that was begun last is answered.
    pub(super) async fn answer(&self) -> Result<Answer, CallError> {
        let answer = self.link.until(|state| {
            if let Some(answer) = state.side.answer.take() {
                return Some(Ok(answer));
            }
            let failed = match &state.side.done {
                Some(Err(failure)) => Some(CallError::Failed(failure.clone())),
                _ => state.why_ended().map(CallError::from),
            };
            failed.map(Err)
        });
        answer.await
    }

    /// Closes the line without waiting for the other end to do so too, for a program that ends: on a
    /// long way that wait takes as long as a call.
    pub async fn leave(mut self) {
        self.link.change(|state| state.hang_up());
        tokio::select! {
            biased;
            _ = &mut self.pump => {}
            // By then the pump has had its turn, and the socket what it takes.
            () = tokio::task::yield_now() => {}
        }
    }

    /// Closes the line and waits until the other end was told.
    pub async fn close(mut self) {
        self.link.change(|state| state.hang_up());
        // It ends by itself, within a second.
        let _ = (&mut self.pump).await;
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.link.close();
    }
}
