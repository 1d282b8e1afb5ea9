//! A server's session: whatever a client sends, however it arrives, is events that may be answered as
//! they say, in credit, or one error after which nothing goes through any more.

use landline_frame::landline1::{
    Asked, Code, Control, Ending, Failure, FilesCall, HEADER_BYTES, HOLE_BYTES_MIN, Kind, Known,
    PairReply, ServerEvent, ServerSession, ServerSettled, SessionError, StatusReply, Stranger,
    Stream, TransferFrame,
};

use crate::client_sessions;
use crate::cuts::{Feed, however_cut};
use crate::played;
use crate::transfers::{self, Receiver, Sender};
use crate::vectors::lines_from;

/// The first window of `in`, small so that credit runs out.
const WINDOW_BYTES: u64 = 64;

/// What a server makes of its clients.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// It does not know the key.
    Strange,
    /// It refuses each call.
    Refusing,
    /// It takes each call, and answers as far as the credit goes.
    Serving,
}

/// What happened, in order; neighbouring bytes of a stream joined.
#[derive(Debug, PartialEq)]
enum Note {
    Told(String),
    Data(Vec<u8>),
    Sent(Vec<u8>),
    Over(SessionError),
    End(Result<(), SessionError>),
}

/// Panics where a session depends on cuts, breaks its credit, or cannot do what its events ask for.
pub fn check(data: &[u8]) {
    for manner in [Manner::Strange, Manner::Refusing, Manner::Serving] {
        however_cut(data, |feed| play(feed, manner));
    }
}

/// What the clients of the vectors send, and one that calls `files`.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut lines = lines_from("client");
    lines.extend(client_sessions::files_calls().map(|call| {
        let [from_client, _] = played::lines(&call);
        from_client
    }));
    lines
}

fn play(mut feed: Feed<'_>, manner: Manner) -> Vec<Note> {
    let mut fresh = ServerSession::new();
    let mut notes = Vec::new();
    match feed.next(|input| fresh.handle_bytes(input)) {
        Some(Ok(hello)) => notes.push(Note::Told(format!("{hello:?}"))),
        Some(Err(error)) => {
            assert!(
                fresh.settle(true, "s").is_err(),
                "trust is settled after HELLO"
            );
            return vec![over(error)];
        }
        None => {
            assert!(
                fresh.settle(true, "s").is_err(),
                "trust is settled after HELLO"
            );
            return notes;
        }
    }
    let settled = fresh.settle(manner != Manner::Strange, "s");
    match settled.expect("the HELLO has come") {
        (ServerSettled::Stranger(session), _) => strange(session, feed, &mut notes),
        (ServerSettled::Known(session), _) => known(session, feed, manner, &mut notes),
    }
    notes
}

/// One call of `pair`, and nothing else.
fn strange(mut session: ServerSession<Stranger>, mut feed: Feed<'_>, notes: &mut Vec<Note>) {
    match feed.next(|input| session.handle_bytes(input)) {
        None => return,
        Some(Err(error)) => notes.push(over(error)),
        Some(Ok(call)) => {
            notes.push(Note::Told(format!("{call:?}")));
            notes.push(sent(session.send_paired(&paired())));
        }
    }
    assert!(!session.is_open());
    let after = session.handle_bytes(&mut &b"\x03\0\0\0\0\0\0\x02{}"[..]);
    assert_eq!(after, Err(SessionError::Over));
}

fn known(session: ServerSession<Known>, mut feed: Feed<'_>, manner: Manner, notes: &mut Vec<Note>) {
    let mut server = Server {
        session,
        manner,
        credit: 0,
        is_exec: false,
        files: None,
    };
    while server.session.is_open() {
        match feed.next(|input| server.session.handle_bytes(input)) {
            None => {
                notes.push(Note::End(server.session.handle_end()));
                return;
            }
            Some(Err(error)) => {
                assert!(!server.session.is_open(), "an error ends the session");
                notes.push(over(error));
            }
            Some(Ok(event)) => server.answer(event, notes),
        }
    }
    let after = server
        .session
        .handle_bytes(&mut &b"\x03\0\0\0\0\0\0\x02{}"[..]);
    assert_eq!(after, Err(SessionError::Over));
}

/// A server with the least that serves every call.
struct Server {
    session: ServerSession<Known>,
    manner: Manner,
    /// How many bytes of `in` may still come.
    credit: u64,
    is_exec: bool,
    files: Option<Files>,
}

/// What a call of `files` is at this end.
enum Files {
    Get(Sender),
    Put(Receiver),
}

impl Server {
    fn answer(&mut self, event: ServerEvent<'_>, notes: &mut Vec<Note>) {
        match event {
            ServerEvent::Data(piece) => {
                self.take(piece.len() as u64);
                if let Some(Files::Put(receiver)) = &mut self.files {
                    receiver.take(piece.len() as u64);
                }
                return join(notes, piece);
            }
            ref told => notes.push(Note::Told(format!("{told:?}"))),
        }
        match event {
            ServerEvent::Asked(asked) => notes.push(self.answer_call(&asked)),
            ServerEvent::Ping(data) => notes.push(sent(self.session.send_pong(data))),
            ServerEvent::Transfer(frame) => notes.push(Note::Sent(self.hear_of_files(&frame))),
            ServerEvent::Credited { .. } if self.files.is_some() => {
                notes.push(Note::Sent(self.send_files()));
            }
            ServerEvent::Ended => {
                if let Some(Files::Put(receiver)) = &self.files {
                    receiver.check_ended();
                }
                notes.push(self.finish());
            }
            ServerEvent::Credited { stream, .. } => notes.push(self.send(stream)),
            ServerEvent::Cancel => notes.push(self.finish()),
            ServerEvent::Failed(_) => assert!(!self.session.is_open()),
            ServerEvent::Signal(_) | ServerEvent::Data(_) => {}
        }
    }

