//! The two ends of a files call, each with the least that serves it. What a session tells is held against
//! sums made here: whoever trusts the events never gets more, or less, than a file has.

use std::collections::VecDeque;

use landline_frame::landline1::{
    Answer, ClientSession, ENTRIES_OPEN_MAX, Entry, EntryKind, FileEnd, GROUP_BYTES,
    HOLE_BYTES_MIN, Have, Known, Mtime, Name, ServerSession, SessionError, Stream, TransferFrame,
};

/// The first window of files: room for a hole, and little more, so that credit runs out.
pub(crate) const WINDOW_BYTES: u64 = HOLE_BYTES_MIN + 64;

/// The sizes of what is sent; a folder has none. The last one is large enough to be
/// resumed, and [`Receiver`] skips it.
const SIZES: [Option<u64>; 6] = [
    Some(5),
    Some(0),
    None,
    Some(90),
    Some(7_000),
    Some(GROUP_BYTES + 3),
];

/// What an end asks of its session.
pub(crate) trait Session {
    fn say(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError>;
    fn may_send(&self) -> u64;
    fn send(&mut self, length: usize) -> Result<Vec<u8>, SessionError>;
    fn end(&mut self) -> Result<Vec<u8>, SessionError>;
}

impl Session for ClientSession<Known> {
    fn say(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
        self.send_transfer(frame)
    }

    fn may_send(&self) -> u64 {
        ClientSession::may_send(self)
    }

    fn send(&mut self, length: usize) -> Result<Vec<u8>, SessionError> {
        let header = self.send_data(length)?;
        Ok([&header[..], &vec![0; length]].concat())
    }

    fn end(&mut self) -> Result<Vec<u8>, SessionError> {
        self.send_end()
    }
}

impl Session for ServerSession<Known> {
    fn say(&mut self, frame: &TransferFrame) -> Result<Vec<u8>, SessionError> {
        self.send_transfer(frame)
    }

    fn may_send(&self) -> u64 {
        ServerSession::may_send(self, Stream::Out)
    }

    fn send(&mut self, length: usize) -> Result<Vec<u8>, SessionError> {
        let header = self.send_data(Stream::Out, length)?;
        Ok([&header[..], &vec![0; length]].concat())
    }

    fn end(&mut self) -> Result<Vec<u8>, SessionError> {
        self.send_end(Stream::Out)
    }
}

/// The end that files come to. It skips every third entry and wants the others.
#[derive(Debug, Default)]
pub(crate) struct Receiver {
    announced: u64,
    /// Which files are to come, and how much of each; unless nobody knows.
    due: VecDeque<(u64, Option<u64>)>,
    confirms: bool,
}

impl Receiver {
    /// One that says its word on each file, as a server does.
    pub(crate) fn confirming() -> Self {
        Self {
            confirms: true,
            ..Self::default()
        }
    }

    /// Takes what the sender says, and gives what it says back.
    pub(crate) fn hear(&mut self, frame: &TransferFrame, session: &mut impl Session) -> Vec<u8> {
        match frame {
            TransferFrame::Entry(entry) => self.answer(entry, session),
            TransferFrame::Hole { bytes } => {
                self.take(*bytes);
                Vec::new()
            }
            TransferFrame::FileEnd(end) => self.end(end, session),
            TransferFrame::Have(_) | TransferFrame::Begin { .. } => {
                panic!("a sender says nothing of this to who has nothing: {frame:?}")
            }
        }
    }

    /// Content has come.
    pub(crate) fn take(&mut self, bytes: u64) {
        let due = self
            .due
            .front_mut()
            .expect("content is of a file that is due");
        if let Some(left) = &mut due.1 {
            *left = left
                .checked_sub(bytes)
                .expect("no more comes than the file has");
        }
    }

    /// The sender's stream has ended, of itself.
    pub(crate) fn check_ended(&self) {
        assert!(self.due.is_empty(), "every file has ended before");
    }

