//! Two sessions joined by the bytes between them, each step chosen from outside.

use landline_frame::landline1::{
    Args, Asked, ClientEvent, ClientSession, ClientSettled, Ending, ExecCall, Fresh, Known,
    ServerEvent, ServerSession, ServerSettled, Stream,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// One call of the schedule: what it sends each way and how much may be on its way.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) input: Vec<u8>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: Vec<u8>,
    pub(crate) client_window: u64,
    pub(crate) server_window: u64,
    pub(crate) waits_for_input: bool,
}

/// A stream that one side sends: what is left, and whether its END has gone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sending {
    left: Vec<u8>,
    pub(crate) ended: bool,
}

/// A stream that one side has received: the bytes, those not yet given back as credit, the END.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) bytes: Vec<u8>,
    used: u64,
    pub(crate) ended: bool,
}

impl Received {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.used += bytes.len() as u64;
    }
}

impl Sending {
    fn new(bytes: &[u8]) -> Self {
        let left = bytes.to_vec();
        Self { left, ended: false }
    }
}

/// Two sessions, the bytes between them, and the call that runs.
pub(crate) struct Line {
    client: ClientSession<Known>,
    server: ServerSession<Known>,
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    asked: bool,
    running: bool,
    done: bool,
    pub(crate) input: Sending,
    pub(crate) out: Sending,
    pub(crate) err: Sending,
    pub(crate) got_input: Received,
    pub(crate) got_out: Received,
    pub(crate) got_err: Received,
}

impl Line {
    pub(crate) fn new() -> Self {
        let (client, server) = known();
        Self {
            client,
            server,
            to_server: Vec::new(),
            to_client: Vec::new(),
            asked: false,
            running: false,
            done: false,
            input: Sending::default(),
            out: Sending::default(),
            err: Sending::default(),
            got_input: Received::default(),
            got_out: Received::default(),
            got_err: Received::default(),
        }
    }

    pub(crate) fn begin(&mut self, plan: &Plan) {
        let call = ExecCall {
            window: plan.client_window,
            ..exec_call()
        };
        let wire = self.client.exec(call, &args()).expect("between two calls");
        self.to_server.extend(wire);
        (self.asked, self.running, self.done) = (false, false, false);
        self.input = Sending::new(&plan.input);
        self.out = Sending::new(&plan.out);
        self.err = Sending::new(&plan.err);
        self.got_input = Received::default();
        self.got_out = Received::default();
        self.got_err = Received::default();
    }

    /// One step of either side, chosen by `action`; many of them have nothing to do.
    pub(crate) fn step(&mut self, plan: &Plan, action: u8, size: u8) {
        let size = usize::from(size) + 1;
        match action % 11 {
            0 | 1 => self.deliver_to_server(size),
            2 | 3 => self.deliver_to_client(size),
            4 => self.client_sends(size),
            5 => self.server_sends(Stream::Out, size),
            6 => self.server_sends(Stream::Err, size),
            7 => self.client_grants(),
            8 => self.server_grants(),
            9 => self.server_decides(plan),
            _ => self.client_interrupts(size),
        }
    }

    fn deliver_to_server(&mut self, size: usize) {
        let size = size.min(self.to_server.len());
        let bytes: Vec<u8> = self.to_server.drain(..size).collect();
        let mut input = &bytes[..];
        while let Some(event) = self.server.handle_bytes(&mut input).expect("legal frames") {
            match event {
                ServerEvent::Asked(Asked::Exec(_, came)) => {
                    assert_eq!(came, args());
                    self.asked = true;
                }
                ServerEvent::Data(bytes) => self.got_input.take(bytes),
                ServerEvent::Ended => self.got_input.ended = true,
                ServerEvent::Credited { .. } | ServerEvent::Signal(_) | ServerEvent::Cancel => {}
                event => panic!("{event:?}"),
            }
        }
        assert!(input.is_empty());
    }

    fn deliver_to_client(&mut self, size: usize) {
        let size = size.min(self.to_client.len());
        let bytes: Vec<u8> = self.to_client.drain(..size).collect();
        let mut input = &bytes[..];
        while let Some(event) = self.client.handle_bytes(&mut input).expect("legal frames") {
            match event {
                ClientEvent::Accepted { .. } => self.running = true,
                ClientEvent::Data {
                    stream: Stream::Out,
                    bytes,
                } => self.got_out.take(bytes),
                ClientEvent::Data { bytes, .. } => self.got_err.take(bytes),
                ClientEvent::Ended(Stream::Out) => self.got_out.ended = true,
                ClientEvent::Ended(_) => self.got_err.ended = true,
                ClientEvent::Credited { .. } => {}
                ClientEvent::Done(_) => self.done = true,
                event => panic!("{event:?}"),
            }
        }
    }

