//! A client's session with a server that does not know its key: one call of `pair`.

use super::super::super::control::{Control, Failure, PairCall, PairReply};
use super::super::Stranger;
use super::super::error::SessionError;
use super::super::inlet::Arrived;
use super::{ClientSession, Stage};

impl ClientSession<Stranger> {
    /// Calls `pair`, once.
    pub fn pair(&mut self, call: PairCall) -> Result<Vec<u8>, SessionError> {
        self.call_pair(call)
    }

    /// Takes what it can from the front of `input`, which becomes shorter by that, and gives the
    /// server's answer. `None`: it needs more bytes. The session is over with the answer.
    pub fn handle_bytes(
        &mut self,
        input: &mut &[u8],
    ) -> Result<Option<Result<PairReply, Failure>>, SessionError> {
        if !self.is_open() {
            return Err(SessionError::Over);
        }
        let answer = self.next_answer(input);
        if !matches!(answer, Ok(None)) {
            self.stage = Stage::Over;
        }
        answer
    }

    fn next_answer(
        &mut self,
        input: &mut &[u8],
    ) -> Result<Option<Result<PairReply, Failure>>, SessionError> {
        match self.inlet.next(input)? {
            None => Ok(None),
            Some(Arrived::Control(Control::Error(failure))) => Ok(Some(Err(failure))),
            Some(Arrived::Control(Control::Reply(reply)))
                if matches!(self.stage, Stage::Call(_)) =>
            {
                let reply = reply.to_paired().map_err(super::wrong_reply)?;
                Ok(Some(Ok(reply)))
            }
            Some(other) => Err(other.unexpected(self.when())),
        }
    }
}
