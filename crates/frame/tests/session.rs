//! Two sessions of landline/1 joined: what may be said when, and what is said back.

use landline_frame::landline1::{
    Args, Asked, ClientEvent, ClientSession, ClientSettled, Code, Control, Done, Ending, ExecCall,
    Failure, Fresh, Json, Known, PairCall, PairReply, ServerEvent, ServerSession, ServerSettled,
    SessionError, StatusReply, Stranger, Stream, StreamCall,
};

/// Both sides of a line, with what is on its way to each.
struct Joined {
    client: ClientSession<Known>,
    server: ServerSession<Known>,
}

fn greet(known: bool) -> (ClientSettled, ServerSettled) {
    let (mut client, hello) = ClientSession::<Fresh>::new("client 1").expect("a legal step");
    let mut server = ServerSession::new();
    let heard = server
        .handle_bytes(&mut &hello[..])
        .expect("a legal step")
        .expect("a legal step");
    assert_eq!((heard.software.as_str(), heard.known), ("client 1", None));
    let (server, hello) = server.settle(known, "server 1").expect("a legal step");
    let heard = client
        .handle_bytes(&mut &hello[..])
        .expect("a legal step")
        .expect("a legal step");
    assert_eq!(heard.known, Some(known));
    (client.settle(&heard).expect("a legal step"), server)
}

fn joined() -> Joined {
    match greet(true) {
        (ClientSettled::Known(client), ServerSettled::Known(server)) => Joined { client, server },
        _ => panic!("both know that the key is known"),
    }
}

fn strangers() -> (ClientSession<Stranger>, ServerSession<Stranger>) {
    match greet(false) {
        (ClientSettled::Stranger(client), ServerSettled::Stranger(server)) => (client, server),
        _ => panic!("both know that the key is not known"),
    }
}

fn exec_call() -> ExecCall {
    ExecCall {
        args: 0,
        env: 0,
        dir: None,
        timeout_ms: None,
        shell: false,
        stdin: true,
        window: 10,
    }
}

fn args() -> Args {
    Args::new([&b"cat"[..], b"", b"\xff\n"], [("LANG", "C")]).expect("a legal step")
}

impl Joined {
    #[track_caller]
    fn asks(&mut self, wire: &[u8]) -> ServerEvent<'static> {
        owned(
            self.server_next(wire)
                .expect("a legal step")
                .expect("an event"),
        )
    }

    fn server_next<'a>(
        &mut self,
        mut wire: &'a [u8],
    ) -> Result<Option<ServerEvent<'a>>, SessionError> {
        let event = self.server.handle_bytes(&mut wire);
        assert!(wire.is_empty() || event.is_err());
        event
    }

    fn client_next<'a>(
        &mut self,
        mut wire: &'a [u8],
    ) -> Result<Option<ClientEvent<'a>>, SessionError> {
        self.client.handle_bytes(&mut wire)
    }

    /// A running `exec` whose server takes `window` bytes of input.
    fn running(window: u64) -> Self {
        let mut joined = joined();
        let wire = joined
            .client
            .exec(exec_call(), &args())
            .expect("a legal step");
        joined.asks(&wire);
        let wire = joined.server.accept(window).expect("a legal step");
        let accepted = Ok(Some(ClientEvent::Accepted {
            window,
            digest: None,
        }));
        assert_eq!(joined.client_next(&wire), accepted);
        joined
    }

    /// Ends what runs, and gives the server's last frame.
    fn done(&mut self) -> Vec<u8> {
        for stream in [Stream::Out, Stream::Err] {
            let wire = self.server.send_end(stream).expect("a legal step");
            let ended = ClientEvent::Ended(stream);
            assert_eq!(self.client_next(&wire), Ok(Some(ended)));
        }
        self.server
            .send_done(Some(Ending::Exit(3)), false)
            .expect("a legal step")
    }
}