    fn client_sends(&mut self, size: usize) {
        if !self.running || self.done || self.input.ended {
            return;
        }
        if self.input.left.is_empty() {
            self.to_server
                .extend(self.client.send_end().expect("END once"));
            self.input.ended = true;
            return;
        }
        let most = size.min(self.input.left.len()) as u64;
        let size = most.min(self.client.may_send()) as usize;
        if size > 0 {
            let header = self.client.send_data(size).expect("within the credit");
            self.to_server.extend(header);
            self.to_server.extend(self.input.left.drain(..size));
        }
    }

    fn server_sends(&mut self, stream: Stream, size: usize) {
        let sending = match stream {
            Stream::Err => &mut self.err,
            _ => &mut self.out,
        };
        let most = size.min(sending.left.len()) as u64;
        let size = most.min(self.server.may_send(stream)) as usize;
        if size > 0 {
            let header = self
                .server
                .send_data(stream, size)
                .expect("within the credit");
            self.to_client.extend(header);
            self.to_client.extend(sending.left.drain(..size));
        }
    }

    fn client_grants(&mut self) {
        for (stream, got) in [
            (Stream::Out, &mut self.got_out),
            (Stream::Err, &mut self.got_err),
        ] {
            let wire = self.client.grant(stream, std::mem::take(&mut got.used));
            self.to_server.extend(wire.expect("no more than came"));
        }
    }

    fn server_grants(&mut self) {
        let used = std::mem::take(&mut self.got_input.used);
        self.to_client
            .extend(self.server.grant(used).expect("no more than came"));
    }

    /// Answers, ends streams and calls, as soon as it may.
    fn server_decides(&mut self, plan: &Plan) {
        if self.asked {
            self.asked = false;
            let wire = self.server.accept(plan.server_window);
            self.to_client.extend(wire.expect("a call is asked"));
        }
        for (stream, sending) in [(Stream::Out, &mut self.out), (Stream::Err, &mut self.err)] {
            if sending.left.is_empty() && !sending.ended {
                let Ok(wire) = self.server.send_end(stream) else {
                    return;
                };
                sending.ended = true;
                self.to_client.extend(wire);
            }
        }
        let heard = self.got_input.ended || !plan.waits_for_input;
        let ended = self.out.ended && self.err.ended;
        if heard
            && ended
            && let Ok(wire) = self.server.send_done(Some(Ending::Exit(0)), false)
        {
            self.to_client.extend(wire);
        }
    }

    fn client_interrupts(&mut self, size: usize) {
        if self.done {
            return;
        }
        let wire = match size % 2 {
            0 => self.client.signal("INT"),
            _ => self.client.cancel(),
        };
        self.to_server.extend(wire.expect("at any time of an exec"));
    }

    /// Goes on fairly until DONE has come, and fails when it does not.
    pub(crate) fn finish(&mut self, plan: &Plan) {
        for _ in 0..2_000 {
            if self.done {
                return;
            }
            for action in 0..10 {
                self.step(plan, action, 30);
            }
        }
        panic!("the call does not end");
    }
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let bytes = || vec(any::<u8>(), 0..120);
    let window = || 1_u64..40;
    let streams = (bytes(), bytes(), bytes());
    (streams, window(), window(), any::<bool>()).prop_map(
        |((input, out, err), client_window, server_window, waits_for_input)| Plan {
            input,
            out,
            err,
            client_window,
            server_window,
            waits_for_input,
        },
    )
}

pub(crate) fn known() -> (ClientSession<Known>, ServerSession<Known>) {
    let (mut client, hello) = ClientSession::<Fresh>::new("c").expect("a short name");
    let mut server = ServerSession::new();
    server.handle_bytes(&mut &hello[..]).expect("a HELLO");
    let (server, hello) = server.settle(true, "s").expect("after HELLO");
    let heard = client.handle_bytes(&mut &hello[..]).expect("a HELLO");
    let client = client.settle(&heard.expect("a whole HELLO"));
    match (client.expect("after HELLO"), server) {
        (ClientSettled::Known(client), ServerSettled::Known(server)) => (client, server),
        _ => panic!("the key is known"),
    }
}

pub(crate) fn exec_call() -> ExecCall {
    ExecCall {
        args: 2,
        env: 1,
        dir: None,
        timeout_ms: None,
        shell: false,
        stdin: true,
        window: 1_000,
    }
}

pub(crate) fn args() -> Args {
    Args::new(["tr", "\u{e9} "], [("LC_ALL", "C=1")]).expect("two words and a variable")
}
