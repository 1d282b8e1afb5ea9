//! The plan of one direction of a stream: reads go in, writes come out, moved in time and in their
//! edges. Pure: it is told the time and does no I/O, and it never loses, doubles or reorders a byte.
//!
//! A clock is a [`Duration`] since any moment that stays the same.

use std::collections::VecDeque;
use std::time::Duration;

use super::lot::Lot;
use super::moves::Moves;
use super::rules::{Rules, StopKind};

/// The most that a direction holds between its read and its write, in bytes: 64 KiB. Where it is
/// full the tap reads no more, so that its sender feels what the receiver does, as without a tap.
pub const HELD_BYTES_MAX: usize = 64 * 1024;

/// The most reads that a direction holds: 1,024, each of which takes 64 bytes beside its own.
pub const HELD_READS_MAX: usize = 1024;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write the first so many of the bytes held, in one write.
    Write(usize),
    /// Nothing before this time, unless more is read.
    Wait(Duration),
    /// Nothing, until more is read.
    Idle,
    /// All has been written: pass the end on (FIN).
    End,
    /// All has been written: pass the reset on (RST).
    Broken,
    /// A move ends the direction here.
    Stop(StopKind),
}

/// The plan of one direction.
#[derive(Clone, Debug)]
pub struct Plan {
    rules: Rules,
    lot: Lot,
    held: Vec<u8>,
    /// Where in `held` the first byte stands that was not written yet.
    front: usize,
    units: VecDeque<Unit>,
    read: u64,
    written: u64,
    /// The piece that is being written.
    piece: Option<Piece>,
    last_due: Duration,
    /// No write begins before.
    free_at: Duration,
    /// When the line is free again at the rate. `None`: nothing has left yet.
    rate_free_at: Option<Duration>,
    end: Option<(Ending, Duration)>,
    swallowed: u64,
}

/// What is to leave in one write, but for splits.
#[derive(Clone, Copy, Debug)]
struct Unit {
    /// The offset behind its last byte.
    end: u64,
    /// When its last byte may leave.
    due: Duration,
    /// Until when it takes in what else is read.
    join_until: Option<Duration>,
    join_at_until: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    end: u64,
    gap: Duration,
    /// When it has passed at the rate.
    passed: Duration,
    due: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Fin,
    Reset,
}

impl Plan {
    /// A plan that makes `moves`, with chance drawn from `lot`.
    pub fn new(moves: &Moves, lot: Lot) -> Self {
        Self {
            rules: Rules::new(moves),
            lot,
            held: Vec::new(),
            front: 0,
            units: VecDeque::new(),
            read: 0,
            written: 0,
            piece: None,
            last_due: Duration::ZERO,
            free_at: Duration::ZERO,
            rate_free_at: None,
            end: None,
            swallowed: 0,
        }
    }

    /// How many bytes may be read now.
    pub fn room(&self) -> usize {
        match self.rules.stop {
            _ if self.end.is_some() || self.units.len() >= HELD_READS_MAX => 0,
            Some((at, StopKind::Reset | StopKind::Stall)) if self.read >= at => 0,
            _ => HELD_BYTES_MAX - self.held_bytes(),
        }
    }

    /// How many bytes wait to be written.
    pub fn held_bytes(&self) -> usize {
        self.held.len() - self.front
    }

    /// Whether the sender's end or reset was noted.
    pub fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    /// How many bytes came behind a cut, and went nowhere.
    pub fn swallowed(&self) -> u64 {
        self.swallowed
    }

    /// Takes what one read gave, at most [`Plan::room`] bytes.
    pub fn handle_bytes(&mut self, bytes: &[u8], now: Duration) {
        let bytes = self.before_a_cut(bytes);
        if bytes.is_empty() {
            return;
        }
        self.held.extend_from_slice(bytes);
        self.read += bytes.len() as u64;
        let due = self.due(now);
        self.last_due = due;
        let join_at_until = self.rules.join_at.get(&self.read).map(|wait| now + *wait);
        if let Some(last) = self.units.back_mut().filter(|last| last.is_open(now)) {
            last.end = self.read;
            last.due = due;
            last.join_at_until = join_at_until;
            return;
        }
        self.units.push_back(Unit {
            end: self.read,
            due,
            join_until: self.rules.join.map(|time| now + time),
            join_at_until,
        });
    }

    /// Takes note that the sender has ended its direction (FIN).
    pub fn handle_end(&mut self, now: Duration) {
        self.end = Some((Ending::Fin, self.due(now)));
    }

    /// Takes note that the sender has reset the line (RST).
    pub fn handle_reset(&mut self, now: Duration) {
        self.end = Some((Ending::Reset, self.due(now)));
    }