fn owned(event: ServerEvent<'_>) -> ServerEvent<'static> {
    match event {
        ServerEvent::Asked(asked) => ServerEvent::Asked(asked),
        ServerEvent::Data(bytes) => panic!("data: {bytes:?}"),
        ServerEvent::Ended => ServerEvent::Ended,
        ServerEvent::Transfer(frame) => ServerEvent::Transfer(frame),
        ServerEvent::Credited { stream, bytes } => ServerEvent::Credited { stream, bytes },
        ServerEvent::Signal(name) => ServerEvent::Signal(name),
        ServerEvent::Cancel => ServerEvent::Cancel,
        ServerEvent::Ping(data) => ServerEvent::Ping(data),
        ServerEvent::Failed(failure) => ServerEvent::Failed(failure),
    }
}

fn data(header: [u8; 8], bytes: &[u8]) -> Vec<u8> {
    [&header[..], bytes].concat()
}

#[test]
fn an_exec_from_call_to_done_and_the_next_call() {
    let mut joined = joined();
    let wire = joined.client.exec(exec_call(), &args()).unwrap();
    let ServerEvent::Asked(Asked::Exec(call, asked)) = joined.asks(&wire) else {
        panic!("an exec is asked");
    };
    assert_eq!((call.args, call.env, call.window), (3, 1, 10));
    assert_eq!(asked, args());
    let wire = joined.server.accept(4).unwrap();
    joined.client_next(&wire).unwrap();
    assert_eq!(joined.client.may_send(), 4);
    let wire = data(joined.client.send_data(4).unwrap(), b"abcd");
    let event = joined.server_next(&wire);
    assert_eq!(event, Ok(Some(ServerEvent::Data(b"abcd"))));
    let wire = joined.server.grant(4).unwrap();
    let credited = Ok(Some(ClientEvent::Credited { bytes: 4 }));
    assert_eq!(joined.client_next(&wire), credited);
    let wire = joined.client.send_end().unwrap();
    assert_eq!(joined.asks(&wire), ServerEvent::Ended);
    let wire = data(joined.server.send_data(Stream::Err, 2).unwrap(), b"no");
    let (stream, bytes) = (Stream::Err, &b"no"[..]);
    let came = Ok(Some(ClientEvent::Data { stream, bytes }));
    assert_eq!(joined.client_next(&wire), came);
    let wire = joined.done();
    let done = Done {
        ending: Some(Ending::Exit(3)),
        out: 0,
        err: 2,
        input: None,
        timed_out: false,
    };
    assert_eq!(joined.client_next(&wire), Ok(Some(ClientEvent::Done(done))));
    let wire = joined.client.status().unwrap();
    assert_eq!(joined.asks(&wire), ServerEvent::Asked(Asked::Status));
}

#[test]
fn what_was_sent_before_done_was_known_is_passed_over() {
    let mut joined = Joined::running(8);
    let late = [
        data(joined.client.send_data(5).unwrap(), b"abcde"),
        joined.client.signal("INT").unwrap(),
        joined.client.send_end().unwrap(),
        joined.client.cancel().unwrap(),
    ];
    let wire = joined.done();
    for frame in &late {
        assert_eq!(joined.server_next(frame), Ok(None));
    }
    joined.client_next(&wire).unwrap();
    let wire = joined.client.ping("x".to_string()).unwrap();
    let ping = ServerEvent::Ping("x".to_string());
    assert_eq!(joined.asks(&wire), ping);
    let error = joined.server_next(&late[1]).unwrap_err();
    assert_eq!(error.code(), Code::Protocol, "PING drew a line: {error}");
}

#[test]
fn a_refused_call_leaves_the_line() {
    let mut joined = joined();
    let wire = joined.client.exec(exec_call(), &args()).unwrap();
    joined.asks(&wire);
    let failure = Failure::new(Code::NotGranted, "exec is not granted");
    let wire = joined.server.send_failure(&failure).unwrap();
    let failed = Ok(Some(ClientEvent::Failed(failure)));
    assert_eq!(joined.client_next(&wire), failed);
    assert!(joined.client.is_idle() && joined.server.is_idle());
    let call = StreamCall {
        service: "echo".to_string(),
        window: 1,
        parameters: Some(Json::parse("{\"a\":[1]}").unwrap()),
    };
    let wire = joined.client.stream(call.clone()).unwrap();
    let asked = ServerEvent::Asked(Asked::Stream(call));
    assert_eq!(joined.asks(&wire), asked);
}

#[test]
fn credit_is_kept_by_both_sides() {
    let mut joined = Joined::running(3);
    assert!(joined.client.send_data(4).is_err());
    assert!(joined.server.send_data(Stream::Out, 11).is_err());
    let mut beyond = joined.client.send_data(3).unwrap();
    beyond[7] = 4;
    let error = joined.server_next(&beyond).unwrap_err();
    let (stream, length, credit) = (Stream::In, 4, 3);
    let expected = SessionError::BeyondCredit {
        stream,
        length,
        credit,
    };
    assert_eq!(error, expected);
    assert!(!joined.server.is_open());
}

#[test]
fn done_must_count_what_came() {
    let mut joined = Joined::running(0);
    joined.done();
    let done = Control::Done(Done {
        ending: Some(Ending::Exit(0)),
        out: 1,
        err: 0,
        input: None,
        timed_out: false,
    });
    let error = joined.client_next(&done.encode().unwrap()).unwrap_err();
    let (stream, said, came) = (Stream::Out, 1, 0);
    let expected = SessionError::CountDiffers { stream, said, came };
    assert_eq!(error, expected);
}

#[test]
fn a_stranger_pairs_once() {
    let (mut client, mut server) = strangers();
    let call = PairCall {
        ticket: "t".to_string(),
        proof: [7; 32],
        name: "laptop".to_string(),
    };
    let wire = client.pair(call.clone()).unwrap();
    assert_eq!(server.handle_bytes(&mut &wire[..]), Ok(Some(call.clone())));
    let reply = PairReply {
        name: "server".to_string(),
        granted: vec!["echo".to_string()],
        proof: [9; 32],
    };
    let wire = server.send_paired(&reply).unwrap();
    assert_eq!(client.handle_bytes(&mut &wire[..]), Ok(Some(Ok(reply))));
    assert!(!client.is_open() && !server.is_open());
    assert!(client.pair(call).is_err());
}

#[test]
fn a_stranger_reaches_nothing_else() {
    let mut known = joined().client;
    let frames = [
        (known.status().unwrap(), Code::UnknownPeer),
        (
            joined().client.exec(exec_call(), &args()).unwrap(),
            Code::UnknownPeer,
        ),
        (joined().client.ping(String::new()).unwrap(), Code::Protocol),
        (Joined::running(1).client.cancel().unwrap(), Code::Protocol),
    ];
    for (wire, code) in frames {
        let (_, mut server) = strangers();
        let error = server.handle_bytes(&mut &wire[..]).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(server.handle_bytes(&mut &wire[..]), Err(SessionError::Over));
    }
}

#[test]
fn status_is_one_reply() {
    let mut joined = joined();
    let wire = joined.client.status().unwrap();
    joined.asks(&wire);
    let reply = StatusReply {
        software: "landline 0.1.0".to_string(),
        uptime_s: 1,
        peers: 2,
        lines: 3,
        calls: 4,
        calls_total: 5,
    };
    let wire = joined.server.send_status(&reply).unwrap();
    let status = Ok(Some(ClientEvent::Status(reply)));
    assert_eq!(joined.client_next(&wire), status);
    assert!(joined.client.is_idle() && joined.server.is_idle());
}

#[test]
fn what_a_server_would_refuse_is_not_made() {
    let mut client = joined().client;
    let stream = |service: &str, window| StreamCall {
        service: service.to_string(),
        window,
        parameters: None,
    };
    for call in [
        stream("exec", 1),
        stream("Echo", 1),
        stream("echo", u64::MAX),
    ] {
        assert!(client.stream(call).is_err());
    }
    let dir = Some("a\0b".to_string());
    let call = ExecCall { dir, ..exec_call() };
    assert!(client.exec(call, &args()).is_err());
    let deep = Json::parse(&format!("{}{}", "[".repeat(16), "]".repeat(16)));
    let parameters = Some(deep.expect("JSON"));
    let call = StreamCall {
        parameters,
        ..stream("echo", 1)
    };
    assert!(client.stream(call).is_err());
    assert!(client.is_idle(), "the session is as it was");
}

#[test]
fn words_beyond_the_bound_are_refused_before_they_come() {
    let mut joined = joined();
    let call = joined.client.exec(exec_call(), &args()).unwrap();
    let call_bytes = 8 + usize::from(call[7]);
    joined.server_next(&call[..call_bytes]).unwrap();
    let mebibyte = [&[0xc3, 0, 0, 0, 0, 0x10, 0, 0][..], &[b'x'; 1 << 20]].concat();
    for _ in 0..2 {
        assert_eq!(joined.server_next(&mebibyte), Ok(None));
    }
    let error = joined.server_next(&mebibyte[..8]).unwrap_err();
    assert_eq!(error.code(), Code::TooLarge);
}

#[test]
fn an_exec_is_done_with_an_ending_and_an_echo_without() {
    let mut joined = Joined::running(0);
    joined.server.send_end(Stream::Out).unwrap();
    assert!(
        joined
            .server
            .send_done(Some(Ending::Exit(0)), false)
            .is_err()
    );
    joined.server.send_end(Stream::Err).unwrap();
    assert!(joined.server.send_done(None, false).is_err());
    assert!(
        joined
            .server
            .send_done(Some(Ending::Exit(0)), false)
            .is_ok()
    );
    assert!(
        joined
            .server
            .send_done(Some(Ending::Exit(0)), false)
            .is_err()
    );
}

#[test]
fn a_frame_that_has_begun_is_no_call() {
    let mut server = joined().server;
    let mut half = &b"\x03\0\0"[..];
    assert_eq!(server.handle_bytes(&mut half), Ok(None));
    assert!(server.is_between_calls() && !server.is_idle());
}
