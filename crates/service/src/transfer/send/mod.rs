//! The sending end of a files call: it announces what there is, hears what is wanted of it, and sends
//! that. It does not know which side called, nor which line carries it.

mod ahead;
mod contents;
mod event;
mod pool;
#[cfg(test)]
mod script;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use landline_frame::landline1::{
    Answer, DigestKind, EntryKind, Failure, FileEnd, GROUP_BYTES, Have, Name, TransferFrame,
};

pub use self::event::{SendEvent, SendReport, Sending};

use self::ahead::{Ahead, Place};
use self::pool::Pool;
use crate::transfer::find::Found;
use crate::transfer::find::Source;
use crate::transfer::line::{Arrived, TransferEnd, TransferLine};

/// How many entries are announced before the line is looked at again, and contents go on.
const ANNOUNCED_AT_ONCE: usize = 64;

/// How many files may have gone and not be placed yet, as far as is known here: their names, 16 MiB at
/// worst. Past it, the next file waits.
const UNPLACED_MAX: usize = 4096;

/// Sends what a walk finds, and tells `watch` of it.
///
/// It returns once all is sent, and in a `put` placed. In a `get` the receiver may still have to say
/// that it could not place a file; that stands in what comes next on the line.
///
/// # Errors
/// The line has ended, or the other end broke the protocol.
pub fn send_files(
    line: &mut dyn TransferLine,
    walk: impl Iterator<Item = Found>,
    sending: Sending,
    watch: &mut dyn FnMut(SendEvent<'_>),
) -> Result<SendReport, TransferEnd> {
    let sender = Sender {
        line,
        walk: Some(walk),
        sending,
        watch,
        unanswered: VecDeque::new(),
        wanted: VecDeque::new(),
        current: None,
        given_up: None,
        unplaced: VecDeque::new(),
        ahead: Ahead::default(),
        pool: Pool::default(),
        has_other_ended: false,
        report: SendReport::default(),
    };
    sender.run()
}

/// Tells of what a walk finds, and sends nothing: `list` and `stat`. It returns how many entries
/// there were.
///
/// # Errors
/// The line has ended.
pub fn tell_files(
    line: &mut dyn TransferLine,
    walk: impl Iterator<Item = Found>,
) -> Result<u64, TransferEnd> {
    let mut count = 0;
    for found in walk {
        line.say(&TransferFrame::Entry(found.entry))?;
        count += 1;
    }
    line.end()?;
    line.flush()?;
    Ok(count)
}

/// A sending end at work.
struct Sender<'a, W> {
    line: &'a mut dyn TransferLine,
    /// What is still to be announced; `None` once that is all.
    walk: Option<W>,
    sending: Sending,
    watch: &'a mut dyn FnMut(SendEvent<'_>),
    /// Entries that the receiver has not spoken of, in order up to the last one.
    unanswered: VecDeque<Announced>,
    /// Files that it wants, in order.
    wanted: VecDeque<Wanted>,
    /// The file whose bytes are going.
    current: Option<u64>,
    /// Why the receiver wants no more of that file.
    given_up: Option<Failure>,
    unplaced: VecDeque<Unplaced>,
    ahead: Ahead,
    pool: Pool,
    has_other_ended: bool,
    report: SendReport,
}

/// An entry that was announced.
struct Announced {
    name: Name,
    kind: EntryKind,
    size: Option<u64>,
    source: Option<Source>,
    place: Place,
}

/// A file that is to be sent.
struct Wanted {
    number: u64,
    name: Name,
    size: Option<u64>,
    source: Source,
    place: Place,
    resume: Option<Resume>,
    /// Why the receiver does not want it after all.
    given_up: Option<Failure>,
}

/// What the receiver has of a file.
struct Resume {
    groups: u64,
    values: Vec<[u8; 32]>,
}

/// A file that has gone, and of which the receiver has not said that it is placed.
struct Unplaced {
    number: u64,
    name: Name,
    size: u64,
    digest: [u8; 32],
}