    /// What is to be done now. Asked again after each read and write, and when a wait is over.
    pub fn poll(&mut self, now: Duration) -> Step {
        if let Some(piece) = self.piece {
            return Step::Write((piece.end - self.written) as usize);
        }
        if let Some((at, kind)) = self.rules.stop
            && self.written >= at
        {
            return Step::Stop(kind);
        }
        let Some(piece) = self.next_piece() else {
            return self.poll_end(now);
        };
        if now < piece.due {
            return Step::Wait(piece.due);
        }
        self.piece = Some(piece);
        Step::Write((piece.end - self.written) as usize)
    }

    /// The first `count` bytes held.
    pub fn bytes(&self, count: usize) -> &[u8] {
        &self.held[self.front..self.front + count]
    }

    /// Takes note that the first `count` bytes held were written. Where that was less than was to be
    /// written, the rest follows at once.
    pub fn handle_written(&mut self, count: usize, now: Duration) {
        self.front += count;
        self.written += count as u64;
        if self.front == self.held.len() {
            self.held.clear();
            self.front = 0;
        } else if self.front >= HELD_BYTES_MAX {
            self.held.drain(..self.front);
            self.front = 0;
        }
        let Some(piece) = self.piece.filter(|piece| piece.end == self.written) else {
            return;
        };
        self.piece = None;
        self.free_at = now + piece.gap;
        self.rate_free_at = Some(piece.passed);
        if self
            .units
            .front()
            .is_some_and(|unit| unit.end == self.written)
        {
            self.units.pop_front();
        }
    }

    /// What of `bytes` comes before a cut; the rest is swallowed.
    fn before_a_cut<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let Some((at, StopKind::Cut)) = self.rules.stop else {
            return bytes;
        };
        let left = usize::try_from(at - self.read).unwrap_or(usize::MAX);
        let kept = &bytes[..left.min(bytes.len())];
        self.swallowed += (bytes.len() - kept.len()) as u64;
        kept
    }

    /// When what comes now may leave. Never before what came earlier: order stays.
    fn due(&mut self, now: Duration) -> Duration {
        let jitter = match self.rules.jitter {
            Some(most) => self.lot.time(most),
            None => Duration::ZERO,
        };
        (now + self.rules.delay + jitter).max(self.last_due)
    }

    fn next_piece(&self) -> Option<Piece> {
        let unit = self.units.front()?;
        let mut end = unit.end;
        let mut gap = Duration::ZERO;
        if let Some((bytes, between)) = self.rules.split {
            end = end.min(self.written + bytes);
            gap = between;
        }
        let mut edges = self.rules.split_at.range(self.written + 1..=end);
        if let Some((at, between)) = edges.next() {
            end = *at;
            gap = gap.max(*between);
        }
        if let Some((at, _)) = self.rules.stop {
            end = end.min(at);
        }
        // Nothing joins a direction that has ended or has no room.
        let closed = self.room() == 0;
        let ready = if closed { unit.due } else { unit.joined_due() };
        let begin = ready.max(self.free_at);
        let bytes = end - self.written;
        let passed = self.rules.passed(begin, self.rate_free_at, bytes);
        let due = passed.max(begin);
        Some(Piece {
            end,
            gap,
            passed,
            due,
        })
    }

    fn poll_end(&self, now: Duration) -> Step {
        match self.end {
            None => Step::Idle,
            Some((_, due)) if now < due => Step::Wait(due),
            Some((Ending::Fin, _)) => Step::End,
            Some((Ending::Reset, _)) => Step::Broken,
        }
    }
}

impl Unit {
    fn is_open(&self, now: Duration) -> bool {
        let before = |until: Option<Duration>| until.is_some_and(|until| now < until);
        before(self.join_until) || before(self.join_at_until)
    }

    fn joined_due(&self) -> Duration {
        let waits = [self.join_until, self.join_at_until];
        waits.into_iter().flatten().fold(self.due, Duration::max)
    }
}

/// How `bytes`, written at once by their sender, come to their receiver under `moves`: a write
/// after the other. For tests of what reads them.
pub fn pieces(bytes: &[u8], moves: &Moves, seed: u64) -> Vec<Vec<u8>> {
    let mut plan = Plan::new(moves, Lot::new(seed));
    let (mut now, mut rest, mut pieces) = (Duration::ZERO, bytes, Vec::new());
    loop {
        let (read, later) = rest.split_at(rest.len().min(plan.room()));
        plan.handle_bytes(read, now);
        rest = later;
        if rest.is_empty() && plan.end.is_none() {
            plan.handle_end(now);
        }
        match plan.poll(now) {
            Step::Write(count) => {
                pieces.push(plan.bytes(count).to_vec());
                plan.handle_written(count, now);
            }
            Step::Wait(until) => now = until,
            Step::Idle | Step::End | Step::Broken | Step::Stop(_) => return pieces,
        }
    }
}

#[cfg(test)]
mod tests;
