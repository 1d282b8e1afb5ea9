//! Whole files calls, as the two ends of `transfers` play them with each other: bytes to start from, of
//! which the ends at hand take every one.

use landline_frame::landline1::{
    Asked, ClientEvent, ClientSession, ClientSettled, FilesCall, Fresh, Known, ServerEvent,
    ServerSession, ServerSettled,
};

use crate::transfers::{Receiver, Sender, Session, WINDOW_BYTES, written};

/// What the client and the server of one call send, HELLO first.
pub(crate) fn lines(call: &FilesCall) -> [Vec<u8>; 2] {
    let (mut client, mut server, mut lines) = greeted();
    let mut ends = Ends {
        sender: Sender::default(),
        receiver: Receiver::default(),
        is_get: matches!(call, FilesCall::Get(_)),
        is_put: matches!(call, FilesCall::Put(_)),
    };
    if ends.is_put {
        ends.receiver = Receiver::confirming();
    }
    let mut to_server = written(client.files(call.clone()));
    while !to_server.is_empty() {
        let mut to_client = Vec::new();
        let mut input = &to_server[..];
        while let Some(event) = server.handle_bytes(&mut input).expect("a legal frame") {
            to_client.extend(ends.answer_client(event, &mut server));
        }
        lines[0].extend(std::mem::take(&mut to_server));
        let mut input = &to_client[..];
        while let Some(event) = client.handle_bytes(&mut input).expect("a legal frame") {
            to_server.extend(ends.answer_server(&event, &mut client));
        }
        lines[1].extend(to_client);
    }
    assert!(client.is_idle() && server.is_idle(), "the call has ended");
    lines
}

struct Ends {
    sender: Sender,
    receiver: Receiver,
    is_get: bool,
    is_put: bool,
}

impl Ends {
    fn answer_client(
        &mut self,
        event: ServerEvent<'_>,
        server: &mut ServerSession<Known>,
    ) -> Vec<u8> {
        match event {
            ServerEvent::Asked(Asked::Files(call)) => {
                let digest = call.digests().first().copied();
                let mut wire = written(server.accept_files(WINDOW_BYTES, digest));
                if !self.is_put {
                    wire.extend(Sender::begin(server));
                }
                if let FilesCall::List(_) = call {
                    wire.extend(finish(server));
                }
                wire
            }
            ServerEvent::Data(bytes) => {
                self.receiver.take(bytes.len() as u64);
                written(server.grant(bytes.len() as u64))
            }
            ServerEvent::Transfer(frame) if self.is_put => self.receiver.hear(&frame, server),
            ServerEvent::Transfer(frame) => {
                let wire = self.sender.hear(&frame, server);
                self.and_done(wire, server)
            }
            ServerEvent::Credited { .. } => {
                let wire = self.sender.go_on(server);
                self.and_done(wire, server)
            }
            ServerEvent::Ended => finish(server),
            event => panic!("nobody has asked for it: {event:?}"),
        }
    }

    fn answer_server(
        &mut self,
        event: &ClientEvent<'_>,
        client: &mut ClientSession<Known>,
    ) -> Vec<u8> {
        match event {
            ClientEvent::Accepted { .. } if self.is_put => Sender::begin(client),
            ClientEvent::Credited { .. } => self.sender.go_on(client),
            ClientEvent::Data { stream, bytes } => {
                self.receiver.take(bytes.len() as u64);
                written(client.grant(*stream, bytes.len() as u64))
            }
            ClientEvent::Transfer(frame) if self.is_put => self.sender.hear(frame, client),
            ClientEvent::Transfer(frame) if self.is_get => self.receiver.hear(frame, client),
            _ => Vec::new(),
        }
    }

    fn and_done(&self, mut wire: Vec<u8>, server: &mut ServerSession<Known>) -> Vec<u8> {
        if self.sender.has_ended() {
            wire.extend(written(server.send_done(None, false)));
        }
        wire
    }
}

/// Ends a call on the server's side.
fn finish(server: &mut ServerSession<Known>) -> Vec<u8> {
    let mut wire = written(Session::end(server));
    wire.extend(written(server.send_done(None, false)));
    wire
}

fn greeted() -> (ClientSession<Known>, ServerSession<Known>, [Vec<u8>; 2]) {
    let (mut client, from_client) = ClientSession::<Fresh>::new("c").expect("a short name");
    let mut server = ServerSession::new();
    let heard = server.handle_bytes(&mut &from_client[..]);
    assert!(matches!(heard, Ok(Some(_))));
    let (server, from_server) = server.settle(true, "s").expect("the HELLO has come");
    let heard = client.handle_bytes(&mut &from_server[..]);
    let heard = heard.expect("a HELLO").expect("a whole one");
    match (client.settle(&heard), server) {
        (Ok(ClientSettled::Known(client)), ServerSettled::Known(server)) => {
            (client, server, [from_client, from_server])
        }
        _ => panic!("the key is known"),
    }
}
