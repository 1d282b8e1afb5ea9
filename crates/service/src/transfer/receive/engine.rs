//! The receiving engine: which file is due, what is answered, and what is said of each. It does not
//! know where files are put.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use landline_frame::landline1::{
    Answer, ENTRIES_OPEN_MAX, Entry, EntryKind, Failure, FileEnd, GROUP_BYTES, Have, Name,
    TransferFrame,
};

use super::super::line::{Arrived, TransferLine};
use super::placer::{Outcome, Placer, Settle, Settled};
use super::report::{ReceiveEvent, ReceiveReport, TransferFault};

/// Zeros are taken in slices of this size, 10 ms of hashing each: between them it shows whether
/// anybody still wants them.
const HOLE_SLICE_BYTES: u64 = 64 * 1024 * 1024;

/// Whether a name may belong to the path with this number that was asked for.
pub type Belongs<'a> = &'a dyn Fn(u32, &Name) -> bool;

/// How files are received.
#[derive(Clone, Copy, Default)]
pub struct Receiving<'a> {
    /// Every file that was wanted gets a last word, and this side's stream an end: so does the server
    /// of a put. Without it only failures are told.
    pub confirm: bool,
    /// What may come. Without it every name may.
    pub belongs: Option<Belongs<'a>>,
}

/// Receives all that the sender at the other end of `line` has.
///
/// A file that fails is told of and does not keep the others.
///
/// # Errors
/// The line has ended too early, or the sender brings what it may not.
pub fn receive(
    line: &mut dyn TransferLine,
    placer: &mut dyn Placer,
    how: Receiving<'_>,
    watch: &mut dyn FnMut(ReceiveEvent<'_>),
) -> Result<ReceiveReport, TransferFault> {
    let mut engine = Engine {
        line,
        placer,
        how,
        watch,
        report: ReceiveReport::default(),
        inbox: VecDeque::new(),
        entries: 0,
        answers: None,
        due: VecDeque::new(),
        has_said: false,
        is_mute: false,
    };
    let done = engine.run();
    if done.is_err() {
        engine.is_mute = true;
        engine.placer.settle(Settle::Cut);
        engine.tell_settled()?;
    }
    done.map(|()| engine.report)
}

struct Engine<'a> {
    line: &'a mut dyn TransferLine,
    placer: &'a mut dyn Placer,
    how: Receiving<'a>,
    watch: &'a mut dyn FnMut(ReceiveEvent<'_>),
    report: ReceiveReport,
    /// What came and was not seen to yet. Entries never wait there.
    inbox: VecDeque<Arrived>,
    /// How many entries there were.
    entries: u64,
    /// The same answer to all entries since the last that was said.
    answers: Option<Have>,
    /// Files that were wanted and have not ended, in order.
    due: VecDeque<Due>,
    /// Whether something waits to go out.
    has_said: bool,
    /// Whether nobody listens any more.
    is_mute: bool,
}

/// A file that was wanted.
struct Due {
    number: u64,
    entry: Arc<Entry>,
    /// How many groups the sender may leave out.
    offered: u64,
    /// How many bytes came, with those that were left out.
    came: u64,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No byte came yet.
    Waits,
    /// It comes.
    Comes,
    /// It cannot be taken: what comes of it is thrown away.
    Lost,
}