    fn answer_call(&mut self, asked: &Asked) -> Note {
        if self.manner == Manner::Refusing {
            let failure = Failure::new(Code::NotGranted, "no");
            return sent(self.session.send_failure(&failure));
        }
        self.files = None;
        self.is_exec = matches!(asked, Asked::Exec(..));
        self.credit = WINDOW_BYTES;
        match asked {
            Asked::Exec(call, args) => {
                assert_eq!(args.counts(), (call.args, call.env));
                if !call.stdin {
                    self.credit = 0;
                }
                sent(self.session.accept(WINDOW_BYTES))
            }
            Asked::Stream(_) => sent(self.session.accept(WINDOW_BYTES)),
            Asked::Files(call) => self.begin_files(call),
            Asked::Pair(_) => sent(self.session.send_paired(&paired())),
            Asked::Status => sent(self.session.send_status(&status())),
        }
    }

    fn begin_files(&mut self, call: &FilesCall) -> Note {
        let digest = call.digests().first().copied();
        self.credit = match call {
            FilesCall::Put(_) => transfers::WINDOW_BYTES,
            FilesCall::Get(_) | FilesCall::List(_) => 0,
        };
        let mut wire = written(self.session.accept_files(transfers::WINDOW_BYTES, digest));
        match call {
            FilesCall::Get(_) => {
                wire.extend(Sender::begin(&mut self.session));
                self.files = Some(Files::Get(Sender::default()));
            }
            FilesCall::Put(_) => self.files = Some(Files::Put(Receiver::confirming())),
            FilesCall::List(_) => {
                wire.extend(Sender::begin(&mut self.session));
                if let Note::Sent(rest) = self.finish() {
                    wire.extend(rest);
                }
            }
        }
        Note::Sent(wire)
    }

    /// Takes what the client says of entries, and gives what there is to say to it.
    fn hear_of_files(&mut self, frame: &TransferFrame) -> Vec<u8> {
        if let TransferFrame::Hole { .. } = frame {
            self.take(HOLE_BYTES_MIN);
        }
        match &mut self.files {
            Some(Files::Put(receiver)) => receiver.hear(frame, &mut self.session),
            Some(Files::Get(sender)) => {
                let mut wire = sender.hear(frame, &mut self.session);
                wire.extend(self.done_with_files());
                wire
            }
            None => panic!("no other call has answers: {frame:?}"),
        }
    }

    /// Sends of its files what it may.
    fn send_files(&mut self) -> Vec<u8> {
        let Some(Files::Get(sender)) = &mut self.files else {
            return Vec::new();
        };
        let mut wire = sender.go_on(&mut self.session);
        wire.extend(self.done_with_files());
        wire
    }

    /// Says DONE once everything has gone.
    fn done_with_files(&mut self) -> Vec<u8> {
        match &self.files {
            Some(Files::Get(sender)) if sender.has_ended() => {
                written(self.session.send_done(None, false))
            }
            _ => Vec::new(),
        }
    }

    /// Takes bytes of `in`, and gives their credit back. How often depends on the cuts, how much does
    /// not: so it is not noted.
    fn take(&mut self, length: u64) {
        let left = self.credit.checked_sub(length);
        self.credit = left.expect("no more comes than there is credit for");
        let wire = self
            .session
            .grant(length)
            .expect("what was used is given back");
        if !wire.is_empty() {
            self.credit += length;
        }
    }

    /// Sends as much of a stream as it may.
    fn send(&mut self, stream: Stream) -> Note {
        let allowed = self.session.may_send(stream) as usize;
        assert!(self.session.send_data(stream, allowed + 1).is_err());
        let length = allowed.min(1000);
        if length == 0 {
            return Note::Sent(Vec::new());
        }
        let header = self.session.send_data(stream, length);
        Note::Sent(header.expect("it is within the credit").to_vec())
    }

    /// Ends the call, on its side.
    fn finish(&mut self) -> Note {
        let mut wire = written(self.session.send_end(Stream::Out));
        if self.is_exec {
            wire.extend(written(self.session.send_end(Stream::Err)));
        }
        let ending = self.is_exec.then_some(Ending::Exit(0));
        wire.extend(written(self.session.send_done(ending, false)));
        assert!(self.session.is_idle(), "the client may leave now");
        Note::Sent(wire)
    }
}

fn join(notes: &mut Vec<Note>, piece: &[u8]) {
    assert!(!piece.is_empty(), "a piece has a byte at least");
    match notes.last_mut() {
        Some(Note::Data(held)) => held.extend_from_slice(piece),
        _ => notes.push(Note::Data(piece.to_vec())),
    }
}

/// The session has failed: what is told to the far end is a frame that it can read.
fn over(error: SessionError) -> Note {
    let failure = Control::Error(error.to_failure());
    let wire = failure.encode().expect("the reason fits into a frame");
    assert_eq!(
        Control::parse(Kind::Error, &wire[HEADER_BYTES..]),
        Ok(failure)
    );
    Note::Over(error)
}

fn sent(wire: Result<Vec<u8>, SessionError>) -> Note {
    Note::Sent(written(wire))
}

fn written(wire: Result<Vec<u8>, SessionError>) -> Vec<u8> {
    wire.expect("the event asks for it")
}

fn paired() -> PairReply {
    PairReply {
        name: "s".to_owned(),
        granted: vec!["echo".to_owned()],
        proof: [7; 32],
    }
}

fn status() -> StatusReply {
    StatusReply {
        software: "s".to_owned(),
        uptime_s: 1,
        peers: 2,
        lines: 3,
        calls: 4,
        calls_total: 5,
    }
}
