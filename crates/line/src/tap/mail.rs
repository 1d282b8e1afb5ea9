//! The plan of one direction of datagrams: they go in whole and come out whole, later, twice, in
//! another order or not at all, as the moves say. Pure: it is told the time and does no I/O.

use std::collections::VecDeque;
use std::time::Duration;

use super::datagrams::DATAGRAM_BYTES_MAX;
use super::lot::Lot;
use super::moves::Moves;
use super::rules::{Rules, StopKind};

/// The most datagrams that one direction of one client holds.
pub const HELD_DATAGRAMS_MAX: usize = 256;

/// The most bytes of them, 1 MiB. What comes when there is no room is lost, and that is told.
pub const HELD_DATAGRAM_BYTES_MAX: usize = 1024 * 1024;

/// How long a datagram waits at most for the one that is to pass before it.
pub const REORDER_WAIT: Duration = Duration::from_millis(100);

/// What became of a datagram that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It will leave behind all that came before.
    Kept {
        /// But for this one, which waited to be passed.
        passed: Option<Vec<u8>>,
        /// Whether it will leave once more.
        is_twice: bool,
    },
    /// A move lost it.
    Dropped,
    /// A stall swallowed it.
    Stalled,
    /// There was no room for it.
    NoRoom,
}

/// The plan of one direction of one client's datagrams.
#[derive(Clone, Debug)]
pub struct MailPlan {
    rules: Rules,
    lot: Lot,
    queue: VecDeque<Held>,
    held_bytes: usize,
    read: u64,
    last_due: Duration,
    rate_free_at: Option<Duration>,
}

#[derive(Clone, Debug)]
struct Held {
    bytes: Vec<u8>,
    due: Duration,
    /// It waits for one that passes before it.
    is_late: bool,
}

impl MailPlan {
    /// A plan that makes `moves`, with chance drawn from `lot`.
    pub fn new(moves: &Moves, lot: Lot) -> Self {
        Self {
            rules: Rules::new(moves),
            lot,
            queue: VecDeque::new(),
            held_bytes: 0,
            read: 0,
            last_due: Duration::ZERO,
            rate_free_at: None,
        }
    }

    /// Whether nothing waits to leave.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// How many bytes wait to leave.
    pub fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Whether there is room for any datagram, twice.
    pub fn has_room(&self) -> bool {
        self.queue.len() + 2 <= HELD_DATAGRAMS_MAX
            && self.held_bytes + 2 * DATAGRAM_BYTES_MAX <= HELD_DATAGRAM_BYTES_MAX
    }

    /// Puts back what [`MailPlan::poll`] gave and could not leave yet: it is the next again.
    pub fn put_back(&mut self, bytes: Vec<u8>) {
        self.held_bytes += bytes.len();
        let passage = self.rules.passage(bytes.len() as u64);
        self.rate_free_at = self
            .rate_free_at
            .map(|free_at| free_at.saturating_sub(passage));
        self.queue.push_front(Held {
            bytes,
            due: Duration::ZERO,
            is_late: false,
        });
    }

    /// Takes one datagram. The lots are drawn for each in the same order, whatever becomes of it.
    pub fn handle_datagram(&mut self, bytes: &[u8], now: Duration) -> Fate {
        let rules = &self.rules;
        let [drop, twice, late] = [rules.drop, rules.twice, rules.reorder]
            .map(|chance| chance.is_some_and(|chance| self.lot.happens(chance)));
        let jitter = rules
            .jitter
            .map_or(Duration::ZERO, |most| self.lot.time(most));
        if let Some((at, StopKind::Stall)) = rules.stop
            && self.read >= at
        {
            return Fate::Stalled;
        }
        self.read += bytes.len() as u64;
        if drop {
            return Fate::Dropped;
        }
        if self.queue.len() + 2 > HELD_DATAGRAMS_MAX
            || self.held_bytes + 2 * bytes.len() > HELD_DATAGRAM_BYTES_MAX
        {
            return Fate::NoRoom;
        }
        let due = (now + self.rules.delay + jitter).max(self.last_due);
        self.last_due = due;
        // Of two that are the same the second is the late one.
        let passed = self.keep(bytes, due, late && !twice);
        if twice {
            self.keep(bytes, due, late);
        }
        Fate::Kept {
            passed,
            is_twice: twice,
        }
    }

    /// The next datagram to leave now; or when to ask again; or nothing until one comes.
    pub fn poll(&mut self, now: Duration) -> Result<Vec<u8>, Option<Duration>> {
        let Some(first) = self.queue.front() else {
            return Err(None);
        };
        let bytes = first.bytes.len() as u64;
        let passed = self.rules.passed(first.due, self.rate_free_at, bytes);
        let due = passed.max(first.due);
        if now < due {
            return Err(Some(due));
        }
        self.rate_free_at = Some(passed);
        let first = self.queue.pop_front().expect("there is a first one");
        self.held_bytes -= first.bytes.len();
        Ok(first.bytes)
    }

