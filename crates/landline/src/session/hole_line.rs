//! A sender's end of a files call whose holes never wait for more credit than comes: where there is not
//! enough for a word about zeros, the zeros go. It does not know what is sent.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use landline_frame::landline1::{HOLE_BYTES_MIN, Stream, TransferFrame};
use landline_service::{Arrived, TransferEnd, TransferLine};
use tokio::runtime::Handle;

use super::link::{Link, Side};
use super::transfer::LinkLine;

/// Zeros to be sent, as many as go before the credit is looked at again.
static ZEROS: [u8; HOLE_BYTES_MIN as usize] = [0; HOLE_BYTES_MIN as usize];

/// One end of a files call on a link, for a sender.
pub(crate) struct HoleLine<S: Side> {
    line: LinkLine<S>,
    link: Arc<Link<S>>,
    call: u64,
    /// The stream that bytes of this side go out in.
    stream: Stream,
    /// Where the pump runs.
    runtime: Handle,
}

impl<S: Side> HoleLine<S> {
    /// The end `line` of the files call that stands on `link`, whose bytes go out in `stream`.
    pub(crate) fn new(line: LinkLine<S>, link: Arc<Link<S>>, stream: Stream) -> Self {
        let call = link.look(|state| state.traffic.transfer);
        Self {
            line,
            link,
            call,
            stream,
            runtime: Handle::current(),
        }
    }

    /// Sends zeros: by a word as soon as there is credit for it, which with a small window may never
    /// be.
    fn hole(&mut self, bytes: u64) -> Result<(), TransferEnd> {
        let mut left = bytes;
        while left > 0 {
            let credit = self.link.look(|state| state.side.may_send(self.stream));
            // What is left of a hole may be too short for a word.
            if credit >= HOLE_BYTES_MIN && (left == bytes || left >= HOLE_BYTES_MIN) {
                return self.line.say(&TransferFrame::Hole { bytes: left });
            }
            if credit == 0 {
                self.await_credit()?;
                continue;
            }
            let count = left.min(credit).min(HOLE_BYTES_MIN);
            let zeros = &ZEROS[..usize::try_from(count).expect("4 KiB at most")];
            self.line.send(Bytes::from_static(zeros))?;
            left -= count;
        }
        Ok(())
    }

    /// Sleeps until there is any credit, or the call is over.
    fn await_credit(&mut self) -> Result<(), TransferEnd> {
        // It tells, too, whether the call is over.
        self.line.flush()?;
        let (call, stream) = (self.call, self.stream);
        self.runtime.block_on(self.link.until(|state| {
            let is_over = state.traffic.transfer != call
                || state.side.call_over().is_some()
                || state.why_ended().is_some();
            (is_over || state.side.may_send(stream) > 0).then_some(())
        }));
        Ok(())
    }
}

impl<S: Side> TransferLine for HoleLine<S> {
    fn may_announce(&self) -> bool {
        self.line.may_announce()
    }

    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferEnd> {
        match frame {
            TransferFrame::Hole { bytes } => self.hole(*bytes),
            frame => self.line.say(frame),
        }
    }

    fn send(&mut self, bytes: Bytes) -> Result<(), TransferEnd> {
        self.line.send(bytes)
    }

    fn flush(&mut self) -> Result<(), TransferEnd> {
        self.line.flush()
    }

    fn next(&mut self, wait: bool) -> Result<VecDeque<Arrived>, TransferEnd> {
        self.line.next(wait)
    }

    fn end(&mut self) -> Result<(), TransferEnd> {
        self.line.end()
    }
}
