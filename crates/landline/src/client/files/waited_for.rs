//! Whether anybody waits for a transfer still: its thread goes on for a moment after whoever did has left,
//! and is to touch nothing of theirs then. It does not know what is transferred.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Looked at by the thread.
#[derive(Clone)]
pub(super) struct WaitedFor(Arc<AtomicBool>);

/// Held by whoever waits.
pub(super) struct Waits(Arc<AtomicBool>);

impl Waits {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    pub(super) fn seen(&self) -> WaitedFor {
        WaitedFor(self.0.clone())
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl WaitedFor {
    pub(super) fn is_true(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// `stream`, which takes nothing once nobody waits.
    pub(super) fn guarded(&self, stream: Box<dyn Write + Send>) -> Box<dyn Write + Send> {
        let waited_for = self.clone();
        Box::new(Guarded { stream, waited_for })
    }
}

struct Guarded {
    stream: Box<dyn Write + Send>,
    waited_for: WaitedFor,
}

impl Write for Guarded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.waited_for.is_true() {
            true => self.stream.write(bytes),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.waited_for.is_true() {
            true => self.stream.flush(),
            false => Ok(()),
        }
    }
}
