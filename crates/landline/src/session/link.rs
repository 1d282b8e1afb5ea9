//! Where the pump of a line and the calls on it meet. Each waits until the link is as it needs it;
//! whoever changes it wakes the others. It does not know what is called, or how bytes travel.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use landline_frame::landline1::{
    BODY_BYTES_MAX, HEADER_BYTES, SessionError, Stream, TransferFrame,
};

use landline_service::Arrived;

use super::arrivals::Arrivals;
use super::ended::LineEnded;
use super::halves::Halves;
use super::incoming::Incoming;
use super::outgoing::Outgoing;
use super::transfer::ThreadReads;

/// One side's session, behind which a link is the same for both.
pub(crate) trait Side: Send + 'static {
    /// Takes one event from the front of `input`: bytes go to `traffic`, all else is kept here until
    /// it is asked for. `false`: it needs more bytes.
    fn handle(&mut self, input: &mut &[u8], traffic: &mut Traffic) -> Result<bool, LineEnded>;

    /// The line has ended: an error when that was inside a frame or a call.
    fn handle_end(&self) -> Result<(), SessionError>;

    /// How many bytes of `stream` may be sent now.
    fn may_send(&self, stream: Stream) -> u64;

    /// The header of so many bytes of `stream`.
    fn send_data(
        &mut self,
        stream: Stream,
        length: usize,
    ) -> Result<[u8; HEADER_BYTES], SessionError>;

    /// The END of `stream`.
    fn send_end(&mut self, stream: Stream) -> Result<Vec<u8>, SessionError>;

    /// A word of a files call.
    fn send_transfer(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError>;

    /// Whether a files call may announce one more entry.
    fn may_announce(&self) -> bool;

    /// CREDIT for `stream`; no bytes where nobody needs it.
    fn grant(&mut self, stream: Stream, bytes: u64) -> Result<Vec<u8>, SessionError>;

    /// Why the call that was last made ended early, if it is over: nothing more of it comes or goes.
    /// One that came to its end is over too.
    fn call_over(&self) -> Option<LineEnded>;

    /// Whether more of the line may be read, with so many bytes waiting to go out. Inside a call
    /// always; between calls a peer that only asks, and never reads, has to wait.
    fn reads_on(&self, outgoing_bytes: usize) -> bool;
}

/// The bytes on their way in and out.
#[derive(Default)]
pub(crate) struct Traffic {
    pub(crate) outgoing: Outgoing,
    input: Incoming,
    out: Incoming,
    err: Incoming,
    /// What comes of a files call, and in which stream its bytes do.
    pub(super) arrivals: Option<(Stream, Arrivals)>,
    /// Which files call this is: the thread of an earlier one finds that it is over.
    pub(super) transfer: u64,
}

impl Traffic {
    /// What comes of a stream; `args` never comes here.
    pub(crate) fn incoming(&mut self, stream: Stream) -> &mut Incoming {
        match stream {
            Stream::In | Stream::Args => &mut self.input,
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        }
    }

    /// A new call has new streams.
    pub(crate) fn renew(&mut self) {
        self.input = Incoming::default();
        self.out = Incoming::default();
        self.err = Incoming::default();
        self.arrivals = None;
    }

    /// A new files call, whose bytes come in `stream`.
    pub(crate) fn renew_transfer(&mut self, stream: Stream) {
        self.renew();
        self.transfer += 1;
        self.arrivals = Some((stream, Arrivals::default()));
    }

    /// Nobody takes what came: it gives credit, so that the far end comes to its end.
    pub(crate) fn drain(&mut self) {
        match &mut self.arrivals {
            Some((_, arrivals)) => drop(arrivals.take()),
            None => {
                self.out.drain();
                self.err.drain();
            }
        }
    }

    /// All that has come of a files call and was not taken yet, if anything has.
    pub(crate) fn take_arrivals(&mut self) -> Option<VecDeque<Arrived>> {
        let (_, arrivals) = self.arrivals.as_mut()?;
        arrivals.waits().then(|| arrivals.take())
    }

