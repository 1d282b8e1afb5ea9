//! A files call on a link, as the thread that serves it sees it: it blocks there, and moves bytes to the line
//! itself, and from it where it has no disk to wait for, since its core has them in its cache. It does not
//! know what is sent, or where it lands.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll};
use std::thread;

use bytes::Bytes;
use landline_frame::landline1::{BODY_BYTES_MAX, HOLE_BYTES_MIN, Stream, TransferFrame};
use landline_service::{Arrived, TransferEnd, TransferLine};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::arrivals::{Arrivals, FILE_WINDOW_BYTES_MAX};
use super::ended::LineEnded;
use super::halves::Sent;
use super::link::{Link, Side, State};
use super::pump::CLOSE_MAX;

/// How many bytes of a files call wait for the line, beside the last piece: 1 MiB. With more, or when it
/// has no more at hand, the thread sends them. Were it less, the other end would go to sleep more often,
/// and to wake it costs as much as to encrypt 256 KiB.
const OUTGOING_BYTES_MAX: usize = 1024 * 1024;

/// Twice as much as waits for a thread at most: it is taken and freed again and again while files move.
/// A process may keep twice this, 16 MiB, afterwards, for the next ones.
const WARM_BYTES: usize = 2 * FILE_WINDOW_BYTES_MAX as usize;

/// Zeros to be sent, as many as go before the credit is looked at again.
static ZEROS: [u8; HOLE_BYTES_MIN as usize] = [0; HOLE_BYTES_MIN as usize];

/// The thread of a files call that reads the line in the pump's place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadReads {
    call: u64,
    /// How often it has come to read.
    turn: u64,
    /// It reads, or waits for what there is to be read. Else it is away: with a disk, or hashing.
    is_here: bool,
}

/// One end of a files call on a link.
pub(crate) struct LinkLine<S: Side> {
    link: Arc<Link<S>>,
    call: u64,
    /// The stream that bytes of this side go out in.
    stream: Stream,
    /// It reads the line itself: it has no disk to wait for, and writes what it receives to a stream at
    /// once. Else the pump reads meanwhile.
    reads: bool,
    turn: u64,
    /// Something came since others on the link were last told.
    has_news: bool,
    /// Where the pump runs, which sees when a socket is ready.
    runtime: Handle,
}

/// Ends a files call's thread when whoever waits for it does so no more. One whose line has ended finds
/// that out by itself, once it has taken what came before: the next transfer goes on behind that.
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
        let line = LinkLine {
            link,
            call,
            stream,
            reads: false,
            turn: 0,
            has_news: false,
            runtime: Handle::current(),
        };
        (line, guard)
    }

    /// The pump reads again if the thread that did is still away since that turn.
    pub(super) fn read_if_away(&self, turn: u64) {
        let mut state = self.lock();
        let reads = state.thread_reads;
        if reads.is_some_and(|reads| reads.turn == turn && !reads.is_here) {
            state.thread_reads = None;
        }
    }
}

impl<S: Side> Drop for ThreadGuard<S> {
    fn drop(&mut self) {
        self.link.change(|state| {
            if state.traffic.transfer == self.call && state.why_ended().is_none() {
                state.traffic.transfer += 1;
            }
        });
        self.link.halves.wake_pump();
    }
}

impl<S: Side> Drop for LinkLine<S> {
    fn drop(&mut self) {
        self.link.change(|state| {
            if state.thread_reads.is_some_and(|it| it.call == self.call) {
                state.thread_reads = None;
            }
        });
        self.link.halves.wake_pump();
    }
}

impl<S: Side> State<S> {
    /// The turn of the thread that reads the line itself, if one does.
    pub(super) fn thread_turn(&self) -> Option<u64> {
        let reads = self.thread_reads?;
        (reads.call == self.traffic.transfer).then_some(reads.turn)
    }

    /// Whether the thread that waits for what the pump reads has enough to do.
    pub(super) fn thread_is_due(&self) -> bool {
        let arrivals = self.traffic.arrivals.as_ref();
        arrivals.is_some_and(|(_, arrivals)| arrivals.is_much())
            || self.side.call_over().is_some()
            || self.why_ended().is_some()
    }

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

    /// What came of this files call, once it `is_enough`, or nothing more comes.
    fn take_of_transfer(
        &mut self,
        call: u64,
        is_enough: impl FnOnce(&Arrivals) -> bool,
    ) -> Option<Taken> {
        let over = self.check_transfer(call);
        let arrivals = match &mut self.traffic.arrivals {
            Some((_, arrivals)) if call == self.traffic.transfer => arrivals,
            _ => return Some((VecDeque::new(), over)),
        };
        (over.is_err() || is_enough(arrivals)).then(|| (arrivals.take(), over))
    }
}

/// What came, and whether more may.
type Taken = (VecDeque<Arrived>, Result<(), LineEnded>);

impl<S: Side> LinkLine<S> {
    /// The thread is to read the line itself.
    pub(crate) fn read_here(&mut self) {
        self.reads = true;
    }

