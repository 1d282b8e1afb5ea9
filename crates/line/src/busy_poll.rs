//! Polling before sleeping: for a while after each message the kernel is asked again and again
//! instead of sleeping, since waking a sleeping thread costs more than a short exchange.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::stream::ReadHalf;

/// How often a line that polls alone asks between two looks at the clock and at who else wants the
/// processor. One ask is about 0.2 µs.
const ASKS_PER_LOOK: u32 = 8;

/// How long a line that polls alone asks at most before the runtime has its turn, which hears of
/// signals and of new callers.
const ASK_MAX: Duration = Duration::from_micros(200);

/// Keeps the current single-threaded runtime awake for a given time after each [`BusyPoll::touch`].
///
/// It burns its core meanwhile, and gives it away (sched_yield(2)) whenever another thread wants
/// it. Dropped with its last clone.
#[derive(Clone, Debug)]
pub struct BusyPoll {
    shared: Arc<Shared>,
    _task: Arc<Task>,
}

#[derive(Debug)]
struct Shared {
    span: Duration,
    /// How many lines poll.
    lines: AtomicUsize,
    epoch: Instant,
    touched_ns: AtomicU64,
    wake: Notify,
}

#[derive(Debug)]
struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl BusyPoll {
    /// Starts polling on the current runtime, for `span` after each touch.
    pub fn start(span: Duration) -> Self {
        let shared = Arc::new(Shared {
            span,
            lines: AtomicUsize::new(0),
            epoch: Instant::now(),
            touched_ns: AtomicU64::new(0),
            wake: Notify::new(),
        });
        let task = tokio::spawn(poll(shared.clone()));
        Self {
            shared,
            _task: Arc::new(Task(task.abort_handle())),
        }
    }

    /// Says that a message just came: another one may follow soon.
    pub fn touch(&self) {
        if self.shared.span <= ASK_MAX && self.shared.lines.load(Ordering::Relaxed) == 1 {
            return;
        }
        self.shared
            .touched_ns
            .store(self.shared.now_ns(), Ordering::Relaxed);
        self.shared.wake.notify_one();
    }
}

/// The incoming half of a line that polls before it sleeps.
///
/// While it is the only one, it asks its own socket first and nothing else, for 200 µs at most:
/// that is the shortest way, and keeps nobody waiting but callers who are not accepted yet. Beside
/// others, and for the rest of the span, it leaves the polling to the runtime, which asks for all.
#[derive(Debug)]
pub struct PolledReadHalf {
    half: ReadHalf,
    busy_poll: BusyPoll,
}

impl PolledReadHalf {
    /// Lets `half` poll as `busy_poll` says.
    pub fn new(half: ReadHalf, busy_poll: BusyPoll) -> Self {
        busy_poll.shared.lines.fetch_add(1, Ordering::Relaxed);
        Self { half, busy_poll }
    }

    /// As [`ReadHalf::peer_gone`].
    pub async fn peer_gone(&self) {
        self.half.peer_gone().await;
    }

    /// Asks the socket until it has something or the span is over: then `WouldBlock`.
    fn ask(&self, buffer: &mut ReadBuf<'_>) -> io::Result<()> {
        let until = Instant::now() + self.busy_poll.shared.span.min(ASK_MAX);
        loop {
            for _ in 0..ASKS_PER_LOOK {
                match self.half.receive_now(buffer) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    received => return received,
                }
            }
            if Instant::now() >= until {
                return Err(ErrorKind::WouldBlock.into());
            }
            std::thread::yield_now();
        }
    }
}

impl AsyncRead for PolledReadHalf {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.busy_poll.shared.lines.load(Ordering::Relaxed) == 1 {
            // A peer that always has something to say must not have the thread for itself.
            let turn = ready!(tokio::task::coop::poll_proceed(cx));
            match self.ask(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                received => {
                    turn.made_progress();
                    self.busy_poll.touch();
                    return Poll::Ready(received);
                }
            }
        }
        let read = Pin::new(&mut self.half).poll_read(cx, buffer);
        if read.is_ready() {
            self.busy_poll.touch();
        }
        read
    }
}

impl Drop for PolledReadHalf {
    fn drop(&mut self) {
        self.busy_poll.shared.lines.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// A yield is deferred until the reactor was asked without waiting, so that each turn of the inner
/// loop is one poll of every line.
async fn poll(shared: Arc<Shared>) {
    let span_ns = u64::try_from(shared.span.as_nanos()).unwrap_or(u64::MAX);
    loop {
        shared.wake.notified().await;
        while shared.now_ns() - shared.touched_ns.load(Ordering::Relaxed) < span_ns {
            std::thread::yield_now();
            tokio::task::yield_now().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Listener, Stream, dial};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn polled(busy_poll: &BusyPoll) -> (PolledReadHalf, Stream) {
        let listener = Listener::tcp("127.0.0.1:0".parse().unwrap(), 1).unwrap();
        let address = listener.address().unwrap();
        let (near, far) = tokio::join!(dial(&address), listener.accept());
        (
            PolledReadHalf::new(far.unwrap().reader, busy_poll.clone()),
            near.unwrap(),
        )
    }

    async fn check(line: &mut (PolledReadHalf, Stream), said: &[u8]) {
        let (reader, peer) = line;
        let mut read = [0; 64];
        let (count, sent) = tokio::join!(reader.read(&mut read), peer.writer.write_all(said));
        sent.unwrap();
        assert_eq!(&read[..count.unwrap()], said);
    }

    #[tokio::test]
    async fn what_comes_is_read_alone_and_beside_others_and_after_a_pause() {
        for span in [
            Duration::ZERO,
            Duration::from_micros(50),
            Duration::from_secs(60),
        ] {
            let busy_poll = BusyPoll::start(span);
            let mut first = polled(&busy_poll).await;
            check(&mut first, b"alone").await;
            let mut second = polled(&busy_poll).await;
            check(&mut second, b"two").await;
            check(&mut first, b"of them").await;
            drop(second);
            check(&mut first, b"alone again").await;
            drop(first.1);
            assert_eq!(first.0.read(&mut [0]).await.unwrap(), 0, "the end is told");
        }
    }

    #[tokio::test]
    async fn a_peer_that_never_pauses_leaves_the_thread_to_others() {
        let busy_poll = BusyPoll::start(Duration::from_micros(50));
        let (mut reader, mut peer) = polled(&busy_poll).await;
        peer.writer.write_all(&[b'x'; 10_000]).await.unwrap();
        let other = tokio::spawn(async {});
        for _ in 0..10_000 {
            reader.read_exact(&mut [0]).await.unwrap();
        }
        assert!(other.is_finished());
    }
}
