//! Control frames, words and whole lines of landline/1 against the golden vectors.

use blake3::hazmat::HasherExt;
use landline_frame::landline1::{
    Args, Call, ClientSession, ClientSettled, Control, FrameDecoder, FramePart, Fresh, GROUP_BYTES,
    Kind, Known, Reply, ServerEvent, ServerSession, ServerSettled, SessionError, Stranger, Stream,
};
use serde_json::Value;

fn rows(table: &str) -> Vec<Value> {
    let file = include_str!("../vectors/landline1.json");
    let mut tables: Value = serde_json::from_str(file).expect("the vectors are JSON");
    let rows = tables[table].take();
    rows.as_array().expect("a table is a list").clone()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().expect("a string")
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().expect("a string").as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).expect("hexadecimal");
        u8::from_str_radix(pair, 16).expect("hexadecimal")
    });
    pairs.collect()
}

fn kind(row: &Value) -> Kind {
    let named = |kind: &&Kind| kind.name() == text(row, "kind");
    *Kind::ALL.iter().find(named).expect("a kind of this name")
}

#[test]
fn controls_come_and_go_as_the_vectors_say() {
    for row in rows("controls") {
        let wire = bytes(&row["hex"]);
        assert_eq!(&wire[8..], text(&row, "json").as_bytes());
        let control = Control::parse(kind(&row), &wire[8..]).unwrap();
        assert_eq!(control.kind(), kind(&row), "{row}");
        assert_eq!(control.encode().as_ref(), Ok(&wire), "{row}");
    }
}

#[test]
fn controls_refused() {
    for row in rows("controls_refused") {
        let payload = bytes(&row["hex"]);
        let shown = String::from_utf8_lossy(&payload);
        let error = Control::parse(kind(&row), &payload).expect_err(&shown);
        assert_eq!(error.key(), text(&row, "error"), "{shown}");
        assert!(error.to_string().len() < 120, "{error}");
    }
}

#[test]
fn words() {
    for row in rows("words") {
        let list = |key: &str| row[key].as_array().expect("a list").clone();
        let words: Vec<_> = list("argv").iter().map(bytes).collect();
        let env: Vec<_> = list("env")
            .iter()
            .map(|pair| (bytes(&pair[0]), bytes(&pair[1])))
            .collect();
        let args = Args::new(&words, env.iter().map(|(name, value)| (name, value))).unwrap();
        assert_eq!(args.as_bytes(), bytes(&row["hex"]), "{row}");
        let (words_count, env_count) = args.counts();
        let read = Args::decode(bytes(&row["hex"]), words_count, env_count);
        assert_eq!(read, Ok(args), "{row}");
    }
    for row in rows("words_refused") {
        let count = |key: &str| u32::try_from(row[key].as_u64().expect("a count")).expect("small");
        let error = Args::decode(bytes(&row["hex"]), count("args"), count("env")).unwrap_err();
        assert_eq!(error.key(), text(&row, "error"), "{row}");
    }
}

/// A server's side, however far trust has come.
enum Server {
    Fresh(ServerSession<Fresh>),
    Known(ServerSession<Known>),
    Stranger(ServerSession<Stranger>),
}

/// A client's side, however far trust has come.
enum Client {
    Fresh(ClientSession<Fresh>),
    Known(ClientSession<Known>),
    Stranger(ClientSession<Stranger>),
}

impl Server {
    /// Takes a frame of the client, until nothing is left of it.
    fn take(&mut self, mut wire: &[u8]) -> Result<(), SessionError> {
        let wire = &mut wire;
        match self {
            Self::Fresh(session) => drop(session.handle_bytes(wire)?),
            Self::Stranger(session) => drop(session.handle_bytes(wire)?),
            Self::Known(session) => {
                while let Some(event) = session.handle_bytes(wire)? {
                    assert!(!matches!(event, ServerEvent::Failed(_)), "{event:?}");
                }
            }
        }
        Ok(())
    }