    /// Puts it behind what waits; before one that is to be late, which is given.
    fn keep(&mut self, bytes: &[u8], due: Duration, is_late: bool) -> Option<Vec<u8>> {
        self.held_bytes += bytes.len();
        let mut held = Held {
            bytes: bytes.to_vec(),
            due,
            is_late,
        };
        let Some(last) = self.queue.back_mut().filter(|last| last.is_late) else {
            if is_late {
                held.due += REORDER_WAIT;
            }
            self.queue.push_back(held);
            return None;
        };
        // It now has been passed, and may leave with the one that passed it.
        last.is_late = false;
        last.due = due;
        let passed = last.bytes.clone();
        held.is_late = false;
        let place = self.queue.len() - 1;
        self.queue.insert(place, held);
        Some(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tap::moves::{Chance, Move};

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    /// Gives each datagram at its time; what left, and when.
    fn run(moves: &[Move], datagrams: &[(u64, &str)]) -> (Vec<(u64, String)>, Vec<Fate>) {
        let mut plan = MailPlan::new(&Moves::new(moves.iter().copied()), Lot::new(5));
        let (mut left, mut fates) = (Vec::new(), Vec::new());
        let mut take = |plan: &mut MailPlan, until: Duration| {
            let mut now = Duration::ZERO;
            loop {
                match plan.poll(now) {
                    Ok(bytes) => {
                        left.push((now.as_millis() as u64, String::from_utf8(bytes).unwrap()));
                    }
                    Err(Some(due)) if due < until => now = due,
                    Err(_) => break,
                }
            }
        };
        for (at, text) in datagrams {
            take(&mut plan, ms(*at));
            fates.push(plan.handle_datagram(text.as_bytes(), ms(*at)));
        }
        take(&mut plan, Duration::MAX);
        (left, fates)
    }

    #[track_caller]
    fn check(moves: &[Move], datagrams: &[(u64, &str)], expected: &[&str]) {
        let left: Vec<_> = run(moves, datagrams).0.into_iter().map(|it| it.1).collect();
        assert_eq!(left, expected);
    }

    const KEPT: Fate = Fate::Kept {
        passed: None,
        is_twice: false,
    };

    const THREE: [(u64, &str); 3] = [(0, "a"), (0, ""), (0, "c")];

    #[test]
    fn edges_and_order_stay() {
        check(&[], &THREE, &["a", "", "c"]);
        check(
            &[Move::Delay(ms(5)), Move::Jitter(ms(9))],
            &THREE,
            &["a", "", "c"],
        );
    }

    #[test]
    fn each_chance_does_what_it_says() {
        check(&[Move::Drop(Chance::CERTAIN)], &THREE, &[]);
        check(
            &[Move::Twice(Chance::CERTAIN)],
            &THREE,
            &["a", "a", "", "", "c", "c"],
        );
        check(&[Move::Reorder(Chance::CERTAIN)], &THREE, &["", "a", "c"]);
    }

    #[test]
    fn what_passed_another_is_told_and_nothing_else() {
        let always = Move::Reorder(Chance::CERTAIN);
        let passed = |text: &str, is_twice| Fate::Kept {
            passed: Some(text.into()),
            is_twice,
        };
        // The second passes the first, and so is not late itself; the third finds nobody to pass it.
        let (_, fates) = run(&[always], &THREE);
        assert_eq!(fates, [KEPT, passed("a", false), KEPT]);
        // One that waited in vain was passed by nobody.
        let (_, fates) = run(&[always], &[(0, "a"), (500, "b")]);
        assert_eq!(fates, [KEPT, KEPT]);
        let (left, fates) = run(&[always, Move::Twice(Chance::CERTAIN)], &THREE[..2]);
        let left: Vec<_> = left.iter().map(|it| it.1.as_str()).collect();
        assert_eq!(left, ["a", "", "a", ""]);
        let twice = Fate::Kept {
            passed: None,
            is_twice: true,
        };
        assert_eq!(fates, [twice, passed("a", true)]);
    }

    #[test]
    fn time_passes_as_the_moves_say() {
        let (left, _) = run(&[Move::Rate(1000)], &[(0, "0123456789"), (0, "x")]);
        assert_eq!(left, [(10, "0123456789".into()), (11, "x".into())]);
        // One that waits to be passed and is not leaves all the same.
        let (left, _) = run(&[Move::Reorder(Chance::CERTAIN)], &[(0, "a"), (500, "b")]);
        assert_eq!(left[0], (100, "a".into()));
    }

    #[test]
    fn what_has_no_room_is_told() {
        let many = vec![(0, "x"); 2 * HELD_DATAGRAMS_MAX];
        let (left, fates) = run(&[Move::Delay(ms(9))], &many);
        let lost = fates.iter().filter(|fate| **fate == Fate::NoRoom).count();
        assert_eq!(left.len() + lost, many.len());
        assert!(lost > 0);
        let (left, fates) = run(&[Move::Stall(2)], &[(0, "ab"), (0, "c")]);
        assert_eq!((left.len(), fates), (1, vec![KEPT, Fate::Stalled]));
    }

    #[test]
    fn the_same_seed_gives_the_same_run() {
        let half = Chance::of_millionths(500_000).unwrap();
        let moves = [Move::Drop(half), Move::Twice(half), Move::Reorder(half)];
        let many: Vec<(u64, &str)> = "abcdefghijklmnopqrstuvwxyz"
            .split("")
            .map(|letter| (0, letter))
            .collect();
        assert_eq!(run(&moves, &many), run(&moves, &many));
        assert_ne!(run(&moves, &many).0, run(&[], &many).0);
    }
}