impl Engine<'_> {
    fn run(&mut self) -> Result<(), TransferFault> {
        loop {
            let Some(arrived) = self.inbox.pop_front() else {
                self.refill()?;
                continue;
            };
            match arrived {
                Arrived::Bytes(bytes) => self.take_bytes(&bytes)?,
                Arrived::Frame(TransferFrame::Hole { bytes }) => self.take_hole(bytes)?,
                Arrived::Frame(TransferFrame::Begin { entry, groups }) => {
                    self.take_begin(entry, groups)?;
                }
                Arrived::Frame(TransferFrame::FileEnd(end)) => self.take_end(end)?,
                Arrived::Frame(TransferFrame::Entry(entry)) => self.take_entry(entry)?,
                Arrived::Frame(TransferFrame::Have(_)) => {
                    return Err(breach("a sender has nothing to answer"));
                }
                Arrived::Ended => return self.take_stream_end(),
            }
        }
    }

    /// Takes what came meanwhile. Entries are answered at once, so that the sender has its next files
    /// ready while those before are written.
    fn refill(&mut self) -> Result<(), TransferFault> {
        self.flush()?;
        let mut arrived = self.line.next(false)?;
        if arrived.is_empty() {
            self.placer.settle(Settle::Idle);
            self.tell_settled()?;
            self.flush()?;
            arrived = self.line.next(true)?;
        }
        for arrived in arrived {
            match arrived {
                Arrived::Frame(TransferFrame::Entry(entry)) => self.take_entry(entry)?,
                other => self.inbox.push_back(other),
            }
        }
        self.say_answers()?;
        self.flush()
    }

    fn take_entry(&mut self, entry: Entry) -> Result<(), TransferFault> {
        let number = self.entries;
        self.entries += 1;
        if !entry.name.is_plain() {
            return Err(breach("a name does not lead down"));
        }
        if let Some(belongs) = self.how.belongs
            && !belongs(entry.ask, &entry.name)
        {
            return Err(TransferFault::NotAsked(entry.name));
        }
        // Those that ended and were not seen to yet stand beside as many that were announced since.
        if self.due.len() as u64 >= 2 * ENTRIES_OPEN_MAX {
            return Err(breach("more entries are open than may be"));
        }
        let name = &entry.name;
        if let Some(failure) = &entry.passed_over {
            self.report.passed += 1;
            let ask = entry.ask;
            (self.watch)(ReceiveEvent::Passed { ask, name, failure });
            return self.answer(number, Answer::Want);
        }
        if entry.kind == EntryKind::File {
            let size = entry.size;
            (self.watch)(ReceiveEvent::Found { name, size });
        }
        let entry = Arc::new(entry);
        let answer = self.placer.consider(number, &entry);
        let answer = answer.map_err(|misplaced| TransferFault::Protocol(misplaced.0))?;
        self.note_answer(number, &entry, &answer);
        self.answer(number, answer)
    }

    fn note_answer(&mut self, number: u64, entry: &Arc<Entry>, answer: &Answer) {
        let name = &entry.name;
        let offered = match answer {
            Answer::Want if entry.kind == EntryKind::Folder => {
                self.report.folders += 1;
                (self.watch)(ReceiveEvent::Folder { name });
                return;
            }
            Answer::Skip => {
                self.report.same += 1;
                (self.watch)(ReceiveEvent::Same { name });
                return;
            }
            Answer::Refuse(failure) => {
                self.report.refused += 1;
                (self.watch)(ReceiveEvent::Refused { name, failure });
                return;
            }
            Answer::Want => 0,
            Answer::Resume { groups, .. } => *groups,
        };
        self.due.push_back(Due {
            number,
            entry: entry.clone(),
            offered,
            came: 0,
            stage: Stage::Waits,
        });
    }

    /// Answers an entry. The same answer to many in a row is one word.
    fn answer(&mut self, number: u64, answer: Answer) -> Result<(), TransferFault> {
        let is_run = matches!(answer, Answer::Want | Answer::Skip);
        match &mut self.answers {
            Some(have) if is_run && have.answer == answer => have.through = number,
            _ => {
                self.say_answers()?;
                let through = number;
                self.answers = Some(Have { through, answer });
            }
        }
        if is_run { Ok(()) } else { self.say_answers() }
    }

    fn say_answers(&mut self) -> Result<(), TransferFault> {
        match self.answers.take() {
            Some(have) => self.say(&TransferFrame::Have(have)),
            None => Ok(()),
        }
    }

    fn take_begin(&mut self, number: u64, groups: u64) -> Result<(), TransferFault> {
        let due = self.due.front();
        let is_due = due.is_some_and(|due| {
            due.number == number && due.stage == Stage::Waits && groups <= due.offered
        });
        if !is_due {
            return Err(breach("a file begins that is not due, or where it may not"));
        }
        self.begin(groups)
    }

    fn take_bytes(&mut self, bytes: &Bytes) -> Result<(), TransferFault> {
        self.report.bytes += bytes.len() as u64;
        if self.take_count(bytes.len() as u64)? {
            let written = self.placer.write(bytes);
            self.note_taken(bytes.len() as u64, written)?;
        }
        Ok(())
    }

    fn take_hole(&mut self, bytes: u64) -> Result<(), TransferFault> {
        let mut takes = self.take_count(bytes)?;
        let mut left = bytes;
        while takes && left > 0 {
            let slice = left.min(HOLE_SLICE_BYTES);
            let taken = self.placer.hole(slice);
            takes = taken.is_ok();
            self.note_taken(slice, taken)?;
            left -= slice;
            if left > 0 {
                // It fails once the line has ended.
                self.line.flush()?;
            }
        }
        Ok(())
    }

    /// Counts bytes of the file that is due, which has begun then; whether they are to be taken.
    fn take_count(&mut self, bytes: u64) -> Result<bool, TransferFault> {
        let due = self.due.front();
        let due = due.ok_or_else(|| breach("bytes come, and no file is due"))?;
        if due.stage == Stage::Waits {
            self.begin(due.offered)?;
        }
        let due = self.due.front_mut().expect("it is due still");
        due.came = due.came.saturating_add(bytes);
        if due.entry.size.is_some_and(|size| due.came > size) {
            return Err(breach("a file has more bytes than were announced"));
        }
        Ok(due.stage == Stage::Comes)
    }

    fn begin(&mut self, groups: u64) -> Result<(), TransferFault> {
        let due = self.due.front_mut().expect("a file is due");
        let resumed_from = groups * GROUP_BYTES;
        due.came = resumed_from;
        match self.placer.begin(due.number, groups) {
            Ok(()) => {
                due.stage = Stage::Comes;
                self.report.bytes_kept += resumed_from;
                (self.watch)(ReceiveEvent::Started {
                    entry: due.number,
                    name: &due.entry.name,
                    size: due.entry.size,
                    resumed_from,
                });
                Ok(())
            }
            Err(failure) => self.lose(failure),
        }
    }

    fn note_taken(&mut self, bytes: u64, taken: Result<(), Failure>) -> Result<(), TransferFault> {
        match taken {
            Ok(()) => {
                (self.watch)(ReceiveEvent::Received { bytes });
                Ok(())
            }
            Err(failure) => self.lose(failure),
        }
    }

    /// The file that is due cannot be taken.
    fn lose(&mut self, failure: Failure) -> Result<(), TransferFault> {
        let due = self.due.front_mut().expect("a file is due");
        due.stage = Stage::Lost;
        let (number, name) = (due.number, due.entry.name.clone());
        self.fail(&name, &failure);
        self.say_failed(number, failure)
    }

    fn take_end(&mut self, end: FileEnd) -> Result<(), TransferFault> {
        let is_due = |due: &&Due| due.number == end.entry;
        let due = self.due.front().filter(is_due);
        let due = due.ok_or_else(|| breach("a file ends that is not due"))?;
        if due.stage == Stage::Waits && end.outcome.is_ok() {
            self.begin(due.offered)?;
        }
        let due = self.due.pop_front().expect("it is due still");
        match end.outcome {
            Ok(_) if due.entry.size.is_some_and(|size| due.came != size) => {
                return Err(breach("a file has fewer bytes than were announced"));
            }
            // A word was said of it already.
            _ if due.stage == Stage::Lost => {}
            Ok(digest) => self.placer.finish(digest),
            Err(failure) => {
                self.placer.give_up(due.number, &failure);
                self.fail(&due.entry.name, &failure);
                if self.how.confirm {
                    self.say_failed(due.number, failure)?;
                }
            }
        }
        self.tell_settled()
    }

    fn take_stream_end(&mut self) -> Result<(), TransferFault> {
        if !self.due.is_empty() {
            return Err(breach("the stream ends before a file that was wanted"));
        }
        // The sender of a get listens no more.
        self.is_mute = !self.how.confirm;
        self.placer.settle(Settle::Ended);
        self.tell_settled()?;
        if self.how.confirm {
            self.line.end()?;
        }
        Ok(self.line.flush()?)
    }

    /// Tells what became of files meanwhile.
    fn tell_settled(&mut self) -> Result<(), TransferFault> {
        while let Some(settled) = self.placer.settled() {
            let Settled {
                entry,
                name,
                size,
                outcome,
            } = settled;
            let name = &name;
            let is_same = matches!(outcome, Outcome::Same(_));
            let word = match outcome {
                Outcome::Placed(digest) => {
                    self.report.placed += 1;
                    (self.watch)(ReceiveEvent::Placed { name, size, digest });
                    Ok(digest)
                }
                Outcome::Same(digest) => {
                    self.report.same += 1;
                    (self.watch)(ReceiveEvent::Same { name });
                    Ok(digest)
                }
                Outcome::Failed(failure) => {
                    self.fail(name, &failure);
                    Err(failure)
                }
            };
            if let Some(number) = entry
                && (self.how.confirm || word.is_err())
            {
                self.say_end(FileEnd {
                    entry: number,
                    outcome: word,
                    is_same,
                })?;
            }
        }
        Ok(())
    }

    fn fail(&mut self, name: &Name, failure: &Failure) {
        self.report.failed += 1;
        (self.watch)(ReceiveEvent::Failed { name, failure });
    }

    /// A file has failed.
    fn say_failed(&mut self, entry: u64, failure: Failure) -> Result<(), TransferFault> {
        self.say_end(FileEnd {
            entry,
            outcome: Err(failure),
            is_same: false,
        })
    }

    fn say_end(&mut self, end: FileEnd) -> Result<(), TransferFault> {
        // Its entry was answered before, so that the order of words is kept.
        self.say_answers()?;
        self.say(&TransferFrame::FileEnd(end))
    }

    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferFault> {
        if !self.is_mute {
            self.line.say(frame)?;
            self.has_said = true;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TransferFault> {
        if std::mem::take(&mut self.has_said) {
            self.line.flush()?;
        }
        Ok(())
    }
}

fn breach(what: &str) -> TransferFault {
    TransferFault::Protocol(what.to_string())
}
