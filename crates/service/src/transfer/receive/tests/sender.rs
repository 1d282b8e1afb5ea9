//! A sender in memory: it announces, listens, and sends what is wanted, as far as it is asked to.

use std::collections::VecDeque;

use bytes::Bytes;
use landline_frame::landline1::{
    Answer, Code, DigestKind, ENTRIES_OPEN_MAX, Entry, EntryKind, Failure, FileEnd, GROUP_BYTES,
    Have, Mtime, Name, TransferFrame,
};

use super::super::super::fold::{Digester, Fold};
use super::super::super::line::{Arrived, TransferEnd, TransferLine};

/// What a sender has.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) entry: Entry,
    pub(super) content: Vec<Piece>,
    /// What it ends with, in place of its digest.
    pub(super) end: Option<Result<[u8; 32], Failure>>,
}

/// A stretch of a file.
#[derive(Clone)]
pub(super) enum Piece {
    Bytes(Bytes),
    Hole(u64),
}

impl Source {
    pub(super) fn file(name: impl AsRef<[u8]>, bytes: &[u8]) -> Self {
        Self::pieces(name, vec![Piece::Bytes(Bytes::copy_from_slice(bytes))])
    }

    pub(super) fn pieces(name: impl AsRef<[u8]>, content: Vec<Piece>) -> Self {
        let mut entry = entry(name, EntryKind::File);
        entry.size = Some(content.iter().map(Piece::size).sum());
        entry.source = Some("a-state".to_string());
        Self {
            entry,
            content,
            end: None,
        }
    }

    pub(super) fn folder(name: impl AsRef<[u8]>) -> Self {
        Self {
            entry: entry(name, EntryKind::Folder),
            content: Vec::new(),
            end: None,
        }
    }

    pub(super) fn mode(mut self, mode: u32) -> Self {
        self.entry.mode = mode;
        self
    }

    pub(super) fn mtime(mut self, s: i64, ns: u32) -> Self {
        self.entry.mtime = Mtime { s, ns };
        self
    }

    pub(super) fn ending(mut self, end: Result<[u8; 32], Failure>) -> Self {
        self.end = Some(end);
        self
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Entry)) -> Self {
        change(&mut self.entry);
        self
    }

    fn digester(&self, kind: DigestKind) -> Digester {
        let mut digester = Digester::new(kind);
        for piece in &self.content {
            match piece {
                Piece::Bytes(bytes) => digester.update(bytes, |_| {}),
                Piece::Hole(count) => digester.update_zeros(*count, |_| {}),
            }
        }
        digester
    }

    /// How many of the receiver's groups are right, as far as their subtrees tell.
    fn right_groups(&self, groups: u64, values: &[[u8; 32]]) -> u64 {
        let Piece::Bytes(bytes) = &self.content[0] else {
            return 0;
        };
        let end = usize::try_from(groups * GROUP_BYTES).expect("it is in memory");
        let mut fold = Fold::new();
        fold.update(&bytes[..end], |_| {});
        let pairs = fold.subtrees().into_iter().zip(values);
        let right = pairs.take_while(|(own, other)| own == *other).count();
        // Each subtree stands for one binary one of the count, the largest first.
        let ones = (0..64).rev().map(|bit| groups & 1 << bit);
        ones.filter(|one| *one > 0).take(right).sum()
    }
}

impl Piece {
    fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Hole(count) => *count,
        }
    }
}

pub(super) fn entry(name: impl AsRef<[u8]>, kind: EntryKind) -> Entry {
    Entry {
        name: Name::new(name.as_ref()).expect("a name"),
        kind,
        ask: 0,
        size: None,
        stored: None,
        mode: if kind == EntryKind::Folder {
            0o755
        } else {
            0o644
        },
        mtime: Mtime {
            s: 1_000_000_000,
            ns: 123_456_789,
        },
        source: None,
        passed_over: None,
    }
}

