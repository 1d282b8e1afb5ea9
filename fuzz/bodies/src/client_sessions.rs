//! A client's session: whatever a server sends, however it arrives, is events, in credit and counted, or
//! one error after which nothing goes through any more.

use landline_frame::landline1::{
    Args, ClientEvent, ClientSession, ClientSettled, DigestKind, ExecCall, FilesCall, Fresh,
    GetCall, HOLE_BYTES_MIN, Known, ListCall, Name, PairCall, PutCall, SessionError, Stranger,
    Stream, StreamCall, TransferFrame,
};

use crate::cuts::{Feed, however_cut};
use crate::played;
use crate::transfers::{self, Receiver, Sender};
use crate::vectors::lines_from;

/// The first window of `out` and of `err`, small so that credit runs out.
const WINDOW_BYTES: u64 = 64;

/// How many sorts of calls a client makes, one after the other.
const CALLS: usize = 8;

/// Which of them are calls of `files`: get, put, list.
const FILES_FIRST: usize = 4;
const FILES_LAST: usize = 6;

/// What happened, in order; neighbouring bytes of a stream joined.
#[derive(Debug, PartialEq)]
enum Note {
    Told(String),
    Data(Stream, Vec<u8>),
    Sent(Vec<u8>),
    Over(SessionError),
    End(Result<(), SessionError>),
}

/// Panics where a session depends on cuts, breaks its credit, or cannot do what its events ask for.
pub fn check(data: &[u8]) {
    for first_call in 0..CALLS {
        however_cut(data, |feed| play(feed, first_call));
    }
}

/// What the servers of the vectors send, and one that answers calls of `files`.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut lines = lines_from("server");
    lines.extend(files_calls().map(|call| {
        let [_, from_server] = played::lines(&call);
        from_server
    }));
    lines
}

fn play(mut feed: Feed<'_>, first_call: usize) -> Vec<Note> {
    let (mut fresh, _) = ClientSession::<Fresh>::new("c").expect("a short name");
    let mut notes = Vec::new();
    let hello = match feed.next(|input| fresh.handle_bytes(input)) {
        Some(Ok(hello)) => hello,
        Some(Err(error)) => return vec![Note::Over(error)],
        None => return notes,
    };
    notes.push(Note::Told(format!("{hello:?}")));
    match fresh.settle(&hello).expect("the HELLO has come") {
        ClientSettled::Stranger(session) => strange(session, feed, &mut notes),
        ClientSettled::Known(session) => {
            let client = Client {
                session,
                next_call: first_call,
                credit: [0; 2],
                came: [0; 2],
                files: None,
            };
            client.play(feed, &mut notes);
        }
    }
    notes
}

/// One call of `pair`, and its answer.
fn strange(mut session: ClientSession<Stranger>, mut feed: Feed<'_>, notes: &mut Vec<Note>) {
    session.pair(pair()).expect("the first call");
    assert!(session.pair(pair()).is_err(), "there is no second call");
    match feed.next(|input| session.handle_bytes(input)) {
        None => return,
        Some(Err(error)) => notes.push(Note::Over(error)),
        Some(Ok(answer)) => notes.push(Note::Told(format!("{answer:?}"))),
    }
    assert!(!session.is_open());
    let after = session.handle_bytes(&mut &b"\x04\0\0\0\0\0\0\x02{}"[..]);
    assert_eq!(after, Err(SessionError::Over));
}

/// A client that makes one call after another.
struct Client {
    session: ClientSession<Known>,
    next_call: usize,
    /// How many bytes of `out` and of `err` may still come, and how many of this call have.
    credit: [u64; 2],
    came: [u64; 2],
    files: Option<Files>,
}

/// What a call of `files` is at this end.
enum Files {
    Get(Receiver),
    Put(Sender),
    List,
}

impl Client {
    fn play(mut self, mut feed: Feed<'_>, notes: &mut Vec<Note>) {
        while self.session.is_open() {
            if self.session.is_idle() {
                notes.push(Note::Sent(self.call()));
            }
            match feed.next(|input| self.session.handle_bytes(input)) {
                None => {
                    notes.push(Note::End(self.session.handle_end()));
                    return;
                }
                Some(Err(error)) => {
                    assert!(!self.session.is_open(), "an error ends the session");
                    notes.push(Note::Over(error));
                }
                Some(Ok(event)) => self.hear(&event, notes),
            }
        }
        let after = self
            .session
            .handle_bytes(&mut &b"\x04\0\0\0\0\0\0\x02{}"[..]);
        assert_eq!(after, Err(SessionError::Over));
    }

    fn call(&mut self) -> Vec<u8> {
        let which = self.next_call % CALLS;
        self.next_call += 1;
        (self.credit, self.came) = ([WINDOW_BYTES; 2], [0; 2]);
        self.files = match which {
            4 => Some(Files::Get(Receiver::default())),
            5 => Some(Files::Put(Sender::default())),
            6 => Some(Files::List),
            _ => None,
        };
        match which {
            4 => self.credit[0] = transfers::WINDOW_BYTES,
            5 | 6 => self.credit = [0; 2],
            _ => {}
        }
        let args = || Args::new(["cat"], [("LANG", "C")]).expect("two short strings");
        let wire = match which {
            0 => self.session.exec(exec(), &args()),
            1 => self.session.stream(echo()),
            2 => self.session.status(),
            3 => self.session.pair(pair()),
            4..=6 => self.session.files(files(which)),
            _ => self.session.ping("p".to_owned()),
        };
        wire.expect("no call stands")
    }