    /// Bytes of a stream came.
    pub(crate) fn put(&mut self, stream: Stream, bytes: &[u8]) {
        match &mut self.arrivals {
            Some((_, arrivals)) => arrivals.put_bytes(bytes),
            None => self.incoming(stream).put(bytes),
        }
    }

    /// The END of a stream came.
    pub(crate) fn put_end(&mut self, stream: Stream) {
        match &mut self.arrivals {
            Some((_, arrivals)) => arrivals.end(),
            None => self.incoming(stream).end(),
        }
    }

    /// A word of a files call came.
    pub(crate) fn put_word(&mut self, frame: TransferFrame) {
        if let Some((_, arrivals)) = &mut self.arrivals {
            arrivals.put_word(frame);
        }
    }

    /// Whether some stream's receiver owes credit that is worth a frame.
    pub(super) fn owes(&self) -> bool {
        let arrivals = self.arrivals.as_ref();
        arrivals.is_some_and(|(_, arrivals)| arrivals.owes())
            || [&self.input, &self.out, &self.err]
                .iter()
                .any(|it| it.owes())
    }

    /// The streams whose receiver owes credit, and how much.
    fn owed(&mut self) -> impl Iterator<Item = (Stream, u64)> {
        let of_streams = [Stream::In, Stream::Out, Stream::Err]
            .map(|stream| (stream, self.incoming(stream).owed()));
        let of_transfer = match &mut self.arrivals {
            Some((stream, arrivals)) => (*stream, arrivals.owed()),
            None => (Stream::In, None),
        };
        let all = of_streams.into_iter().chain([of_transfer]);
        all.filter_map(|(stream, owed)| Some((stream, owed?)))
    }
}

/// What everyone on a line shares.
pub(crate) struct State<S> {
    pub(crate) side: S,
    pub(crate) traffic: Traffic,
    /// Which call this is: what belongs to an earlier one finds that it is over.
    pub(crate) call: u64,
    /// Once set, nothing more comes in.
    ended: Option<LineEnded>,
    /// Nothing more goes out but what waits.
    is_closing: bool,
    /// The thread of a files call, where it waits for what the pump reads: it is woken once that is much,
    /// or nothing more comes at the moment.
    pub(super) thread: Option<Waker>,
    /// The thread of a files call, where it reads the line itself.
    pub(super) thread_reads: Option<ThreadReads>,
    wakers: Vec<Waker>,
}

/// A line with a session on it.
pub(crate) struct Link<S> {
    state: Mutex<State<S>>,
    pub(super) halves: Halves,
}

impl<S: Side> Link<S> {
    pub(crate) fn new(side: S) -> Self {
        let state = State {
            side,
            traffic: Traffic::default(),
            call: 0,
            ended: None,
            is_closing: false,
            thread: None,
            thread_reads: None,
            wakers: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            halves: Halves::default(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the link go and wakes whoever waits for it.
    pub(super) fn wake(&self, mut state: MutexGuard<'_, State<S>>) {
        let wakers = std::mem::take(&mut state.wakers);
        let thread = state.thread.take();
        drop(state);
        wakers.into_iter().chain(thread).for_each(Waker::wake);
    }

    /// Changes the link and wakes whoever waits for it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State<S>) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        self.wake(state);
        result
    }

    /// Changes the link and wakes whoever waits for it but the task of `own`, which has to see to it
    /// that it looks again. A task that wakes itself goes behind nobody but itself: tokio's main
    /// future has its turn only once no task is ready.
    pub(crate) fn change_for_others<T>(
        &self,
        own: &Waker,
        change: impl FnOnce(&mut State<S>) -> T,
    ) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        let others = state.wakers.extract_if(.., |it| !it.will_wake(own));
        let others: Vec<Waker> = others.collect();
        let thread = state.thread_is_due().then(|| state.thread.take()).flatten();
        drop(state);
        others.into_iter().chain(thread).for_each(Waker::wake);
        result
    }

    /// Looks at the link without changing it.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&State<S>) -> T) -> T {
        look(&self.lock())
    }

