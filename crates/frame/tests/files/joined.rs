//! Two sessions of landline/1 in a files call, and what each side may do, in few words.

use landline_frame::landline1::{
    Answer, Asked, ClientEvent, ClientSession, ClientSettled, Code, Control, DigestKind, End,
    Entry, EntryKind, Failure, FileEnd, FilesCall, Fresh, GROUP_BYTES, GetCall, Have, Header, Kind,
    Known, ListCall, Mtime, Name, PutCall, ServerEvent, ServerSession, ServerSettled, SessionError,
    Stream, TransferError, TransferFrame,
};

/// The first window of the stream with the content.
const WINDOW: u64 = 8 * GROUP_BYTES;

/// Both sides of a line with a files call.
pub(crate) struct Joined {
    pub(crate) client: ClientSession<Known>,
    pub(crate) server: ServerSession<Known>,
}

/// What a side does.
#[derive(Clone, Debug)]
pub(crate) enum Word {
    Says(TransferFrame),
    Sends(usize),
    Ends,
}

pub(crate) use Word::{Ends, Says, Sends};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Side {
    Client,
    Server,
}

pub(crate) use Side::{Client, Server};

impl Word {
    /// What breaks a rule with it: of content that is the header, before any byte of it.
    pub(crate) fn wire(&self, from: Side) -> Vec<u8> {
        let stream = from.stream();
        match self {
            Says(frame) => Control::Transfer(frame.clone()).encode().expect("short"),
            Sends(length) => {
                let header = Header::new(Kind::Data, 0, *length).expect("short");
                header.encode().to_vec()
            }
            Ends => Control::End(End { stream }).encode().expect("short"),
        }
    }
}

impl Side {
    pub(crate) fn stream(self) -> Stream {
        match self {
            Client => Stream::In,
            Server => Stream::Out,
        }
    }
}

impl Joined {
    /// A call that has been asked.
    pub(crate) fn asked(call: FilesCall) -> Self {
        let (mut client, hello) = ClientSession::<Fresh>::new("c").expect("a legal step");
        let mut server = ServerSession::new();
        server.handle_bytes(&mut &hello[..]).expect("a legal step");
        let (server, hello) = server.settle(true, "s").expect("a legal step");
        let heard = client
            .handle_bytes(&mut &hello[..])
            .expect("a legal step")
            .expect("a legal step");
        let (client, server) = match (client.settle(&heard).expect("a legal step"), server) {
            (ClientSettled::Known(client), ServerSettled::Known(server)) => (client, server),
            _ => panic!("the key is known"),
        };
        let mut joined = Self { client, server };
        let wire = joined.client.files(call.clone()).expect("a legal step");
        let event = joined.server.handle_bytes(&mut &wire[..]);
        assert_eq!(event, Ok(Some(ServerEvent::Asked(Asked::Files(call)))));
        joined
    }

    /// A call that runs.
    pub(crate) fn running(call: FilesCall) -> Self {
        let digest = call.digests().first().copied();
        let window = match call {
            FilesCall::Put(_) => WINDOW,
            _ => 0,
        };
        let mut joined = Self::asked(call);
        let wire = joined
            .server
            .accept_files(WINDOW, digest)
            .expect("a legal step");
        let event = joined.client.handle_bytes(&mut &wire[..]);
        assert_eq!(event, Ok(Some(ClientEvent::Accepted { window, digest })));
        joined
    }

    /// Does a word by its own side, and tells the other.
    pub(crate) fn word(&mut self, from: Side, word: &Word) -> Result<(), SessionError> {
        let wire = self.make(from, word)?;
        self.hear(from, &wire)
    }

    #[track_caller]
    pub(crate) fn words(&mut self, words: &[(Side, Word)]) {
        for (from, word) in words {
            let done = self.word(*from, word);
            assert_eq!(done, Ok(()), "{from:?} {word:?}");
        }
    }

    pub(crate) fn make(&mut self, from: Side, word: &Word) -> Result<Vec<u8>, SessionError> {
        match (from, word) {
            (Client, Says(frame)) => self.client.send_transfer(frame),
            (Server, Says(frame)) => self.server.send_transfer(frame),
            (Client, Sends(length)) => Ok(data(self.client.send_data(*length)?, *length)),
            (Server, Sends(length)) => {
                Ok(data(self.server.send_data(Stream::Out, *length)?, *length))
            }
            (Client, Ends) => self.client.send_end(),
            (Server, Ends) => self.server.send_end(Stream::Out),
        }
    }

