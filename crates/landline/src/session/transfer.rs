//! A files call on a link, as the thread that serves it sees it: it blocks there, and the pump goes on.
//! It does not know what is sent, or where it lands.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread;

use bytes::Bytes;
use landline_frame::landline1::{BODY_BYTES_MAX, HOLE_BYTES_MIN, Stream, TransferFrame};
use landline_service::{Arrived, TransferEnd, TransferLine};
use tokio::sync::oneshot;

use super::ended::LineEnded;
use super::link::{Link, Side, State};

/// How many bytes of a files call wait for the line at most, beside the last piece: 1 MiB. Then the
/// thread sleeps until half of them have gone, so that it is not woken for each.
const OUTGOING_BYTES_MAX: usize = 1024 * 1024;

/// So many bytes are worth waking the pump for, before the thread says that it has no more at hand.
const WORTH_BYTES: usize = 64 * 1024;

/// As much as waits for a thread at most: it is taken and freed again and again while files move. A
/// process may keep twice that afterwards, for the next ones.
const WARM_BYTES: usize = 8 * 1024 * 1024;

/// What the thread of a files call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreadWait {
    Nothing,
    /// For what comes.
    Arrivals {
        call: u64,
    },
    /// For credit of so many bytes at least, and for what waits to go out.
    Room {
        call: u64,
        stream: Stream,
        credit: u64,
    },
}

/// One end of a files call on a link.
pub(crate) struct LinkLine<S> {
    link: Arc<Link<S>>,
    call: u64,
    /// The stream that bytes of this side go out in.
    stream: Stream,
}

/// Ends a files call's thread when whoever waits for it does so no more.
pub(crate) struct ThreadGuard<S: Side> {
    link: Arc<Link<S>>,
    call: u64,
}

impl<S: Side> Link<S> {
    /// This side's end of the files call that stands, for its thread, and what ends that.
    pub(crate) fn transfer(self: &Arc<Self>, stream: Stream) -> (LinkLine<S>, ThreadGuard<S>) {
        let (link, call) = (self.clone(), self.look(|state| state.traffic.transfer));
        let guard = ThreadGuard {
            link: link.clone(),
            call,
        };
        (LinkLine { link, call, stream }, guard)
    }
}

impl<S: Side> Drop for ThreadGuard<S> {
    fn drop(&mut self) {
        self.link.change(|state| {
            if state.traffic.transfer == self.call {
                state.traffic.transfer += 1;
            }
        });
    }
}

impl<S: Side> State<S> {
    /// Why the thread of this files call has nothing more to do.
    fn check_transfer(&self, call: u64) -> Result<(), LineEnded> {
        if call != self.traffic.transfer {
            return Err(LineEnded::CallOver);
        }
        match self.side.call_over().or_else(|| self.why_ended()) {
            Some(ended) => Err(ended),
            None => Ok(()),
        }
    }

    fn has_room(&self, stream: Stream, credit: u64, outgoing_max: usize) -> bool {
        self.traffic.outgoing.bytes() < outgoing_max && self.side.may_send(stream) >= credit
    }

    /// Whether what the thread of a files call waits for is there.
    pub(super) fn wakes_thread(&self) -> bool {
        match self.thread {
            ThreadWait::Nothing => false,
            ThreadWait::Arrivals { call } => {
                let arrivals = self.traffic.arrivals.as_ref();
                arrivals.is_some_and(|(_, arrivals)| arrivals.is_worth_waking())
                    || self.check_transfer(call).is_err()
            }
            ThreadWait::Room {
                call,
                stream,
                credit,
            } => {
                self.has_room(stream, credit, OUTGOING_BYTES_MAX / 2)
                    || self.check_transfer(call).is_err()
            }
        }
    }
}

