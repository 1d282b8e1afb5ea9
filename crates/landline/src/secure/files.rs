//! `files` at the server: a call, the shares that it is about, and the thread that serves it. It does
//! not know how files are read or placed.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use landline_frame::landline1::{
    Code, DigestKind, Failure, FilesCall, GetCall, ListCall, PutCall, SessionError, Stream,
};
use landline_service::{
    Claims, FolderPlacer, Landing, Receiving, Sending, ShareAccess, ShareNeed, Shares, Stop,
    TransferEnd, TransferFault, Walk, boot_id, receive, send_files, tell_files,
};
use landline_trust::Access;
use tokio::sync::oneshot::error::RecvError;

use super::known::{Ended, KnownLine};
use super::offer::SharedFiles;
use super::server::Host;
use super::tally::FILES_CALLS_MAX;
use crate::session::{
    FILE_WINDOW_BYTES_FIRST, LineEnded, Link, LinkLine, ServerSide, State, on_thread,
};

/// Serves a call of files out of the folders that the key is granted, or into them.
pub(super) async fn run(
    line: &KnownLine,
    host: &Host,
    files: &Arc<SharedFiles>,
    folders: Vec<(Access, PathBuf)>,
    call: FilesCall,
) -> Result<Ended, LineEnded> {
    let Some(_counted) = host.tally.files(line.peer) else {
        let why = format!("this key has {FILES_CALLS_MAX} calls of files running already");
        return Ok(Ended::Failed(Failure::new(Code::Busy, why)));
    };
    let (end, guard) = line.link.transfer(Stream::Out);
    // A search that finds nothing says nothing, and would not notice that nobody waits for it.
    let stop = Stop::new();
    let stopping = stop.on_drop();
    let mut serving = Serving {
        link: line.link.clone(),
        line: end,
        peer: line.peer.to_string(),
        shown: line.shown.clone(),
        journals: host.home.journal_folder(),
        claims: host.claims.clone(),
        stop: stop.clone(),
    };
    let files = files.clone();
    let serve = move || {
        let folders = folders.into_iter();
        let shares = Shares::open(
            Some(&files.folder),
            folders.map(|(access, folder)| (access_of(access), folder)),
        );
        serving.serve(&shares, &call)
    };
    let mut served = match on_thread(serve) {
        Ok(served) => served,
        Err(error) => return Ok(Ended::Failed(Failure::new(Code::Busy, error.to_string()))),
    };
    let (code, why) = tokio::select! {
        biased;
        served = &mut served => return ended(line, served),
        () = line.link.until(|state| state.side.is_cancelled.then_some(())) => {
            (Code::GivenUp, "the client wants no more")
        }
        () = stop.cancelled() => {
            (Code::TakenOver, "a later call of the same key goes on with the file")
        }
    };
    drop((guard, stopping));
    // It holds the shares until it is gone.
    let _ = served.await;
    Ok(Ended::Failed(Failure::new(code, why)))
}

/// Ends the call as its thread came to its end.
fn ended(
    line: &KnownLine,
    served: Result<Result<(), Unserved>, RecvError>,
) -> Result<Ended, LineEnded> {
    match served {
        Ok(Ok(())) => {
            // Where the engine has said so itself there is nothing to say.
            let _ = line.link.send_end(0, Stream::Out);
            line.send(|side| side.session.send_done(None, false))
        }
        Ok(Err(Unserved::Failed(failure))) => Ok(Ended::Failed(failure)),
        Ok(Err(Unserved::Ended(end))) => match line.link.look(State::why_ended) {
            Some(ended) => Err(ended),
            // The line stands: it is this side that went wrong.
            None => {
                tracing::error!(peer = %line.shown, error = %end, "files failed");
                Ok(Ended::Failed(Failure::new(Code::Internal, end.0)))
            }
        },
        Err(_) => {
            let why = "serving files has failed";
            Ok(Ended::Failed(Failure::new(Code::Internal, why)))
        }
    }
}

/// A call of files on its thread.
struct Serving {
    link: Arc<Link<ServerSide>>,
    line: LinkLine<ServerSide>,
    peer: String,
    /// The peer as a person would name it.
    shown: String,
    journals: PathBuf,
    /// The parts that calls to this server hold.
    claims: Claims,
    /// Nobody waits for it any more.
    stop: Stop,
}