    /// Sends what waits. All of it is with the socket then if `flushes` is set.
    fn drive(&self, flushes: bool) -> Result<(), LineEnded> {
        let link = &self.link;
        let next = || link.lock().take_outgoing();
        let sent = self.runtime.block_on(poll_fn(|cx| {
            if let Poll::Ready(sent) = link.halves.poll_send(cx, flushes, next) {
                return Poll::Ready(Ok(sent));
            }
            if let Poll::Ready(ended) = self.poll_over(cx) {
                return Poll::Ready(Err(ended));
            }
            // The pump may have sent it all before it was told to wake this thread.
            link.halves.poll_send(cx, flushes, next).map(Ok)
        }));
        match sent {
            Ok(Ok(Sent::All)) => Ok(()),
            Ok(Ok(Sent::Last)) => {
                let over = link.look(|state| state.check_transfer(self.call));
                Err(over.err().unwrap_or(LineEnded::Closed))
            }
            Ok(Err(error)) => Err(self.broken(error)),
            Err(ended) => {
                // Others may have something to say on the line yet.
                link.halves.wake_pump();
                Err(ended)
            }
        }
    }

    /// Why the line takes nothing more. What the other end said before it left tells more than that it
    /// has: the pump reads it.
    fn broken(&self, error: io::Error) -> LineEnded {
        let link = &self.link;
        link.change(|state| state.thread_reads = None);
        link.halves.wake_pump();
        // Made in the runtime, whose clock it needs.
        let over = async { timeout(CLOSE_MAX, poll_fn(|cx| self.poll_over(cx))).await };
        self.runtime.block_on(over).unwrap_or_else(|_| {
            let ended = LineEnded::from(error);
            link.change(|state| state.end(ended.clone()));
            ended
        })
    }

    /// Ready once the call is over.
    fn poll_over(&self, cx: &Context<'_>) -> Poll<LineEnded> {
        let mut state = self.link.lock();
        match state.check_transfer(self.call) {
            Err(ended) => Poll::Ready(ended),
            Ok(()) => {
                state.remember(cx.waker());
                Poll::Pending
            }
        }
    }

    /// The link once so many bytes of credit are there, and room for them to go out.
    fn room(&self, credit: u64) -> Result<MutexGuard<'_, State<S>>, LineEnded> {
        loop {
            let state = self.link.lock();
            state.check_transfer(self.call)?;
            let is_full = state.traffic.outgoing.bytes() >= OUTGOING_BYTES_MAX;
            let has_credit = state.side.may_send(self.stream) >= credit;
            if has_credit && !is_full {
                return Ok(state);
            }
            drop(state);
            self.drive(!has_credit)?;
            if !has_credit {
                self.await_credit(credit)?;
            }
        }
    }

    /// How many bytes may be sent now.
    fn credit(&self) -> u64 {
        self.link.look(|state| state.side.may_send(self.stream))
    }

    /// Sends a hole for which there is not enough credit: as zeros, until there is for a word about what
    /// is left. With a small window that may never be.
    fn send_zeros(&mut self, bytes: u64) -> Result<(), TransferEnd> {
        let mut left = bytes;
        while left > 0 {
            // What was given back meanwhile may be enough.
            let room = self.room(1).map_err(|ended| transfer_end(&ended))?;
            let count = room.side.may_send(self.stream).min(left);
            drop(room);
            if count >= HOLE_BYTES_MIN {
                return self.say(&TransferFrame::Hole { bytes: left });
            }
            let zeros = &ZEROS[..usize::try_from(count).expect("4 KiB at most")];
            self.send(Bytes::from_static(zeros))?;
            left -= count;
        }
        Ok(())
    }

    fn await_credit(&self, credit: u64) -> Result<(), LineEnded> {
        self.runtime.block_on(poll_fn(|cx| {
            let ended = self.poll_over(cx);
            if self.credit() >= credit {
                return Poll::Ready(Ok(()));
            }
            ended.map(Err)
        }))
    }

    /// An error, unless the call has come to its end, where nobody waits for a last word of this side, or
    /// something that came before waits to be taken: the end is told behind that.
    fn unless_done(&self, ended: &LineEnded) -> Result<(), TransferEnd> {
        let (is_ours, waits) = self.link.look(|state| {
            let arrivals = state.traffic.arrivals.as_ref();
            let waits = arrivals.is_some_and(|(_, arrivals)| arrivals.waits());
            (state.traffic.transfer == self.call, waits)
        });
        match ended {
            LineEnded::CallOver if is_ours => Ok(()),
            _ if is_ours && waits => Ok(()),
            ended => Err(transfer_end(ended)),
        }
    }

    /// Lets the link go, and sends what waits if that is much.
    fn pushed(&self, state: MutexGuard<'_, State<S>>) -> Result<(), LineEnded> {
        let is_much = state.traffic.outgoing.bytes() >= OUTGOING_BYTES_MAX;
        drop(state);
        if is_much { self.drive(false) } else { Ok(()) }
    }

    /// The thread has come to read, or goes to do other things.
    fn come(&mut self, is_here: bool) {
        let mut state = self.link.lock();
        if self.call != state.traffic.transfer {
            return;
        }
        self.turn += u64::from(is_here);
        let (call, turn) = (self.call, self.turn);
        let reads = ThreadReads {
            call,
            turn,
            is_here,
        };
        let did_before = match is_here {
            true => state.thread_reads.replace(reads).is_some(),
            // Where the pump has taken over it goes on.
            false => state.thread_reads.as_mut().map(|it| *it = reads).is_some(),
        };
        drop(state);
        if is_here && !did_before {
            self.link.halves.wake_pump();
        }
    }

    /// What has come, as much as is at hand, up to what is worth a turn. It waits for something if `wait`
    /// is set.
    fn poll_read(&mut self, cx: &mut Context<'_>, wait: bool) -> Poll<Taken> {
        loop {
            if let Some(taken) = self.take_if(Arrivals::is_much) {
                return Poll::Ready(taken);
            }
            let link = &self.link;
            let receive = |bytes: &[u8]| link.lock().receive(bytes);
            let received = link.halves.poll_read(cx, || true, receive);
            let ended = match received {
                Poll::Ready(Ok(true)) => {
                    self.has_news = true;
                    continue;
                }
                Poll::Pending => return self.poll_arrivals(cx, wait),
                Poll::Ready(Ok(false)) => None,
                Poll::Ready(Err(error)) => Some(error),
            };
            // What came before the line's end is taken first: the call ends with the line. It is met
            // again then.
            if let Some(taken) = self.take_if(Arrivals::waits) {
                return Poll::Ready(taken);
            }
            link.change(|state| match ended {
                None => state.end_of_line(),
                Some(error) => state.end(error.into()),
            });
        }
    }

    /// What has come, whoever has read it.
    fn poll_arrivals(&mut self, cx: &Context<'_>, wait: bool) -> Poll<Taken> {
        if let Some(taken) = self.take_if(|arrivals| !wait || arrivals.waits()) {
            return Poll::Ready(taken);
        }
        if std::mem::take(&mut self.has_news) {
            self.link.change(|_| ());
        }
        let mut state = self.link.lock();
        match state.take_of_transfer(self.call, Arrivals::waits) {
            Some(taken) => Poll::Ready(taken),
            None => {
                match self.reads {
                    true => state.remember(cx.waker()),
                    false => state.thread = Some(cx.waker().clone()),
                }
                Poll::Pending
            }
        }
    }

    fn take_if(&self, is_enough: impl FnOnce(&Arrivals) -> bool) -> Option<Taken> {
        self.link.lock().take_of_transfer(self.call, is_enough)
    }
}