/// A sender at the other end of a line.
pub(super) struct Sender {
    sources: Box<dyn Iterator<Item = Source>>,
    digest: DigestKind,
    /// Reads its groups and compares them.
    check: bool,
    /// How many bytes a frame holds.
    piece_bytes: usize,
    /// How many frames go out at once.
    frames_max: usize,
    /// After how many bytes the line ends.
    cut_after: Option<u64>,
    /// Announced and not answered.
    unanswered: VecDeque<Source>,
    answered: u64,
    /// Wanted, with what remains of them.
    wanted: VecDeque<Wanted>,
    open: u64,
    is_exhausted: bool,
    has_ended: bool,
    sent: u64,
    /// What comes next in place of all else, for a sender that breaks the protocol.
    script: VecDeque<Arrived>,
    /// Keeps nothing of what it is told.
    is_forgetful: bool,
    /// Every answer.
    pub(super) haves: Vec<Have>,
    /// Every end that was told.
    pub(super) ends: Vec<FileEnd>,
    /// Whether the receiver ended its stream.
    pub(super) was_ended: bool,
    /// Is told how many bytes were sent, before more are.
    pub(super) before_bytes: Option<Box<dyn FnMut(u64)>>,
}

struct Wanted {
    number: u64,
    source: Source,
    left: VecDeque<Piece>,
    begin: Option<u64>,
    is_given_up: bool,
}

impl Sender {
    pub(super) fn of(sources: Vec<Source>) -> Self {
        Self::of_all(sources.into_iter())
    }

    pub(super) fn of_all(sources: impl Iterator<Item = Source> + 'static) -> Self {
        Self {
            sources: Box::new(sources),
            digest: DigestKind::Blake3,
            check: false,
            piece_bytes: 100_000,
            frames_max: 32,
            cut_after: None,
            unanswered: VecDeque::new(),
            answered: 0,
            wanted: VecDeque::new(),
            open: 0,
            is_exhausted: false,
            has_ended: false,
            sent: 0,
            script: VecDeque::new(),
            is_forgetful: false,
            haves: Vec::new(),
            ends: Vec::new(),
            was_ended: false,
            before_bytes: None,
        }
    }

    /// One that says this and nothing else.
    pub(super) fn saying(script: Vec<Arrived>) -> Self {
        let mut sender = Self::of(Vec::new());
        sender.script = script.into();
        sender.has_ended = true;
        sender
    }

    pub(super) fn digest(mut self, digest: DigestKind) -> Self {
        self.digest = digest;
        self
    }

    pub(super) fn checking(mut self) -> Self {
        self.check = true;
        self
    }

    /// Sends frame by frame, of so many bytes.
    pub(super) fn pieces_of(mut self, bytes: usize) -> Self {
        self.piece_bytes = bytes;
        self.frames_max = 1;
        self
    }

    pub(super) fn cut_after(mut self, bytes: u64) -> Self {
        self.cut_after = Some(bytes);
        self
    }

    pub(super) fn forgetful(mut self) -> Self {
        self.is_forgetful = true;
        self
    }

    /// How many bytes it sent.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    fn announce(&mut self, out: &mut VecDeque<Arrived>) {
        while !self.is_exhausted && self.may_announce() {
            let Some(source) = self.sources.next() else {
                self.is_exhausted = true;
                return;
            };
            self.open += 1;
            out.push_back(Arrived::Frame(TransferFrame::Entry(source.entry.clone())));
            self.unanswered.push_back(source);
        }
    }

    fn send_some(&mut self, out: &mut VecDeque<Arrived>) {
        let mut budget = self.frames_max;
        while budget > 0 {
            let Some(wanted) = self.wanted.front_mut() else {
                return;
            };
            if let Some(groups) = wanted.begin.take() {
                let entry = wanted.number;
                out.push_back(Arrived::Frame(TransferFrame::Begin { entry, groups }));
            }
            let piece = match wanted.left.pop_front().filter(|_| !wanted.is_given_up) {
                None => {
                    let wanted = self.wanted.pop_front().expect("it is there");
                    out.push_back(Arrived::Frame(TransferFrame::FileEnd(FileEnd {
                        entry: wanted.number,
                        outcome: wanted.outcome(self.digest),
                        is_same: false,
                    })));
                    self.open -= 1;
                    budget -= 1;
                    continue;
                }
                Some(Piece::Hole(bytes)) => Arrived::Frame(TransferFrame::Hole { bytes }),
                Some(Piece::Bytes(mut bytes)) => {
                    let room = self.cut_after.map_or(u64::MAX, |cut| cut - self.sent);
                    let room = usize::try_from(room).unwrap_or(usize::MAX);
                    let piece = bytes.split_to(bytes.len().min(self.piece_bytes).min(room));
                    if !bytes.is_empty() {
                        wanted.left.push_front(Piece::Bytes(bytes));
                    }
                    if piece.is_empty() {
                        return;
                    }
                    self.sent += piece.len() as u64;
                    Arrived::Bytes(piece)
                }
            };
            out.push_back(piece);
            budget -= 1;
        }
    }

    fn hear(&mut self, have: &Have) {
        while self.answered <= have.through {
            let number = self.answered;
            self.answered += 1;
            let source = self.unanswered.pop_front().expect("it was announced");
            let is_sent =
                source.entry.kind == EntryKind::File && source.entry.passed_over.is_none();
            let skipped = match &have.answer {
                Answer::Want if is_sent => 0,
                Answer::Resume { groups, values } => {
                    let groups = if self.check {
                        source.right_groups(*groups, values)
                    } else {
                        *groups
                    };
                    groups * GROUP_BYTES
                }
                _ => {
                    self.open -= 1;
                    continue;
                }
            };
            let is_resumed = matches!(have.answer, Answer::Resume { .. });
            self.wanted.push_back(Wanted {
                number,
                left: after(&source.content, skipped),
                source,
                begin: (is_resumed && self.check).then_some(skipped / GROUP_BYTES),
                is_given_up: false,
            });
        }
    }
}