    /// Makes the frame that the vectors show, by the method that makes such frames.
    fn make(self, frame: &Frame) -> Result<(Self, Vec<u8>), SessionError> {
        match (self, frame) {
            (Self::Fresh(session), Frame::Control(Control::Hello(hello))) => {
                let known = hello.known.expect("a server says it");
                let (settled, wire) = session.settle(known, &hello.software)?;
                Ok(match settled {
                    ServerSettled::Known(session) => (Self::Known(session), wire),
                    ServerSettled::Stranger(session) => (Self::Stranger(session), wire),
                })
            }
            (Self::Stranger(mut session), Frame::Control(Control::Reply(reply))) => {
                let wire = session.send_paired(&reply.to_paired().expect("a pair reply"))?;
                Ok((Self::Stranger(session), wire))
            }
            (Self::Known(mut session), frame) => {
                let wire = known_server_makes(&mut session, frame)?;
                Ok((Self::Known(session), wire))
            }
            (_, frame) => panic!("a frame that no server sends here: {frame:?}"),
        }
    }
}

fn known_server_makes(
    session: &mut ServerSession<Known>,
    frame: &Frame,
) -> Result<Vec<u8>, SessionError> {
    match frame {
        Frame::Body(Kind::Data2, bytes) => with(session.send_data(Stream::Err, bytes.len()), bytes),
        Frame::Body(_, bytes) => with(session.send_data(Stream::Out, bytes.len()), bytes),
        Frame::Control(Control::Reply(reply)) => match reply.to_status() {
            Ok(reply) => session.send_status(&reply),
            Err(_) => accept(session, reply),
        },
        Frame::Control(Control::Credit(credit)) => session.grant(credit.bytes),
        Frame::Control(Control::End(end)) => session.send_end(end.stream),
        Frame::Control(Control::Transfer(frame)) => session.send_transfer(frame),
        Frame::Control(Control::Error(failure)) => session.send_failure(failure),
        Frame::Control(Control::Pong(data)) => session.send_pong(data.clone()),
        Frame::Control(Control::Done(done)) => {
            session.send_done(done.ending.clone(), done.timed_out)
        }
        frame => panic!("a frame that no server sends: {frame:?}"),
    }
}

/// Opens the call with what the vectors say, by the method that is for such calls.
fn accept(session: &mut ServerSession<Known>, reply: &Reply) -> Result<Vec<u8>, SessionError> {
    let opened = reply.to_files().expect("a reply that opens");
    let accepted = session.accept(opened.window);
    accepted.or_else(|_| session.accept_files(opened.window, opened.digest))
}

impl Client {
    /// Takes a frame of the server, until nothing is left of it.
    fn take(self, wire: &[u8]) -> Result<Self, SessionError> {
        let mut input = wire;
        match self {
            Self::Fresh(mut session) => {
                let hello = session.handle_bytes(&mut input)?.expect("a whole HELLO");
                Ok(match session.settle(&hello)? {
                    ClientSettled::Known(session) => Self::Known(session),
                    ClientSettled::Stranger(session) => Self::Stranger(session),
                })
            }
            Self::Known(mut session) => {
                while session.handle_bytes(&mut input)?.is_some() {}
                Ok(Self::Known(session))
            }
            Self::Stranger(mut session) => {
                session.handle_bytes(&mut input)?;
                Ok(Self::Stranger(session))
            }
        }
    }

    /// Makes the frame that the vectors show. `None`: no method of the session makes such a frame
    /// by itself (the words after a CALL, which came with it).
    fn make(&mut self, frame: &Frame, args: &Args) -> Option<Result<Vec<u8>, SessionError>> {
        match (self, frame) {
            (Self::Stranger(session), Frame::Control(Control::Call(Call::Pair(call)))) => {
                Some(session.pair(call.clone()))
            }
            (Self::Known(session), frame) => known_client_makes(session, frame, args),
            _ => None,
        }
    }
}

fn known_client_makes(
    session: &mut ClientSession<Known>,
    frame: &Frame,
    args: &Args,
) -> Option<Result<Vec<u8>, SessionError>> {
    Some(match frame {
        Frame::Body(Kind::Data, bytes) => with(session.send_data(bytes.len()), bytes),
        Frame::Control(Control::Call(Call::Exec(call))) => session
            .exec(call.clone(), args)
            .map(|wire| wire[..frame.wire_bytes()].to_vec()),
        Frame::Control(Control::Call(Call::Stream(call))) => session.stream(call.clone()),
        Frame::Control(Control::Call(Call::Files(call))) => session.files(call.clone()),
        Frame::Control(Control::Transfer(frame)) => session.send_transfer(frame),
        Frame::Control(Control::Call(Call::Status)) => session.status(),
        Frame::Control(Control::Credit(credit)) => session.grant(credit.stream, credit.bytes),
        Frame::Control(Control::End(end)) if end.stream == Stream::In => session.send_end(),
        Frame::Control(Control::Signal(name)) => session.signal(name),
        Frame::Control(Control::Cancel) => session.cancel(),
        Frame::Control(Control::Ping(data)) => session.ping(data.clone()),
        _ => return None,
    })
}