impl<S: Side> TransferLine for LinkLine<S> {
    fn may_announce(&self) -> bool {
        self.link.look(|state| state.side.may_announce())
    }

    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferEnd> {
        if let TransferFrame::Hole { bytes } = frame
            && self.credit() < HOLE_BYTES_MIN
        {
            return self.send_zeros(*bytes);
        }
        let mut state = match self.room(0) {
            Ok(state) => state,
            Err(ended) => return self.unless_done(&ended),
        };
        let wire = state.side.send_transfer(frame);
        let wire = wire.map_err(|error| TransferEnd(error.to_string()))?;
        state.traffic.outgoing.push(wire);
        self.pushed(state).or_else(|ended| self.unless_done(&ended))
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
            self.pushed(state).map_err(|ended| transfer_end(&ended))?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TransferEnd> {
        let over = self.link.look(|state| state.check_transfer(self.call));
        let sent = over.and_then(|()| self.drive(true));
        sent.or_else(|ended| self.unless_done(&ended))
    }

    fn next(&mut self, wait: bool) -> Result<VecDeque<Arrived>, TransferEnd> {
        if wait {
            // That the call is over is told once what came of it was taken.
            let _ = self.drive(true);
        }
        let runtime = self.runtime.clone();
        let (items, over) = if self.reads {
            self.come(true);
            let taken = runtime.block_on(poll_fn(|cx| self.poll_read(cx, wait)));
            self.come(false);
            taken
        } else {
            runtime.block_on(poll_fn(|cx| self.poll_arrivals(cx, wait)))
        };
        if let Err(ended) = over {
            return match items.is_empty() {
                true => Err(transfer_end(&ended)),
                false => Ok(items),
            };
        }
        if self.link.look(|state| state.traffic.owes()) {
            let _ = self.drive(true);
        }
        Ok(items)
    }

    fn end(&mut self) -> Result<(), TransferEnd> {
        let mut state = self.room(0).map_err(|ended| transfer_end(&ended))?;
        let wire = state.side.send_end(self.stream);
        let wire = wire.map_err(|error| TransferEnd(error.to_string()))?;
        state.traffic.outgoing.push(wire);
        drop(state);
        self.flush()
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