impl<S: Side> LinkLine<S> {
    /// Sleeps until what `wait` says is there.
    fn sleep<'a>(
        &'a self,
        mut state: MutexGuard<'a, State<S>>,
        wait: ThreadWait,
    ) -> MutexGuard<'a, State<S>> {
        // The pump may sleep, too: what waits is to go out.
        state.thread = wait;
        if state.wakes_thread() {
            state.thread = ThreadWait::Nothing;
            return state;
        }
        self.link.wake(state);
        let state = self.link.lock();
        let still = |state: &mut State<S>| !state.wakes_thread();
        let woken = self.link.thread.wait_while(state, still);
        let mut state = woken.unwrap_or_else(PoisonError::into_inner);
        state.thread = ThreadWait::Nothing;
        state
    }

    /// The link once so many bytes of credit are there, and room for them to go out.
    fn room(&self, credit: u64) -> Result<MutexGuard<'_, State<S>>, LineEnded> {
        let mut state = self.link.lock();
        loop {
            state.check_transfer(self.call)?;
            if state.has_room(self.stream, credit, OUTGOING_BYTES_MAX) {
                return Ok(state);
            }
            let (call, stream) = (self.call, self.stream);
            let wait = ThreadWait::Room {
                call,
                stream,
                credit,
            };
            state = self.sleep(state, wait);
        }
    }

    /// An error, unless the call has come to its end: then nobody waits for a last word of this side.
    fn unless_done(&self, ended: &LineEnded) -> Result<(), TransferEnd> {
        let is_done = self.link.look(|state| state.traffic.transfer == self.call);
        match ended {
            LineEnded::CallOver if is_done => Ok(()),
            ended => Err(transfer_end(ended)),
        }
    }

    /// Lets the link go, and wakes the pump if much waits.
    fn pushed(&self, state: MutexGuard<'_, State<S>>) {
        if state.traffic.outgoing.bytes() >= WORTH_BYTES {
            self.link.wake(state);
        }
    }
}

impl<S: Side> TransferLine for LinkLine<S> {
    fn may_announce(&self) -> bool {
        self.link.look(|state| state.side.may_announce())
    }

    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferEnd> {
        let credit = match frame {
            TransferFrame::Hole { .. } => HOLE_BYTES_MIN,
            _ => 0,
        };
        let mut state = match self.room(credit) {
            Ok(state) => state,
            Err(ended) => return self.unless_done(&ended),
        };
        let wire = state.side.send_transfer(frame);
        let wire = wire.map_err(|error| TransferEnd(error.to_string()))?;
        state.traffic.outgoing.push(wire);
        self.pushed(state);
        Ok(())
    }

    fn send(&mut self, mut bytes: Bytes) -> Result<(), TransferEnd> {
        while !bytes.is_empty() {
            let mut state = self.room(1).map_err(|ended| transfer_end(&ended))?;
            let credit = state
                .side
                .may_send(self.stream)
                .min(u64::from(BODY_BYTES_MAX));
            let length = bytes
                .len()
                .min(usize::try_from(credit).unwrap_or(usize::MAX));
            let header = state.side.send_data(self.stream, length);
            let header = header.map_err(|error| TransferEnd(error.to_string()))?;
            let outgoing = &mut state.traffic.outgoing;
            outgoing.push(Bytes::copy_from_slice(&header));
            outgoing.push(bytes.split_to(length));
            self.pushed(state);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TransferEnd> {
        let state = self.link.lock();
        let over = state.check_transfer(self.call);
        self.link.wake(state);
        over.or_else(|ended| self.unless_done(&ended))
    }

    fn next(&mut self, wait: bool) -> Result<VecDeque<Arrived>, TransferEnd> {
        let mut state = self.link.lock();
        if wait {
            let call = self.call;
            state = self.sleep(state, ThreadWait::Arrivals { call });
        }
        let over = state.check_transfer(self.call);
        let is_ours = self.call == state.traffic.transfer;
        let items = match &mut state.traffic.arrivals {
            Some((_, arrivals)) if is_ours => arrivals.take(),
            _ => VecDeque::new(),
        };
        match over {
            Err(ended) if items.is_empty() => Err(transfer_end(&ended)),
            _ => {
                if state.traffic.owes() {
                    self.link.wake(state);
                }
                Ok(items)
            }
        }
    }

    fn end(&mut self) -> Result<(), TransferEnd> {
        let mut state = self.room(0).map_err(|ended| transfer_end(&ended))?;
        let wire = state.side.send_end(self.stream);
        let wire = wire.map_err(|error| TransferEnd(error.to_string()))?;
        state.traffic.outgoing.push(wire);
        self.link.wake(state);
        Ok(())
    }
}

fn transfer_end(ended: &LineEnded) -> TransferEnd {
    TransferEnd(ended.to_string())
}

/// Runs `work` on a thread of its own, which nobody waits for at the program's end: a disk or a pipe may
/// hold it up for as long as it likes. Nothing comes of work that panics.
///
/// # Errors
/// The system gives no more threads.
pub(crate) fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<oneshot::Receiver<T>> {
    landline_line::keep_warm(WARM_BYTES);
    let (done, result) = oneshot::channel();
    let thread = thread::Builder::new().name("files".to_owned());
    thread.spawn(move || {
        // Whoever asked may have left.
        let _ = done.send(work());
    })?;
    Ok(result)
}