    fn answer(&mut self, entry: &Entry, session: &mut impl Session) -> Vec<u8> {
        assert!(entry.name.is_plain());
        assert!((self.due.len() as u64) < ENTRIES_OPEN_MAX);
        let through = self.announced;
        self.announced += 1;
        let answer = match through % 3 {
            2 => Answer::Skip,
            _ => Answer::Want,
        };
        if answer == Answer::Want && entry.is_sent() {
            self.due.push_back((through, entry.size));
        }
        let have = Have { through, answer };
        written(session.say(&TransferFrame::Have(have)))
    }

    fn end(&mut self, end: &FileEnd, session: &mut impl Session) -> Vec<u8> {
        let (entry, left) = self.due.pop_front().expect("a file that is due ends");
        assert_eq!(end.entry, entry);
        assert!(end.outcome.is_err() || left.unwrap_or(0) == 0, "all of it");
        match self.confirms {
            true => written(session.say(&TransferFrame::FileEnd(end.clone()))),
            false => Vec::new(),
        }
    }
}

/// The end that files come from.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    answered: u64,
    /// What is wanted, and how much of it is left.
    wanted: VecDeque<(u64, u64)>,
    has_ended: bool,
}

impl Sender {
    /// Announces everything.
    pub(crate) fn begin(session: &mut impl Session) -> Vec<u8> {
        let entries = SIZES.map(|size| written(session.say(&TransferFrame::Entry(entry(size)))));
        entries.concat()
    }

    /// Takes what the receiver says, and gives what it sends for it.
    pub(crate) fn hear(&mut self, frame: &TransferFrame, session: &mut impl Session) -> Vec<u8> {
        match frame {
            TransferFrame::Have(have) => self.take(have),
            TransferFrame::FileEnd(end) => assert!(end.entry < self.answered),
            frame => panic!("a receiver says nothing of this: {frame:?}"),
        }
        self.go_on(session)
    }

    /// Sends as much as it may.
    pub(crate) fn go_on(&mut self, session: &mut impl Session) -> Vec<u8> {
        let mut wire = Vec::new();
        while let Some((entry, left)) = self.wanted.front_mut() {
            let (entry, allowed) = (*entry, session.may_send().min(1000));
            let length = allowed.min(*left);
            if length > 0 {
                wire.extend(written(session.send(length as usize)));
                *left -= length;
            }
            if *left > 0 {
                let beyond = session.may_send() as usize + 1;
                assert!(session.send(beyond).is_err());
                return wire;
            }
            let outcome = Ok([7; 32]);
            let end = FileEnd {
                entry,
                outcome,
                is_same: false,
            };
            wire.extend(written(session.say(&TransferFrame::FileEnd(end))));
            self.wanted.pop_front();
        }
        let all = self.answered == SIZES.len() as u64;
        if all && !self.has_ended {
            self.has_ended = true;
            wire.extend(written(session.end()));
        }
        wire
    }

    /// Whether everything has gone.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    fn take(&mut self, have: &Have) {
        for entry in self.answered..=have.through {
            let size = SIZES[usize::try_from(entry).expect("an entry that there is")];
            match (&have.answer, size) {
                (Answer::Want, Some(size)) => self.wanted.push_back((entry, size)),
                (Answer::Resume { groups, .. }, Some(size)) => {
                    let left = size - groups * GROUP_BYTES;
                    assert!(left > 0, "something is left of a file that is resumed");
                    self.wanted.push_back((entry, left));
                }
                (Answer::Resume { .. }, None) => panic!("a folder is not resumed"),
                _ => {}
            }
        }
        self.answered = have.through + 1;
    }
}

fn entry(size: Option<u64>) -> Entry {
    Entry {
        name: Name::new("a").expect("a short name"),
        kind: size.map_or(EntryKind::Folder, |_| EntryKind::File),
        ask: 0,
        size,
        stored: None,
        mode: 0o700,
        mtime: Mtime::default(),
        source: None,
        passed_over: None,
    }
}

pub(crate) fn written(wire: Result<Vec<u8>, SessionError>) -> Vec<u8> {
    wire.expect("the event asks for it")
}