/// Why a call has not been served.
enum Unserved {
    /// The client is to be told.
    Failed(Failure),
    /// The line has ended, or takes no more of this.
    Ended(TransferEnd),
}

impl Serving {
    fn serve(&mut self, shares: &Shares, call: &FilesCall) -> Result<(), Unserved> {
        match call {
            FilesCall::List(call) => self.list(shares, call),
            FilesCall::Get(call) => self.get(shares, call),
            FilesCall::Put(call) => self.put(shares, call),
        }
    }

    fn list(&mut self, shares: &Shares, call: &ListCall) -> Result<(), Unserved> {
        self.accept(0, None)?;
        let walk = Walk::list(shares, &call.paths, call.inside);
        tell_files(&mut self.line, walk.until(self.stop.clone()))?;
        Ok(())
    }

    fn get(&mut self, shares: &Shares, call: &GetCall) -> Result<(), Unserved> {
        let digest = first(&call.digests);
        self.accept(0, Some(digest))?;
        let walk = Walk::shared(shares, &call.paths).until(self.stop.clone());
        let sending = Sending {
            digest,
            check: call.check,
            is_placed: false,
        };
        let sent = send_files(&mut self.line, walk, sending, &mut |_| {})?;
        let (peer, files, bytes) = (&self.shown, sent.sent, sent.sent_bytes);
        tracing::info!(%peer, files, bytes, failed = sent.failed, "files sent");
        Ok(())
    }

    fn put(&mut self, shares: &Shares, call: &PutCall) -> Result<(), Unserved> {
        let digest = first(&call.digests);
        let (share, folder) = shares.find(&call.to, ShareNeed::Write)?;
        let landing = Landing {
            force: call.force,
            check: call.check,
            sees_nothing: !share.access().may_read,
            journals: Some(self.journals.clone()),
            boot: boot_id(),
            claims: self.claims.clone(),
            stop: self.stop.clone(),
            ..Landing::new(digest, &self.peer)
        };
        let folder = share.open_folder(&folder)?;
        let mut placer = FolderPlacer::new(folder, landing).map_err(internal)?;
        self.accept(FILE_WINDOW_BYTES_FIRST, Some(digest))?;
        let how = Receiving {
            confirm: true,
            belongs: None,
        };
        let received = receive(&mut self.line, &mut placer, how, &mut |_| {})?;
        let (peer, files, bytes) = (&self.shown, received.placed, received.bytes);
        tracing::info!(%peer, files, bytes, failed = received.failed, "files received");
        Ok(())
    }

    /// Tells the client that its call is taken.
    fn accept(&self, window: u64, digest: Option<DigestKind>) -> Result<(), Unserved> {
        self.link.change(|state| {
            let wire = state.side.session.accept_files(window, digest)?;
            state.traffic.outgoing.push(wire);
            Ok(())
        })
    }
}

/// The client's best one: both are known here.
fn first(digests: &[DigestKind]) -> DigestKind {
    digests.first().copied().unwrap_or(DigestKind::Blake3)
}

fn access_of(access: Access) -> ShareAccess {
    match access {
        Access::Read => ShareAccess::READ,
        Access::ReadWrite => ShareAccess::READ_WRITE,
        Access::Write => ShareAccess::WRITE,
    }
}

fn internal(error: io::Error) -> Failure {
    Failure::new(Code::Internal, error.to_string())
}

impl From<Failure> for Unserved {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<TransferEnd> for Unserved {
    fn from(end: TransferEnd) -> Self {
        Self::Ended(end)
    }
}

impl From<SessionError> for Unserved {
    fn from(error: SessionError) -> Self {
        Self::Ended(TransferEnd(error.to_string()))
    }
}

impl From<TransferFault> for Unserved {
    fn from(fault: TransferFault) -> Self {
        match fault {
            TransferFault::End(end) => Self::Ended(end),
            TransferFault::NotAsked(_) | TransferFault::Protocol(_) => {
                Self::Failed(Failure::new(Code::Protocol, fault.to_string()))
            }
        }
    }
}
