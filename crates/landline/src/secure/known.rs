//! The line of a known key: call after call, until either side closes it, the server stops, or the
//! key may no longer do what it does. It does not know how a call is run.

use std::sync::Arc;

use landline_frame::landline1::{Asked, Code, Failure, Known, ServerSession};
use landline_line::SecureStream;
use landline_service::Stop;
use landline_trust::PeerId;

use super::need::Need;
use super::permit::Permit;
use super::server::Host;
use super::{commands, files, pairing, service_call};
use crate::session::{LineEnded, Link, ServerSide, pump};

/// One line of a known key.
pub(super) struct KnownLine {
    pub(super) link: Arc<Link<ServerSide>>,
    pub(super) peer: PeerId,
    /// The peer as a person would name it: its name in the grants and its place.
    pub(super) shown: String,
    pub(super) stop: Stop,
}

/// How a call ended, to the server's eyes.
pub(super) enum Ended {
    /// It was answered to its end.
    Done,
    /// It was refused, or failed, and the client is told so.
    Failed(Failure),
}

/// Serves the line until it ends. `rest` came behind the client's HELLO.
pub(super) async fn serve(
    host: &Host,
    line: SecureStream,
    peer: PeerId,
    session: ServerSession<Known>,
    rest: &[u8],
    stop: Stop,
) {
    let _counted = host.tally.line(peer);
    let name = host
        .trusted
        .look()
        .of(&peer)
        .and_then(|grant| grant.name.clone());
    let name = name.map_or_else(|| peer.to_string(), |name| name.to_string());
    let shown = format!("{name} ({})", line.peer);
    tracing::debug!(peer = %shown, "line opened");
    let link = Arc::new(Link::new(ServerSide::new(session)));
    link.change(|state| state.receive(rest));
    let known = KnownLine {
        link: link.clone(),
        peer,
        shown,
        stop,
    };
    let calls = async {
        tokio::select! {
            biased;
            _ = link.ended() => {}
            () = known.answer_all(host) => {}
        }
        link.close();
    };
    tokio::join!(calls, pump(&link, line.reader, line.writer));
    tracing::debug!(peer = %known.shown, "line closed");
}

impl KnownLine {
    /// Answers call after call. Resolves when the line is to be closed.
    async fn answer_all(&self, host: &Host) {
        let mut changes = host.trusted.changes();
        loop {
            let asked = tokio::select! {
                biased;
                asked = self.link.until(|state| state.side.asked.take()) => asked,
                () = self.stop.cancelled() => return,
                () = revoked(&mut changes, self.peer, &Need::Nothing) => {
                    return self.tell(&revoked_failure());
                }
            };
            let need = match host.trusted.look().of(&self.peer) {
                Some(grant) => Need::of(&asked, grant),
                None => return self.tell(&revoked_failure()),
            };
            tokio::select! {
                biased;
                ended = self.answer(host, &need, asked) => match ended {
                    Ok(Ended::Done) => {}
                    Ok(Ended::Failed(failure)) => {
                        self.tell(&failure);
                        if !self.link.look(|state| state.side.session.is_open()) {
                            return;
                        }
                    }
                    // The link knows why.
                    Err(_) => return,
                },
                () = revoked(&mut changes, self.peer, &need) => {
                    return self.tell(&revoked_failure());
                }
                () = self.grace_over(host) => return self.tell(&stopped_failure()),
            }
        }
    }

    /// Resolves once the server is stopping and calls have had their grace.
    async fn grace_over(&self, host: &Host) {
        self.stop.cancelled().await;
        tokio::time::sleep(host.grace).await;
    }

    async fn answer(&self, host: &Host, need: &Need, asked: Asked) -> Result<Ended, LineEnded> {
        let service = asked.service().to_owned();
        let grants = host.trusted.look();
        let Some(grant) = grants.of(&self.peer) else {
            return Ok(Ended::Failed(revoked_failure()));
        };
        let permit = match Permit::check(&host.offer(), grant, need, asked) {
            Ok(permit) => permit,
            Err(failure) => {
                tracing::info!(peer = %self.shown, %service, code = %failure.code, "call refused");
                return Ok(Ended::Failed(failure));
            }
        };
        let _counted = host.tally.call();
        tracing::info!(peer = %self.shown, %service, "call");
        match permit {
            Permit::Exec(commands, call, args) => {
                commands::run(self, &commands, &call, &args).await
            }
            Permit::Files(files, call) => {
                let folders = grant
                    .folders()
                    .map(|(access, folder)| (access, folder.into()));
                files::run(self, host, &files, folders.collect(), call).await
            }
            Permit::Service(service, call) => service_call::run(self, &*service, call).await,
            Permit::Pair(call) => match pairing::pair(host, self.peer, call).await {
                Ok(reply) => self.send(|side| side.session.send_paired(&reply)),
                Err(failure) => Ok(Ended::Failed(failure)),
            },
            Permit::Status => {
                let status = host.tally.status();
                self.send(|side| side.session.send_status(&status))
            }
        }
    }

    /// Sends what the session makes.
    pub(super) fn send(
        &self,
        make: impl FnOnce(&mut ServerSide) -> Result<Vec<u8>, landline_frame::landline1::SessionError>,
    ) -> Result<Ended, LineEnded> {
        self.link.change(|state| {
            let wire = make(&mut state.side)?;
            state.traffic.outgoing.push(wire);
            Ok(Ended::Done)
        })
    }

    /// Ends the call that is asked or runs with ERROR.
    fn tell(&self, failure: &Failure) {
        self.link.change(|state| {
            let wire = state.side.session.send_failure(failure);
            // Between two calls, ERROR says why the line ends.
            let wire = wire
                .or_else(|_| landline_frame::landline1::Control::Error(failure.clone()).encode());
            if let Ok(wire) = wire {
                state.traffic.outgoing.push(wire);
            }
        });
    }
}

fn revoked_failure() -> Failure {
    let why = "this key is not known here any more";
    Failure::new(Code::UnknownPeer, why)
}

pub(super) fn stopped_failure() -> Failure {
    let mut failure = Failure::new(Code::Internal, "the server is being stopped");
    failure.retry = true;
    failure
}

/// Resolves once the grants no longer have what `need` asks for.
async fn revoked(
    changes: &mut tokio::sync::watch::Receiver<Arc<landline_trust::Grants>>,
    peer: PeerId,
    need: &Need,
) {
    // The sender lives as long as the host.
    let _ = changes
        .wait_for(|grants| !grants.of(&peer).is_some_and(|grant| need.is_met(grant)))
        .await;
}
