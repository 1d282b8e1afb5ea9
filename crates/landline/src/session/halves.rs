//! Both halves of a line, for whoever moves its bytes: the pump, or the thread of a files call, which then
//! has them in the cache of its own core. It does not know what they say.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, Bytes};
use landline_line::{SecureReader, SecureWriter};
use tokio::io::AsyncWrite;

/// The most pieces that one write is given: 16 frames with their headers.
const SLICES_MAX: usize = 32;

/// The halves of a line that stands; none before and after.
#[derive(Default)]
pub(super) struct Halves {
    reader: Mutex<Option<SecureReader>>,
    sender: Mutex<Option<Sender>>,
    /// Of the pump. A socket wakes only who has asked it last, and that may be a thread.
    pump: Mutex<Option<Waker>>,
}

/// The outgoing half, and the frames that it has yet to take.
struct Sender {
    writer: SecureWriter,
    frames: VecDeque<Bytes>,
}

/// Why nothing is left to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// Nothing more is at hand.
    All,
    /// Nothing more comes: the line is to be closed.
    Last,
}

impl Halves {
    /// The line stands until what this gives is dropped: it is closed then, whoever holds the link.
    pub(super) fn begin(&self, reader: SecureReader, writer: SecureWriter) -> Standing<'_> {
        *lock(&self.reader) = Some(reader);
        let frames = VecDeque::new();
        *lock(&self.sender) = Some(Sender { writer, frames });
        Standing(self)
    }

    /// The pump is to look at its sockets again: a thread that did so in its place does no more.
    pub(super) fn wake_pump(&self) {
        if let Some(pump) = &*lock(&self.pump) {
            pump.wake_by_ref();
        }
    }

    /// Who the pump is.
    pub(super) fn note_pump(&self, cx: &Context<'_>) {
        let mut pump = lock(&self.pump);
        if !pump.as_ref().is_some_and(|it| it.will_wake(cx.waker())) {
            *pump = Some(cx.waker().clone());
        }
    }

    /// Hands what comes next to `take`, as [`SecureReader::poll_each`] does. `false`: the line has ended.
    /// Where it is not the caller's to read (`is_due`, asked with the reader in hand, since the socket
    /// wakes whoever asks it last) it is ready, with nothing.
    pub(super) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        is_due: impl FnOnce() -> bool,
        take: impl FnMut(&[u8]),
    ) -> Poll<io::Result<bool>> {
        match &mut *lock(&self.reader) {
            Some(reader) if is_due() => reader.poll_each(cx, take),
            Some(_) => Poll::Ready(Ok(true)),
            None => Poll::Ready(Ok(false)),
        }
    }

    /// Sends what `next` gives until that is nothing, in order, whoever asks; no frames at all are the
    /// line's last. All of it is with the socket then if `flushes` is set, else some may still wait here.
    pub(super) fn poll_send(
        &self,
        cx: &mut Context<'_>,
        flushes: bool,
        next: impl Fn() -> Option<VecDeque<Bytes>>,
    ) -> Poll<io::Result<Sent>> {
        let mut sender = lock(&self.sender);
        let Some(Sender { writer, frames }) = &mut *sender else {
            return Poll::Ready(Ok(Sent::Last));
        };
        loop {
            while !frames.is_empty() {
                let written = ready!(poll_write(writer, frames, cx))?;
                advance(frames, written);
            }
            match next() {
                Some(more) if more.is_empty() => return Poll::Ready(Ok(Sent::Last)),
                Some(more) => *frames = more,
                None => break,
            }
        }
        if flushes {
            ready!(Pin::new(writer).poll_flush(cx))?;
        }
        Poll::Ready(Ok(Sent::All))
    }

    /// Closes the outgoing half.
    pub(super) fn poll_close(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *lock(&self.sender) {
            Some(sender) => Pin::new(&mut sender.writer).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

/// Lets both halves go in the end.
pub(super) struct Standing<'a>(&'a Halves);

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        *lock(&self.0.reader) = None;
        *lock(&self.0.sender) = None;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn poll_write(
    writer: &mut SecureWriter,
    frames: &VecDeque<Bytes>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut slices = [IoSlice::new(&[]); SLICES_MAX];
    let mut count = 0;
    for (slice, frame) in slices.iter_mut().zip(frames) {
        *slice = IoSlice::new(frame);
        count += 1;
    }
    Pin::new(writer).poll_write_vectored(cx, &slices[..count])
}

/// Forgets so many bytes at the front.
fn advance(frames: &mut VecDeque<Bytes>, mut count: usize) {
    while let Some(first) = frames.front_mut() {
        let taken = count.min(first.len());
        first.advance(taken);
        count -= taken;
        if !first.is_empty() {
            return;
        }
        frames.pop_front();
    }
}
