//! The order of a files call, the same at both of its ends: which entries are open, which file is due,
//! and what of it has moved. It does not know what entries are called, nor how much credit there is.

mod error;
mod marks;

use std::collections::VecDeque;

use super::super::control::{
    Answer, ControlError, DigestKind, ENTRIES_OPEN_MAX, Entry, FileEnd, FilesCall, GROUP_BYTES,
    HOLE_BYTES_MIN, Have, Stream, TransferFrame,
};
use super::super::kind::Kind;
use super::error::SessionError;
use marks::Marks;

pub use error::TransferError;

/// What the two ends have said of entries so far. It holds a record for each open entry, and a bit for
/// each file that was wanted and not ended by its receiver.
#[derive(Clone, Debug)]
pub(super) struct Transfer {
    /// The stream of the side that announces entries and sends files.
    sender: Stream,
    /// Nothing is answered or sent: a list.
    tells_only: bool,
    /// How many paths entries may belong to; a client that puts counts as it likes.
    asked: Option<u32>,
    offered: Vec<DigestKind>,
    /// Whether a file may be resumed.
    resumes: bool,
    is_cancelled: bool,
    announced: u64,
    unanswered: VecDeque<Announced>,
    /// In the order of their entries; the first one is due.
    wanted: VecDeque<Wanted>,
    /// Wanted, and not ended by the receiver.
    unconfirmed: Marks,
}

/// An entry that has no answer yet.
#[derive(Clone, Copy, Debug)]
struct Announced {
    is_sent: bool,
    size: Option<u64>,
}

/// A file that was wanted, and that the sender has not ended.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    entry: u64,
    size: Option<u64>,
    /// How many bytes of it are to come, where its size is known.
    left: Option<u64>,
    /// How many groups the receiver has, until something is sent of it.
    held: Option<u64>,
}

impl Transfer {
    pub(super) fn new(call: &FilesCall) -> Self {
        let count = |paths: usize| u32::try_from(paths).unwrap_or(u32::MAX);
        let (sender, asked) = match call {
            FilesCall::Get(call) => (Stream::Out, Some(count(call.paths.len()))),
            FilesCall::Put(_) => (Stream::In, None),
            FilesCall::List(call) => (Stream::Out, Some(count(call.paths.len()))),
        };
        Self {
            sender,
            tells_only: matches!(call, FilesCall::List(_)),
            asked,
            offered: call.digests().to_vec(),
            resumes: false,
            is_cancelled: false,
            announced: 0,
            unanswered: VecDeque::new(),
            wanted: VecDeque::new(),
            unconfirmed: Marks::default(),
        }
    }

    /// The call is taken with this digest, which must be one that was offered.
    pub(super) fn open(&mut self, digest: Option<DigestKind>) -> Result<(), ControlError> {
        let key = "digest";
        match digest {
            None if self.offered.is_empty() => {}
            None => return Err(ControlError::KeyMissing { key }),
            Some(digest) if self.offered.contains(&digest) => {
                self.resumes = digest == DigestKind::Blake3;
            }
            Some(_) => return Err(ControlError::OutOfRange { key }),
        }
        Ok(())
    }

    /// Whether there is room for one more open entry.
    pub(super) fn may_announce(&self) -> bool {
        self.tells_only || self.open_entries() < ENTRIES_OPEN_MAX
    }

    /// The client wants no more: streams may end whatever is open.
    pub(super) fn cancel(&mut self) {
        self.is_cancelled = true;
    }

    /// What the side with the stream `from` says, apart from content.
    pub(super) fn say(&mut self, from: Stream, frame: &TransferFrame) -> Result<(), TransferError> {
        let kind = frame.kind();
        match (frame, from == self.sender) {
            (TransferFrame::Entry(entry), true) => self.announce(entry),
            _ if self.tells_only => Err(TransferError::WrongSide { kind }),
            (TransferFrame::Have(have), false) => self.answer(have),
            (TransferFrame::Begin { entry, groups }, true) => self.begin(*entry, *groups),
            (TransferFrame::Hole { bytes }, _) => self.send(from, kind, *bytes),
            (TransferFrame::FileEnd(end), true) => self.end_sending(end),
            (TransferFrame::FileEnd(end), false) => self.end_receiving(end),
            _ => Err(TransferError::WrongSide { kind }),
        }
    }

    /// Whether a frame of the side with the stream `from` is a last word of the receiver about a file
    /// that has gone already. A sender that waits for no such words has no use for it.
    pub(super) fn comes_late(&self, from: Stream, frame: &TransferFrame) -> bool {
        match frame {
            TransferFrame::FileEnd(end) if from != self.sender => self.has_gone(end.entry),
            _ => false,
        }
    }

    /// Whether the sender has ended a file that was wanted.
    fn has_gone(&self, entry: u64) -> bool {
        self.wanted.front().is_none_or(|due| entry < due.entry)
    }

    /// Content of the file that is due: DATA, or a HOLE.
    pub(super) fn send(
        &mut self,
        from: Stream,
        kind: Kind,
        bytes: u64,
    ) -> Result<(), TransferError> {
        if from != self.sender {
            return Err(TransferError::WrongSide { kind });
        }
        let due = self.due(kind)?;
        let entry = due.entry;
        let left = match due.left {
            Some(left) if bytes > left => {
                return Err(TransferError::BeyondSize { entry, bytes, left });
            }
            left => left.map(|left| left - bytes),
        };
        if kind == Kind::Hole && bytes < HOLE_BYTES_MIN && left != Some(0) {
            return Err(TransferError::HoleTooShort { entry, bytes });
        }
        (due.left, due.held) = (left, None);
        Ok(())
    }