    /// Ready once `step` gives something; until then `step` changes nothing.
    pub(crate) fn poll_until<T>(
        &self,
        cx: &mut Context<'_>,
        step: impl FnOnce(&mut State<S>) -> Option<T>,
    ) -> Poll<T> {
        let mut state = self.lock();
        if let Some(result) = step(&mut state) {
            self.wake(state);
            return Poll::Ready(result);
        }
        state.remember(cx.waker());
        Poll::Pending
    }

    /// Waits until `step` gives something.
    pub(crate) async fn until<T>(&self, mut step: impl FnMut(&mut State<S>) -> Option<T>) -> T {
        poll_fn(|cx| self.poll_until(cx, &mut step)).await
    }

    /// Waits until nothing more comes in, and tells why.
    pub(crate) async fn ended(&self) -> LineEnded {
        self.until(|state| state.ended.clone()).await
    }

    /// Waits until nothing more is to go out but what waits.
    pub(crate) async fn closing(&self) {
        self.until(|state| state.is_closing.then_some(())).await;
    }

    /// What goes out next, if anything waits; its place is free for more then.
    pub(crate) fn take_outgoing(&self) -> Option<VecDeque<Bytes>> {
        self.change(State::take_outgoing)
    }

    /// Lets what waits go out, then closes the line.
    pub(crate) fn close(&self) {
        self.change(|state| state.is_closing = true);
    }

    /// Sends bytes of a stream of `call` whole, as credit and the line allow.
    pub(crate) async fn send(
        &self,
        call: u64,
        stream: Stream,
        mut bytes: Bytes,
    ) -> Result<(), LineEnded> {
        while !bytes.is_empty() {
            self.until(|state| state.send_some(call, stream, &mut bytes))
                .await?;
        }
        Ok(())
    }

    /// Sends the END of a stream of `call`.
    pub(crate) fn send_end(&self, call: u64, stream: Stream) -> Result<(), LineEnded> {
        self.change(|state| {
            state.check(call)?;
            let wire = state.side.send_end(stream)?;
            state.traffic.outgoing.push(wire);
            Ok(())
        })
    }

    /// The next bytes of a stream of `call`, at most `max`; none at its end.
    pub(crate) async fn take(
        &self,
        call: u64,
        stream: Stream,
        max: usize,
    ) -> Result<Bytes, LineEnded> {
        self.until(|state| state.take(call, stream, max)).await
    }
}

impl<S: Side> State<S> {
    /// Whoever changes the link next wakes this one.
    pub(super) fn remember(&mut self, waker: &Waker) {
        if !self.wakers.iter().any(|known| known.will_wake(waker)) {
            self.wakers.push(waker.clone());
        }
    }

    /// Takes bytes of the line. An error is the line's end, and the far end is told why.
    pub(crate) fn receive(&mut self, mut input: &[u8]) {
        while self.ended.is_none() {
            match self.side.handle(&mut input, &mut self.traffic) {
                Ok(true) => {}
                Ok(false) => return,
                Err(ended) => self.end(ended),
            }
        }
    }

    /// The line has ended: what came is still taken, what waits still goes out if it can.
    pub(crate) fn end(&mut self, ended: LineEnded) {
        if let LineEnded::Protocol(error) = &ended
            && let Ok(wire) = landline_frame::landline1::Control::Error(error.to_failure()).encode()
        {
            self.traffic.outgoing.push(wire);
        }
        self.ended.get_or_insert(ended);
        self.is_closing = true;
    }