impl Wanted {
    fn outcome(&self, digest: DigestKind) -> Result<[u8; 32], Failure> {
        match &self.source.end {
            _ if self.is_given_up => Err(Failure::new(Code::GivenUp, "not wanted any more")),
            Some(end) => end.clone(),
            None => Ok(self.source.digester(digest).finish()),
        }
    }
}

/// What follows the first bytes.
fn after(content: &[Piece], mut skipped: u64) -> VecDeque<Piece> {
    let mut left = VecDeque::new();
    for piece in content {
        let gone = piece.size().min(skipped);
        skipped -= gone;
        match piece {
            _ if gone == piece.size() => {}
            Piece::Hole(count) => left.push_back(Piece::Hole(count - gone)),
            Piece::Bytes(bytes) => {
                let gone = usize::try_from(gone).expect("it is in memory");
                left.push_back(Piece::Bytes(bytes.slice(gone..)));
            }
        }
    }
    left
}

impl TransferLine for Sender {
    fn may_announce(&self) -> bool {
        self.open < ENTRIES_OPEN_MAX
    }

    fn say(&mut self, frame: &TransferFrame) -> Result<(), TransferEnd> {
        match frame {
            TransferFrame::Have(have) => {
                // A sender that breaks the protocol has announced nothing here.
                if self.script.is_empty() && !self.has_ended {
                    self.hear(have);
                }
                self.haves.push(have.clone());
            }
            TransferFrame::FileEnd(end) => {
                let wanted = self.wanted.iter_mut();
                for wanted in wanted.filter(|wanted| wanted.number == end.entry) {
                    wanted.is_given_up = true;
                }
                self.ends.push(end.clone());
            }
            other => panic!("a receiver does not say {other:?}"),
        }
        if self.is_forgetful {
            self.haves.clear();
            self.ends.clear();
        }
        Ok(())
    }

    fn send(&mut self, _bytes: Bytes) -> Result<(), TransferEnd> {
        panic!("a receiver sends no bytes")
    }

    fn flush(&mut self) -> Result<(), TransferEnd> {
        Ok(())
    }

    fn next(&mut self, wait: bool) -> Result<VecDeque<Arrived>, TransferEnd> {
        if !self.script.is_empty() {
            return Ok(std::mem::take(&mut self.script));
        }
        let mut out = VecDeque::new();
        if !self.has_ended {
            if let Some(before_bytes) = &mut self.before_bytes {
                before_bytes(self.sent);
            }
            self.announce(&mut out);
            self.send_some(&mut out);
            let is_done = self.is_exhausted && self.open == 0;
            if out.is_empty() && is_done {
                self.has_ended = true;
                out.push_back(Arrived::Ended);
            }
        }
        if out.is_empty() && (wait || self.cut_after == Some(self.sent)) {
            return Err(TransferEnd("the line has ended".to_string()));
        }
        Ok(out)
    }

    fn end(&mut self) -> Result<(), TransferEnd> {
        self.was_ended = true;
        Ok(())
    }
}