/// A frame of the vectors.
#[derive(Debug)]
enum Frame {
    Control(Control),
    Body(Kind, Vec<u8>),
}

impl Frame {
    fn read(step: &Value) -> Self {
        let wire = bytes(&step["hex"]);
        let (mut decoder, mut input) = (FrameDecoder::new(), &wire[..]);
        let mut held = Vec::new();
        while let Some(part) = decoder.next(&mut input).expect("a frame") {
            match part {
                FramePart::Control(payload) => {
                    let control = Control::parse(kind(step), &payload);
                    return Self::Control(control.expect("a control frame"));
                }
                FramePart::Body(bytes) => held.extend_from_slice(bytes),
                _ => {}
            }
        }
        Self::Body(kind(step), held)
    }

    fn wire_bytes(&self) -> usize {
        match self {
            Self::Control(control) => control.encode().expect("a short frame").len(),
            Self::Body(_, bytes) => 8 + bytes.len(),
        }
    }
}

fn with(header: Result<[u8; 8], SessionError>, bytes: &[u8]) -> Result<Vec<u8>, SessionError> {
    Ok([&header?[..], bytes].concat())
}

/// Plays a line: each side makes its frames by its methods and takes the other's. The last frame is
/// given as it stands when it is to be refused.
fn play(row: &Value) -> Result<(), SessionError> {
    let args = Args::new(["cat", "-"], [("LANG", "C")]).expect("two words and a variable");
    let (client, hello) = ClientSession::<Fresh>::new("example 1")?;
    let (mut client, mut server) = (Client::Fresh(client), Server::Fresh(ServerSession::new()));
    let steps = row["steps"].as_array().expect("a list");
    assert_eq!(bytes(&steps[0]["hex"]) == hello, steps.len() > 1);
    for (index, step) in steps.iter().enumerate() {
        let (frame, wire) = (Frame::read(step), bytes(&step["hex"]));
        let refused = row.get("error").is_some() && index + 1 == steps.len();
        if text(step, "from") == "client" {
            if !refused && let Some(made) = client.make(&frame, &args) {
                assert_eq!(made?, wire, "step {index} of {row}");
            }
            server.take(&wire)?;
        } else {
            if !refused {
                let (next, made) = server.make(&frame)?;
                assert_eq!(made, wire, "step {index} of {row}");
                server = next;
            }
            client = client.take(&wire)?;
        }
    }
    Ok(())
}

#[test]
fn sessions() {
    for row in rows("sessions") {
        let code = play(&row).map_err(|error| error.code().name());
        let expected = row
            .get("error")
            .map_or(Ok(()), |_| Err(text(&row, "error")));
        assert_eq!(code, expected, "{}", text(&row, "name"));
    }
}

/// What a receiver says that it has, and what follows, make the ordinary hash of the file.
#[test]
fn resumes() {
    for row in rows("resumes") {
        let number = |key: &str| row[key].as_u64().expect("a whole number");
        let (size, groups) = (number("size"), number("groups"));
        let file: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        let digest = blake3::hash(&file);
        assert_eq!(digest.as_bytes()[..], bytes(&row["digest"]), "{row}");
        let values = row["values"].as_array().expect("a list");
        let mut values = values.iter().map(bytes);
        let mut left = groups;
        while let Some(bit) = left.checked_ilog2() {
            let at = ((groups - left) * GROUP_BYTES) as usize;
            let length = GROUP_BYTES << bit;
            let mut hasher = blake3::Hasher::new();
            hasher.set_input_offset(at as u64);
            hasher.update(&file[at..at + length as usize]);
            let value = hasher.finalize_non_root();
            assert_eq!(Some(value.to_vec()), values.next(), "{row}");
            left -= 1 << bit;
        }
        assert_eq!(values.next(), None, "{row}");
    }
}