    /// Whether `stream` may end: the sender's when nothing is open, and the other one, which only a
    /// server that receives has, when every file has been ended by it. `heard`: the sender's stream
    /// has ended.
    pub(super) fn check_end(&self, stream: Stream, heard: bool) -> Result<(), TransferError> {
        if self.is_cancelled {
            return Ok(());
        }
        match (stream == self.sender, self.open_entries()) {
            (true, 0) => Ok(()),
            (true, open) => Err(TransferError::NotSettled { open }),
            (false, _) if heard && self.unconfirmed.is_empty() => Ok(()),
            (false, _) => Err(TransferError::NotConfirmed),
        }
    }

    fn open_entries(&self) -> u64 {
        (self.unanswered.len() + self.wanted.len()) as u64
    }

    fn due(&mut self, kind: Kind) -> Result<&mut Wanted, TransferError> {
        let due = self.wanted.front_mut();
        due.ok_or(TransferError::NothingDue { kind })
    }

    /// The file that is due, if it is this one.
    fn due_named(&mut self, entry: u64, kind: Kind) -> Result<&mut Wanted, TransferError> {
        let wanted = self.due(kind)?;
        match wanted.entry {
            due if due == entry => Ok(wanted),
            due => Err(TransferError::NotDue { entry, due }),
        }
    }

    fn announce(&mut self, entry: &Entry) -> Result<(), TransferError> {
        let ask = entry.ask;
        if let Some(asked) = self.asked.filter(|asked| ask >= *asked) {
            return Err(TransferError::NoSuchAsk { ask, asked });
        }
        if !self.may_announce() {
            return Err(TransferError::TooManyOpen);
        }
        self.announced += 1;
        if !self.tells_only {
            let (is_sent, size) = (entry.is_sent(), entry.size);
            self.unanswered.push_back(Announced { is_sent, size });
        }
        Ok(())
    }

    fn answer(&mut self, have: &Have) -> Result<(), TransferError> {
        let (through, first) = (have.through, self.first_unanswered());
        if through < first {
            return Err(TransferError::AnsweredAlready { entry: through });
        }
        if through >= self.announced {
            return Err(TransferError::NotAnnounced { entry: through });
        }
        let is_of_one = matches!(have.answer, Answer::Resume { .. } | Answer::Refuse(_));
        if is_of_one && through > first {
            return Err(TransferError::NotOne { first, through });
        }
        match have.answer {
            Answer::Want => self.want(through),
            Answer::Resume { groups, .. } => self.resume(first, groups)?,
            Answer::Skip | Answer::Refuse(_) => {
                let count = (through - first + 1) as usize;
                self.unanswered.drain(..count);
            }
        }
        Ok(())
    }

    fn first_unanswered(&self) -> u64 {
        self.announced - self.unanswered.len() as u64
    }

    fn want(&mut self, through: u64) {
        while self.first_unanswered() <= through {
            let entry = self.first_unanswered();
            let Some(announced) = self.unanswered.pop_front() else {
                return;
            };
            if announced.is_sent {
                let (size, left) = (announced.size, announced.size);
                self.push_wanted(Wanted {
                    entry,
                    size,
                    left,
                    held: None,
                });
            }
        }
    }

    fn resume(&mut self, entry: u64, groups: u64) -> Result<(), TransferError> {
        let announced = self.unanswered.front();
        let announced = announced.filter(|entry| self.resumes && entry.is_sent);
        let size = announced.and_then(|announced| announced.size);
        let size = size.ok_or(TransferError::NotResumable { entry })?;
        let left = left_after(size, groups);
        let left = left.filter(|left| *left > 0);
        let left = left.ok_or(TransferError::NothingLeft {
            entry,
            size,
            groups,
        })?;
        self.unanswered.pop_front();
        self.push_wanted(Wanted {
            entry,
            size: Some(size),
            left: Some(left),
            held: Some(groups),
        });
        Ok(())
    }

    fn push_wanted(&mut self, wanted: Wanted) {
        self.unconfirmed.insert(wanted.entry);
        self.wanted.push_back(wanted);
    }

    fn begin(&mut self, entry: u64, groups: u64) -> Result<(), TransferError> {
        let due = self.due_named(entry, Kind::Have)?;
        let (Some(held), Some(size)) = (due.held, due.size) else {
            return Err(TransferError::BeginsLate { entry });
        };
        if groups > held {
            return Err(TransferError::BeginsBeyond {
                entry,
                groups,
                held,
            });
        }
        (due.left, due.held) = (left_after(size, groups), None);
        Ok(())
    }

    fn end_sending(&mut self, end: &FileEnd) -> Result<(), TransferError> {
        let entry = end.entry;
        let left = self.due_named(entry, Kind::End)?.left.unwrap_or(0);
        if end.outcome.is_ok() && left > 0 {
            return Err(TransferError::Incomplete { entry, left });
        }
        self.wanted.pop_front();
        Ok(())
    }

    fn end_receiving(&mut self, end: &FileEnd) -> Result<(), TransferError> {
        let entry = end.entry;
        if !self.unconfirmed.contains(entry) {
            return Err(TransferError::NotWanted { entry });
        }
        if end.outcome.is_ok() && !self.has_gone(entry) {
            return Err(TransferError::ConfirmedEarly { entry });
        }
        self.unconfirmed.remove(entry);
        Ok(())
    }
}

/// The frame as bytes, if the other end takes its values.
pub(super) fn written(frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
    let kind = frame.kind();
    let checked = frame.check();
    checked.map_err(|error| SessionError::Control { kind, error })?;
    Ok(frame.encode()?)
}

/// How many bytes of `size` follow so many groups, if they are not more than it.
fn left_after(size: u64, groups: u64) -> Option<u64> {
    size.checked_sub(groups.checked_mul(GROUP_BYTES)?)
}
