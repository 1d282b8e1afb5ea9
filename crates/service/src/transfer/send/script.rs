//! The other end of a line in memory, which does what a test says, and holds the sender to the
//! protocol. It knows no disk.

use std::collections::VecDeque;

use bytes::Bytes;
use landline_frame::landline1::{
    Answer, ENTRIES_OPEN_MAX, Entry, EntryKind, Failure, FileEnd, HOLE_BYTES_MIN, Have,
    TransferFrame,
};

use crate::transfer::line::{Arrived, TransferEnd, TransferLine};

/// What an other end says to an entry.
pub(super) type Answers<'a> = Box<dyn FnMut(u64, &Entry) -> Answer + 'a>;

/// What an other end does when a file has come so far.
pub(super) type Steps<'a> = Box<dyn FnMut(u64, usize) -> Option<Arrived> + 'a>;

/// What an other end says once the sender has let out all that it had.
pub(super) type Flushed<'a> = Box<dyn FnMut() -> Option<Arrived> + 'a>;

/// A receiver in memory.
pub(super) struct Script<'a> {
    pub(super) answers: Answers<'a>,
    pub(super) steps: Steps<'a>,
    pub(super) flushed: Flushed<'a>,
    /// It says nothing until the sender waits for it.
    pub(super) is_slow: bool,
    /// What it says of files that have come, in a put.
    pub(super) places: Option<fn(FileEnd) -> Option<FileEnd>>,
    pub(super) files: Vec<File>,
    /// The most entries that were open at once.
    pub(super) open_most: u64,
    pub(super) flushes: usize,
    pub(super) has_ended: bool,
    pub(super) said: VecDeque<Arrived>,
    open: u64,
    /// Files that it wants, in order.
    due: VecDeque<usize>,
}

/// What came of an entry.
pub(super) struct File {
    pub(super) entry: Entry,
    pub(super) bytes: Vec<u8>,
    pub(super) holes: Vec<u64>,
    /// From which group on its bytes are.
    pub(super) groups: u64,
    pub(super) outcome: Option<Result<[u8; 32], Failure>>,
}

impl File {
    pub(super) fn name(&self) -> String {
        String::from_utf8_lossy(self.entry.name.as_bytes()).into_owned()
    }

    /// The code it ended with; nothing if it came whole.
    #[track_caller]
    pub(super) fn code(&self) -> &str {
        let outcome = self.outcome.as_ref().expect("it has ended");
        outcome.as_ref().err().map_or("", |failure| &failure.code)
    }
}

impl<'a> Script<'a> {
    /// One that wants everything.
    pub(super) fn new() -> Self {
        Self {
            answers: Box::new(|_, _| Answer::Want),
            steps: Box::new(|_, _| None),
            flushed: Box::new(|| None),
            is_slow: false,
            places: None,
            files: Vec::new(),
            open_most: 0,
            flushes: 0,
            has_ended: false,
            said: VecDeque::new(),
            open: 0,
            due: VecDeque::new(),
        }
    }

    /// One that answers as it is told.
    pub(super) fn answering(answers: impl FnMut(u64, &Entry) -> Answer + 'a) -> Self {
        Self {
            answers: Box::new(answers),
            ..Self::new()
        }
    }

    fn hear_entry(&mut self, entry: &Entry) {
        assert!(entry.name.is_plain(), "{entry:?}");
        let number = self.files.len() as u64;
        self.open += 1;
        assert!(self.open <= ENTRIES_OPEN_MAX);
        self.open_most = self.open_most.max(self.open);
        let answer = (self.answers)(number, entry);
        let is_file = entry.kind == EntryKind::File && entry.passed_over.is_none();
        let groups = match &answer {
            Answer::Resume { groups, .. } => *groups,
            _ => 0,
        };
        match &answer {
            Answer::Want | Answer::Resume { .. } if is_file => {
                self.due.push_back(self.files.len());
            }
            _ if self.is_slow => {}
            _ => self.open -= 1,
        }
        self.files.push(File {
            entry: entry.clone(),
            bytes: Vec::new(),
            holes: Vec::new(),
            groups,
            outcome: None,
        });
        self.say(number, answer);
    }

    /// Runs of one answer are one word.
    fn say(&mut self, through: u64, answer: Answer) {
        if let Some(Arrived::Frame(TransferFrame::Have(last))) = self.said.back_mut()
            && last.answer == answer
            && matches!(answer, Answer::Want | Answer::Skip)
        {
            last.through = through;
            return;
        }
        let have = Have { through, answer };
        self.said
            .push_back(Arrived::Frame(TransferFrame::Have(have)));
    }

    fn hear_bytes(&mut self) {
        let at = *self.due.front().expect("bytes are of a file that is due");
        let count = self.files[at].bytes.len();
        self.said.extend((self.steps)(at as u64, count));
    }

    fn due(&mut self) -> &mut File {
        let at = *self.due.front().expect("bytes are of a file that is due");
        &mut self.files[at]
    }

    fn hear_end(&mut self, end: &FileEnd) {
        let at = self.due.pop_front().expect("it was due");
        assert_eq!(at as u64, end.entry, "files end in order");
        let file = &mut self.files[at];
        self.open -= 1;
        if let (Ok(_), Some(size)) = (&end.outcome, file.entry.size) {
            assert_eq!(file.groups * (1 << 20) + file.bytes.len() as u64, size);
        }
        file.outcome = Some(end.outcome.clone());
        if let Some(place) = self.places {
            let end = place(end.clone()).map(TransferFrame::FileEnd);
            self.said.extend(end.map(Arrived::Frame));
        }
    }
}

impl TransferLine for Script<'_> {
    fn may_announce(&self) -> bool {
        self.open < ENTRIES_OPEN_MAX
    }

    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferEnd> {
        assert!(!self.has_ended);
        match frame {
            TransferFrame::Entry(entry) => self.hear_entry(entry),
            TransferFrame::Begin { entry, groups } => {
                let file = self.due();
                assert!(file.bytes.is_empty() && *groups <= file.groups);
                file.groups = *groups;
                assert_eq!(self.due.front(), Some(&(*entry as usize)));
            }
            TransferFrame::Hole { bytes } => {
                assert!(*bytes >= HOLE_BYTES_MIN);
                let file = self.due();
                file.holes.push(*bytes);
                let count = file.bytes.len() + *bytes as usize;
                file.bytes.resize(count, 0);
                self.hear_bytes();
            }
            TransferFrame::FileEnd(end) => self.hear_end(end),
            TransferFrame::Have(_) => panic!("a sender answers no entry"),
        }
        Ok(())
    }

    fn send(&mut self, bytes: Bytes) -> Result<(), TransferEnd> {
        assert!(!bytes.is_empty() && bytes.len() <= 1 << 20);
        self.due().bytes.extend_from_slice(&bytes);
        self.hear_bytes();
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TransferEnd> {
        self.flushes += 1;
        self.said.extend((self.flushed)());
        Ok(())
    }

    fn next(&mut self, wait: bool) -> Result<VecDeque<Arrived>, TransferEnd> {
        if self.is_slow && !wait {
            return Ok(VecDeque::new());
        }
        if self.is_slow {
            self.open = self.due.len() as u64;
        }
        if wait && self.has_ended && self.said.is_empty() {
            self.said.push_back(Arrived::Ended);
        }
        assert!(!wait || !self.said.is_empty(), "it waits for ever");
        Ok(std::mem::take(&mut self.said))
    }

    fn end(&mut self) -> Result<(), TransferEnd> {
        assert!(self.due.is_empty() && !self.has_ended);
        self.has_ended = true;
        Ok(())
    }
}
