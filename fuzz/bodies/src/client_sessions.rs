//! A client's session: whatever a server sends, however it arrives, is events, in credit and counted, or
//! one error after which nothing goes through any more.

use landline_frame::landline1::{
    Args, ClientEvent, ClientSession, ClientSettled, ExecCall, Fresh, Known, PairCall,
    SessionError, Stranger, Stream, StreamCall,
};

use crate::cuts::{Feed, however_cut};
use crate::vectors::lines_from;

/// The first window of `out` and of `err`, small so that credit runs out.
const WINDOW_BYTES: u64 = 64;

/// How many sorts of calls a client makes, one after the other.
const CALLS: usize = 5;

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

/// What the servers of the vectors send.
pub fn seeds() -> Vec<Vec<u8>> {
    lines_from("server")
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
        let args = || Args::new(["cat"], [("LANG", "C")]).expect("two short strings");
        let wire = match which {
            0 => self.session.exec(exec(), &args()),
            1 => self.session.stream(echo()),
            2 => self.session.status(),
            3 => self.session.pair(pair()),
            _ => self.session.ping("p".to_owned()),
        };
        wire.expect("no call stands")
    }

    fn hear(&mut self, event: &ClientEvent<'_>, notes: &mut Vec<Note>) {
        match event {
            ClientEvent::Data { stream, bytes } => {
                self.take(*stream, bytes.len() as u64);
                return join(notes, *stream, bytes);
            }
            told => notes.push(Note::Told(format!("{told:?}"))),
        }
        match event {
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

    /// Takes bytes of a stream, and gives their credit back. How often depends on the cuts, how much
    /// does not: so it is not noted.
    fn take(&mut self, stream: Stream, length: u64) {
        let index = usize::from(stream == Stream::Err);
        let left = self.credit[index].checked_sub(length);
        self.credit[index] = left.expect("no more comes than there is credit for");
        self.came[index] += length;
        let wire = self.session.grant(stream, length);
        if !wire.expect("what was used is given back").is_empty() {
            self.credit[index] += length;
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

fn pair() -> PairCall {
    PairCall {
        ticket: "00".repeat(8),
        proof: [7; 32],
        name: "c".to_owned(),
    }
}
