//! Telling of something that may happen often: the first at once, then a count now and then, so
//! that whoever floods a service cannot flood the person who runs it.

use std::time::Duration;

use tokio::time::Instant;

use crate::journal::{Journal, Notice};

/// The least time between two notices of one kind.
pub const TALLY_PAUSE: Duration = Duration::from_secs(1);

/// One kind of event. Each notice names the first peer that it is about, and in `count` how often
/// it happened since the last one.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    quiet_until: Option<Instant>,
    held: Option<(Notice, u64)>,
}

impl Tally {
    /// Notes one event; `notice` is asked for only where it is needed.
    pub(crate) fn note(
        &mut self,
        now: Instant,
        journal: &dyn Journal,
        notice: impl FnOnce() -> Notice,
    ) {
        match &mut self.held {
            Some((_, count)) => *count += 1,
            None => self.held = Some((notice(), 1)),
        }
        self.flush(now, journal);
    }

    /// Tells what is held, if it is time.
    pub(crate) fn flush(&mut self, now: Instant, journal: &dyn Journal) {
        if self.quiet_until.is_some_and(|until| now < until) {
            return;
        }
        if let Some((notice, count)) = self.held.take() {
            journal.note(notice.with("count", count));
            self.quiet_until = Some(now + TALLY_PAUSE);
        }
    }

    /// When there is something to tell.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.held.as_ref().and(self.quiet_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Kept;

    #[test]
    fn a_flood_is_told_once_and_then_counted() {
        let (mut tally, journal, start) = (Tally::default(), Kept::default(), Instant::now());
        for peer in 0..100 {
            tally.note(start, &journal, || Notice::new(peer, "flood"));
        }
        assert_eq!(journal.keys(), ["flood"]);
        let due = tally.due().expect("99 are held");
        tally.flush(due - Duration::from_millis(1), &journal);
        assert_eq!(journal.keys().len(), 1);
        tally.flush(due, &journal);
        assert_eq!(journal.keys().len(), 2);
        assert_eq!(tally.due(), None);
    }
}
