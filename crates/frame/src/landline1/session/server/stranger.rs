//! A server's session with a key that it does not know: one call of `pair`, and no way to tell of
//! any other.

use super::super::super::control::{Call, Control, Failure, PairCall, PairReply};
use super::super::Stranger;
use super::super::error::SessionError;
use super::super::inlet::Arrived;
use super::ServerSession;
use super::stage::Stage;

impl ServerSession<Stranger> {
    /// Takes what it can from the front of `input`, which becomes shorter by that, and gives the
    /// call of `pair`. `None`: it needs more bytes. Any other frame is an error, and any frame after
    /// the call too.
    pub fn handle_bytes(&mut self, input: &mut &[u8]) -> Result<Option<PairCall>, SessionError> {
        if !self.is_open() {
            return Err(SessionError::Over);
        }
        let call = self.next_call(input);
        if call.is_err() {
            self.stage = Stage::Over;
        }
        call
    }

    /// Answers the call. The line ends with it: the client dials again, as a known key.
    pub fn send_paired(&mut self, reply: &PairReply) -> Result<Vec<u8>, SessionError> {
        let wire = self.answer_pair(reply)?;
        self.stage = Stage::Over;
        Ok(wire)
    }

    /// Refuses the call. The line ends with it.
    pub fn send_failure(&mut self, failure: &Failure) -> Result<Vec<u8>, SessionError> {
        let wire = self.answer_failure(failure)?;
        self.stage = Stage::Over;
        Ok(wire)
    }

    fn next_call(&mut self, input: &mut &[u8]) -> Result<Option<PairCall>, SessionError> {
        match self.inlet.next(input)? {
            None => Ok(None),
            Some(Arrived::Control(Control::Call(call))) if matches!(self.stage, Stage::Idle) => {
                self.stage = Stage::asked(&call);
                match call {
                    Call::Pair(call) => Ok(Some(call)),
                    call => Err(SessionError::Unknown {
                        service: call.service().to_string(),
                    }),
                }
            }
            Some(other) => Err(other.unexpected("from an unknown key")),
        }
    }
}