impl<W: Iterator<Item = Found>> Sender<'_, W> {
    fn run(mut self) -> Result<SendReport, TransferEnd> {
        loop {
            let announced = self.announce()?;
            self.hear(false)?;
            if self.unplaced.len() >= UNPLACED_MAX {
                self.hear(true)?;
            } else if let Some(wanted) = self.wanted.pop_front() {
                self.send_file(wanted)?;
            } else if announced > 0 {
                // The receiver can answer these while more are looked for.
                self.line.flush()?;
            } else if self.walk.is_none() && self.unanswered.is_empty() {
                break;
            } else {
                self.hear(true)?;
            }
        }
        self.line.end()?;
        self.line.flush()?;
        if self.sending.is_placed {
            self.hear_the_rest()?;
        }
        Ok(self.report)
    }

    /// Announces what comes next, as far as may be and a bit at a time. It returns how many.
    fn announce(&mut self) -> Result<usize, TransferEnd> {
        let mut count = 0;
        while count < ANNOUNCED_AT_ONCE && self.ahead.has_room() && self.line.may_announce() {
            let Some(walk) = &mut self.walk else { break };
            let Some(found) = walk.next() else {
                self.walk = None;
                break;
            };
            self.announce_one(found)?;
            count += 1;
        }
        Ok(count)
    }

    fn announce_one(&mut self, found: Found) -> Result<(), TransferEnd> {
        let Found { entry, source } = found;
        self.report.entries += 1;
        match &entry.passed_over {
            None => (self.watch)(SendEvent::Found(&entry)),
            Some(failure) => {
                self.report.passed_over += 1;
                let entry = &entry;
                (self.watch)(SendEvent::Passed { entry, failure });
            }
        }
        let frame = TransferFrame::Entry(entry);
        self.line.say(&frame)?;
        let TransferFrame::Entry(entry) = frame else {
            unreachable!("it was made an entry");
        };
        let source = source.filter(|_| entry.passed_over.is_none());
        self.unanswered.push_back(Announced {
            place: self.ahead.enter(source.as_ref()),
            name: entry.name,
            kind: entry.kind,
            size: entry.size,
            source,
        });
        Ok(())
    }

    /// Takes what has come; with `wait`, until something has.
    fn hear(&mut self, wait: bool) -> Result<(), TransferEnd> {
        for arrived in self.line.next(wait)? {
            match arrived {
                Arrived::Frame(TransferFrame::Have(have)) => self.hear_answer(have)?,
                Arrived::Frame(TransferFrame::FileEnd(end)) => self.hear_end(end)?,
                Arrived::Ended => self.has_other_ended = true,
                Arrived::Frame(_) | Arrived::Bytes(_) => {
                    return Err(broken("the receiver sends what only a sender may"));
                }
            }
        }
        if self.has_other_ended && self.sending.is_placed && self.is_busy() {
            return Err(broken("the receiver ended before all was sent"));
        }
        Ok(())
    }

    fn is_busy(&self) -> bool {
        let waits = self.unanswered.len() + self.wanted.len();
        waits > 0 || self.walk.is_some() || self.current.is_some()
    }

    /// In a `put`: until the receiver has said all.
    fn hear_the_rest(&mut self) -> Result<(), TransferEnd> {
        while !self.has_other_ended {
            self.hear(true)?;
        }
        if self.unplaced.is_empty() {
            return Ok(());
        }
        Err(broken("the receiver ended before all was placed"))
    }

    fn hear_answer(&mut self, have: Have) -> Result<(), TransferEnd> {
        let next = self.next_unanswered();
        let open = self.unanswered.len() as u64;
        let answered = have.through.checked_sub(next).filter(|more| *more < open);
        let Some(more) = answered else {
            return Err(broken("the receiver answers an entry that is not open"));
        };
        match have.answer {
            Answer::Want => {
                for number in next..=have.through {
                    self.want(number, None)?;
                }
            }
            Answer::Skip => {
                for _ in 0..=more {
                    self.skip();
                }
            }
            Answer::Resume { .. } | Answer::Refuse(_) if more > 0 => {
                return Err(broken("the receiver answers several entries like one"));
            }
            Answer::Resume { groups, values } => {
                self.want(next, Some(Resume { groups, values }))?;
            }
            Answer::Refuse(failure) => self.refuse(&failure),
        }
        Ok(())
    }

    /// The number of the first entry that the receiver has not spoken of.
    fn next_unanswered(&self) -> u64 {
        self.report.entries - self.unanswered.len() as u64
    }

    fn want(&mut self, number: u64, resume: Option<Resume>) -> Result<(), TransferEnd> {
        let Some(entry) = self.unanswered.pop_front() else {
            return Ok(());
        };
        if let Some(resume) = &resume {
            self.check_resume(resume, &entry)?;
        }
        match entry.source {
            Some(source) => self.wanted.push_back(Wanted {
                number,
                name: entry.name,
                size: entry.size,
                source,
                place: entry.place,
                resume,
                given_up: None,
            }),
            None => self.ahead.leave(entry.place),
        }
        Ok(())
    }

    fn check_resume(&self, resume: &Resume, entry: &Announced) -> Result<(), TransferEnd> {
        let bytes = resume.groups.checked_mul(GROUP_BYTES);
        let has_more = match (bytes, entry.size) {
            (Some(bytes), Some(size)) => bytes < size,
            _ => false,
        };
        let fits = resume.groups.count_ones() as usize == resume.values.len();
        let is_file = entry.source.is_some() && self.sending.digest == DigestKind::Blake3;
        if is_file && has_more && fits {
            return Ok(());
        }
        Err(broken("the receiver has what the file cannot have"))
    }

    fn skip(&mut self) {
        let Some(entry) = self.unanswered.pop_front() else {
            return;
        };
        self.ahead.leave(entry.place);
        if entry.kind == EntryKind::File && entry.source.is_some() {
            self.report.skipped += 1;
            (self.watch)(SendEvent::Skipped { name: &entry.name });
        }
    }

    fn refuse(&mut self, failure: &Failure) {
        let Some(entry) = self.unanswered.pop_front() else {
            return;
        };
        self.ahead.leave(entry.place);
        self.report.refused += 1;
        let name = &entry.name;
        (self.watch)(SendEvent::Refused { name, failure });
    }

    /// The receiver has placed a file, or cannot take it.
    fn hear_end(&mut self, end: FileEnd) -> Result<(), TransferEnd> {
        if end.entry >= self.next_unanswered() {
            return Err(broken("the receiver ends a file that it has not asked for"));
        }
        let unplaced = self
            .unplaced
            .binary_search_by_key(&end.entry, |it| it.number);
        let unplaced = unplaced.ok().and_then(|at| self.unplaced.remove(at));
        match (end.outcome, unplaced) {
            (Ok(digest), Some(file)) if digest == file.digest && end.is_same => {
                self.report.skipped += 1;
                (self.watch)(SendEvent::Skipped { name: &file.name });
            }
            (Ok(digest), Some(file)) if digest == file.digest => {
                self.report.placed += 1;
                (self.watch)(SendEvent::Placed {
                    name: &file.name,
                    size: file.size,
                    digest: &digest,
                });
            }
            (Ok(_), Some(_)) => return Err(broken("the receiver placed what was not sent")),
            (Ok(_), None) if self.sending.is_placed => {
                return Err(broken("the receiver placed a file that has not gone"));
            }
            (Ok(_), None) => {}
            (Err(failure), Some(file)) => self.note_failed(Some(&file.name), &failure),
            (Err(failure), None) => self.give_up(end.entry, failure),
        }
        Ok(())
    }

    fn give_up(&mut self, number: u64, failure: Failure) {
        if self.current == Some(number) {
            self.given_up.get_or_insert(failure);
            return;
        }
        match self.wanted.binary_search_by_key(&number, |it| it.number) {
            Ok(at) => self.wanted[at].given_up = Some(failure),
            // In a `get`, a file that has gone. In a `put`, one of which it was said that it failed.
            Err(_) if self.sending.is_placed => {}
            Err(_) => self.note_failed(None, &failure),
        }
    }

    fn note_failed(&mut self, name: Option<&Name>, failure: &Failure) {
        self.report.failed += 1;
        (self.watch)(SendEvent::Failed { name, failure });
    }
}

/// The other end broke the protocol.
fn broken(what: &str) -> TransferEnd {
    TransferEnd(what.to_owned())
}
