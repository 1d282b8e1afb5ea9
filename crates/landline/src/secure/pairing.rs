//! `pair` at the server: a ticket is used up off the event loop, and the answer says nothing about
//! why one was refused. It does not know what a ticket grants.

use std::time::SystemTime;

use landline_frame::landline1::{Code, Failure, PairCall, PairReply, ServerSession, Stranger};
use landline_line::SecureStream;
use landline_service::Stop;
use landline_trust::{Fault, Pairing, PeerId, Proof, TicketId, redeem};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::server::Host;
use crate::host_name::host_name;
use crate::session::{CLOSE_MAX, LineEnded, send};

/// One read of an unknown key's CALL, in bytes.
const READ_BYTES: usize = 4096;

/// What a client is told when the ticket's files cannot be changed: a full disk is none of its doing.
const NOT_KEPT: &str = "this server cannot write down what the ticket grants; its log says why";

/// Answers the one call that an unknown key may make, and ends the line. One that has not come is not
/// waited for after `stop`.
pub(super) async fn answer(
    host: &Host,
    mut line: SecureStream,
    peer: PeerId,
    mut session: ServerSession<Stranger>,
    rest: &[u8],
    stop: Stop,
) -> Result<(), LineEnded> {
    let called = tokio::select! {
        biased;
        called = called(&mut line, &mut session, rest) => called,
        () = stop.cancelled() => return Ok(line.writer.shutdown().await?),
    };
    let call = match called {
        Ok(call) => call,
        Err(LineEnded::Protocol(error)) => {
            let failure = error.to_failure();
            if let Ok(wire) = landline_frame::landline1::Control::Error(failure).encode() {
                hang_up(&mut line, &wire, &stop).await?;
            }
            return Err(LineEnded::Protocol(error));
        }
        Err(ended) => return Err(ended),
    };
    let wire = match pair(host, peer, call).await {
        Ok(reply) => session.send_paired(&reply)?,
        Err(failure) => session.send_failure(&failure)?,
    };
    hang_up(&mut line, &wire, &stop).await
}

async fn called(
    line: &mut SecureStream,
    session: &mut ServerSession<Stranger>,
    rest: &[u8],
) -> Result<PairCall, LineEnded> {
    let mut bytes = rest.to_vec();
    loop {
        if let Some(call) = session.handle_bytes(&mut &bytes[..])? {
            return Ok(call);
        }
        bytes.clear();
        bytes.reserve(READ_BYTES);
        if line.reader.read_buf(&mut bytes).await? == 0 {
            return Err(LineEnded::Closed);
        }
    }
}

/// Sends the last frame, and waits until the far end has it: a socket that is closed over unread
/// bytes is reset. After `stop` this takes no longer than any line's end.
async fn hang_up(line: &mut SecureStream, wire: &[u8], stop: &Stop) -> Result<(), LineEnded> {
    send(line, wire).await?;
    line.writer.shutdown().await?;
    let stopped = async {
        stop.cancelled().await;
        tokio::time::sleep(CLOSE_MAX).await;
    };
    tokio::select! {
        heard = hear_out(line) => heard,
        () = stopped => Ok(()),
    }
}

async fn hear_out(line: &mut SecureStream) -> Result<(), LineEnded> {
    let mut dropped = Vec::with_capacity(READ_BYTES);
    while line.reader.read_buf(&mut dropped).await? > 0 {
        dropped.clear();
    }
    Ok(())
}

/// Uses the ticket up. A peer is told no more than that it was refused; the log says why.
pub(super) async fn pair(host: &Host, peer: PeerId, call: PairCall) -> Result<PairReply, Failure> {
    let refused = || Failure::new(Code::TicketRefused, Code::TicketRefused.sentence());
    let ticket: TicketId = call.ticket.parse().map_err(|_| refused())?;
    let (home, server) = (host.home.clone(), host.peer_id);
    let redeemed = tokio::task::spawn_blocking(move || {
        let proof = Proof::from_bytes(call.proof);
        let pairing = Pairing {
            ticket,
            proof: &proof,
            client: peer,
            server,
            name: &call.name,
        };
        redeem(&home, &pairing, SystemTime::now())
    });
    match redeemed.await {
        Ok(Ok(paired)) => {
            host.trusted.look();
            tracing::info!(key = %peer, name = %paired.name, "paired");
            Ok(PairReply {
                name: host_name(),
                granted: paired.granted.iter().map(ToString::to_string).collect(),
                proof: *paired.proof.as_bytes(),
            })
        }
        Ok(Err(why)) if why.fault() != Fault::Peer => {
            tracing::error!(key = %peer, %why, "ticket could not be taken");
            Err(Failure::new(Code::Internal, NOT_KEPT))
        }
        Ok(Err(why)) => {
            tracing::warn!(key = %peer, %why, "ticket refused");
            Err(refused())
        }
        Err(_) => Err(Failure::new(Code::Internal, Code::Internal.sentence())),
    }
}