    /// The far end has closed the line.
    pub(crate) fn end_of_line(&mut self) {
        let ended = match self.side.handle_end() {
            Ok(()) => LineEnded::Closed,
            Err(error) => LineEnded::Protocol(error),
        };
        // It has gone: nobody is there to be told.
        self.ended.get_or_insert(ended);
        self.is_closing = true;
    }

    /// An error when `call` is over, or the line is.
    pub(crate) fn check(&self, call: u64) -> Result<(), LineEnded> {
        if call != self.call {
            return Err(LineEnded::CallOver);
        }
        match self.side.call_over().or_else(|| self.ended.clone()) {
            Some(ended) => Err(ended),
            None => Ok(()),
        }
    }

    /// This side wants no more: what waits goes out, and what comes is of no use.
    pub(crate) fn hang_up(&mut self) {
        self.ended.get_or_insert(LineEnded::Closed);
        self.is_closing = true;
    }

    /// Why nothing more comes in.
    pub(crate) fn why_ended(&self) -> Option<LineEnded> {
        self.ended.clone()
    }

    /// Sends what it can of `bytes`, which become shorter by that.
    pub(crate) fn send_some(
        &mut self,
        call: u64,
        stream: Stream,
        bytes: &mut Bytes,
    ) -> Option<Result<(), LineEnded>> {
        self.send_as(call, stream, bytes.len(), |length| bytes.split_to(length))
            .map(|sent| sent.map(|_| ()))
    }

    /// Sends a copy of the first of `bytes`, and tells how many those are.
    pub(crate) fn send_copy(
        &mut self,
        call: u64,
        stream: Stream,
        bytes: &[u8],
    ) -> Option<Result<usize, LineEnded>> {
        self.send_as(call, stream, bytes.len(), |length| {
            Bytes::copy_from_slice(&bytes[..length])
        })
    }

    fn send_as(
        &mut self,
        call: u64,
        stream: Stream,
        length: usize,
        take: impl FnOnce(usize) -> Bytes,
    ) -> Option<Result<usize, LineEnded>> {
        if let Err(ended) = self.check(call) {
            return Some(Err(ended));
        }
        let credit = self.side.may_send(stream).min(u64::from(BODY_BYTES_MAX));
        let length = length.min(usize::try_from(credit).unwrap_or(length));
        if length == 0 || self.traffic.outgoing.is_full() {
            return None;
        }
        let header = match self.side.send_data(stream, length) {
            Ok(header) => header,
            Err(error) => return Some(Err(error.into())),
        };
        let outgoing = &mut self.traffic.outgoing;
        outgoing.push(Bytes::copy_from_slice(&header));
        outgoing.push(take(length));
        Some(Ok(length))
    }

    /// What came of a stream; an error only once all that came was taken.
    pub(crate) fn take(
        &mut self,
        call: u64,
        stream: Stream,
        max: usize,
    ) -> Option<Result<Bytes, LineEnded>> {
        if call != self.call {
            return Some(Err(LineEnded::CallOver));
        }
        match self.traffic.incoming(stream).take(max) {
            Some(bytes) => Some(Ok(bytes)),
            None => self.check(call).err().map(Err),
        }
    }

    /// Whether [`take_outgoing`](Self::take_outgoing) has anything.
    pub(crate) fn has_outgoing(&self) -> bool {
        self.is_closing || self.traffic.outgoing.bytes() > 0 || self.traffic.owes()
    }

    /// All that goes out next, with the credit that is due. Nothing at all: the line is to be closed.
    /// `None`: nothing waits.
    pub(crate) fn take_outgoing(&mut self) -> Option<VecDeque<Bytes>> {
        let owed: Vec<_> = self.traffic.owed().collect();
        for (stream, bytes) in owed {
            if let Ok(wire) = self.side.grant(stream, bytes) {
                self.traffic.outgoing.push(wire);
            }
        }
        let frames = self.traffic.outgoing.take();
        (self.is_closing || !frames.is_empty()).then_some(frames)
    }
}
