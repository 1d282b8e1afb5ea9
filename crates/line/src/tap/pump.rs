//! One direction of a connection that is watched or moved: reads into the plan, writes out of it.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::moves::Direction;
use super::plan::{Plan, Step};
use super::record::What;
use super::rules::StopKind;
use super::stopping::Stopping;
use super::watch::Watch;
use crate::stream::{ReadHalf, WriteHalf};

/// The most that one read of the tap takes, in bytes: so much that it fits into one IP packet of a
/// capture.
pub const READ_BYTES_MAX: usize = 65_000;

thread_local! {
    /// What a read fills before the plan takes it: one for all connections, which hold only what
    /// waits.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES_MAX]);
}

/// How long a line stands between the last byte and the reset that a move asked for: a reset takes
/// with it what has not left yet.
const BREAK_PAUSE: Duration = Duration::from_millis(20);

/// How a direction is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Its end was passed on.
    Ended,
    /// The line is broken for both ends.
    Broken,
    /// The receiver is gone: what its own direction still brings comes first.
    ReceiverGone,
    /// The tap was asked to stop.
    Stopped,
}

/// Why a pump has nothing more to pass on.
enum Over {
    With(Outcome),
    ToBreak,
    Stalled,
}

/// One direction.
pub(super) struct Pump<'a> {
    pub(super) direction: Direction,
    pub(super) reader: &'a mut ReadHalf,
    pub(super) writer: &'a mut WriteHalf,
    pub(super) plan: Plan,
    pub(super) watch: &'a Watch,
    pub(super) stopping: Stopping,
    /// Set by whoever learns that the sender's line was reset: the other half then sees a plain end.
    pub(super) sender_reset: &'a AtomicBool,
    pub(super) receiver_reset: &'a AtomicBool,
    pub(super) is_cut: bool,
}

impl Pump<'_> {
    /// Passes on what comes until the direction is over.
    pub(super) async fn run(mut self) -> Outcome {
        let mut timer = pin!(tokio::time::sleep(Duration::ZERO));
        let over = poll_fn(|cx| self.poll(cx, timer.as_mut())).await;
        if self.plan.swallowed() > 0 {
            let count = self.plan.swallowed();
            self.watch.note(What::Swallowed(self.direction, count));
        }
        match over {
            Over::With(outcome) => outcome,
            Over::ToBreak => {
                tokio::time::sleep(BREAK_PAUSE).await;
                Outcome::Broken
            }
            Over::Stalled => {
                let (reader, stopping) = (&self.reader, &mut self.stopping);
                tokio::select! {
                    () = reader.peer_gone() => Outcome::Ended,
                    () = stopping.asked() => Outcome::Stopped,
                }
            }
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>, mut timer: Pin<&mut Sleep>) -> Poll<Over> {
        loop {
            let read = self.poll_read(cx);
            match self.plan.poll(self.watch.now()) {
                Step::Write(count) => match self.poll_write(cx, count) {
                    Poll::Ready(Ok(())) => continue,
                    Poll::Ready(Err(_)) => return Poll::Ready(self.receiver_gone()),
                    Poll::Pending => {}
                },
                Step::Wait(until) => {
                    timer.as_mut().reset(self.watch.moment(until));
                    if timer.as_mut().poll(cx).is_ready() {
                        continue;
                    }
                }
                Step::Idle => {}
                Step::End => return self.poll_end(cx).map(|()| Over::With(Outcome::Ended)),
                Step::Broken => {
                    self.watch.note(What::Broken(self.direction));
                    return Poll::Ready(Over::With(Outcome::Broken));
                }
                Step::Stop(StopKind::Cut) => {
                    if self.poll_cut(cx).is_ready() {
                        return Poll::Ready(Over::With(Outcome::Ended));
                    }
                }
                Step::Stop(kind) => {
                    self.watch.note(What::Stopped(self.direction, kind));
                    let breaks = kind == StopKind::Reset;
                    return Poll::Ready(if breaks { Over::ToBreak } else { Over::Stalled });
                }
            }
            if read.is_pending() {
                break;
            }
        }
        match self.stopping.poll(cx) && self.plan.held_bytes() == 0 {
            true => Poll::Ready(Over::With(Outcome::Stopped)),
            false => Poll::Pending,
        }
    }

    /// Reads once where there is room. Pending: nothing more to be had for now.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let room = self.plan.room().min(READ_BYTES_MAX);
        if room == 0 {
            return Poll::Pending;
        }
        let Self { reader, plan, .. } = self;
        let (watch, direction) = (self.watch, self.direction);
        let sender_reset = self.sender_reset;
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(&mut scratch[..room]);
            let read = Pin::new(&mut **reader).poll_read(cx, &mut buffer);
            let Poll::Ready(read) = read else {
                return Poll::Pending;
            };
            let now = watch.now();
            match read {
                Ok(()) if !buffer.filled().is_empty() => {
                    watch.note(What::Read(direction, buffer.filled()));
                    plan.handle_bytes(buffer.filled(), now);
                }
                Ok(()) if !sender_reset.load(Ordering::Relaxed) => plan.handle_end(now),
                _ => plan.handle_reset(now),
            }
            Poll::Ready(())
        })
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, count: usize) -> Poll<io::Result<()>> {
        let bytes = self.plan.bytes(count);
        let Poll::Ready(written) = Pin::new(&mut *self.writer).poll_write(cx, bytes)? else {
            return Poll::Pending;
        };
        self.watch
            .note(What::Write(self.direction, &bytes[..written]));
        self.plan.handle_written(written, self.watch.now());
        Poll::Ready(Ok(()))
    }

    /// Passes the end on (FIN), unless a cut did so before.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // A receiver that is gone has no need of it.
        if Pin::new(&mut *self.writer).poll_shutdown(cx).is_pending() {
            return Poll::Pending;
        }
        self.watch.note(What::Ended(self.direction));
        Poll::Ready(())
    }

    /// Ends the receiver's side, once; ready when the sender's has ended, too.
    fn poll_cut(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.is_cut {
            if Pin::new(&mut *self.writer).poll_shutdown(cx).is_pending() {
                return Poll::Pending;
            }
            self.is_cut = true;
            self.watch
                .note(What::Stopped(self.direction, StopKind::Cut));
        }
        match self.plan.has_ended() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    fn receiver_gone(&self) -> Over {
        self.receiver_reset.store(true, Ordering::Relaxed);
        Over::With(Outcome::ReceiverGone)
    }
}

impl Drop for Pump<'_> {
    fn drop(&mut self) {
        self.watch.note_held(self.direction, self.plan.held_bytes());
    }
}
