//! The word that a server is stopping. It does not know who says it, or what then ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The word that a server is stopping: idle calls end at once, busy ones are given a grace. Clones
/// are the same word.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    token: CancellationToken,
    /// Set before the token wakes anybody. A call looks after each message, and the token's own
    /// answer costs a lock: 4 % of a short echo.
    is_said: Arc<AtomicBool>,
}

/// Says that it is over when it is dropped.
#[derive(Debug)]
pub struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Stop {
    /// A word that nobody has said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says it. Once is for ever.
    pub fn cancel(&self) {
        self.is_said.store(true, Ordering::Release);
        self.token.cancel();
    }

    /// Says it once what this gives is dropped.
    pub fn on_drop(&self) -> StopOnDrop {
        StopOnDrop(self.clone())
    }

    /// Whether it was said.
    pub fn is_cancelled(&self) -> bool {
        self.is_said.load(Ordering::Acquire)
    }

    /// Whether both are the same word.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.is_said, &other.is_said)
    }

    /// Resolves once it was said.
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }

    /// The same for whoever keeps it.
    pub(crate) fn cancelled_owned(&self) -> WaitForCancellationFutureOwned {
        self.token.clone().cancelled_owned()
    }
}
