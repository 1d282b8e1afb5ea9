//! How often something may happen: so many a second, and a second's worth at once. It reads no
//! clock: whoever asks says what time it is.

use std::time::Duration;

use tokio::time::Instant;

/// How much may happen at once after a pause: what the rate allows in this time.
const BURST: Duration = Duration::from_secs(1);

/// A bucket that fills steadily; each event takes one token.
///
/// It keeps the moment at which it will be full again: an event moves that on by one token's time,
/// and none is allowed that would move it further than [`BURST`] from now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenBucket {
    full_at: Instant,
    token: Duration,
}

impl TokenBucket {
    /// A full bucket of `rate` tokens a second. A rate of 0 counts as 1.
    pub(crate) fn new(rate: u32, now: Instant) -> Self {
        Self {
            full_at: now,
            token: BURST / rate.max(1),
        }
    }

    /// Takes a token. False: there is none.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + self.token;
        let allowed = full_at - now <= BURST;
        if allowed {
            self.full_at = full_at;
        }
        allowed
    }

    /// Whether it is full: nothing is lost by forgetting it.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_worth_at_once_and_then_the_rate() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(10, start);
        let taken = |bucket: &mut TokenBucket, now| (0..100).filter(|_| bucket.take(now)).count();
        assert_eq!(taken(&mut bucket, start), 10);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(99)), 0);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(300)), 3);
        assert!(!bucket.is_full(start + Duration::from_secs(1)));
        assert!(bucket.is_full(start + Duration::from_secs(2)));
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(60)), 10);
    }
}