    /// Tells the other side bytes of `from`, of which the last event is the one of interest.
    pub(crate) fn hear(&mut self, from: Side, mut wire: &[u8]) -> Result<(), SessionError> {
        match from {
            Client => while self.server.handle_bytes(&mut wire)?.is_some() {},
            Server => while self.client.handle_bytes(&mut wire)?.is_some() {},
        }
        Ok(())
    }
}

/// Does `words`, of which the last one breaks a rule: it is not made, and not taken either.
#[track_caller]
pub(crate) fn check(call: FilesCall, words: &[(Side, Word)], error: TransferError) {
    let mut joined = Joined::running(call);
    let ((from, last), before) = words.split_last().expect("a word");
    joined.words(before);
    let expected = Err(SessionError::Transfer(error));
    assert_eq!(joined.make(*from, last).map(drop), expected);
    assert_eq!(
        joined.make(*from, last).map(drop),
        expected,
        "it is as it was"
    );
    assert_eq!(joined.hear(*from, &last.wire(*from)), expected);
    let is_open = match from {
        Client => joined.server.is_open(),
        Server => joined.client.is_open(),
    };
    assert!(!is_open, "whoever hears it is done with the line");
}

fn data(header: [u8; 8], length: usize) -> Vec<u8> {
    [&header[..], &vec![1; length]].concat()
}

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).expect("a short name")
}

pub(crate) fn get() -> FilesCall {
    FilesCall::Get(GetCall {
        paths: vec![name("a"), name("b*")],
        digests: vec![DigestKind::Blake3, DigestKind::Sha256],
        check: false,
        window: WINDOW,
    })
}

pub(crate) fn put() -> FilesCall {
    FilesCall::Put(PutCall {
        to: name(""),
        digests: vec![DigestKind::Blake3],
        force: false,
        check: false,
    })
}

pub(crate) fn list() -> FilesCall {
    let paths = vec![name("")];
    FilesCall::List(ListCall {
        paths,
        inside: true,
    })
}

pub(crate) fn entry(kind: EntryKind, size: Option<u64>) -> Entry {
    Entry {
        name: name("a"),
        kind,
        ask: 0,
        size,
        stored: None,
        mode: 0o644,
        mtime: Mtime::default(),
        source: None,
        passed_over: None,
    }
}

pub(crate) fn file(size: u64) -> Word {
    Says(TransferFrame::Entry(entry(EntryKind::File, Some(size))))
}

pub(crate) fn stream() -> Word {
    Says(TransferFrame::Entry(entry(EntryKind::File, None)))
}

pub(crate) fn folder() -> Word {
    Says(TransferFrame::Entry(entry(EntryKind::Folder, None)))
}

pub(crate) fn passed_over() -> Word {
    let mut entry = entry(EntryKind::File, Some(9));
    entry.passed_over = Some(failure());
    Says(TransferFrame::Entry(entry))
}

pub(crate) fn have(through: u64, answer: Answer) -> Word {
    Says(TransferFrame::Have(Have { through, answer }))
}

pub(crate) fn want(through: u64) -> Word {
    have(through, Answer::Want)
}

pub(crate) fn resume(through: u64, groups: u64) -> Word {
    let values = vec![[7; 32]; groups.count_ones() as usize];
    have(through, Answer::Resume { groups, values })
}

pub(crate) fn begin(entry: u64, groups: u64) -> Word {
    Says(TransferFrame::Begin { entry, groups })
}

pub(crate) fn hole(bytes: u64) -> Word {
    Says(TransferFrame::Hole { bytes })
}

pub(crate) fn ended(entry: u64) -> Word {
    let outcome = Ok([9; 32]);
    Says(TransferFrame::FileEnd(FileEnd {
        entry,
        outcome,
        is_same: false,
    }))
}

pub(crate) fn failed(entry: u64) -> Word {
    let outcome = Err(failure());
    Says(TransferFrame::FileEnd(FileEnd {
        entry,
        outcome,
        is_same: false,
    }))
}

pub(crate) fn failure() -> Failure {
    Failure::new(Code::GivenUp, "no more")
}

/// So many bytes as a size that `Sends` takes.
pub(crate) const GROUP: usize = GROUP_BYTES as usize;
