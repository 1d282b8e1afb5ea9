//! Polling before sleeping: for a while after each message the runtime asks the kernel again and
//! again instead of sleeping, since waking a sleeping thread costs more than a short exchange.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

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
            epoch: Instant::now(),
            touched_ns: AtomicU64::new(0),
            wake: Notify::new(),
        });
        let span_ns = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        let task = tokio::spawn(poll(shared.clone(), span_ns));
        Self {
            shared,
            _task: Arc::new(Task(task.abort_handle())),
        }
    }

    /// Says that a message just came: another one may follow soon.
    pub fn touch(&self) {
        self.shared
            .touched_ns
            .store(self.shared.now_ns(), Ordering::Relaxed);
        self.shared.wake.notify_one();
    }
}

impl Shared {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// A yield is deferred until the reactor was asked without waiting, so that each turn of the inner
/// loop is one poll of every line.
async fn poll(shared: Arc<Shared>, span_ns: u64) {
    loop {
        shared.wake.notified().await;
        while shared.now_ns() - shared.touched_ns.load(Ordering::Relaxed) < span_ns {
            std::thread::yield_now();
            tokio::task::yield_now().await;
        }
    }
}