    fn hear(&mut self, event: &ClientEvent<'_>, notes: &mut Vec<Note>) {
        match event {
            ClientEvent::Data { stream, bytes } => {
                self.take(*stream, bytes.len() as u64, bytes.len() as u64);
                if let Some(Files::Get(receiver)) = &mut self.files {
                    receiver.take(bytes.len() as u64);
                }
                return join(notes, *stream, bytes);
            }
            told => notes.push(Note::Told(format!("{told:?}"))),
        }
        match event {
            ClientEvent::Accepted { .. } | ClientEvent::Credited { .. } if self.files.is_some() => {
                let is_first = matches!(event, ClientEvent::Accepted { .. });
                notes.push(Note::Sent(self.send_files(is_first)));
            }
            ClientEvent::Transfer(frame) => notes.push(Note::Sent(self.hear_of_files(frame))),
            ClientEvent::Ended(Stream::Out) => {
                if let Some(Files::Get(receiver)) = &self.files {
                    receiver.check_ended();
                }
            }
            ClientEvent::Accepted { .. } | ClientEvent::Credited { .. } => {
                let allowed = self.session.may_send() as usize;
                assert!(self.session.send_data(allowed + 1).is_err());
                let length = allowed.min(1000);
                if length > 0 {
                    let header = self.session.send_data(length);
                    let header = header.expect("it is within the credit");
                    notes.push(Note::Sent(header.to_vec()));
                }
            }
            ClientEvent::Done(done) => assert_eq!([done.out, done.err], self.came),
            ClientEvent::Failed(_) => assert!(self.session.is_idle() || !self.session.is_open()),
            _ => {}
        }
    }

    /// Takes bytes of a stream, and gives the credit that they cost back. How often depends on the cuts, how much
    /// does not: so it is not noted.
    fn take(&mut self, stream: Stream, length: u64, cost: u64) {
        let index = usize::from(stream == Stream::Err);
        let left = self.credit[index].checked_sub(cost);
        self.credit[index] = left.expect("no more comes than there is credit for");
        self.came[index] += length;
        let wire = self.session.grant(stream, cost);
        if !wire.expect("what was used is given back").is_empty() {
            self.credit[index] += cost;
        }
    }

    /// Sends of its files what it may.
    fn send_files(&mut self, is_first: bool) -> Vec<u8> {
        let Some(Files::Put(sender)) = &mut self.files else {
            return Vec::new();
        };
        match is_first {
            true => Sender::begin(&mut self.session),
            false => sender.go_on(&mut self.session),
        }
    }

    /// Takes what the server says of entries, and gives what there is to say to it.
    fn hear_of_files(&mut self, frame: &TransferFrame) -> Vec<u8> {
        if let TransferFrame::Hole { .. } = frame {
            self.take(Stream::Out, 0, HOLE_BYTES_MIN);
        }
        match &mut self.files {
            Some(Files::Get(receiver)) => receiver.hear(frame, &mut self.session),
            Some(Files::Put(sender)) => sender.hear(frame, &mut self.session),
            Some(Files::List) => {
                assert!(
                    matches!(frame, TransferFrame::Entry(_)),
                    "a list only tells"
                );
                Vec::new()
            }
            None => panic!("no other call has entries: {frame:?}"),
        }
    }
}

fn join(notes: &mut Vec<Note>, stream: Stream, piece: &[u8]) {
    assert!(!piece.is_empty(), "a piece has a byte at least");
    match notes.last_mut() {
        Some(Note::Data(last, held)) if *last == stream => held.extend_from_slice(piece),
        _ => notes.push(Note::Data(stream, piece.to_vec())),
    }
}

fn exec() -> ExecCall {
    ExecCall {
        args: 0,
        env: 0,
        dir: None,
        timeout_ms: None,
        shell: false,
        stdin: true,
        window: WINDOW_BYTES,
    }
}

fn echo() -> StreamCall {
    StreamCall {
        service: "echo".to_owned(),
        window: WINDOW_BYTES,
        parameters: None,
    }
}

/// A get, a put and a list.
pub(crate) fn files_calls() -> impl Iterator<Item = FilesCall> {
    (FILES_FIRST..=FILES_LAST).map(files)
}

fn files(which: usize) -> FilesCall {
    let paths = vec![Name::new("a").expect("a short name")];
    let digests = vec![DigestKind::Blake3, DigestKind::Sha256];
    match which {
        4 => FilesCall::Get(GetCall {
            paths,
            digests,
            check: false,
            window: transfers::WINDOW_BYTES,
        }),
        5 => FilesCall::Put(PutCall {
            to: Name::default(),
            digests,
            force: false,
            check: false,
        }),
        _ => FilesCall::List(ListCall {
            paths,
            inside: true,
        }),
    }
}

fn pair() -> PairCall {
    PairCall {
        ticket: "00".repeat(8),
        proof: [7; 32],
        name: "c".to_owned(),
    }
}
